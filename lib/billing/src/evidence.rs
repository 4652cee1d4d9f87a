//! What the invariants need to know of a bill: exact sums and the rows behind them.
//!
//! Gathered while a file is read, on both sides: what the source lines say, and which rows were
//! handed on. Evidence of several files of a bill is merged in any order.

mod capped;
mod collector;
mod entries;
mod file;
mod list_cost;
mod source;
mod sum;
mod tables;
mod tally;

use outlay_core::BillingPeriod;
use serde::{Deserialize, Serialize};

pub(crate) use self::{
    capped::{Capped, parts},
    collector::Collector,
    entries::{Commitment, FileSums, Hour, Hours, Refund, Span, Utilisation},
    list_cost::{ListCosts, OffRow},
    source::{SourceFact, SourceLine},
    tally::Tally,
};
pub use self::{entries::RefundOf, file::EvidenceError, sum::Sum, tally::SourceRow};
pub(crate) use sum::half_unit;

/// Exact sums of one bill, enough to check every invariant without reading the rows again.
///
/// Each family of sums is whole or absent: past 32 MiB it is given up, and the invariants that need
/// it say `not-checked`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// x_Provider.
    pub provider: String,
    /// x_Payer.
    pub payer: String,
    /// The billing period.
    pub period: BillingPeriod,
    /// By file and currency.
    pub(crate) files: Capped<FileSums>,
    /// What the source bills, by invoice and currency.
    pub(crate) source_invoices: Capped<Tally>,
    /// What was handed on, by invoice, currency and issuer.
    pub(crate) invoices: Capped<Tally>,
    /// By Savings Plan and currency.
    pub(crate) plan_hours: Capped<Hours>,
    /// By Savings Plan and currency.
    pub(crate) plans: Capped<Utilisation>,
    /// By reservation and currency.
    pub(crate) reservations: Capped<Utilisation>,
    /// By CommitmentDiscountId and currency.
    pub(crate) commitments: Capped<Commitment>,
    /// By commitment, service code, currency and charge start.
    pub(crate) refunds: Capped<Refund>,
    pub(crate) list_costs: ListCosts,
}

/// Evidence of two different bills was to be merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("evidence of different bills cannot be merged")]
pub struct OtherBill;

impl Evidence {
    /// Adds the evidence of other files of the same bill: associative and commutative.
    pub fn merge(&mut self, other: Self) -> Result<(), OtherBill> {
        if !self.is_of(&other.provider, &other.payer, other.period) {
            return Err(OtherBill);
        }
        self.files.join(other.files);
        self.source_invoices.join(other.source_invoices);
        self.invoices.join(other.invoices);
        self.plan_hours.join(other.plan_hours);
        self.plans.join(other.plans);
        self.reservations.join(other.reservations);
        self.commitments.join(other.commitments);
        self.refunds.join(other.refunds);
        self.list_costs.join(other.list_costs);
        Ok(())
    }

    /// Whether this is the evidence of a bill.
    pub fn is_of(&self, provider: &str, payer: &str, period: BillingPeriod) -> bool {
        self.period == period && self.payer == payer && self.provider == provider
    }

    fn key(&self) -> (&str, &str, BillingPeriod) {
        (&self.provider, &self.payer, self.period)
    }

    fn is_within_caps(&self) -> bool {
        self.files.fits()
            && self.source_invoices.fits()
            && self.invoices.fits()
            && self.plan_hours.fits()
            && self.plans.fits()
            && self.reservations.fits()
            && self.commitments.fits()
            && self.refunds.fits()
    }
}
