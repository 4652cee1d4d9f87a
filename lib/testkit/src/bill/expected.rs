use std::collections::BTreeMap;

use anyhow::{Context, Result};
use jiff::civil::Date;
use outlay_core::{BillingPeriod, Decimal};

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
}

/// The right answers: totals taken as the charges were drawn, before any of them was formatted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expected {
    cells: BTreeMap<Cell, Totals>,
    rows: BTreeMap<BillingPeriod, u64>,
}

impl Expected {
    pub(super) fn add(&mut self, cell: Cell, costs: Totals) -> Result<()> {
        *self.rows.entry(cell.period).or_default() += 1;
        let sum = self.cells.entry(cell).or_default();
        *sum = sum.plus(costs)?;
        Ok(())
    }

    /// FOCUS rows of each billing period.
    pub fn rows(&self) -> &BTreeMap<BillingPeriod, u64> {
        &self.rows
    }

    /// Totals by whatever the key says of a cell; `None` leaves the cell out.
    pub fn by<K: Ord>(&self, key: impl Fn(&Cell) -> Option<K>) -> Result<BTreeMap<K, Totals>> {
        let mut sums: BTreeMap<K, Totals> = BTreeMap::new();
        for (cell, costs) in &self.cells {
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
}
