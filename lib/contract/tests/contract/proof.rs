//! Every operation has its entry in the proof of isolation, and every entry its operation.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use outlay_contract::PUBLIC_OPERATIONS;
use outlay_testkit::proof::{Case, Who, cases, operations};

use crate::{read, report, supply};

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

/// A promise of docs/PROOF.md without a figure is a claim, and a figure without a promise is found by nobody.
#[test]
fn every_promise_has_its_figure_and_every_figure_its_promise() {
    let document = read("docs/PROOF.md");
    let rows = document.lines().filter_map(|line| line.strip_prefix("| "));
    let promised: BTreeSet<&str> = rows
        .filter_map(|row| row.split(" |").next())
        .flat_map(|cell| cell.split(", "))
        .filter(|number| is_number(number))
        .collect();
    let mut figures: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in supply::files()
        .iter()
        .filter(|path| Path::new(path).extension().is_some_and(|e| e == "rs"))
    {
        for number in figures_in(&read(path)) {
            figures.entry(number).or_default().push(path.clone());
        }
    }
    let mut findings = Vec::new();
    for (number, places) in &figures {
        if places.len() > 1 {
            findings.push(format!("promise {number} is measured in {places:?}: the last would win; give each its own number"));
        }
        if !promised.contains(number.as_str()) {
            findings.push(format!(
                "promise {number} is measured in {places:?} and has no row in docs/PROOF.md"
            ));
        }
    }
    let claimed = promised
        .iter()
        .filter(|number| !figures.contains_key(**number));
    findings.extend(claimed.map(|number| {
        format!("promise {number} of docs/PROOF.md has no figure: call outlay_testkit::proof::measured in its test")
    }));
    report(&findings);
}

/// Numbers that figures are noted under: what `measured`, or what calls it, is given first.
fn figures_in(source: &str) -> Vec<String> {
    let calls = ["measured(", "conclude(", "takes_effect(", "self.figure("];
    let given = calls.iter().flat_map(|call| source.split(call).skip(1));
    given
        .filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next())
        .filter(|number| is_number(number))
        .map(str::to_owned)
        .collect()
}

/// `20`, `20a`.
fn is_number(text: &str) -> bool {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_lowercase());
    text.len() - digits.len() <= 1
        && !digits.is_empty()
        && digits.bytes().all(|b| b.is_ascii_digit())
}

#[test]
fn figures_are_found_however_they_are_laid_out() {
    let source = "measured(\n  \"20a\",\n \"x\");\nfindings.conclude(\"4\", \"y\");\nmeasured(promise, what);";
    assert_eq!(figures_in(source), ["20a", "4"]);
    assert!(!is_number("promise") && !is_number("2aa") && !is_number("a"));
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
