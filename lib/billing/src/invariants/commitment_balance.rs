//! Invariant 6: usage of a commitment discount is used or unused, and over a whole term its effective
//! cost is what was billed for the purchase.

use super::{
    findings::{Findings, sums_differ, tolerance},
    result::{Invariant, InvariantName},
};
use crate::evidence::{Commitment, Evidence, Span, Sum, parts};

/// Terms are of one or three years; a month is no term, whatever a purchase says of its period.
const SHORTEST_TERM: i64 = 360 * 86_400;

pub(super) fn check(evidence: &Evidence) -> Invariant {
    let mut findings = Findings::new(InvariantName::CommitmentBalance);
    let Some(commitments) = evidence.commitments.entries() else {
        return findings.beyond_memory("commitment discounts");
    };
    let mut terms = 0;
    for (key, commitment) in commitments {
        let [id, currency] = parts(key);
        check_statuses(&mut findings, id, currency, commitment);
        if is_whole_term(commitment) {
            terms += 1;
            check_term(&mut findings, id, currency, commitment);
        }
    }
    match findings.checked() {
        0 => findings.not_applicable("No row names a commitment discount"),
        _ => findings.finish(format!(
            "Per CommitmentDiscountId: EffectiveCost of usage = Used + Unused, purchases carry no \
             EffectiveCost, unused rows consume nothing; of {terms} whole terms in the data, usage \
             = what was billed for the purchase"
        )),
    }
}

fn check_statuses(findings: &mut Findings, id: &str, currency: &str, commitment: &Commitment) {
    let decided = commitment.used.sum.and(commitment.unused.sum);
    let undecided = &commitment.undecided;
    findings.check(undecided.sum.is_zero(), || {
        let key = format!("Used + Unused of {id}");
        let usage = decided.and(undecided.sum);
        sums_differ(key, currency, usage, decided, undecided.examples.rows())
    });
    for (what, tally) in [
        ("EffectiveCost of purchases", &commitment.purchase_effective),
        (
            "ConsumedQuantity of unused rows",
            &commitment.unused_consumed,
        ),
    ] {
        findings.check(tally.rows == 0, || {
            let key = format!("{what} of {id}");
            sums_differ(key, currency, Sum::ZERO, tally.sum, tally.examples.rows())
        });
    }
}

/// Whether a one-time purchase names its term, and usage fills it from end to end.
fn is_whole_term(commitment: &Commitment) -> bool {
    let (Some(term), Some(usage)) = (commitment.term, commitment.usage) else {
        return false;
    };
    let Span(start, end) = term;
    end.saturating_sub(start) >= SHORTEST_TERM && usage == term
}

fn check_term(findings: &mut Findings, id: &str, currency: &str, commitment: &Commitment) {
    let Commitment {
        used,
        unused,
        purchased,
        ..
    } = commitment;
    let usage = used.sum.and(unused.sum).and(commitment.undecided.sum);
    let most = tolerance([used, unused, purchased]);
    findings.check(usage.minus(purchased.sum).is_within(most), || {
        let key = format!("EffectiveCost of the whole term of {id}");
        let rows = purchased.examples.rows().iter().chain(used.examples.rows());
        sums_differ(key, currency, purchased.sum, usage, rows)
    });
}
