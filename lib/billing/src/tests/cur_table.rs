//! The table of cost columns, line item type by line item type.

use super::{Bill, accept, amount, csv_of, reject, text, warnings};
use crate::{AmountColumn as A, FocusRow, TextColumn as T};

pub(super) const BASE: [(&str, &str); 9] = [
    ("bill/PayerAccountId", "000000000042"),
    ("bill/BillingPeriodStartDate", "2026-10-01T00:00:00.000Z"),
    ("lineItem/UsageAccountId", "000000000043"),
    ("lineItem/UsageStartDate", "2026-10-03T00:00:00.000Z"),
    ("lineItem/ProductCode", "AmazonEC2"),
    ("lineItem/CurrencyCode", "USD"),
    ("lineItem/UsageAmount", "4"),
    ("lineItem/LineItemType", ""),
    ("lineItem/UnblendedCost", ""),
];

pub(super) const PLAN: (&str, &str) = ("savingsPlan/SavingsPlanARN", "arn:sp");
pub(super) const RESERVATION: (&str, &str) = ("reservation/ReservationARN", "arn:ri");
const LIST: (&str, &str) = ("pricing/publicOnDemandCost", "9");

/// One line item of a type, with its unblended cost and more cells.
pub(super) fn line<'a>(
    kind: &'a str,
    cost: &'a str,
    more: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let mut cells = BASE.to_vec();
    for &(name, value) in [
        ("lineItem/LineItemType", kind),
        ("lineItem/UnblendedCost", cost),
    ]
    .iter()
    .chain(more)
    {
        match cells.iter_mut().find(|(n, _)| *n == name) {
            Some(cell) => cell.1 = value,
            None => cells.push((name, value)),
        }
    }
    cells
}

pub(super) fn one(kind: &str, cost: &str, more: &[(&str, &str)]) -> Bill {
    accept(csv_of(&[line(kind, cost, more)]))
}

/// What the table speaks of, in a line: category, class, frequency, pricing, status, kind; the
/// four costs; quantity; basis.
fn summary(row: &FocusRow) -> String {
    let texts = [
        T::ChargeCategory,
        T::ChargeClass,
        T::ChargeFrequency,
        T::PricingCategory,
        T::CommitmentDiscountStatus,
        T::XChargeKind,
    ];
    let texts: Vec<&str> = texts.iter().map(|c| text(row, *c)).collect();
    let costs: Vec<String> = crate::COST_COLUMNS
        .iter()
        .map(|c| amount(row, *c))
        .collect();
    format!(
        "{} | {} | {} | {}",
        texts.join(" "),
        costs.join(" "),
        amount(row, A::PricingQuantity),
        text(row, T::XCostBasis)
    )
}

pub(super) fn check(bill: &Bill, expected: &[&str]) {
    let found: Vec<String> = bill.rows.iter().map(summary).collect();
    assert_eq!(found, expected);
}

#[test]
fn usage() {
    check(
        &one("Usage", "2.5", &[LIST]),
        &["Usage - Usage-Based Standard - usage | 2.5 2.5 9 2.5 | 4 | gross"],
    );
    check(
        &one(
            "Usage",
            "2.5",
            &[("lineItem/UsageType", "SpotUsage:m5.large")],
        ),
        &["Usage - Usage-Based Dynamic - usage | 2.5 2.5 2.5 2.5 | 4 | gross"],
    );
}

#[test]
fn covered_by_a_savings_plan_bills_nothing_and_costs_its_commitment() {
    let bill = one(
        "SavingsPlanCoveredUsage",
        "7",
        &[PLAN, LIST, ("savingsPlan/SavingsPlanEffectiveCost", "3")],
    );
    check(
        &bill,
        &["Usage - Usage-Based Committed Used usage | 0 3 9 7 | 4 | gross"],
    );
    assert_eq!(text(&bill.rows[0], T::CommitmentDiscountId), "arn:sp");
    assert_eq!(text(&bill.rows[0], T::CommitmentDiscountCategory), "Spend");
    assert_eq!(
        text(&bill.rows[0], T::CommitmentDiscountType),
        "Savings Plan"
    );
    assert_eq!(
        warnings(&bill),
        [""; 0],
        "that no negation came is told by the invariant, which sees the other parts too"
    );
}

#[test]
fn a_negation_is_folded_into_what_it_negates() {
    let plan = [PLAN, ("savingsPlan/SavingsPlanEffectiveCost", "3")];
    let bill = accept(csv_of(&[
        line("SavingsPlanCoveredUsage", "7", &plan),
        line(
            "SavingsPlanNegation",
            "-7",
            &[PLAN, ("savingsPlan/SavingsPlanEffectiveCost", "0")],
        ),
    ]));
    check(
        &bill,
        &["Usage - Usage-Based Committed Used usage | 0 3 7 7 | 4 | gross"],
    );
    assert_eq!(bill.report.rows_folded, 1);
    assert_eq!(warnings(&bill), Vec::<String>::new());
}

#[test]
fn savings_plan_fees_are_billed_once_and_their_unused_part_is_a_row() {
    check(
        &one("SavingsPlanUpfrontFee", "100", &[PLAN]),
        &["Purchase - One-Time Standard - purchase | 100 0 100 100 | - | gross"],
    );
    let bill = one(
        "SavingsPlanRecurringFee",
        "6",
        &[
            PLAN,
            ("savingsPlan/TotalCommitmentToDate", "10"),
            ("savingsPlan/UsedCommitment", "7.25"),
        ],
    );
    check(
        &bill,
        &[
            "Purchase - Recurring Standard - purchase | 6 0 6 6 | - | gross",
            "Usage - Usage-Based Committed Unused usage | 0 2.75 0 0 | - | gross",
        ],
    );
    assert_eq!(bill.report.rows_added, 1);
    assert_eq!(text(&bill.rows[1], T::CommitmentDiscountId), "arn:sp");
    assert_eq!(bill.rows[1].place, bill.rows[0].place);
}

#[test]
fn a_commitment_used_up_leaves_no_unused_row() {
    let used_up = [
        PLAN,
        ("savingsPlan/TotalCommitmentToDate", "10.0"),
        ("savingsPlan/UsedCommitment", "10"),
    ];
    check(
        &one("SavingsPlanRecurringFee", "6", &used_up),
        &["Purchase - Recurring Standard - purchase | 6 0 6 6 | - | gross"],
    );
}

#[test]
fn reservations() {
    let bill = one(
        "DiscountedUsage",
        "0",
        &[RESERVATION, LIST, ("reservation/EffectiveCost", "1.5")],
    );
    check(
        &bill,
        &["Usage - Usage-Based Committed Used usage | 0 1.5 9 9 | 4 | gross"],
    );
    assert_eq!(text(&bill.rows[0], T::CommitmentDiscountCategory), "Usage");
    let bill = one(
        "RIFee",
        "20",
        &[
            RESERVATION,
            (
                "reservation/UnusedAmortizedUpfrontFeeForBillingPeriod",
                "0.5",
            ),
            ("reservation/UnusedRecurringFee", "1.25"),
            ("reservation/UnusedQuantity", "3"),
        ],
    );
    check(
        &bill,
        &[
            "Purchase - Recurring Standard - purchase | 20 0 20 20 | - | gross",
            "Usage - Usage-Based Committed Unused usage | 0 1.75 0 0 | - | gross",
        ],
    );
    assert_eq!(amount(&bill.rows[1], A::CommitmentDiscountQuantity), "3");
    assert_eq!(amount(&bill.rows[0], A::CommitmentDiscountQuantity), "-");
}

#[test]
fn fees() {
    check(
        &one("Fee", "500", &[RESERVATION]),
        &["Purchase - One-Time Standard - purchase | 500 0 500 500 | - | gross"],
    );
    check(
        &one("Fee", "25", &[]),
        &["Purchase - One-Time Standard - fee | 25 25 25 25 | - | gross"],
    );
    check(
        &one(
            "Fee",
            "100",
            &[("lineItem/ProductCode", "AWSSupportBusiness")],
        ),
        &["Purchase - One-Time Standard - support | 100 100 100 100 | - | gross"],
    );
}

#[test]
fn discounts_are_negative_rows() {
    for kind in [
        "EdpDiscount",
        "PrivateRateDiscount",
        "BundledDiscount",
        "SppDiscount",
        "Discount",
    ] {
        check(
            &one(kind, "-0.5", &[]),
            &["Usage - Usage-Based Standard - discount | -0.5 -0.5 0 -0.5 | 0 | gross"],
        );
    }
}

#[test]
fn credits_refunds_and_taxes() {
    check(
        &one("Credit", "-5", &[]),
        &["Credit - One-Time Standard - credit | -5 -5 -5 -5 | - | gross"],
    );
    check(
        &one("Refund", "-5", &[]),
        &["Usage - One-Time Standard - refund | -5 -5 -5 -5 | - | gross"],
    );
    check(
        &one("Refund", "-5", &[("bill/BillType", "Refund")]),
        &["Usage Correction One-Time Standard - refund | -5 -5 -5 -5 | - | gross"],
    );
    check(
        &one(
            "Refund",
            "-5",
            &[("lineItem/UsageStartDate", "2026-09-30T00:00:00Z")],
        ),
        &["Usage Correction One-Time Standard - refund | -5 -5 -5 -5 | - | gross"],
    );
    check(
        &one("Refund", "-5", &[("lineItem/TaxType", "VAT")]),
        &["Tax - One-Time - - refund | -5 -5 -5 -5 | - | gross"],
    );
    check(
        &one("Tax", "1.9", &[("lineItem/TaxType", "VAT")]),
        &["Tax - One-Time - - tax | 1.9 1.9 1.9 1.9 | - | gross"],
    );
}

#[test]
fn the_net_basis_reaches_commitments() {
    let net = ("lineItem/NetUnblendedCost", "6");
    let covered = [
        PLAN,
        net,
        ("savingsPlan/SavingsPlanEffectiveCost", "3"),
        ("savingsPlan/NetSavingsPlanEffectiveCost", "2.5"),
    ];
    check(
        &one("SavingsPlanCoveredUsage", "7", &covered),
        &["Usage - Usage-Based Committed Used usage | 0 2.5 7 7 | 4 | net"],
    );
    let fee = [
        RESERVATION,
        net,
        ("reservation/UnusedRecurringFee", "2"),
        ("reservation/NetUnusedRecurringFee", "1.5"),
        ("reservation/UnusedAmortizedUpfrontFeeForBillingPeriod", "1"),
        (
            "reservation/NetUnusedAmortizedUpfrontFeeForBillingPeriod",
            "0.5",
        ),
    ];
    check(
        &one("RIFee", "7", &fee),
        &[
            "Purchase - Recurring Standard - purchase | 7 0 7 7 | - | net",
            "Usage - Usage-Based Committed Unused usage | 0 2 0 0 | - | net",
        ],
    );
}

#[test]
fn split_cost_rows_restate_others_and_are_left_out() {
    for split in [
        ("lineItem/Operation", "EKSPod-EC2"),
        ("lineItem/Operation", "ECSTask-EC2"),
        ("splitLineItem/ParentResourceId", "i-0abc"),
    ] {
        let bill = one("Usage", "", &[split]);
        assert_eq!((bill.rows.len(), bill.report.rows_left_out), (0, 1));
    }
}

#[test]
fn what_is_new_or_incomplete_is_told() {
    let bill = one("Surprise", "3", &[]);
    check(
        &bill,
        &["Adjustment - One-Time Standard - adjustment | 3 3 3 3 | - | gross"],
    );
    assert_eq!(
        warnings(&bill),
        ["unknown-line-item-type lineItem/LineItemType x1"]
    );
    let bill = one("DiscountedUsage", "0", &[RESERVATION]);
    assert_eq!(amount(&bill.rows[0], A::EffectiveCost), "0");
    assert_eq!(warnings(&bill), ["missing-commitment-cost x1"]);
}

#[test]
fn a_line_without_cost_currency_or_time_is_refused() {
    for column in [
        "lineItem/UnblendedCost",
        "lineItem/CurrencyCode",
        "lineItem/UsageStartDate",
        "bill/BillingPeriodStartDate",
        "lineItem/LineItemType",
    ] {
        let rejection = reject(csv_of(&[line("Usage", "1", &[(column, "")])]));
        assert_eq!(rejection.rule, "missing-value");
        assert_eq!(
            (rejection.row, rejection.column.as_deref()),
            (Some(1), Some(column))
        );
    }
    let shortened = [("bill/PayerAccountId", "1.23457E+11")];
    let rejection = reject(csv_of(&[line("Usage", "1", &shortened)]));
    assert_eq!(rejection.rule, "scientific-account-id");
}

#[test]
fn digits_beyond_the_18th_are_kept_apart_for_billed_and_effective() {
    let bill = one("Usage", "0.1234567890123456785", &[]);
    assert_eq!(amount(&bill.rows[0], A::BilledCost), "0.123456789012345678");
    let residues: Vec<_> = bill
        .report
        .residues
        .iter()
        .map(|r| format!("{} {} {} {}", r.column, r.currency, r.rows, r.residue))
        .collect();
    let half = "USD 1 0.0000000000000000005";
    assert_eq!(
        residues,
        ["BilledCost", "EffectiveCost", "ListCost", "ContractedCost"]
            .map(|c| format!("{c} {half}"))
    );
}
