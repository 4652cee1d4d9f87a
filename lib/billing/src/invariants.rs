//! What must hold in every bill, checked on its [`Evidence`].
//!
//! A broken invariant names the keys that broke it and the first rows behind each. Amounts are
//! compared exactly; where a source rounds each of its amounts, a sum of n of them may be off by n
//! times half a unit of the last digit that it writes, and by no more.

mod commitment_balance;
mod findings;
mod invoice_sums;
mod list_cost;
mod reservation_period;
mod result;
mod rows_and_sums;
mod same_month;
mod savings_plan_hours;
mod savings_plan_period;
mod utilisation;

pub use self::{
    invoice_sums::InvoiceTotal,
    result::{Invariant, InvariantName, InvariantStatus, Violation},
    rows_and_sums::Stored,
    same_month::{Reading, same_month},
};
use crate::evidence::Evidence;

/// What is known of a bill besides its evidence; what is not, is not checked.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'k> {
    /// What was written of the bill.
    pub stored: Option<Stored<'k>>,
    /// Invoices as the issuer tells them, from FOCUS Invoice Detail or from the caller.
    pub invoices: &'k [InvoiceTotal],
}

/// Checks the invariants of one bill, all but `same-month`, always in the same order.
pub fn check(evidence: &Evidence, known: &Known) -> Vec<Invariant> {
    vec![
        rows_and_sums::check(evidence, known.stored.as_ref()),
        invoice_sums::check(evidence, known.invoices),
        savings_plan_hours::check(evidence),
        savings_plan_period::check(evidence),
        reservation_period::check(evidence),
        commitment_balance::check(evidence),
        list_cost::check(evidence),
    ]
}
