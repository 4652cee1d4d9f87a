//! Invariant 7: ListCost = ListUnitPrice x PricingQuantity where both exist and the row is no
//! correction.

use super::{
    findings::{Findings, sums_differ},
    result::{Invariant, InvariantName, Violation},
};
use crate::evidence::{Evidence, OffRow};

pub(super) fn check(evidence: &Evidence) -> Invariant {
    let mut findings = Findings::new(InvariantName::ListCost);
    let costs = &evidence.list_costs;
    if costs.checked == 0 {
        return findings.not_applicable("No row has both a list price and a quantity");
    }
    findings.add_checked(costs.checked);
    for off in costs.unexplained() {
        findings.add_violations(off.rows, off.examples.iter().map(violation));
    }
    findings.finish(format!(
        "ListCost = ListUnitPrice x PricingQuantity, rounded at the {} fractional digits to which \
         this bill writes list costs",
        costs.digits
    ))
}

fn violation(off: &OffRow) -> Violation {
    let key = match &off.row.source_line_id {
        Some(id) => format!("ListCost of line {id}"),
        None => format!("ListCost of row {}", off.row.row),
    };
    sums_differ(key, &off.currency, off.expected, off.found, [&off.row])
}
