//! The JSON of a manifest, in all forms that were seen.

use jiff::{
    Timestamp,
    civil::{Date, DateTime},
};
use outlay_core::{BillingPeriod, Unique};
use serde::Deserialize;

use super::{Manifest, ManifestColumn, ManifestKind};
use crate::{
    csv::MAX_COLUMNS,
    rejection::{Rejection, quote},
};

/// What a manifest says, before anything of it is believed.
#[derive(Debug, Clone)]
pub(crate) struct Body {
    pub(crate) kind: ManifestKind,
    pub(crate) version_id: Option<String>,
    pub(super) export_id: Option<String>,
    pub(super) account: Option<String>,
    pub(super) period: Option<BillingPeriod>,
    pub(crate) files: Vec<File>,
    pub(super) columns: Vec<ManifestColumn>,
}

/// A file as the manifest names it.
#[derive(Debug, Clone)]
pub(crate) struct File {
    /// `None`: the manifest's own.
    pub(crate) bucket: Option<String>,
    pub(crate) key: String,
    pub(crate) size: Option<u64>,
}

/// Both kinds in one: which lists of files there are tells them apart.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Json {
    // Legacy reports.
    assembly_id: Option<String>,
    report_id: Option<String>,
    account: Option<String>,
    charset: Option<String>,
    bucket: Option<String>,
    report_keys: Option<Vec<String>>,
    // Data Exports.
    execution_id: Option<String>,
    export_arn: Option<String>,
    export_id: Option<String>,
    data_files: Option<Vec<JsonFile>>,
    // Both.
    billing_period: Option<JsonPeriod>,
    #[serde(default)]
    columns: Vec<JsonColumn>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum JsonFile {
    Uri(String),
    File {
        #[serde(rename = "s3Uri")]
        s3_uri: String,
        size: Option<u64>,
    },
}

#[derive(Deserialize)]
#[serde(untagged)]
enum JsonPeriod {
    Month(String),
    Range { start: String, end: Option<String> },
}

#[derive(Deserialize)]
struct JsonColumn {
    category: Option<String>,
    name: String,
    #[serde(rename = "type")]
    kind: Option<String>,
}

impl Body {
    /// Reads a manifest of either kind.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, Rejection> {
        if bytes.len() > Manifest::MAX_BYTES {
            return Err(too_large());
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        serde_json::from_slice::<Unique>(bytes).map_err(|e| no_manifest(&e))?;
        let json: Json = serde_json::from_slice(bytes).map_err(|e| no_manifest(&e))?;
        json.read()
    }
}

impl Json {
    fn read(self) -> Result<Body, Rejection> {
        refuse_charset(self.charset.as_deref())?;
        let (kind, files) = files(self.report_keys, self.data_files, self.bucket.as_ref())?;
        let (version_id, export_id) = match kind {
            ManifestKind::LegacyCur => (self.assembly_id, self.report_id),
            ManifestKind::DataExports => (self.execution_id, self.export_arn.or(self.export_id)),
        };
        if let Some(id) = version_id.as_deref().filter(|id| !is_id(id)) {
            return Err(bad_version(id));
        }
        if self.columns.len() > MAX_COLUMNS {
            return Err(too_large());
        }
        Ok(Body {
            kind,
            version_id,
            export_id,
            account: self.account,
            period: self.billing_period.map(JsonPeriod::month).transpose()?,
            files,
            columns: self.columns.into_iter().map(JsonColumn::named).collect(),
        })
    }
}

fn files(
    report_keys: Option<Vec<String>>,
    data_files: Option<Vec<JsonFile>>,
    bucket: Option<&String>,
) -> Result<(ManifestKind, Vec<File>), Rejection> {
    let (kind, files): (_, Vec<File>) = match (report_keys, data_files) {
        (Some(keys), None) => {
            let file = |key| File {
                bucket: bucket.cloned(),
                key,
                size: None,
            };
            let files = keys.into_iter().map(file).collect();
            (ManifestKind::LegacyCur, files)
        }
        (None, Some(files)) => {
            let files = files.into_iter().map(JsonFile::read);
            (ManifestKind::DataExports, files.collect::<Result<_, _>>()?)
        }
        (Some(_), Some(_)) => return Err(two_kinds()),
        (None, None) => return Err(no_files()),
    };
    if files.is_empty() {
        return Err(no_files());
    }
    if files.len() > Manifest::MAX_PARTS {
        return Err(too_large());
    }
    Ok((kind, files))
}

impl JsonFile {
    fn read(self) -> Result<File, Rejection> {
        let (uri, size) = match self {
            Self::Uri(uri) => (uri, None),
            Self::File { s3_uri, size } => (s3_uri, size),
        };
        let (bucket, key) = uri
            .strip_prefix("s3://")
            .and_then(|place| place.split_once('/'))
            .ok_or_else(|| bad_uri(&uri))?;
        Ok(File {
            bucket: Some(bucket.to_owned()),
            key: key.to_owned(),
            size,
        })
    }
}

impl JsonColumn {
    fn named(self) -> ManifestColumn {
        let name = match self.category {
            Some(category) => format!("{category}/{}", self.name),
            None => self.name,
        };
        ManifestColumn {
            name,
            kind: self.kind,
        }
    }
}

impl JsonPeriod {
    /// The month; what is not exactly one is refused.
    fn month(self) -> Result<BillingPeriod, Rejection> {
        let (start, end) = match self {
            Self::Month(text) => match text.parse() {
                Ok(month) => return Ok(month),
                Err(_) => (text, None),
            },
            Self::Range { start, end } => (start, end),
        };
        whole_month(&start, end.as_deref()).ok_or_else(|| bad_period(&start, end.as_deref()))
    }
}

/// The end may be the first instant of the next month or within the last day of this one.
fn whole_month(start: &str, end: Option<&str>) -> Option<BillingPeriod> {
    let start = civil(start)?;
    let month = BillingPeriod::of(start.date()).ok()?;
    let from_the_start = start == month.start().to_datetime(jiff::civil::Time::midnight());
    let to_the_end = match end {
        Some(end) => {
            let end = civil(end)?.date();
            end == month.end() || Some(end) == month.end().yesterday().ok()
        }
        None => true,
    };
    (from_the_start && to_the_end).then_some(month)
}

/// `20180801T000000.000Z`, `2018-08-01T00:00:00Z`, `2018-08-01`: all UTC.
fn civil(text: &str) -> Option<DateTime> {
    let utc = text.strip_suffix('Z').unwrap_or(text);
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some(instant.to_zoned(jiff::tz::TimeZone::UTC).datetime());
    }
    utc.parse::<DateTime>().ok().or_else(|| {
        let date: Date = utc.parse().ok()?;
        Some(date.to_datetime(jiff::civil::Time::midnight()))
    })
}

fn refuse_charset(charset: Option<&str>) -> Result<(), Rejection> {
    match charset {
        Some(other) if !other.eq_ignore_ascii_case("utf-8") => {
            let detail = format!("The report is written in {}; set it to UTF-8", quote(other));
            Err(Rejection::new("manifest-charset", detail))
        }
        _ => Ok(()),
    }
}

/// Ids become parts of our own keys.
fn is_id(id: &str) -> bool {
    const MOST: usize = 128;
    let legal = |b: u8| b.is_ascii_alphanumeric() || b"-_.:".contains(&b);
    (1..=MOST).contains(&id.len()) && id.bytes().all(legal)
}

fn too_large() -> Rejection {
    let detail = format!(
        "The manifest is larger than any bill needs: at most {} MiB, {} files and {MAX_COLUMNS} \
         columns",
        Manifest::MAX_BYTES >> 20,
        Manifest::MAX_PARTS
    );
    Rejection::new("manifest-too-large", detail)
}

fn no_manifest(error: &serde_json::Error) -> Rejection {
    let reason = quote(&error.to_string());
    let detail = format!("The manifest is not JSON of a form we know: {reason}");
    Rejection::new("manifest-unreadable", detail)
}

fn two_kinds() -> Rejection {
    let detail = "The manifest has reportKeys and dataFiles; it must be of one kind";
    Rejection::new("manifest-unreadable", detail)
}

fn no_files() -> Rejection {
    let detail = "The manifest names no files; wait for the next delivery, or run the export again";
    Rejection::new("manifest-no-files", detail)
}

fn bad_uri(uri: &str) -> Rejection {
    let detail = format!("{} is no s3://bucket/key", quote(uri));
    Rejection::new("manifest-foreign-file", detail)
}

fn bad_version(id: &str) -> Rejection {
    let detail = format!(
        "{} is no id of a delivery: at most 128 letters, digits and -_.:",
        quote(id)
    );
    Rejection::new("manifest-version", detail)
}

fn bad_period(start: &str, end: Option<&str>) -> Rejection {
    let end = end.map_or_else(String::new, |end| format!(" to {}", quote(end)));
    let detail = format!(
        "The billing period {}{end} is not one whole month",
        quote(start)
    );
    Rejection::new("manifest-period", detail)
}
