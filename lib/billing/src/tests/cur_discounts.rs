//! A discount counts once, however a report tells it.

use super::{
    Bill, accept, amount, csv_of,
    cur_table::{check, line},
    text,
};
use crate::{AmountColumn as A, TextColumn as T};

const NET: &str = "lineItem/NetUnblendedCost";
const TOTAL: &str = "discount/TotalDiscount";
const MAP: &str = "discount";

type Cells = [(&'static str, &'static str)];

fn sum(bill: &Bill, column: A) -> String {
    let amounts = bill.rows.iter().filter_map(|row| row.amount(column));
    outlay_core::money::sum(amounts).unwrap().to_string()
}

/// 10 of usage, of which 1 is discounted, in every way that reports tell it, in either order.
#[test]
fn nine_is_nine() {
    let edp = r#"{"EdpDiscount":"-1"}"#;
    let two = r#"{"edp_discount":-0.75,"PrivateRateDiscount":"-2.5e-1","plan_id":"7"}"#;
    let reports: [(&str, &Cells, Option<&Cells>); 11] = [
        ("rows", &[], Some(&[])),
        ("rows, net columns", &[(NET, "9")], Some(&[(NET, "")])),
        (
            "rows, net columns with zeros",
            &[(NET, "9")],
            Some(&[(NET, "0")]),
        ),
        ("map", &[(MAP, edp)], None),
        ("map of two", &[(MAP, two)], None),
        ("map and net columns", &[(MAP, edp), (NET, "9")], None),
        ("map, net column empty", &[(MAP, edp), (NET, "")], None),
        ("total", &[(TOTAL, "-1.0")], None),
        ("map and rows", &[(MAP, edp)], Some(&[(MAP, "")])),
        (
            "map, rows and net columns",
            &[(MAP, edp), (NET, "9")],
            Some(&[(MAP, ""), (NET, "0")]),
        ),
        (
            "an empty map, and rows",
            &[(MAP, "{}")],
            Some(&[(MAP, "{}")]),
        ),
    ];
    for (name, usage, row) in reports {
        let usage = line("Usage", "10", usage);
        let mut orders = vec![vec![usage.clone()]];
        if let Some(cells) = row {
            let discount = line("EdpDiscount", "-1", cells);
            orders = vec![vec![usage.clone(), discount.clone()], vec![discount, usage]];
        }
        for lines in orders {
            let bill = accept(csv_of(&lines));
            for column in [A::BilledCost, A::EffectiveCost, A::ContractedCost] {
                assert_eq!(sum(&bill, column), "9", "{name}: {column:?}");
            }
            assert_eq!(sum(&bill, A::ListCost), "10", "{name}");
        }
    }
}

#[test]
fn rows_keep_the_bill_gross_and_the_effective_cost_net() {
    let bill = accept(csv_of(&[
        line("Usage", "10", &[(NET, "9")]),
        line("EdpDiscount", "-1", &[(NET, "")]),
    ]));
    check(
        &bill,
        &[
            "Usage - Usage-Based Standard - usage | 10 9 10 10 | 4 | net",
            "Usage - Usage-Based Standard - discount | -1 0 0 -1 | 0 | net",
        ],
    );
}

#[test]
fn a_discount_inside_a_charge_is_folded_and_noted() {
    let rates = [
        ("lineItem/UnblendedRate", "2.5"),
        ("lineItem/NetUnblendedRate", "2.25"),
    ];
    let edp = r#"{"EdpDiscount":-1}"#;
    let cells = [&rates[..], &[(MAP, edp), (NET, "9")]].concat();
    let bill = accept(csv_of(&[
        line("Usage", "10", &cells),
        line(
            "EdpDiscount",
            "-1",
            &[&rates[..], &[(MAP, ""), (NET, "0")]].concat(),
        ),
    ]));
    check(
        &bill,
        &[
            "Usage - Usage-Based Standard - usage | 9 9 10 9 | 4 | net",
            "Usage - Usage-Based Standard - discount | 0 0 0 0 | 0 | net",
        ],
    );
    let notes = bill.rows.iter().map(|row| text(row, T::XNotes));
    assert_eq!(
        notes.collect::<Vec<_>>(),
        ["discount-folded list-from-unblended", "discount-in-charges"]
    );
    assert_eq!(amount(&bill.rows[0], A::ContractedUnitPrice), "2.25");
}

/// CUR 2.0 always has net columns; where nothing is discounted they may never have been filled.
#[test]
fn a_net_cost_of_zero_needs_a_discount() {
    let bill = accept(csv_of(&[
        line("Usage", "10", &[(MAP, "{}"), (NET, "0.0")]),
        line(
            "Usage",
            "10",
            &[(MAP, r#"{"BundledDiscount":-10}"#), (NET, "0.0")],
        ),
    ]));
    check(
        &bill,
        &[
            "Usage - Usage-Based Standard - usage | 10 10 10 10 | 4 | gross",
            "Usage - Usage-Based Standard - usage | 0 0 10 0 | 4 | net",
        ],
    );
}

#[test]
fn a_discount_keeps_every_digit() {
    let edp = r#"{"EdpDiscount":-0.123456789012345678}"#;
    let bill = accept(csv_of(&[line("Usage", "1", &[(MAP, edp)])]));
    assert_eq!(sum(&bill, A::BilledCost), "0.876543210987654322");
}

#[test]
fn a_discount_whose_digits_cannot_be_kept_is_refused() {
    for (edp, rule) in [
        (r#"{"EdpDiscount":-1e-40}"#, "too-precise"),
        (r#"{"EdpDiscount":-1e300}"#, "overflow"),
        (r#"{"EdpDiscount":-1e999}"#, "overflow"),
    ] {
        let rejection = super::reject(csv_of(&[line("Usage", "10", &[(MAP, edp)])]));
        assert_eq!(rejection.rule, rule, "{edp}");
        assert_eq!(rejection.column.as_deref(), Some("discount"));
    }
}

#[test]
fn a_map_that_cannot_be_read_is_refused_because_money_depends_on_it() {
    let rejection = super::reject(csv_of(&[line("Usage", "10", &[(MAP, "-1")])]));
    assert_eq!(rejection.rule, "bad-discount");
    assert_eq!(rejection.column.as_deref(), Some("discount"));
}
