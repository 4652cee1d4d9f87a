use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use crate::{COST_COLUMNS, FocusRow, TextColumn};
use outlay_core::{BillingPeriod, ColumnResidue, Totals, money::Residue};
use parquet::errors::ParquetError;

use super::{batch::Batch, files::Files};
use crate::{
    rejection::Rejection,
    rollup::{Rollup, RollupBuilder, RollupError},
    totals::{self, Costs},
};

/// Sorts the rows of a file into its bills: one Parquet file, one roll-up and exact totals for each
/// provider, payer and billing period. Memory stays flat, whatever the number of bills and rows.
pub struct PartWriter {
    dir: PathBuf,
    tag_keys: Vec<String>,
    files: Files,
    bills: Vec<Bill>,
    /// Rows mostly follow others of their bill.
    last: usize,
    max_bytes: usize,
    max_rollup_rows: usize,
    /// Over all bills, as `max_bytes` and `max_rollup_rows` are.
    bytes: usize,
    rollup_rows: usize,
}

/// A bill found in a file. Its files are temporary: they live in the directory of the writer.
#[derive(Debug)]
pub struct PartBill {
    /// x_Provider.
    pub provider: String,
    /// x_Payer.
    pub payer: String,
    /// The billing period.
    pub period: BillingPeriod,
    /// How many rows.
    pub rows: u64,
    /// Exact totals, sorted by currency.
    pub totals: Vec<Totals>,
    /// What rounding cost columns to 18 digits left over: stored + residue = source.
    pub residues: Vec<ColumnResidue>,
    /// The rows, as Parquet.
    pub parquet: PathBuf,
    /// The roll-up, as [`Rollup::encode`] writes it.
    pub rollup: PathBuf,
}

/// Why rows cannot be sorted into bills.
#[derive(Debug, thiserror::Error)]
pub enum PartError {
    /// A row without provider, payer or billing period belongs to no bill.
    #[error("row {row} has no {column}")]
    NoBill {
        /// Data row, from 1.
        row: u64,
        /// What is missing.
        column: &'static str,
    },
    /// Rule `too-many-bills`: hardly one file then, but many.
    #[error("more than {} bills in one file", PartWriter::MAX_BILLS)]
    TooManyBills,
    /// A sum is beyond DECIMAL(38,18).
    #[error("the sum of a cost column is beyond DECIMAL(38,18)")]
    Overflow,
    /// The roll-up refused.
    #[error(transparent)]
    Rollup(#[from] RollupError),
    /// Parquet refused, mostly because the disk is full.
    #[error("cannot write Parquet")]
    Parquet(#[from] ParquetError),
    /// The disk refused.
    #[error("cannot write a temporary file")]
    Disk(#[from] std::io::Error),
}

impl PartError {
    /// What to tell the person who sent the file; `None` where the fault is not the file's.
    pub fn rejection(&self) -> Option<Rejection> {
        let rejection = Rejection::new(self.rule()?, self.to_string());
        Some(match self {
            Self::NoBill { row, column } => Rejection {
                row: Some(*row),
                ..rejection.column(column)
            },
            _ => rejection,
        })
    }

    /// The name of the rule that a file broke; `None` where the fault is not the file's.
    pub(super) fn rule(&self) -> Option<&'static str> {
        match self {
            Self::NoBill { .. } => Some("no-bill"),
            Self::TooManyBills => Some("too-many-bills"),
            Self::Overflow | Self::Rollup(RollupError::Overflow) => Some("amount-overflow"),
            Self::Rollup(RollupError::NoDay) => Some("no-charge-period"),
            Self::Rollup(RollupError::TooManyRows) => Some("too-many-combinations"),
            Self::Rollup(RollupError::Damaged(_)) | Self::Parquet(_) | Self::Disk(_) => None,
        }
    }
}

/// Rows of a full row group.
const GROUP_ROWS: usize = 32 * 1024;

impl PartWriter {
    /// The most bills one file may hold.
    pub const MAX_BILLS: usize = 60;
    /// Memory for rows not yet written, over all bills.
    const MAX_BYTES: usize = 24 * 1024 * 1024;
    /// Roll-up rows in memory, over all bills: about 40 MB.
    const MAX_ROLLUP_ROWS: usize = 200_000;

    /// Writes into `dir`, which must exist; `tag_keys` become dimensions of the roll-ups.
    pub fn new(dir: &Path, tag_keys: impl IntoIterator<Item = String>) -> Result<Self, PartError> {
        Ok(Self {
            dir: dir.to_owned(),
            tag_keys: tag_keys.into_iter().collect(),
            files: Files::new()?,
            bills: Vec::new(),
            last: 0,
            max_bytes: Self::MAX_BYTES,
            max_rollup_rows: Self::MAX_ROLLUP_ROWS,
            bytes: 0,
            rollup_rows: 0,
        })
    }

    /// Tighter bounds, so that tests reach them.
    #[cfg(test)]
    pub(super) fn bounded(self, max_bytes: usize, max_rollup_rows: usize) -> Self {
        Self {
            max_bytes,
            max_rollup_rows,
            ..self
        }
    }

    /// Adds a row. After an error the writer is of no use.
    pub fn push(&mut self, row: &FocusRow) -> Result<(), PartError> {
        let at = self.bill_of(row)?;
        let bill = &mut self.bills[at];
        let before = (bill.batch.bytes(), bill.rollup.len());
        bill.push(row)?;
        if bill.batch.rows() >= GROUP_ROWS {
            self.files.write(at, &mut bill.batch)?;
        }
        self.bytes = self.bytes - before.0 + bill.batch.bytes();
        self.rollup_rows = self.rollup_rows - before.1 + bill.rollup.len();
        if self.bytes > self.max_bytes {
            self.flush_largest()?;
        }
        if self.rollup_rows > self.max_rollup_rows {
            self.spill_largest()?;
        }
        Ok(())
    }

    /// Ends all files and hands out the bills, sorted by provider, payer and period.
    pub fn finish(mut self) -> Result<Vec<PartBill>, PartError> {
        for (at, bill) in self.bills.iter_mut().enumerate() {
            self.files.write(at, &mut bill.batch)?;
        }
        self.files.close()?;
        self.bills.sort_by(|a, b| a.key.cmp(&b.key));
        self.bills.into_iter().map(Bill::finish).collect()
    }

    fn bill_of(&mut self, row: &FocusRow) -> Result<usize, PartError> {
        let missing = |column| PartError::NoBill {
            row: row.place.row,
            column,
        };
        let provider = row
            .text(TextColumn::XProvider)
            .ok_or_else(|| missing("ServiceProviderName"))?;
        let payer = row
            .text(TextColumn::XPayer)
            .ok_or_else(|| missing("BillingAccountId"))?;
        let period = row
            .billing_period()
            .ok_or_else(|| missing("BillingPeriodStart"))?;
        let is_it = |bill: &Bill| bill.key.is(provider, payer, period);
        if self.bills.get(self.last).is_some_and(is_it) {
            return Ok(self.last);
        }
        self.last = match self.bills.iter().position(is_it) {
            Some(at) => at,
            None => self.open(BillKey {
                provider: provider.to_owned(),
                payer: payer.to_owned(),
                period,
            })?,
        };
        Ok(self.last)
    }

    fn open(&mut self, key: BillKey) -> Result<usize, PartError> {
        let at = self.bills.len();
        if at == Self::MAX_BILLS {
            return Err(PartError::TooManyBills);
        }
        let path = self.dir.join(format!("bill-{at:02}.parquet"));
        self.files.open(&path)?;
        self.bills.push(Bill {
            key,
            rows: 0,
            totals: BTreeMap::new(),
            residues: BTreeMap::new(),
            batch: Batch::new(),
            parquet: path,
            tag_keys: self.tag_keys.clone(),
            rollup: RollupBuilder::new(self.tag_keys.iter().cloned()),
            spilled: Vec::new(),
        });
        Ok(at)
    }

    fn flush_largest(&mut self) -> Result<(), PartError> {
        let bills = self.bills.iter_mut().enumerate();
        if let Some((at, bill)) = bills.max_by_key(|(_, bill)| bill.batch.bytes()) {
            self.bytes -= bill.batch.bytes();
            self.files.write(at, &mut bill.batch)?;
        }
        Ok(())
    }

    fn spill_largest(&mut self) -> Result<(), PartError> {
        if let Some(bill) = self.bills.iter_mut().max_by_key(|bill| bill.rollup.len()) {
            self.rollup_rows -= bill.rollup.len();
            bill.spill()?;
        }
        Ok(())
    }
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct BillKey {
    provider: String,
    payer: String,
    period: BillingPeriod,
}

impl BillKey {
    fn is(&self, provider: &str, payer: &str, period: BillingPeriod) -> bool {
        self.period == period && self.payer == payer && self.provider == provider
    }
}

/// A bill while its rows come in.
struct Bill {
    key: BillKey,
    rows: u64,
    totals: BTreeMap<String, Costs>,
    /// By currency and position in `COST_COLUMNS`: rows and their sum.
    residues: BTreeMap<(String, usize), (u64, Residue)>,
    /// Rows not yet written.
    batch: Batch,
    parquet: PathBuf,
    tag_keys: Vec<String>,
    rollup: RollupBuilder,
    /// Roll-ups of earlier rows, put aside when memory ran short.
    spilled: Vec<PathBuf>,
}

impl Bill {
    fn push(&mut self, row: &FocusRow) -> Result<(), PartError> {
        let costs = totals::costs(row);
        let currency = row.text(TextColumn::BillingCurrency).unwrap_or_default();
        let sums = match self.totals.get_mut(currency) {
            Some(sums) => sums,
            None => self.totals.entry(currency.to_owned()).or_default(),
        };
        totals::add(sums, &costs).ok_or(PartError::Overflow)?;
        for (at, column) in COST_COLUMNS.into_iter().enumerate() {
            let residue = row.residue(column);
            if !residue.is_zero() {
                let (rows, sum) = self.residues.entry((currency.to_owned(), at)).or_default();
                *rows += 1;
                *sum = sum.checked_add(residue).ok_or(PartError::Overflow)?;
            }
        }
        self.rows += 1;
        self.rollup.push(row)?;
        self.batch.push(row);
        Ok(())
    }

    fn spill(&mut self) -> Result<(), PartError> {
        let fresh = RollupBuilder::new(self.tag_keys.iter().cloned());
        let full = std::mem::replace(&mut self.rollup, fresh).finish()?;
        let path = self
            .parquet
            .with_extension(format!("{}.spilled", self.spilled.len()));
        std::fs::write(&path, full.encode()?)?;
        self.spilled.push(path);
        Ok(())
    }

    fn finish(self) -> Result<PartBill, PartError> {
        let mut rollup = self.rollup.finish()?;
        for path in &self.spilled {
            let earlier = Rollup::decode(&std::fs::read(path)?)?;
            rollup = rollup.merge(&earlier)?.capped()?;
            std::fs::remove_file(path)?;
        }
        let rollup_path = self.parquet.with_extension("rollup");
        std::fs::write(&rollup_path, rollup.encode()?)?;
        let totals = self
            .totals
            .iter()
            .map(|(currency, costs)| totals::totals(currency, costs));
        let residues = self
            .residues
            .into_iter()
            .map(|((currency, at), (rows, residue))| ColumnResidue {
                column: COST_COLUMNS[at].name().to_owned(),
                currency,
                rows,
                residue,
            });
        Ok(PartBill {
            provider: self.key.provider,
            payer: self.key.payer,
            period: self.key.period,
            rows: self.rows,
            totals: totals.collect::<Option<_>>().ok_or(PartError::Overflow)?,
            residues: residues.collect(),
            parquet: self.parquet,
            rollup: rollup_path,
        })
    }
}
