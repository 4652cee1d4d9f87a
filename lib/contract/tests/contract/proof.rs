//! Every operation has its entry in the proof of isolation, and every entry its operation.

use std::collections::{BTreeMap, BTreeSet};

use outlay_contract::PUBLIC_OPERATIONS;
use outlay_testkit::proof::{Case, Who, cases, operations};

use crate::report;

const FILE: &str = "lib/testkit/src/proof/cases.rs (docs/adding-a-route.md says how)";

#[test]
fn every_operation_has_one_entry_in_the_proof() {
    let operations: BTreeSet<String> = operations().unwrap().into_iter().map(|o| o.id).collect();
    let mut entries: BTreeMap<&str, usize> = BTreeMap::new();
    for case in cases() {
        *entries.entry(case.operation).or_default() += 1;
    }
    let mut findings = Vec::new();
    for id in &operations {
        match entries.get(id.as_str()) {
            None => findings.push(format!(
                "{id} has no entry in the proof: say who may call it and what a valid call is, in {FILE}"
            )),
            Some(1) => {}
            Some(many) => findings.push(format!("{id} has {many} entries in {FILE}")),
        }
    }
    let gone = entries.keys().filter(|id| !operations.contains(**id));
    findings.extend(gone.map(|id| format!("{id} is no operation any more: take it out of {FILE}")));
    report(&findings);
}

#[test]
fn the_proof_and_the_document_agree_on_what_is_public() {
    let public: BTreeSet<&str> = cases()
        .iter()
        .filter(|case| case.who == Who::Public)
        .map(|case| case.operation)
        .collect();
    let findings: Vec<String> = public
        .symmetric_difference(&PUBLIC_OPERATIONS.into())
        .map(|id| {
            format!("{id}: public in one of {FILE} and PUBLIC_OPERATIONS, and not in the other")
        })
        .collect();
    report(&findings);
}

#[test]
fn entries_are_meant_for_somebody() {
    let nobody = |case: &Case| matches!(case.who, Who::Roles(roles) if roles.is_empty() || case.permission.is_empty());
    let findings: Vec<String> = cases()
        .iter()
        .filter(|case| nobody(case))
        .map(|case| {
            format!(
                "{}: name its permission and at least one role in {FILE}",
                case.operation
            )
        })
        .collect();
    report(&findings);
}
