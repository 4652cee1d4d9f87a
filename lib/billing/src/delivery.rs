//! A delivery: the files of one manifest, or a single file, read as one bill.

use outlay_core::BillingPeriod;
use serde::Serialize;

use crate::{
    csv::EMPTY_FILE,
    detect::Format,
    evidence::Evidence,
    input::Input,
    read::read_bill,
    rejection::{ReadError, Rejection, quote},
    report::{ReadReport, ResidueSum, RowSink, Warning},
};

/// What the reading of a delivery saw, file after file. Reports of files that were read elsewhere,
/// in any order, are added with [`DeliveryReport::add`].
/// `read - folded - left out + added = written`, for each file and for all.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeliveryReport {
    /// The format of the files; `None` until one was read.
    pub format: Option<Format>,
    /// Rows of each file.
    pub files: Vec<FileRows>,
    /// Rows of all files.
    pub rows: RowCounts,
    /// What rounding to 18 digits left over, per cost column and currency.
    pub residues: Vec<ResidueSum>,
    /// What was odd but bearable; the place is that of the first.
    pub warnings: Vec<FileWarning>,
    /// What the invariants need of each bill.
    #[serde(skip)]
    pub evidence: Vec<Evidence>,
}

/// The rows of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileRows {
    /// The file, as the delivery names it.
    pub file: String,
    /// Its rows.
    #[serde(flatten)]
    pub rows: RowCounts,
}

/// Rows on their way. `read - folded - left out + synthetic = written`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RowCounts {
    /// Data rows of the source.
    pub read: u64,
    /// FOCUS rows made of them.
    pub written: u64,
    /// Of these, rows we made (the unused part of commitments).
    pub synthetic: u64,
    /// Source rows whose effect is in another row.
    pub folded: u64,
    /// Source rows that restate others.
    pub left_out: u64,
}

/// A warning, and the file where it came first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileWarning {
    /// The file, as the delivery names it.
    pub file: String,
    /// What was odd; row and line are those of the file.
    #[serde(flatten)]
    pub warning: Warning,
}

/// What ended the reading of a delivery, and in which file.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {error}")]
pub struct FileError {
    /// The file, as the delivery names it.
    pub file: String,
    /// What happened; a rejection holds row, line and column of the file.
    #[source]
    pub error: ReadError,
}

impl DeliveryReport {
    /// Reads the next file of the delivery and hands its rows to the sink. Rows of another month
    /// than `period` are refused: they would replace what was never delivered. A file of no bytes,
    /// which a manifest may list, has no rows; where nobody says what the file is of, it is refused.
    ///
    /// As with [`read_bill`], nothing may be kept after an error: of no file of the delivery.
    pub fn read(
        &mut self,
        file: &str,
        input: Input<'_>,
        period: Option<BillingPeriod>,
        sink: RowSink<'_>,
    ) -> Result<(), FileError> {
        let report = read_bill(input, file, &mut |row| {
            if period.is_some() && row.billing_period() != period {
                let found = row.billing_period();
                return Err(Box::new(other_period(found, period).at(row.place)));
            }
            sink(row)
        });
        let added = match report {
            Ok(report) => self.add(file, report).map_err(ReadError::from),
            Err(ReadError::Rejected(told)) if told.rule == EMPTY_FILE && period.is_some() => {
                self.add_empty(file);
                Ok(())
            }
            Err(ReadError::Sink(error)) => Err(ReadError::from_sink(error)),
            Err(other) => Err(other),
        };
        added.map_err(|error| FileError {
            file: file.to_owned(),
            error,
        })
    }

    /// Adds the report of a file. Files of one delivery are of one format; their columns may
    /// differ.
    pub fn add(&mut self, file: &str, report: ReadReport) -> Result<(), Rejection> {
        self.format = Some(common_format(self.format, report.format)?);
        let rows = RowCounts::of(&report);
        self.rows.add(rows);
        self.files.push(FileRows {
            file: file.to_owned(),
            rows,
        });
        for warning in report.warnings {
            self.warn(file, warning);
        }
        for residue in report.residues {
            self.add_residue(residue)?;
        }
        for evidence in report.evidence {
            self.add_evidence(evidence);
        }
        Ok(())
    }

    fn add_empty(&mut self, file: &str) {
        self.files.push(FileRows {
            file: file.to_owned(),
            rows: RowCounts::default(),
        });
    }

    /// Adds the report of another delivery as if its files were of this one, but for the format
    /// and the evidence, which are of a bill each.
    #[cfg(feature = "parquet")]
    pub(crate) fn absorb(&mut self, other: Self) -> Result<(), Rejection> {
        self.format = self.format.or(other.format);
        self.rows.add(other.rows);
        self.files.extend(other.files);
        for FileWarning { file, warning } in other.warnings {
            self.warn(&file, warning);
        }
        for residue in other.residues {
            self.add_residue(residue)?;
        }
        Ok(())
    }

    /// Tells a warning once, with the sum of the counts.
    pub(crate) fn warn(&mut self, file: &str, warning: Warning) {
        let same = |w: &&mut FileWarning| {
            w.warning.rule == warning.rule && w.warning.column == warning.column
        };
        match self.warnings.iter_mut().find(same) {
            Some(known) => known.warning.count += warning.count,
            None => self.warnings.push(FileWarning {
                file: file.to_owned(),
                warning,
            }),
        }
    }

    fn add_evidence(&mut self, evidence: Evidence) {
        let same =
            |e: &&mut Evidence| e.is_of(&evidence.provider, &evidence.payer, evidence.period);
        match self.evidence.iter_mut().find(same) {
            // Of the same bill: it is not refused.
            Some(known) => known.merge(evidence).unwrap_or_default(),
            None => self.evidence.push(evidence),
        }
    }

    fn add_residue(&mut self, residue: ResidueSum) -> Result<(), Rejection> {
        let same = |sum: &&mut ResidueSum| {
            sum.column == residue.column && sum.currency == residue.currency
        };
        match self.residues.iter_mut().find(same) {
            Some(sum) => {
                sum.rows += residue.rows;
                sum.residue = sum
                    .residue
                    .checked_add(residue.residue)
                    .ok_or_else(too_many_residues)?;
            }
            None => self.residues.push(residue),
        }
        Ok(())
    }
}

impl RowCounts {
    fn of(report: &ReadReport) -> Self {
        Self {
            read: report.rows_read,
            written: report.rows_written,
            synthetic: report.rows_added,
            folded: report.rows_folded,
            left_out: report.rows_left_out,
        }
    }

    fn add(&mut self, other: Self) {
        self.read += other.read;
        self.written += other.written;
        self.synthetic += other.synthetic;
        self.folded += other.folded;
        self.left_out += other.left_out;
    }
}

impl FileError {
    /// The rejection, where the file itself is at fault.
    pub fn rejection(&self) -> Option<&Rejection> {
        match &self.error {
            ReadError::Rejected(rejection) => Some(rejection),
            ReadError::Io(_) | ReadError::Sink(_) => None,
        }
    }
}

/// FOCUS files differ in version when their columns differ: the highest speaks for all.
fn common_format(known: Option<Format>, next: Format) -> Result<Format, Rejection> {
    match (known, next) {
        (None, next) => Ok(next),
        (Some(Format::Focus { version: a }), Format::Focus { version: b }) => {
            Ok(Format::Focus { version: a.max(b) })
        }
        (Some(known), next) if known.family() == next.family() => Ok(known),
        (Some(known), next) => Err(mixed_formats(known, next)),
    }
}

fn mixed_formats(known: Format, next: Format) -> Rejection {
    let detail = format!(
        "This file is {next}, the files before it are {known}; the files of one bill are of one \
         format"
    );
    Rejection::new("mixed-formats", detail)
}

fn other_period(found: Option<BillingPeriod>, expected: Option<BillingPeriod>) -> Rejection {
    let text = |period: Option<BillingPeriod>| {
        quote(&period.map_or_else(String::new, |period| period.to_string()))
    };
    let detail = format!(
        "The row is billed in {} and its manifest delivers {} only; run the export again",
        text(found),
        text(expected)
    );
    Rejection::new("other-billing-period", detail).column("BillingPeriodStart")
}

fn too_many_residues() -> Rejection {
    let detail = "The digits beyond the 18th add up to more than can be accounted for";
    Rejection::new("overflow", detail)
}
