//! The daily roll-up of a version: what dashboards read instead of rows.

mod builder;
mod column;
mod file;

use std::collections::{BTreeMap, BTreeSet};

use jiff::{ToSpan, civil::Date};
use outlay_core::{Decimal, Totals};

pub use builder::RollupBuilder;
pub use column::{Amounts, Codes, Column, Days};

use crate::{
    columns::TextColumn,
    totals::{self, Costs},
};

/// Sums of the four costs and row counts, per day and combination of dimensions.
///
/// Columnar: each dimension is a column of small codes into a sorted dictionary. Always in one
/// canonical order, so two roll-ups of the same rows are equal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rollup {
    days: Days,
    /// One per [`KEY`].
    fixed: Vec<Column>,
    /// Sorted by key.
    tags: BTreeMap<String, Column>,
    /// Tag keys that some of the rows were asked to keep and this roll-up does not have.
    dropped: BTreeSet<String>,
    /// One per [`crate::COST_COLUMNS`].
    costs: Vec<Amounts>,
    /// Source rows behind each row.
    counts: Vec<u32>,
    billing_accounts: Labels,
    sub_accounts: Labels,
}

/// The latest name of each id, with the day on which it was seen.
type Labels = BTreeMap<String, (i32, String)>;

/// Why a roll-up cannot be made or read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RollupError {
    /// A row without ChargePeriodStart has no day.
    #[error("a row has no ChargePeriodStart")]
    NoDay,
    /// Beyond DECIMAL(38,18), or more than 2^32 rows of one kind.
    #[error("a sum is beyond DECIMAL(38,18)")]
    Overflow,
    /// More combinations than memory is meant to hold, even without tags.
    #[error("more than {} combinations of dimensions and days", Rollup::MAX_ROWS)]
    TooManyRows,
    /// Not a roll-up file, or not a whole one.
    #[error("not a readable roll-up: {0}")]
    Damaged(&'static str),
}

/// The key columns besides day and tags; the currency is the last.
pub const KEY: [TextColumn; 13] = [
    TextColumn::BillingAccountId,
    TextColumn::SubAccountId,
    TextColumn::ServiceName,
    TextColumn::ServiceCategory,
    TextColumn::RegionId,
    TextColumn::ChargeCategory,
    TextColumn::ChargeClass,
    TextColumn::XChargeKind,
    TextColumn::ChargeFrequency,
    TextColumn::PricingCategory,
    TextColumn::CommitmentDiscountStatus,
    TextColumn::ServiceProviderName,
    TextColumn::BillingCurrency,
];

const CURRENCY: usize = KEY.len() - 1;

impl Rollup {
    /// Above this many rows tag keys are dropped, least covering first.
    pub const CAP: usize = 150_000;

    /// What no roll-up exceeds, tags or not.
    pub const MAX_ROWS: usize = 1_000_000;

    /// How many rows.
    pub fn len(&self) -> usize {
        self.counts.len()
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// How many source rows stand behind it.
    pub fn source_rows(&self) -> u64 {
        self.counts.iter().map(|&count| u64::from(count)).sum()
    }

    /// The tag keys that questions may use.
    pub fn tag_keys(&self) -> impl Iterator<Item = &str> {
        self.tags.keys().map(String::as_str)
    }

    /// The chosen tag keys that it could not keep.
    pub fn dropped_tag_keys(&self) -> impl Iterator<Item = &str> {
        self.dropped.iter().map(String::as_str)
    }

    /// First and last day with a row.
    pub fn days(&self) -> Option<(Date, Date)> {
        Some((
            to_date(*self.days.values.first()?),
            to_date(*self.days.values.last()?),
        ))
    }

    /// Exact totals per currency, sorted by currency.
    pub fn totals(&self) -> Result<Vec<Totals>, RollupError> {
        let currency = &self.fixed[CURRENCY];
        let mut sums = vec![Costs::default(); currency.values.len()];
        for row in 0..self.len() {
            let sum = &mut sums[currency.codes.get(row) as usize];
            totals::add(sum, &self.costs_of(row)).ok_or(RollupError::Overflow)?;
        }
        (currency.values.iter().zip(&sums))
            .map(|(name, sum)| totals::totals(name.as_deref().unwrap_or_default(), sum))
            .collect::<Option<_>>()
            .ok_or(RollupError::Overflow)
    }

    /// The latest name of a billing account.
    pub fn billing_account_name(&self, id: &str) -> Option<&str> {
        self.billing_accounts.get(id).map(|(_, name)| name.as_str())
    }

    /// The latest name of a sub-account.
    pub fn sub_account_name(&self, id: &str) -> Option<&str> {
        self.sub_accounts.get(id).map(|(_, name)| name.as_str())
    }

    /// Memory it takes, near enough for a cache.
    pub fn bytes(&self) -> usize {
        let label = |(id, (_, name)): (&String, &(i32, String))| id.len() + name.len() + 64;
        let labels: usize = self
            .billing_accounts
            .iter()
            .chain(&self.sub_accounts)
            .map(label)
            .sum();
        let columns: usize = self
            .fixed
            .iter()
            .chain(self.tags.values())
            .map(Column::bytes)
            .sum();
        let costs: usize = self.costs.iter().map(Amounts::bytes).sum();
        labels + columns + costs + self.len() * 4 + self.days.codes.bytes()
    }

    /// Both together; tag keys that only one of them has are dropped. Associative and commutative.
    /// The cap is not applied: see [`Rollup::capped`].
    pub fn merge(&self, other: &Self) -> Result<Self, RollupError> {
        let keys = self.tag_keys().filter(|key| other.tags.contains_key(*key));
        let mut builder = RollupBuilder::unlimited(keys.map(str::to_owned).collect());
        builder.push_rollup(self)?;
        builder.push_rollup(other)?;
        builder.finish()
    }

    /// The same within [`Rollup::CAP`] rows, at the cost of tag keys, if there are any.
    pub fn capped(self) -> Result<Self, RollupError> {
        if self.len() <= Self::CAP || self.tags.is_empty() {
            return Ok(self);
        }
        let mut builder = RollupBuilder::new(self.tag_keys().map(str::to_owned));
        builder.push_rollup(&self)?;
        builder.finish()
    }

    /// A column of [`KEY`]; `None` for any other.
    pub fn column(&self, column: TextColumn) -> Option<&Column> {
        let at = KEY.iter().position(|&key| key == column)?;
        Some(&self.fixed[at])
    }

    /// The column of a tag key that it kept.
    pub fn tag_column(&self, key: &str) -> Option<&Column> {
        self.tags.get(key)
    }

    /// BillingCurrency.
    pub fn currency(&self) -> &Column {
        &self.fixed[CURRENCY]
    }

    /// The day of each row, from ChargePeriodStart.
    pub fn day_column(&self) -> &Days {
        &self.days
    }

    /// The sums, one column per [`crate::COST_COLUMNS`] and in their order.
    pub fn costs(&self) -> &[Amounts] {
        &self.costs
    }

    fn costs_of(&self, row: usize) -> Costs {
        std::array::from_fn(|at| self.costs[at].get(row))
    }
}

/// Days since 1970-01-01, of any date.
pub fn to_day(date: Date) -> i32 {
    let seconds = date
        .to_zoned(jiff::tz::TimeZone::UTC)
        .map_or(0, |z| z.timestamp().as_second());
    day_of_second(seconds)
}

pub(crate) fn day_of_second(seconds: i64) -> i32 {
    i32::try_from(seconds.div_euclid(86_400)).unwrap_or_default()
}

/// The date of a number of days since 1970-01-01.
pub fn to_date(day: i32) -> Date {
    Date::constant(1970, 1, 1).saturating_add(day.days())
}

/// Whether a sum fits DECIMAL(38,18).
fn is_decimal(units: i128) -> bool {
    Decimal::from_units(units).is_some()
}

#[cfg(test)]
mod tests;
