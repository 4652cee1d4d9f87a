//! What an export says it delivered: the manifest is the trigger and the truth.
//!
//! Legacy Cost and Usage Report: <https://docs.aws.amazon.com/cur/latest/userguide/understanding-report-versions.html>.
//! Data Exports document where the manifest lies and not what is in it: every form that was seen
//! is accepted, and keys that nobody knows are ignored.

mod body;
mod key;

use std::collections::HashSet;

use outlay_core::BillingPeriod;
use serde::Serialize;

pub(crate) use self::body::Body;
pub use self::key::{ManifestKey, is_manifest_key};
use crate::rejection::{Rejection, quote};

/// A manifest whose every statement was checked against the place where it lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// Which kind of export wrote it.
    pub kind: ManifestKind,
    /// The export's name: the folder it delivers into.
    pub export: String,
    /// The export's own id, where the manifest tells one: report id, export id or ARN.
    pub export_id: Option<String>,
    /// What tells one delivery of a period from another: assembly id or execution id.
    pub version_id: String,
    /// Account that owns the export, where the manifest tells it.
    pub account: Option<String>,
    /// The month that the files hold, all of it.
    pub billing_period: BillingPeriod,
    /// The bucket of the manifest and of all parts.
    pub bucket: String,
    /// The export's folder, with the trailing slash; all parts are below it.
    pub prefix: String,
    /// The files of the bill, in the order of the manifest. Never empty, no key twice.
    pub parts: Vec<ManifestPart>,
    /// Columns as the manifest names them; empty where it does not.
    pub columns: Vec<ManifestColumn>,
}

/// Which kind of export a manifest belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ManifestKind {
    /// The legacy Cost and Usage Report.
    LegacyCur,
    /// AWS Data Exports: CUR 2.0, FOCUS.
    DataExports,
}

/// One file of a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ManifestPart {
    /// Key in the manifest's bucket.
    pub key: String,
    /// Bytes, where the manifest tells them.
    pub size: Option<u64>,
}

/// A column of the files of a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ManifestColumn {
    /// As in the files: `lineItem/UnblendedCost` in a legacy report, `BilledCost` in FOCUS.
    pub name: String,
    /// The type, where the manifest tells it.
    #[serde(rename = "type")]
    pub kind: Option<String>,
}

impl Manifest {
    /// Most bytes of a manifest.
    pub const MAX_BYTES: usize = 8 << 20;
    /// Most files of one delivery.
    pub const MAX_PARTS: usize = 10_000;

    /// Reads a manifest that lies in `bucket` at `key`. Refused is what is no manifest, what names
    /// no file or a file twice, and what points outside the export's own bucket and folder.
    pub fn read(bytes: &[u8], bucket: &str, key: &str) -> Result<Self, Rejection> {
        Body::parse(bytes)?.check(bucket, key)
    }
}

impl ManifestPart {
    /// The name of the file, without its folders.
    pub fn file_name(&self) -> &str {
        self.key.rsplit('/').next().unwrap_or(&self.key)
    }
}

impl Body {
    /// Holds what the manifest says against where it lies.
    pub(crate) fn check(self, bucket: &str, key: &str) -> Result<Manifest, Rejection> {
        let place = ManifestKey::parse(key).ok_or_else(|| misplaced(key))?;
        if place.kind != self.kind {
            return Err(misplaced(key));
        }
        let billing_period = self.period.unwrap_or(place.period);
        if billing_period != place.period {
            return Err(other_period(billing_period, place.period));
        }
        let version_id = self.version_id.or_else(|| place.execution.map(Into::into));
        let version_id = version_id.ok_or_else(no_version)?;
        let parts = parts(self.files, bucket, place.prefix)?;
        Ok(Manifest {
            kind: self.kind,
            export: place.export.to_owned(),
            export_id: self.export_id,
            version_id,
            account: self.account,
            billing_period,
            bucket: bucket.to_owned(),
            prefix: place.prefix.to_owned(),
            parts,
            columns: self.columns,
        })
    }
}

fn parts(
    files: Vec<body::File>,
    bucket: &str,
    prefix: &str,
) -> Result<Vec<ManifestPart>, Rejection> {
    let mut parts = Vec::with_capacity(files.len());
    for body::File {
        bucket: of_file,
        key,
        size,
    } in files
    {
        if of_file.is_some_and(|other| other != bucket) {
            return Err(foreign(&key));
        }
        let key = key::within(prefix, &key).ok_or_else(|| foreign(&key))?;
        parts.push(ManifestPart { key, size });
    }
    let mut seen = HashSet::new();
    match parts.iter().find(|part| !seen.insert(part.key.as_str())) {
        Some(part) => Err(twice(&part.key)),
        None => Ok(parts),
    }
}

pub(crate) fn misplaced(key: &str) -> Rejection {
    let detail = format!(
        "{} is no place of such a manifest. It lies in <report>/<yyyymmdd-yyyymmdd>/ or in \
         <export>/metadata/BILLING_PERIOD=<yyyy-mm>/ and is named after its export; keep the \
         folders as AWS delivered them",
        quote(key)
    );
    Rejection::new("manifest-misplaced", detail)
}

fn other_period(said: BillingPeriod, place: BillingPeriod) -> Rejection {
    let detail = format!(
        "The manifest says {said} and lies in the folder of {place}; deliver the period again"
    );
    Rejection::new("manifest-period", detail)
}

fn no_version() -> Rejection {
    let detail = "The manifest has neither assemblyId nor executionId, so this delivery cannot be \
                  told from others of its period";
    Rejection::new("manifest-version", detail)
}

fn foreign(key: &str) -> Rejection {
    let detail = format!(
        "The manifest names {}, which is not below its own export's folder and bucket; nothing is \
         read from there",
        quote(key)
    );
    Rejection::new("manifest-foreign-file", detail)
}

fn twice(key: &str) -> Rejection {
    let detail = format!(
        "The manifest names {} twice; its rows would count twice",
        quote(key)
    );
    Rejection::new("manifest-duplicate-file", detail)
}
