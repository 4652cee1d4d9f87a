//! What `read_bill` says of a file, summed up as the oracle sums up the truth.

use std::{
    collections::BTreeMap,
    io::{Seek, Write},
};

use outlay_billing::{
    AmountColumn as A, COST_COLUMNS, Container, FocusRow, Input, ReadReport, Rollup, RollupBuilder,
    TextColumn as T, TimeColumn, read_bill,
};
use outlay_core::{Decimal, money::Residue};

/// Currency, billing period, day, service, account.
pub(crate) type Place = (String, String, String, String, String);

/// Sums of one file, or of all files of a delivery.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) counts: Counts,
    /// Rounded rows, and what rounding left over, by currency and column.
    pub(crate) residues: BTreeMap<(String, &'static str), (u64, Residue)>,
    pub(crate) rollup: Rollup,
    /// Billed, effective and contracted cost.
    pub(crate) places: BTreeMap<Place, [Decimal; 3]>,
    /// List cost of what was used.
    pub(crate) list: BTreeMap<Place, Decimal>,
    /// Billed and effective cost by currency and invoice.
    pub(crate) invoices: BTreeMap<(String, String), [Decimal; 2]>,
    /// By commitment: billed without status, effective by status.
    pub(crate) commitments: BTreeMap<(String, &'static str), Decimal>,
    /// Billed cost of corrections by the month that they correct.
    pub(crate) corrections: BTreeMap<String, Decimal>,
    /// Effective cost by region and tag `team`, however its key is spelled.
    pub(crate) allocated: BTreeMap<(String, String), Decimal>,
}

/// Rows as the report counts them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) read: u64,
    pub(crate) folded: u64,
    pub(crate) left_out: u64,
    pub(crate) added: u64,
}

impl Reading {
    pub(crate) fn of(inputs: Vec<Input<'_>>) -> Self {
        let mut sums = Sums::default();
        let mut rollup = RollupBuilder::new(["team".to_owned()]);
        let mut written = 0;
        for input in inputs {
            let report = read_bill(input, "bill", &mut |row| {
                sums.add(row);
                rollup.push(row).map_err(Into::into)
            })
            .unwrap_or_else(|error| panic!("not read: {error}"));
            sums.add_report(&report);
            written += report.rows_written;
        }
        let rollup = rollup.finish().unwrap();
        assert_eq!(rollup.source_rows(), written);
        Self {
            counts: sums.counts,
            residues: sums.residues,
            rollup,
            places: without_zeros(sums.places, |costs| costs.iter().all(|c| c.is_zero())),
            list: without_zeros(sums.list, |cost| cost.is_zero()),
            invoices: sums.invoices,
            commitments: without_zeros(sums.commitments, |cost| cost.is_zero()),
            corrections: sums.corrections,
            allocated: without_zeros(sums.allocated, |cost| cost.is_zero()),
        }
    }

    pub(crate) fn of_file(bytes: &[u8]) -> Self {
        Self::of(vec![input(bytes)])
    }
}

/// Parquet needs a file that it can seek in.
pub(crate) fn input(bytes: &[u8]) -> Input<'_> {
    if Container::of(bytes) != Container::Parquet {
        return Input::Stream(Box::new(bytes));
    }
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file.rewind().unwrap();
    Input::File(file)
}

/// Sums of nothing are no difference.
pub(crate) fn without_zeros<K: Ord, V>(
    mut sums: BTreeMap<K, V>,
    is_zero: impl Fn(&V) -> bool,
) -> BTreeMap<K, V> {
    sums.retain(|_, sum| !is_zero(sum));
    sums
}

#[derive(Default)]
struct Sums {
    counts: Counts,
    residues: BTreeMap<(String, &'static str), (u64, Residue)>,
    places: BTreeMap<Place, [Decimal; 3]>,
    list: BTreeMap<Place, Decimal>,
    invoices: BTreeMap<(String, String), [Decimal; 2]>,
    commitments: BTreeMap<(String, &'static str), Decimal>,
    corrections: BTreeMap<String, Decimal>,
    allocated: BTreeMap<(String, String), Decimal>,
}

impl Sums {
    fn add_report(&mut self, report: &ReadReport) {
        self.counts.read += report.rows_read;
        self.counts.folded += report.rows_folded;
        self.counts.left_out += report.rows_left_out;
        self.counts.added += report.rows_added;
        for sum in &report.residues {
            let key = (sum.currency.clone(), sum.column);
            let (rows, residue) = self.residues.entry(key).or_default();
            *rows += sum.rows;
            *residue = residue.checked_add(sum.residue).unwrap();
        }
    }

    fn add(&mut self, row: &FocusRow) {
        for column in COST_COLUMNS {
            assert!(
                row.amount(column).is_some() || column == A::ListCost,
                "{row:?}"
            );
        }
        let cost = |column| row.amount(column).unwrap_or_default();
        let [billed, effective, contracted] =
            [A::BilledCost, A::EffectiveCost, A::ContractedCost].map(cost);
        let text = |column| row.text(column).unwrap_or_default().to_owned();
        let place = place(row);
        let sums = self.places.entry(place.clone()).or_default();
        for (sum, cost) in sums.iter_mut().zip([billed, effective, contracted]) {
            add(sum, cost);
        }
        let is_use =
            text(T::ChargeCategory) == "Usage" && text(T::ChargeFrequency) == "Usage-Based";
        if is_use {
            add(self.list.entry(place).or_default(), cost(A::ListCost));
        }
        let invoice = (text(T::BillingCurrency), text(T::InvoiceId));
        let sums = self.invoices.entry(invoice).or_default();
        for (sum, cost) in sums.iter_mut().zip([billed, effective]) {
            add(sum, cost);
        }
        if let Some(id) = row.text(T::CommitmentDiscountId) {
            let (status, cost) = match row.text(T::CommitmentDiscountStatus) {
                Some("Used") => ("used", effective),
                Some("Unused") => ("unused", effective),
                _ => ("purchased", billed),
            };
            let sum = self.commitments.entry((id.to_owned(), status));
            add(sum.or_default(), cost);
        }
        if row.text(T::ChargeClass) == Some("Correction") {
            let month = time(row, TimeColumn::ChargePeriodStart)[..7].to_owned();
            add(self.corrections.entry(month).or_default(), billed);
        }
        let key = (text(T::RegionId), team(row));
        add(self.allocated.entry(key).or_default(), effective);
    }
}

fn add(sum: &mut Decimal, cost: Decimal) {
    *sum = sum.checked_add(cost).unwrap();
}

fn place(row: &FocusRow) -> Place {
    let text = |column| row.text(column).unwrap_or_default().to_owned();
    (
        text(T::BillingCurrency),
        time(row, TimeColumn::BillingPeriodStart),
        time(row, TimeColumn::ChargePeriodStart),
        text(T::ServiceName),
        text(T::SubAccountId),
    )
}

fn time(row: &FocusRow, column: TimeColumn) -> String {
    row.time(column).unwrap().to_string()
}

/// A report calls the tag `user:team` or `user_team` where FOCUS says `team`, and one spelling
/// drops the case of its key.
fn team(row: &FocusRow) -> String {
    let is_team = |key: &str| {
        let key = key.strip_prefix("user:").or(key.strip_prefix("user_"));
        key.is_some_and(|key| key.eq_ignore_ascii_case("team"))
    };
    let found = row
        .tags()
        .iter()
        .find(|(key, _)| is_team(key) || key.eq_ignore_ascii_case("team"));
    found.map_or("", |(_, value)| value).to_owned()
}
