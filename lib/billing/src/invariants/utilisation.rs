//! Used + unused = amortised upfront + recurring, of Savings Plans and of reservations.

use super::{
    findings::{Findings, sums_differ, tolerance},
    result::Invariant,
};
use crate::evidence::{Capped, Commitment, Evidence, Utilisation, parts};

/// `kind`: Savings Plan or reservation.
pub(super) fn check(
    mut findings: Findings,
    kind: &str,
    commitments: &Capped<Utilisation>,
    evidence: &Evidence,
) -> Invariant {
    let Some(commitments) = commitments.entries() else {
        return findings.beyond_memory(&format!("{kind}s"));
    };
    if commitments.is_empty() {
        return findings.not_applicable(format!("No usage and no fee of a {kind}"));
    }
    let written = evidence.commitments.entries();
    let mut unknown = 0;
    for (key, utilisation) in commitments {
        let [id, currency] = parts(key);
        let named = Named { kind, id, currency };
        match utilisation.committed.rows {
            0 => unknown += 1,
            _ => named.check_period(&mut findings, utilisation),
        }
        // The facts are gross: rows on the net basis say something else.
        let written = written.and_then(|written| written.get(key));
        if let Some(written) = written.filter(|written| written.net_rows == 0) {
            named.check_written(&mut findings, utilisation, written);
        }
    }
    let all_unknown = unknown == commitments.len() && !findings.has_violations();
    let detail = detail(kind, unknown);
    if all_unknown {
        findings.not_checked(detail)
    } else {
        findings.finish(detail)
    }
}

fn detail(kind: &str, unknown: usize) -> String {
    let without = match unknown {
        0 => String::new(),
        n => format!(
            "; {n} of them have no commitment in this report, which lacks their fee or the columns \
             for it"
        ),
    };
    format!(
        "Per {kind} and period: effective used + unused = amortised upfront + recurring commitment, \
         and the rows handed on say the same; each amount may be rounded at the tenth digit{without}"
    )
}

/// A Savings Plan or reservation.
struct Named<'n> {
    kind: &'n str,
    id: &'n str,
    currency: &'n str,
}

impl Named<'_> {
    fn check_period(&self, findings: &mut Findings, utilisation: &Utilisation) {
        let Utilisation {
            used,
            unused,
            committed,
            ..
        } = utilisation;
        // An unused amount and a commitment are each made of two amounts.
        let most = tolerance([used, unused, unused, committed, committed]);
        let found = used.sum.and(unused.sum);
        let rest = found.minus(committed.sum);
        findings.check(rest.is_within(most), || {
            let key = format!("used + unused of {} {}", self.kind, self.id);
            let rows = used.examples.rows().iter().chain(committed.examples.rows());
            sums_differ(key, self.currency, committed.sum, found, rows)
        });
    }

    fn check_written(
        &self,
        findings: &mut Findings,
        utilisation: &Utilisation,
        written: &Commitment,
    ) {
        let used = utilisation.used.sum.and(utilisation.used_otherwise);
        for (status, expected, tally) in [
            ("Used", used, &written.used),
            ("Unused", utilisation.unused.sum, &written.unused),
        ] {
            findings.check(tally.sum.minus(expected).is_zero(), || {
                let key = format!("{status} rows of {} {}", self.kind, self.id);
                sums_differ(
                    key,
                    self.currency,
                    expected,
                    tally.sum,
                    tally.examples.rows(),
                )
            });
        }
    }
}
