//! Public files that live beside the workspace and not in it. Where they are absent, each test
//! says so and ends. The expected sums were made with Python's `decimal` over the same files.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    path::PathBuf,
};

use outlay_core::Decimal;

use super::{Bill, read_input, text, warnings};
use crate::{AmountColumn, COST_COLUMNS, Exact, Input, TextColumn as T};

/// Reads a file of the shared data; `None`, saying so, where there is none.
pub(super) fn open(name: &str) -> Option<Bill> {
    Some(read_input(Input::File(find(name)?)).unwrap())
}

pub(super) fn find(name: &str) -> Option<File> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data")
        .join(name);
    let Ok(file) = File::open(&path) else {
        #[expect(clippy::print_stderr, reason = "a skipped test says so")]
        {
            eprintln!("skipped: {} is not here", path.display());
        }
        return None;
    };
    Some(file)
}

/// `2024-09 USD: rows, billed, effective, list, contracted`, one per period and currency.
pub(super) fn totals(bill: &Bill) -> Vec<String> {
    let mut sums = BTreeMap::<_, (u64, [Decimal; 4])>::new();
    for row in &bill.rows {
        let key = format!(
            "{} {}",
            row.billing_period().unwrap(),
            text(row, T::BillingCurrency)
        );
        let (rows, sums) = sums.entry(key).or_default();
        *rows += 1;
        for (sum, column) in sums.iter_mut().zip(COST_COLUMNS) {
            *sum = sum
                .checked_add(row.amount(column).unwrap_or_default())
                .unwrap();
        }
    }
    sums.iter()
        .map(|(key, (rows, sums))| {
            let sums: Vec<String> = sums.iter().map(ToString::to_string).collect();
            format!("{key}: {rows} {}", sums.join(" "))
        })
        .collect()
}

#[test]
fn a_real_focus_bill_of_three_payers() {
    let Some(bill) = open("focus-1.0-real/focus_sample.csv") else {
        return;
    };
    assert_eq!(bill.report.format.to_string(), "FOCUS 1.0");
    assert_eq!((bill.report.rows_read, bill.rows.len()), (1000, 1000));
    assert_eq!(
        totals(&bill),
        [
            "2024-09 USD: 999 20.28022672899 14.97651418586 20.15090575119 14.97626039326",
            "2024-10 USD: 1 0.24 0 0.24 0",
        ]
    );
    let payers: BTreeSet<_> = bill
        .rows
        .iter()
        .map(|row| format!("{} {}", text(row, T::XProvider), text(row, T::XPayer)))
        .collect();
    let expected = ["AWS 1234567890123", "Microsoft 8611537", "Oracle 20209880"];
    assert_eq!(payers, expected.map(String::from).into());
    assert_eq!(
        warnings(&bill),
        ["respelled-value ChargeFrequency x7", "unknown-columns x1",]
    );
    assert_eq!(bill.report.residues, []);
}

#[test]
fn a_real_legacy_report() {
    let Some(bill) = open("cur-legacy-real/aws_cur_2023-11_anonymous.csv") else {
        return;
    };
    assert_eq!(bill.report.format.family(), "cur");
    // List: 3.3561726949 of public on-demand cost, and 0.08 of tax.
    assert_eq!(
        totals(&bill),
        ["2023-11 USD: 1281 1.6823086974 1.6823086974 3.4361726949 1.6823086974"]
    );
    assert_eq!(warnings(&bill), Vec::<String>::new());
    let kinds: BTreeSet<_> = bill
        .rows
        .iter()
        .map(|row| text(row, T::XChargeKind))
        .collect();
    assert_eq!(kinds, BTreeSet::from(["tax", "usage"]));
    let quantity = bill
        .rows
        .iter()
        .filter_map(|r| r.amount(AmountColumn::ConsumedQuantity));
    assert!(outlay_core::money::sum(quantity).is_some());
}

#[test]
fn synthetic_reports_in_both_spellings() {
    if let Some(bill) = open("cur-legacy-synthetic/cur_19x131.csv") {
        assert_eq!(bill.rows.len(), 19);
        // Up to 20 fractional digits: what is stored and what was left over make the source.
        let source = Exact::parse("0.0827499841274349353").unwrap();
        let stored = bill
            .rows
            .iter()
            .filter_map(|row| row.exact(AmountColumn::BilledCost))
            .fold(Exact::ZERO, |sum, cost| sum.checked_add(cost).unwrap());
        assert!(stored.checked_sub(source).unwrap().is_zero());
        assert_eq!(
            warnings(&bill),
            [
                "rounded-value ConsumedQuantity x2",
                "rounded-value PricingQuantity x2",
                "short-rows x1",
            ]
        );
    }
    if let Some(bill) = open("cur-legacy-synthetic/underscore_columns.csv") {
        assert_eq!(totals(&bill), ["2022-07 USD: 2 0 0 0 0"]);
        let tags: Vec<&str> = bill.rows[0]
            .tags()
            .iter()
            .map(|(k, _)| k.as_str())
            .collect();
        assert_eq!(tags, ["aws:created_by"]);
        assert_eq!(text(&bill.rows[0], T::ServiceProviderName), "Red Hat, Inc.");
    }
}

#[test]
fn every_focus_version() {
    let cases: [(&str, &str, &[&str]); 9] = [
        (
            "focus-1.4-examples/focus-1.0.csv",
            "1.0",
            &["2026-05 USD: 2 3 3 3 3", "2026-06 USD: 2 7 7 7 7"],
        ),
        (
            "focus-1.4-examples/focus-1.1.csv",
            "1.1",
            &["2026-05 USD: 2 10 10 10 10", "2026-06 USD: 2 10 10 10 10"],
        ),
        // Has no column that 1.0 lacks, so nothing tells it from a 1.0 file.
        (
            "focus-1.4-examples/focus-1.2.csv",
            "1.0",
            &["2026-05 USD: 2 4 4 4 4", "2026-06 USD: 2 7 7 7 7"],
        ),
        (
            "focus-1.4-examples/focus-1.3.csv",
            "1.3",
            &["2026-05 USD: 2 15 15 15 15", "2026-06 USD: 2 19 19 19 19"],
        ),
        (
            "focus-1.4-examples/focus-1.4.csv",
            "1.4",
            &["2026-05 USD: 2 15 15 15 15", "2026-06 USD: 2 10 10 10 10"],
        ),
        (
            "focus-1.4-examples/focus-1.4-restated.csv",
            "1.4",
            &["2026-05 USD: 2 13 15 15 15", "2026-06 USD: 2 10 10 10 10"],
        ),
        (
            "focus-1.2-synthetic/aws_1_2_cost_and_usage_rows25_seed7.csv",
            "1.2",
            &["2026-05 USD: 25 27.339199 27.339199 29.127986344 28.975389544"],
        ),
        (
            "focus-1.2-synthetic/azure_1_2_cost_and_usage_rows25_seed7.csv",
            "1.2",
            &[
                "2026-05 USD: 25 624.24788387618795 119.31918987618795 633.17554468826568 626.13956493218795",
            ],
        ),
        (
            "focus-1.2-synthetic/gcp_1_2_cost_and_usage_rows25_seed7.csv",
            "1.2",
            &[
                "2026-05 USD: 25 1113.58922527449205 393.37878227449205 1154.9751612607005 1115.03642527449205",
            ],
        ),
    ];
    for (name, version, expected) in cases {
        let Some(bill) = open(name) else { return };
        assert_eq!(
            bill.report.format.to_string(),
            format!("FOCUS {version}"),
            "{name}"
        );
        assert_eq!(totals(&bill), expected, "{name}");
    }
}
