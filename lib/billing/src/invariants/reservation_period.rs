//! Invariant 5: per reservation and period, used + unused = amortised upfront + recurring.

use super::{
    findings::Findings,
    result::{Invariant, InvariantName},
    utilisation,
};
use crate::evidence::Evidence;

pub(super) fn check(evidence: &Evidence) -> Invariant {
    let findings = Findings::new(InvariantName::ReservationPeriod);
    utilisation::check(findings, "reservation", &evidence.reservations, evidence)
}
