//! Past its cap a family of sums is given up, and what needs it is not checked: never wrong.

use super::{
    Line,
    bills::{cur, set},
    evidence::evidence,
};
use crate::{
    Evidence,
    evidence::{Capped, Hours},
    invariants::{Invariant, InvariantName, InvariantStatus, Known, check},
};

/// Evidence of covered usage without its negations, in hours from `first` on.
fn covered(file_name: &str, first: i64, count: i64) -> Evidence {
    let mut evidence = evidence(file_name, &cur()[..1]);
    let Capped::Within(plans) = &mut evidence.plan_hours else {
        panic!()
    };
    let hours: &mut Hours = plans.values_mut().next().unwrap();
    let (_, hour) = hours.0.pop_first().unwrap();
    hours
        .0
        .extend((first..first + count).map(|at| (at * 3600, hour.clone())));
    evidence
}

fn hours_of(evidence: &Evidence) -> Invariant {
    let invariants = check(evidence, &Known::default());
    invariants
        .into_iter()
        .find(|i| i.name == InvariantName::SavingsPlanHours)
        .unwrap()
}

#[test]
fn too_many_hours_are_not_checked_whatever_the_order() {
    let [a, b, c] =
        [("a", 0), ("b", 30_000), ("c", 60_000)].map(|(name, first)| covered(name, first, 30_000));
    let mut two = a.clone();
    two.merge(b.clone()).unwrap();
    let found = hours_of(&two);
    assert_eq!(
        (found.status, found.violation_count),
        (InvariantStatus::Broken, 60_000)
    );
    assert_eq!(found.violations.len(), 20);
    let mut left = two;
    left.merge(c.clone()).unwrap();
    let mut right = c;
    right.merge(b).unwrap();
    right.merge(a).unwrap();
    assert_eq!(left, right);
    let found = hours_of(&left);
    assert_eq!(found.status, InvariantStatus::NotChecked);
    assert_eq!(
        found.detail,
        "There are more hours of Savings Plans than 32 MiB hold"
    );
    // Evidence that says so is written and read like any other.
    assert_eq!(Evidence::decode(&left.encode().unwrap()), Ok(left));
}

/// Every line is an invoice of its own with a name of 1 kB.
#[test]
fn reading_gives_up_what_memory_does_not_hold() {
    let usage = cur()
        .into_iter()
        .find(|line| line["lineItem/LineItemType"] == "Tax")
        .unwrap();
    let lines: Vec<Line> = (0..20_000)
        .map(|n| {
            let mut line = usage.clone();
            set(&mut line, "bill/InvoiceId", &format!("{n:01000}"));
            line
        })
        .collect();
    let invariants = check(&evidence("bill", &lines), &Known::default());
    let status = |name| invariants.iter().find(|i| i.name == name).unwrap().status;
    assert_eq!(
        status(InvariantName::InvoiceSums),
        InvariantStatus::NotChecked
    );
    assert_eq!(status(InvariantName::RowsAndSums), InvariantStatus::Held);
}

#[test]
fn more_bills_than_are_ever_taken_are_not_claimed_to_be_whole() {
    let lines: Vec<Line> = (0..70)
        .map(|n| {
            let mut line = cur().pop().unwrap();
            set(&mut line, "bill/PayerAccountId", &format!("{n:012}"));
            line
        })
        .collect();
    let first = evidence("bill", &lines);
    let rows = &check(&first, &Known::default())[0];
    assert_eq!(rows.status, InvariantStatus::NotChecked);
}
