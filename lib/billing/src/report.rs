use outlay_core::money::Residue;
use serde::Serialize;

use crate::{
    columns::{AmountColumn, COST_COLUMNS, TextColumn},
    detect::Format,
    evidence::{Collector, Evidence, SourceFact, SourceLine},
    rejection::{ReadError, Rejection, SinkError},
    requirements::Requirements,
    row::{FocusRow, Place},
};

/// Takes each row; the row is reused, so what is to stay must be copied.
pub type RowSink<'s> = &'s mut dyn FnMut(&FocusRow) -> Result<(), SinkError>;

/// What a reading saw. `read - folded - left out + added = written`.
#[derive(Debug, Clone, Serialize)]
pub struct ReadReport {
    /// The format that the header gave away.
    pub format: Format,
    /// Data rows of the file.
    pub rows_read: u64,
    /// Rows handed to the sink.
    pub rows_written: u64,
    /// Rows whose effect is in another row (Savings Plan negations).
    pub rows_folded: u64,
    /// Rows that restate others (split cost allocation).
    pub rows_left_out: u64,
    /// Rows we made (the unused part of commitments).
    pub rows_added: u64,
    /// What rounding to 18 digits left over, per cost column and currency.
    pub residues: Vec<ResidueSum>,
    /// What was odd but bearable.
    pub warnings: Vec<Warning>,
    /// What the invariants need of each bill, sorted by provider, payer and period.
    #[serde(skip)]
    pub evidence: Vec<Evidence>,
}

/// The exact difference between source and stored amounts of one cost column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ResidueSum {
    /// FOCUS name of the cost column.
    pub column: &'static str,
    /// Billing currency of the rows.
    pub currency: String,
    /// Rows whose amount was rounded.
    pub rows: u64,
    /// Sum of the differences: stored + residue = source.
    pub residue: Residue,
}

/// Something odd, told once with a count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// Stable kebab-case name of the rule.
    pub rule: &'static str,
    /// What it means; quotes the first value.
    pub detail: String,
    /// How often.
    pub count: u64,
    /// Data row of the first; absent when it concerns the whole file.
    pub row: Option<u64>,
    /// Line of the first.
    pub line: Option<u64>,
    /// Column concerned.
    pub column: Option<String>,
}

/// Collects the report while rows pass to the sink.
pub(crate) struct Output<'s> {
    sink: RowSink<'s>,
    evidence: Collector,
    pub(crate) report: ReadReport,
    requirements: Requirements,
}

impl<'s> Output<'s> {
    pub(crate) fn new(format: Format, file_name: &str, sink: RowSink<'s>) -> Self {
        Self {
            sink,
            evidence: Collector::new(file_name),
            report: ReadReport {
                format,
                rows_read: 0,
                rows_written: 0,
                rows_folded: 0,
                rows_left_out: 0,
                rows_added: 0,
                residues: Vec::new(),
                warnings: Vec::new(),
                evidence: Vec::new(),
            },
            requirements: Requirements::default(),
        }
    }

    /// The report of a file that was read to its end. `listed`: see [`Requirements::finish`].
    pub(crate) fn into_report(mut self, listed: u128) -> ReadReport {
        let violated = self.requirements.finish(listed);
        self.report.warnings.extend(violated);
        self.report.evidence = self.evidence.finish(self.report.rows_read);
        self.report
    }

    /// Counts a line of the source as it stands there; comes before its facts and rows.
    pub(crate) fn source(&mut self, line: &SourceLine) {
        self.evidence.source(line);
    }

    /// Notes what the line says besides its costs.
    pub(crate) fn fact(&mut self, line: &SourceLine, fact: SourceFact) {
        self.evidence.fact(line, fact);
    }

    /// Hands on the row of the line.
    pub(crate) fn emit(&mut self, row: &FocusRow) -> Result<(), ReadError> {
        self.hand_on(row, false)
    }

    /// Hands on a row that we made beside the row of the line.
    pub(crate) fn emit_added(&mut self, row: &FocusRow) -> Result<(), ReadError> {
        self.report.rows_added += 1;
        self.hand_on(row, true)
    }

    fn hand_on(&mut self, row: &FocusRow, added: bool) -> Result<(), ReadError> {
        self.account_for_rounding(row)?;
        self.requirements.check(row);
        self.evidence.row(row, added);
        self.report.rows_written += 1;
        (self.sink)(row).map_err(ReadError::Sink)
    }

    /// Counts a warning; `detail` is written for the first of its rule and column only.
    pub(crate) fn warn(
        &mut self,
        rule: &'static str,
        column: Option<&str>,
        place: Option<Place>,
        detail: impl FnOnce() -> String,
    ) {
        let warnings = &mut self.report.warnings;
        let known = warnings
            .iter_mut()
            .find(|w| w.rule == rule && w.column.as_deref() == column);
        match known {
            Some(warning) => warning.count += 1,
            None => warnings.push(Warning {
                rule,
                detail: detail(),
                count: 1,
                row: place.map(|p| p.row),
                line: place.and_then(|p| p.line),
                column: column.map(Into::into),
            }),
        }
    }

    fn account_for_rounding(&mut self, row: &FocusRow) -> Result<(), ReadError> {
        for column in AmountColumn::ALL {
            let residue = row.residue(column);
            if residue.is_zero() {
                continue;
            }
            if COST_COLUMNS.contains(&column) {
                let currency = row.text(TextColumn::BillingCurrency).unwrap_or_default();
                self.add_residue(column, currency, residue)
                    .ok_or_else(|| too_many_residues(column).at(row.place))?;
            } else {
                self.warn(
                    "rounded-value",
                    Some(column.name()),
                    Some(row.place),
                    || "Values with more than 18 fractional digits are rounded half to even".into(),
                );
            }
        }
        Ok(())
    }

    fn add_residue(
        &mut self,
        column: AmountColumn,
        currency: &str,
        residue: Residue,
    ) -> Option<()> {
        let sums = &mut self.report.residues;
        let known = sums
            .iter_mut()
            .find(|s| s.column == column.name() && s.currency == currency);
        match known {
            Some(sum) => {
                sum.rows += 1;
                sum.residue = sum.residue.checked_add(residue)?;
            }
            None => sums.push(ResidueSum {
                column: column.name(),
                currency: currency.into(),
                rows: 1,
                residue,
            }),
        }
        Some(())
    }
}

fn too_many_residues(column: AmountColumn) -> Rejection {
    let detail = "The digits beyond the 18th add up to more than can be accounted for";
    Rejection::new("overflow", detail).column(column.name())
}
