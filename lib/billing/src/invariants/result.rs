use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{evidence::SourceRow, report::Warning};

/// What became of one invariant of a bill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Invariant {
    /// Which one.
    pub name: InvariantName,
    /// Whether it holds.
    pub status: InvariantStatus,
    /// How many comparisons were made.
    pub checked: u64,
    /// How many of them failed.
    pub violation_count: u64,
    /// The first of those.
    pub violations: Vec<Violation>,
    /// What was compared, how exactly, and what was not.
    pub detail: String,
}

/// The invariants, in the order of the billing rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InvariantName {
    /// Rows and sums stored are those of the source, per file and cost column.
    RowsAndSums,
    /// What is billed per invoice is the invoice.
    InvoiceSums,
    /// Per Savings Plan and hour, covered usage and its negations cancel out.
    SavingsPlanHours,
    /// Per Savings Plan and period, used + unused = amortised upfront + recurring.
    SavingsPlanPeriod,
    /// The same per reservation.
    ReservationPeriod,
    /// Per commitment discount, usage is used or unused, and over a whole term what was purchased.
    CommitmentBalance,
    /// ListCost = ListUnitPrice x PricingQuantity.
    ListCost,
    /// The same month in other formats has the same totals.
    SameMonth,
}

/// Whether an invariant holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InvariantStatus {
    /// Everything that was compared agrees.
    Held,
    /// Something does not.
    Broken,
    /// It concerns this bill, but what it needs is not there; the detail says what.
    NotChecked,
    /// The bill has nothing that it speaks of.
    NotApplicable,
}

/// What broke an invariant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Violation {
    /// What was compared: a file and column, an invoice, a Savings Plan and hour, ...
    pub key: String,
    /// What should be there: an exact decimal, a count or a text.
    pub expected: String,
    /// What is there.
    pub found: String,
    /// Found less expected; absent where texts differ.
    pub difference: Option<String>,
    /// BillingCurrency of amounts.
    pub currency: Option<String>,
    /// The first rows behind it.
    pub rows: Vec<SourceRow>,
}

impl InvariantName {
    /// The name of the rule, in kebab-case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RowsAndSums => "rows-and-sums",
            Self::InvoiceSums => "invoice-sums",
            Self::SavingsPlanHours => "savings-plan-hours",
            Self::SavingsPlanPeriod => "savings-plan-period",
            Self::ReservationPeriod => "reservation-period",
            Self::CommitmentBalance => "commitment-balance",
            Self::ListCost => "list-cost",
            Self::SameMonth => "same-month",
        }
    }
}

impl fmt::Display for InvariantName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Invariant {
    /// Whether the bill must not be taken: rows or money were lost on the way.
    pub fn is_fatal(&self) -> bool {
        self.name == InvariantName::RowsAndSums && self.status == InvariantStatus::Broken
    }

    /// What a broken invariant warns of; `None` for any other.
    pub fn warning(&self) -> Option<Warning> {
        if self.status != InvariantStatus::Broken {
            return None;
        }
        let first = self.violations.first();
        let row = first.and_then(|violation| violation.rows.first());
        let example = first.map_or_else(String::new, |violation| format!(": {violation}"));
        Some(Warning {
            rule: self.name.as_str(),
            detail: format!("{}{example}", self.detail),
            count: self.violation_count,
            row: row.map(|row| row.row),
            line: row.and_then(|row| row.line),
            column: None,
        })
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = self
            .currency
            .as_deref()
            .map_or_else(String::new, |currency| format!(" {currency}"));
        let Self {
            key,
            expected,
            found,
            ..
        } = self;
        write!(f, "{key} should be {expected}{unit} and is {found}{unit}")
    }
}
