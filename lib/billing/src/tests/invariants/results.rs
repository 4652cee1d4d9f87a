//! What a reader of the results sees.

use super::{
    Delivery, Line,
    bills::{cur, focus, set},
    with,
};
use crate::invariants::{Invariant, InvariantName, InvariantStatus, Known, check, same_month};

fn named(invariants: Vec<Invariant>, name: InvariantName) -> Invariant {
    invariants.into_iter().find(|i| i.name == name).unwrap()
}

fn broken(name: InvariantName, fault: impl FnOnce(&mut Vec<Line>)) -> Invariant {
    let mut lines = cur();
    for (at, line) in lines.iter_mut().enumerate() {
        set(line, "identity/LineItemId", &format!("line-{}", at + 1));
    }
    fault(&mut lines);
    named(Delivery::of(&lines).check(), name)
}

#[test]
fn a_violation_names_its_rows() {
    let invariant = broken(InvariantName::SavingsPlanHours, |lines| {
        set(&mut lines[4], "lineItem/UnblendedCost", "-1.25");
    });
    insta::assert_snapshot!(serde_json::to_string_pretty(&invariant).unwrap(), @r#"
    {
      "name": "savings-plan-hours",
      "status": "broken",
      "checked": 4,
      "violationCount": 1,
      "violations": [
        {
          "key": "negations of arn:sp at 2026-10-03T01:00:00Z",
          "expected": "-1.5",
          "found": "-1.25",
          "difference": "0.25",
          "currency": "USD",
          "rows": [
            {
              "file": "bill",
              "row": 4,
              "line": 5,
              "sourceLineId": "line-4"
            },
            {
              "file": "bill",
              "row": 5,
              "line": 6,
              "sourceLineId": "line-5"
            }
          ]
        }
      ],
      "detail": "Per Savings Plan and hour (or day, as fine as the report is): what covered usage bills, its negations take back; each amount may be rounded at the tenth digit"
    }
    "#);
}

#[test]
fn a_broken_invariant_is_a_warning() {
    let invariant = broken(InvariantName::ListCost, |lines| {
        set(&mut lines[0], "pricing/publicOnDemandCost", "3");
    });
    insta::assert_debug_snapshot!(invariant.warning(), @r#"
    Some(
        Warning {
            rule: "list-cost",
            detail: "ListCost = ListUnitPrice x PricingQuantity, rounded at the 10 fractional digits to which this bill writes list costs: ListCost of line line-1 should be 2 USD and is 3 USD",
            count: 1,
            row: Some(
                1,
            ),
            line: Some(
                2,
            ),
            column: None,
        },
    )
    "#);
    assert!(!invariant.is_fatal());
    let held = broken(InvariantName::ListCost, |_| {});
    assert_eq!(held.warning(), None);
}

#[test]
fn names_are_the_same_everywhere() {
    for invariant in Delivery::of(&cur()).check() {
        let json = serde_json::to_string(&invariant.name).unwrap();
        assert_eq!(json, format!("\"{}\"", invariant.name));
        let text = serde_json::to_string(&invariant).unwrap();
        assert_eq!(serde_json::from_str::<Invariant>(&text).unwrap(), invariant);
    }
}

/// What is not there is not claimed.
#[test]
fn what_cannot_be_checked_says_so() {
    let named = |lines: &[Line], status| {
        with(
            &check(&Delivery::of(lines).evidence, &Known::default()),
            status,
        )
    };
    let plain: Vec<Line> = focus().split_off(4);
    assert_eq!(
        named(&plain, InvariantStatus::NotApplicable),
        [
            "savings-plan-hours",
            "savings-plan-period",
            "reservation-period",
            "commitment-balance"
        ]
    );
    // Usage under a Savings Plan of another account, whose fee is in another report.
    let shared: Vec<Line> = cur().into_iter().take(2).collect();
    assert_eq!(
        named(&shared, InvariantStatus::NotChecked),
        ["savings-plan-period"]
    );
    assert_eq!(
        named(&shared, InvariantStatus::NotApplicable),
        ["reservation-period"]
    );
    assert_eq!(same_month(&[]).status, InvariantStatus::NotApplicable);
}
