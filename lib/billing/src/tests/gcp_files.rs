//! Google Cloud billing exports.

use super::{accept, amount, csv_of, reject, text, warnings};
use crate::{AmountColumn as A, COST_COLUMNS, FocusRow, TextColumn as T, TimeColumn};

/// One row of a detailed export, with some cells set.
fn line<'c>(cells: &[(&'c str, &'c str)]) -> Vec<(&'c str, &'c str)> {
    let mut all = vec![
        ("billing_account_id", "01A2B3-C4D5E6-F70819"),
        ("service.id", "6F81-0000-0000"),
        ("service.description", "Compute Engine"),
        ("sku.id", "2E27-0000-0000"),
        ("sku.description", "N1 Predefined Instance Core"),
        ("usage_start_time", "2026-09-04 03:00:00 UTC"),
        ("usage_end_time", "2026-09-04 04:00:00 UTC"),
        ("project.id", "quay-1"),
        ("project.name", "Quay"),
        ("project.labels", "[]"),
        ("labels", "[]"),
        ("location.region", "europe-west1"),
        ("location.zone", "europe-west1-b"),
        ("cost", "2.5"),
        ("currency", "EUR"),
        ("usage.amount", "3600"),
        ("usage.unit", "seconds"),
        ("usage.amount_in_pricing_units", "1"),
        ("usage.pricing_unit", "hour"),
        ("credits", "[]"),
        ("invoice.month", "202609"),
        ("cost_type", "regular"),
        (
            "resource.global_name",
            "//compute.googleapis.com/projects/quay-1/zones/europe-west1-b/instances/42",
        ),
        ("resource.name", "vm-1"),
        ("cost_at_list", "3"),
    ];
    for &(name, value) in cells {
        match all.iter_mut().find(|(n, _)| *n == name) {
            Some(cell) => cell.1 = value,
            None => all.push((name, value)),
        }
    }
    all
}

fn rows(cells: &[(&str, &str)]) -> Vec<FocusRow> {
    accept(csv_of(&[line(cells)])).rows
}

fn one(cells: &[(&str, &str)]) -> FocusRow {
    let rows = rows(cells);
    assert_eq!(rows.len(), 1);
    rows[0].clone()
}

fn costs(row: &FocusRow) -> String {
    COST_COLUMNS.map(|column| amount(row, column)).join(" ")
}

fn tags(row: &FocusRow) -> String {
    let tags: Vec<String> = row.tags().iter().map(|(k, v)| format!("{k}={v}")).collect();
    tags.join(" ")
}

#[test]
fn usage_in_focus_words() {
    let row = one(&[]);
    assert_eq!(costs(&row), "2.5 2.5 3 2.5");
    for (column, expected) in [
        (T::XProvider, "Google Cloud"),
        (T::XPayer, "01A2B3-C4D5E6-F70819"),
        (T::BillingAccountId, "01A2B3-C4D5E6-F70819"),
        (T::BillingCurrency, "EUR"),
        (T::SubAccountId, "quay-1"),
        (T::SubAccountName, "Quay"),
        (T::ServiceName, "Compute Engine"),
        (T::ServiceCategory, "Compute"),
        (T::ServiceSubcategory, "Virtual Machines"),
        (T::ChargeCategory, "Usage"),
        (T::ChargeDescription, "N1 Predefined Instance Core"),
        (T::PricingCategory, "Standard"),
        (T::ResourceName, "vm-1"),
        (T::ResourceType, "instances"),
        (T::RegionId, "europe-west1"),
        (T::AvailabilityZone, "europe-west1-b"),
        (T::XSourceLineType, "regular"),
        (T::XCostBasis, "net"),
        (T::XNotes, "-"),
    ] {
        assert_eq!(text(&row, column), expected, "{}", column.name());
    }
    assert_eq!(amount(&row, A::ConsumedQuantity), "3600");
    assert_eq!(amount(&row, A::PricingQuantity), "1");
    let period = row.time(TimeColumn::BillingPeriodStart).unwrap();
    assert_eq!(period.to_string(), "2026-09-01T00:00:00Z");
}

#[test]
fn discounts_lower_the_cost_and_promotions_are_credits() {
    let credits = r#"[
        {"name":"SUD","amount":-0.25,"full_name":"Sustained use","id":"","type":"SUSTAINED_USAGE_DISCOUNT"},
        {"name":"Trial","amount":"-1.1","full_name":"Free trial","id":"t","type":"PROMOTION"},
        {"name":"M","amount":-1e-19,"type":"RESELLER_MARGIN"}]"#;
    let rows = rows(&[("credits", credits)]);
    assert_eq!(rows.len(), 2);
    assert_eq!(costs(&rows[0]), "2.25 2.25 3 2.5");
    let rest = rows[0].residue(A::BilledCost).to_string();
    assert_eq!(rest, "-0.0000000000000000001");
    assert_eq!(costs(&rows[1]), "-1.1 -1.1 -1.1 -1.1");
    for (column, expected) in [
        (T::ChargeCategory, "Credit"),
        (T::ChargeDescription, "Free trial"),
        (T::ServiceName, "Compute Engine"),
        (T::SubAccountId, "quay-1"),
        (T::ResourceName, "vm-1"),
        (T::XChargeKind, "credit"),
        (T::XNotes, "credit-of-usage"),
        (T::PricingCategory, "-"),
        (T::ConsumedUnit, "-"),
    ] {
        assert_eq!(text(&rows[1], column), expected, "{}", column.name());
    }
    // As a data frame prints them.
    let printed = "[{'name': 'SUD', 'amount': -0.5, 'full_name': None, 'type': 'DISCOUNT'}]";
    assert_eq!(costs(&one(&[("credits", printed)])), "2 2 3 2.5");
    let untyped = one(&[("credits", "[{'name': 'old', 'amount': -0.5}]")]);
    assert_eq!(costs(&untyped), "2 2 3 2.5");
    assert_eq!(text(&untyped, T::XNotes), "untyped-credit");
}

#[test]
fn committed_use_is_told_by_its_credit_and_its_fee_stays() {
    for (kind, category) in [
        ("COMMITTED_USAGE_DISCOUNT", "Usage"),
        ("COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE", "Spend"),
    ] {
        let credits =
            format!(r#"[{{"amount":-2.5,"full_name":"CUD","id":"c-1","type":"{kind}"}}]"#);
        let row = one(&[("credits", &credits)]);
        assert_eq!(costs(&row), "0 0 3 2.5");
        assert_eq!(text(&row, T::CommitmentDiscountCategory), category);
        assert_eq!(text(&row, T::CommitmentDiscountId), "c-1");
        assert_eq!(text(&row, T::CommitmentDiscountStatus), "Used");
        assert_eq!(text(&row, T::PricingCategory), "Committed");
    }
    let fee = one(&[
        (
            "sku.description",
            "Commitment v1: Cpu in Belgium for 1 Year",
        ),
        ("subscription.instance_id", "sub-9"),
    ]);
    assert_eq!(costs(&fee), "2.5 2.5 3 2.5");
    assert_eq!(text(&fee, T::CommitmentDiscountId), "sub-9");
    assert_eq!(text(&fee, T::ChargeFrequency), "Recurring");
    assert_eq!(text(&fee, T::XNotes), "commitment-fee-kept");
}

#[test]
fn cost_types_are_charge_categories() {
    for (cost_type, category, class, kind) in [
        ("regular", "Usage", "-", "usage"),
        ("", "Usage", "-", "usage"),
        ("tax", "Tax", "-", "tax"),
        ("rounding_error", "Adjustment", "-", "adjustment"),
        ("adjustment", "Adjustment", "-", "adjustment"),
        ("bonus", "Adjustment", "-", "adjustment"),
    ] {
        let bill = accept(csv_of(&[line(&[("cost_type", cost_type)])]));
        let row = &bill.rows[0];
        assert_eq!(text(row, T::ChargeCategory), category);
        assert_eq!(text(row, T::ChargeClass), class);
        assert_eq!(text(row, T::XChargeKind), kind);
        let odd = if cost_type == "bonus" {
            vec!["unknown-cost-type cost_type x1"]
        } else {
            vec![]
        };
        assert_eq!(warnings(&bill), odd);
    }
    let late = [("invoice.month", "202610"), ("cost_type", "adjustment")];
    assert_eq!(text(&one(&late), T::ChargeClass), "Correction");
    // Usage that arrives late corrects nothing.
    let late = one(&[("invoice.month", "202610")]);
    assert_eq!(text(&late, T::ChargeClass), "-");
    assert_eq!(late.billing_period(), "2026-10".parse().ok());
    let support = one(&[("service.description", "Support")]);
    assert_eq!(text(&support, T::XChargeKind), "support");
    let sold = one(&[
        ("transaction_type", "THIRD_PARTY_RESELLER"),
        ("seller_name", "Acme"),
    ]);
    assert_eq!(text(&sold, T::ServiceProviderName), "Acme");
    assert_eq!(text(&sold, T::HostProviderName), "Google Cloud");
}

#[test]
fn labels_of_a_resource_win_over_its_project() {
    let row = one(&[
        (
            "project.labels",
            r#"[{"key":"team","value":"all"},{"key":"unit","value":"u"}]"#,
        ),
        ("labels", "[{'key': 'team', 'value': 'data'}]"),
        (
            "tags",
            r#"[{"key":"env","value":"prod","inherited":false,"namespace":"77"}]"#,
        ),
        (
            "system_labels",
            r#"[{"key":"compute.googleapis.com/cores","value":"4"}]"#,
        ),
    ]);
    assert_eq!(
        tags(&row),
        "77/env=prod compute.googleapis.com/cores=4 team=data unit=u"
    );
    assert_eq!(tags(&one(&[("labels", r#"{"team":"x"}"#)])), "team=x");
    let bill = accept(csv_of(&[line(&[("labels", "team=x")])]));
    assert_eq!(warnings(&bill), ["bad-tags labels x1"]);
    assert_eq!(bill.rows[0].tags(), []);
}

#[test]
fn underscores_are_dots_and_a_month_may_be_missing() {
    let bill = accept(csv_of(&[vec![
        ("billing_account_id", "B"),
        ("service_description", "Cloud Storage"),
        ("sku_id", "S"),
        ("usage_start_time", "2026-09-04T03:00:00Z"),
        ("cost", "2e-06"),
        ("currency", "USD"),
        ("export_time", "2026-09-05 00:00:00 UTC"),
        ("my_column", "x"),
    ]]));
    let row = &bill.rows[0];
    assert_eq!(
        bill.report.format.to_string(),
        "Google Cloud billing export"
    );
    assert_eq!(bill.report.format.family(), "gcp");
    assert_eq!(costs(row), "0.000002 0.000002 - 0.000002");
    assert_eq!(text(row, T::XNotes), "billing-period-from-date");
    assert_eq!(warnings(&bill), ["unknown-columns x1"]);
}

#[test]
fn credits_that_cannot_be_read_are_refused() {
    for (cell, rule) in [
        (("credits", "-0.5"), "bad-credits"),
        (("credits", "[{'amount': 'much'}]"), "bad-number"),
        (("credits", "[{'amount': 1e30}]"), "overflow"),
        (("cost", ""), "missing-value"),
        (("currency", ""), "missing-value"),
        (("invoice.month", "2026-09"), "bad-date"),
        (("usage_start_time", "4/9/2026"), "bad-date"),
    ] {
        let rejection = reject(csv_of(&[line(&[cell])]));
        assert_eq!(rejection.rule, rule, "{cell:?}");
        assert_eq!(rejection.column.as_deref(), Some(cell.0));
    }
    let rejection = reject(csv_of(&[line(&[("credits.amount", "-1")])]));
    assert_eq!(rejection.rule, "unnested-credits");
}
