//! Invariant 4: per Savings Plan and period, used + unused = amortised upfront + recurring.

use super::{
    findings::Findings,
    result::{Invariant, InvariantName},
    utilisation,
};
use crate::evidence::Evidence;

pub(super) fn check(evidence: &Evidence) -> Invariant {
    let findings = Findings::new(InvariantName::SavingsPlanPeriod);
    utilisation::check(findings, "Savings Plan", &evidence.plans, evidence)
}
