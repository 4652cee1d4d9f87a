//! The whole of the `normalise` command but for its arguments: bills on disk in, one answer out,
//! Parquet, roll-ups and the FOCUS datasets where asked.

mod find;
mod output;
mod summary;

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
};

use outlay_core::BillingPeriod;

pub use self::summary::{FileRejection, InvoiceTotal, Summary, Version, Written};
use self::{
    find::{Found, FoundFile},
    output::Output,
    summary::{Costs, Reading},
};
use crate::{
    bills::{Bill, Bills},
    datasets::Datasets,
    delivery::{DeliveryReport, FileError},
    detect::Format,
    input::Input,
    parquet_out::{PartError, PartWriter},
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
    Ok(reading.summarise())
}

/// Reads the files of one delivery into its bills.
fn read(
    found: &Found,
    tag_keys: &[String],
    mut output: Option<&mut Output>,
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
    let mut parts = parts.into_iter();
    let mut versions = Vec::new();
    // Without a format nothing was read, and there are no bills.
    let formats = report.format.into_iter().cycle();
    for (bill, format) in bills.finish().into_iter().zip(formats) {
        let mut version = found
            .version(&bill, format)
            .map_err(|rejection| failed(rejection.into()))?;
        if let (Some(output), Some(part)) = (&mut output, parts.next()) {
            let datasets = Datasets::of(&bill, format);
            let written = output.keep(&part, &datasets);
            version.written = Some(written.map_err(|e| failed(ReadError::Io(e)))?);
        }
        versions.push(version);
    }
    Ok((report, versions))
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

    fn version(&self, bill: &Bill, format: Format) -> Result<Version, Rejection> {
        let manifest = self.manifest.as_ref();
        Ok(Version {
            provider: bill.provider.clone(),
            payer: bill.payer.clone(),
            billing_period: bill.period,
            format,
            source: self.name.clone(),
            export: manifest.map(|m| m.export.clone()),
            version_id: manifest.map(|m| m.version_id.clone()),
            files: self.files.len(),
            counted: true,
            rows: bill.rows,
            totals: Costs::by_currency(&bill.totals()),
            invoices: InvoiceTotal::of(bill)?,
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
