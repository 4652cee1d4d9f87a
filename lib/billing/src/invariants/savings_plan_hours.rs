//! Invariant 3: per Savings Plan and hour, covered usage and its negations cancel out.

use jiff::Timestamp;

use super::{
    findings::{Findings, sums_differ, tolerance},
    result::{Invariant, InvariantName},
};
use crate::evidence::{Evidence, Hour, parts};

pub(super) fn check(evidence: &Evidence) -> Invariant {
    let mut findings = Findings::new(InvariantName::SavingsPlanHours);
    let Some(plans) = evidence.plan_hours.entries() else {
        return findings.beyond_memory("hours of Savings Plans");
    };
    for (key, hours) in plans {
        let [plan, currency] = parts(key);
        for (start, hour) in &hours.0 {
            check_hour(&mut findings, plan, currency, *start, hour);
        }
    }
    match findings.checked() {
        0 => findings.not_applicable("No usage is covered by a Savings Plan"),
        _ => findings.finish(
            "Per Savings Plan and hour (or day, as fine as the report is): what covered usage \
             bills, its negations take back; each amount may be rounded at the tenth digit",
        ),
    }
}

fn check_hour(findings: &mut Findings, plan: &str, currency: &str, start: i64, hour: &Hour) {
    let (covered, negated) = (&hour.covered, &hour.negated);
    let most = tolerance([covered, negated]);
    let rest = covered.sum.and(negated.sum);
    findings.check(rest.is_within(most), || {
        let start = Timestamp::from_second(start).unwrap_or_default();
        let key = format!("negations of {plan} at {start}");
        let rows = covered
            .examples
            .rows()
            .iter()
            .chain(negated.examples.rows());
        sums_differ(key, currency, -covered.sum, negated.sum, rows)
    });
}
