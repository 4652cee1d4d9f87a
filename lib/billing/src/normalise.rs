//! The whole of the `normalise` command but for its arguments: bills on disk in, one answer out,
//! Parquet, roll-ups and the FOCUS datasets where asked.

mod checks;
mod find;
mod output;
mod summary;

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
};

use outlay_core::BillingPeriod;

pub use self::{
    checks::BillInvariant,
    summary::{Costs, FileRejection, InvoiceTotal, Summary, Version, Written},
};
use self::{
    checks::{check_bill, lost},
    find::{Found, FoundFile},
    output::Output,
    summary::Reading,
};
use crate::{
    bills::{Bill, Bills},
    datasets::Datasets,
    delivery::{DeliveryReport, FileError},
    detect::Format,
    input::Input,
    parquet_out::{PartBill, PartError, PartWriter},
    rejection::{ReadError, Rejection, SinkError},
};

/// What to do besides reading.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Where Parquet files, roll-ups and datasets go; `None` writes nothing.
    pub out: Option<PathBuf>,
    /// Tag keys that become dimensions of the roll-ups.
    pub tag_keys: Vec<String>,
}

/// Reads the bills at `path`: a file, the manifest of a delivery, or a folder with deliveries, of
/// which the current manifest of each export and month counts and nothing else.
///
/// A refused file is in the answer; an error means that the disk failed.
pub fn normalise(path: &Path, options: &Options) -> io::Result<Summary> {
    let mut reading = Reading::default();
    let mut output = options.out.as_deref().map(Output::create).transpose()?;
    for found in find::find(path)? {
        let found = match found {
            Ok(found) => found,
            Err(FileRejection { file, rejection }) => {
                reading.reject(&file, rejection);
                continue;
            }
        };
        match read(&found, &options.tag_keys, output.as_mut()) {
            Ok((report, versions)) => reading.add(&found.name, report, versions),
            Err(error) => {
                let FileRejection { file, rejection } = rejected(error)?;
                reading.reject(&file, rejection);
            }
        }
    }
    if let Some(output) = output {
        output.close()?;
    }
    reading.summarise()
}

/// Reads the files of one delivery into its bills.
fn read(
    found: &Found,
    tag_keys: &[String],
    output: Option<&mut Output>,
) -> Result<(DeliveryReport, Vec<Version>), FileError> {
    let failed = |error: ReadError| FileError {
        file: found.name.clone(),
        error,
    };
    let mut report = DeliveryReport::default();
    let mut bills = Bills::default();
    let writer = output.as_ref().map(|output| output.writer(tag_keys));
    let mut writer = writer
        .transpose()
        .map_err(|e| failed(ReadError::Sink(Box::new(e))))?;
    for file in &found.files {
        let input = open(file).map_err(|error| file.failed(error))?;
        report.read(&file.name, input, found.period(), &mut |row| {
            bills.push(row)?;
            match &mut writer {
                Some(writer) => writer.push(row).map_err(refused),
                None => Ok(()),
            }
        })?;
    }
    let parts = match writer.map(PartWriter::finish) {
        Some(parts) => parts.map_err(|e| failed(ReadError::from_sink(refused(e))))?,
        None => Vec::new(),
    };
    let bills = bills.finish();
    let mut versions = Vec::new();
    for (at, bill) in bills.iter().enumerate() {
        let version = version(found, bill, &mut report, parts.get(at));
        versions.push(version.map_err(failed)?);
    }
    if let Some(output) = output {
        for ((version, bill), part) in versions.iter_mut().zip(&bills).zip(&parts) {
            let datasets = Datasets::of(bill, version.format);
            let written = output.keep(part, &datasets);
            version.written = Some(written.map_err(|e| failed(ReadError::Io(e)))?);
        }
    }
    Ok((report, versions))
}

/// A bill that was read, and its invariants. Refused where rows or money were lost on the way.
fn version(
    found: &Found,
    bill: &Bill,
    report: &mut DeliveryReport,
    part: Option<&PartBill>,
) -> Result<Version, ReadError> {
    let mut version = found.version(bill, report.format)?;
    for invariant in check_bill(bill, &report.evidence, part).map_err(ReadError::Io)? {
        if let Some(rejection) = lost(&invariant) {
            return Err(rejection.into());
        }
        if let Some(warning) = invariant.warning() {
            let first = invariant.violations.iter().flat_map(|v| &v.rows).next();
            let file = first.map_or(found.name.as_str(), |row| &row.file);
            report.warn(file, warning);
        }
        version.invariants.push(invariant);
    }
    Ok(version)
}

/// Opens a file, and holds its size against that in the manifest.
fn open(file: &FoundFile) -> Result<Input<'static>, ReadError> {
    let opened = match File::open(&file.path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound && file.listed => {
            return Err(missing().into());
        }
        opened => opened.map_err(ReadError::Io)?,
    };
    let length = opened.metadata().map_err(ReadError::Io)?.len();
    match file.size {
        Some(size) if size != length => Err(other_size(size, length).into()),
        _ => Ok(Input::File(opened)),
    }
}

/// The rejection, or the failure of the disk.
fn rejected(error: FileError) -> io::Result<FileRejection> {
    let FileError { file, error } = error;
    match error {
        ReadError::Rejected(rejection) => Ok(FileRejection { file, rejection }),
        ReadError::Io(error) => Err(named(&file, &error)),
        ReadError::Sink(error) => Err(io::Error::other(error)),
    }
}

fn named(file: &str, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{file}: {error}"))
}

/// What the writer refuses for the file's sake is a rejection.
fn refused(error: PartError) -> SinkError {
    match error.rejection() {
        Some(rejection) => Box::new(rejection),
        None => Box::new(error),
    }
}

fn missing() -> Rejection {
    let detail = "The manifest names the file and it is not there; copy the delivery again";
    Rejection::new("missing-file", detail)
}

fn other_size(said: u64, found: u64) -> Rejection {
    let detail = format!(
        "The file has {found} bytes and its manifest says {said}; it was cut off or belongs to \
         another delivery"
    );
    Rejection::new("other-size", detail)
}

impl Found {
    fn period(&self) -> Option<BillingPeriod> {
        self.manifest
            .as_ref()
            .map(|manifest| manifest.billing_period)
    }

    fn version(&self, bill: &Bill, format: Option<Format>) -> Result<Version, Rejection> {
        let manifest = self.manifest.as_ref();
        Ok(Version {
            provider: bill.provider.clone(),
            payer: bill.payer.clone(),
            billing_period: bill.period,
            // There is no bill without a file, and no file without a format.
            format: format.ok_or_else(missing)?,
            source: self.name.clone(),
            export: manifest.map(|m| m.export.clone()),
            version_id: manifest.map(|m| m.version_id.clone()),
            files: self.files.len(),
            counted: true,
            rows: bill.rows,
            totals: Costs::by_currency(&bill.totals()),
            invoices: InvoiceTotal::of(bill)?,
            invariants: Vec::new(),
            written: None,
        })
    }
}

impl FoundFile {
    fn failed(&self, error: ReadError) -> FileError {
        FileError {
            file: self.name.clone(),
            error,
        }
    }
}
