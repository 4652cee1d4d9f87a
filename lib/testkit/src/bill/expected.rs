use std::collections::BTreeMap;

use anyhow::{Context, Result};
use jiff::civil::Date;
use outlay_core::{BillingPeriod, Decimal, money::Residue};

use super::{
    charge::{Charge, Kind},
    exact::Amount,
};

/// The four FOCUS costs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// FOCUS BilledCost.
    pub billed: Decimal,
    /// FOCUS EffectiveCost.
    pub effective: Decimal,
    /// FOCUS ListCost.
    pub list: Decimal,
    /// FOCUS ContractedCost.
    pub contracted: Decimal,
}

impl Totals {
    /// Sum; an error beyond DECIMAL(38,18).
    pub fn plus(self, other: Self) -> Result<Self> {
        let add = |a: Decimal, b| a.checked_add(b).context("a total overflows");
        Ok(Self {
            billed: add(self.billed, other.billed)?,
            effective: add(self.effective, other.effective)?,
            list: add(self.list, other.list)?,
            contracted: add(self.contracted, other.contracted)?,
        })
    }
}

/// What is known of a charge when it is added up.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell {
    /// Month of the bill.
    pub period: BillingPeriod,
    /// ISO 4217.
    pub currency: String,
    /// First day of the charge period.
    pub day: Date,
    /// FOCUS ServiceName.
    pub service: String,
    /// FOCUS SubAccountId.
    pub account: String,
    /// FOCUS RegionId.
    pub region: Option<String>,
    /// FOCUS ChargeCategory.
    pub category: String,
    /// The tag `team`.
    pub team: Option<String>,
    /// The tag `team`, `Team` or `TEAM`: some formats drop the case of keys.
    pub team_of_any_case: Option<String>,
    /// FOCUS InvoiceId; empty while the bill is an estimate.
    pub invoice: String,
    /// FOCUS CommitmentDiscountId.
    pub commitment: Option<String>,
    /// FOCUS CommitmentDiscountStatus.
    pub status: Option<&'static str>,
    /// FOCUS ChargeFrequency.
    pub frequency: &'static str,
    /// FOCUS ChargeClass is `Correction`.
    pub correction: bool,
}

/// What one commitment cost and brought.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CommitmentTotals {
    /// Billed for it, less what was given back.
    pub purchased: Decimal,
    /// Effective cost of the usage it paid for.
    pub used: Decimal,
    /// Effective cost of what nobody used.
    pub unused: Decimal,
}

/// What rounding to 18 digits leaves over in one cost column.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ResidueTotals {
    /// Rows that are rounded.
    pub rows: u64,
    /// stored + residue = source.
    pub residue: Residue,
}

/// The right answers: totals taken as the charges were drawn, before any of them was formatted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expected {
    cells: BTreeMap<Cell, (Totals, u64)>,
    rows: BTreeMap<BillingPeriod, u64>,
    residues: BTreeMap<(String, &'static str), (u64, Amount)>,
    line_items: BTreeMap<&'static str, u64>,
}

impl Expected {
    pub(super) fn add(&mut self, cell: Cell, charge: &Charge) -> Result<()> {
        *self.rows.entry(cell.period).or_default() += 1;
        for line_item in line_items(charge) {
            *self.line_items.entry(line_item).or_default() += 1;
        }
        self.keep_residues(charge);
        let (sum, rows) = self.cells.entry(cell).or_default();
        *sum = sum.plus(charge.costs.stored()?)?;
        *rows += 1;
        Ok(())
    }

    pub(super) fn merge(&mut self, other: &Self) -> Result<()> {
        for (cell, &(totals, rows)) in &other.cells {
            let sum = self.cells.entry(cell.clone()).or_default();
            *sum = (sum.0.plus(totals)?, sum.1 + rows);
        }
        for (period, rows) in &other.rows {
            *self.rows.entry(*period).or_default() += rows;
        }
        for (key, &(rows, residue)) in &other.residues {
            let sum = self.residues.entry(key.clone()).or_default();
            *sum = (sum.0 + rows, sum.1 + residue);
        }
        for (item, rows) in &other.line_items {
            *self.line_items.entry(item).or_default() += rows;
        }
        Ok(())
    }

    fn keep_residues(&mut self, charge: &Charge) {
        let costs = charge.costs;
        for (column, amount) in [
            ("BilledCost", costs.billed),
            ("EffectiveCost", costs.effective),
            ("ListCost", costs.list),
            ("ContractedCost", costs.contracted),
        ] {
            let residue = amount.residue();
            if !residue.is_zero() {
                let key = (charge.statement.currency.clone(), column);
                let (rows, sum) = self.residues.entry(key).or_default();
                *rows += 1;
                *sum = *sum + residue;
            }
        }
    }

    /// FOCUS rows of each billing period.
    pub fn rows(&self) -> &BTreeMap<BillingPeriod, u64> {
        &self.rows
    }

    /// How many rows a legacy report has of each line item type, where it lists discounts as rows.
    /// `SplitRow` stands for those that split another row among pods and tasks.
    pub fn line_items(&self) -> &BTreeMap<&'static str, u64> {
        &self.line_items
    }

    /// FOCUS rows by whatever the key says of a cell.
    pub fn count<K: Ord>(&self, key: impl Fn(&Cell) -> Option<K>) -> BTreeMap<K, u64> {
        let mut counts = BTreeMap::new();
        for (cell, (_, rows)) in &self.cells {
            if let Some(key) = key(cell) {
                *counts.entry(key).or_default() += rows;
            }
        }
        counts
    }

    /// Totals by whatever the key says of a cell; `None` leaves the cell out.
    pub fn by<K: Ord>(&self, key: impl Fn(&Cell) -> Option<K>) -> Result<BTreeMap<K, Totals>> {
        let mut sums: BTreeMap<K, Totals> = BTreeMap::new();
        for (cell, (costs, _)) in &self.cells {
            if let Some(key) = key(cell) {
                let sum = sums.entry(key).or_default();
                *sum = sum.plus(*costs)?;
            }
        }
        Ok(sums)
    }

    /// Totals of each currency and billing period, as an upload reports them.
    pub fn by_period(&self) -> Result<BTreeMap<(String, BillingPeriod), Totals>> {
        self.by(|c| Some((c.currency.clone(), c.period)))
    }

    /// Totals of each invoice; what is an estimate has none.
    pub fn by_invoice(&self) -> Result<BTreeMap<(String, String), Totals>> {
        self.by(|c| (!c.invoice.is_empty()).then(|| (c.currency.clone(), c.invoice.clone())))
    }

    /// What each commitment cost and brought.
    pub fn by_commitment(&self) -> Result<BTreeMap<String, CommitmentTotals>> {
        let sums = self.by(|c| c.commitment.clone().map(|id| (id, c.status)))?;
        let mut found: BTreeMap<String, CommitmentTotals> = BTreeMap::new();
        for ((id, status), totals) in sums {
            let commitment = found.entry(id).or_default();
            match status {
                Some("Used") => commitment.used = totals.effective,
                Some(_) => commitment.unused = totals.effective,
                None => commitment.purchased = totals.billed,
            }
        }
        Ok(found)
    }

    /// What rounding to 18 digits leaves over, by currency and FOCUS cost column.
    pub fn residues(&self) -> Result<BTreeMap<(String, &'static str), ResidueTotals>> {
        let sums = self.residues.iter();
        sums.map(|(key, &(rows, sum))| {
            let residue = sum.as_residue()?;
            Ok((key.clone(), ResidueTotals { rows, residue }))
        })
        .collect()
    }
}

/// The rows that a charge is in a legacy report.
fn line_items(charge: &Charge) -> Vec<&'static str> {
    let mut items = match charge.kind {
        Kind::Usage | Kind::Spot => vec!["Usage"],
        Kind::Covered => vec!["SavingsPlanCoveredUsage", "SavingsPlanNegation"],
        Kind::Reserved => vec!["DiscountedUsage"],
        Kind::Upfront if of_plan(charge) => vec!["SavingsPlanUpfrontFee"],
        Kind::PlanFee(_) => vec!["SavingsPlanRecurringFee"],
        Kind::ReservationFee(_) => vec!["RIFee"],
        // Told by the columns of the fee.
        Kind::Unused => vec![],
        Kind::Upfront | Kind::Support | Kind::Marketplace => vec!["Fee"],
        Kind::Return | Kind::Refund | Kind::TaxRefund => vec!["Refund"],
        Kind::Tax => vec!["Tax"],
        Kind::Credit => vec!["Credit"],
    };
    items.extend(charge.discounts.iter().map(|d| d.kind));
    items.extend(vec!["SplitRow"; if charge.is_split { 2 } else { 0 }]);
    items
}

fn of_plan(charge: &Charge) -> bool {
    charge.commitment.as_ref().is_some_and(|c| c.is_plan())
}
