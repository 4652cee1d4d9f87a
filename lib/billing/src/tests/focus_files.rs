use super::{accept, amount, focus_file, reject, text, violations, warnings};
use crate::{AmountColumn as A, TextColumn as T, TimeColumn};

#[test]
fn a_focus_1_0_file_with_every_known_oddity() {
    let bill = accept(include_bytes!("../../test_data/focus-1.0.csv"));
    assert_eq!(bill.report.format.to_string(), "FOCUS 1.0");
    let lines: Vec<String> = bill
        .rows
        .iter()
        .map(|row| {
            format!(
                "{} {} {} {} {} {} | {} {} {} {}",
                row.billing_period().unwrap(),
                text(row, T::XProvider),
                text(row, T::XPayer),
                text(row, T::ServiceProviderName),
                text(row, T::ChargeFrequency),
                text(row, T::XChargeKind),
                amount(row, A::BilledCost),
                amount(row, A::EffectiveCost),
                amount(row, A::ListCost),
                amount(row, A::ContractedCost),
            )
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @"
    2026-09 AWS 012345678901 AWS Usage-Based usage | 0.0000008 0.0000001 0.0000008 0.0000008
    2026-09 AWS 012345678901 Red Hat, Inc. One-Time credit | -12.5 -12.5 -12.5 -
    2026-10 Oracle ACME-7 Oracle One-Time tax | 3.1 3.1 3.1 3.1
    ");
    assert_eq!(
        bill.rows[0]
            .tags()
            .iter()
            .map(|(k, v)| format!("{k}={v}"))
            .collect::<Vec<_>>(),
        ["Team=ops", "none=", "size=3", "team=Data"]
    );
    assert_eq!(bill.rows[1].place.row, 2);
    assert_eq!(
        bill.rows[2].place.line,
        Some(5),
        "the second row has two lines"
    );
    assert_eq!(
        warnings(&bill),
        [
            "bad-tags Tags x1",
            "missing-columns x2",
            "respelled-value ChargeFrequency x1",
            "unknown-columns x1",
        ]
    );
    assert_eq!(
        violations(&bill),
        [
            "ContractedCost-C-003-M ContractedCost x1",
            "InvoiceIssuerName-C-003-M InvoiceIssuerName x1",
        ]
    );
}

#[test]
fn providers_across_versions() {
    type Case = (&'static [(&'static str, &'static str)], [&'static str; 3]);
    let cases: [Case; 6] = [
        (
            &[("ProviderName", "AWS"), ("PublisherName", "Red Hat, Inc.")],
            ["Red Hat, Inc.", "AWS", "AWS"],
        ),
        (
            &[("ProviderName", "Microsoft Azure")],
            ["Microsoft", "Microsoft Azure", "Microsoft"],
        ),
        (
            &[
                ("ProviderName", "Google Cloud"),
                ("PublisherName", "Datadog via Marketplace"),
                ("ServiceProviderName", "Datadog"),
                ("HostProviderName", "Google Cloud"),
            ],
            ["Datadog", "Google Cloud", "Google Cloud"],
        ),
        (
            &[
                ("ServiceProviderName", "Datadog"),
                ("HostProviderName", "AWS"),
                ("InvoiceIssuerName", "Amazon Web Services EMEA SARL"),
            ],
            ["Datadog", "AWS", "AWS"],
        ),
        (
            &[
                ("ServiceProviderName", "Snowflake"),
                ("HostProviderName", "AWS"),
                ("InvoiceIssuerName", "Snowflake"),
            ],
            ["Snowflake", "AWS", "Snowflake"],
        ),
        (
            &[
                ("ServiceProviderName", "Datadog"),
                ("HostProviderName", "Microsoft"),
                ("InvoiceIssuerName", "Some Reseller"),
            ],
            ["Datadog", "Microsoft", "Microsoft"],
        ),
    ];
    for (cells, expected) in cases {
        let bill = accept(focus_file(cells));
        let row = &bill.rows[0];
        let found =
            [T::ServiceProviderName, T::HostProviderName, T::XProvider].map(|c| text(row, c));
        assert_eq!(found, expected, "{cells:?}");
    }
}

#[test]
fn effective_cost_falls_back_to_billed_and_says_so() {
    let bill = accept(focus_file(&[
        ("BilledCost", "0.1234567890123456789"),
        ("EffectiveCost", "NULL"),
    ]));
    let row = &bill.rows[0];
    assert_eq!(row.exact(A::EffectiveCost), row.exact(A::BilledCost));
    assert_eq!(text(row, T::XCostBasis), "effective-from-billed");
    assert!(warnings(&bill).contains(&"missing-value EffectiveCost x1".to_owned()));
    let bill = accept(focus_file(&[("EffectiveCost", "0")]));
    assert_eq!(amount(&bill.rows[0], A::EffectiveCost), "0");
    assert_eq!(text(&bill.rows[0], T::XCostBasis), "-");
}

#[test]
fn what_a_row_must_have() {
    for column in [
        "BilledCost",
        "BillingCurrency",
        "BillingPeriodStart",
        "ChargePeriodStart",
    ] {
        let rejection = reject(focus_file(&[(column, "NULL")]));
        assert_eq!(rejection.rule, "missing-value");
        assert_eq!((rejection.row, rejection.line), (Some(1), Some(2)));
        assert_eq!(rejection.column.as_deref(), Some(column));
    }
}

#[test]
fn bad_values_name_file_row_and_column() {
    for (column, value, rule) in [
        ("BilledCost", "1,234.56", "thousands-separator"),
        ("ListCost", "\u{2212}5", "bad-number"),
        ("EffectiveCost", "NaN", "bad-number"),
        ("ContractedCost", "$5", "bad-number"),
        ("PricingQuantity", "1e400", "overflow"),
        ("ChargePeriodStart", "10/1/25", "bad-date"),
        ("BillingPeriodStart", "0000-01-01", "bad-date"),
        ("BillingAccountId", "1.23E+11", "scientific-account-id"),
        ("SubAccountId", "1.23E+11", "scientific-account-id"),
    ] {
        let rejection = reject(focus_file(&[(column, value)]));
        assert_eq!(rejection.rule, rule, "{column} {value}");
        assert_eq!(
            (rejection.row, rejection.column.as_deref()),
            (Some(1), Some(column))
        );
        assert!(rejection.detail.contains(value));
    }
}

#[test]
fn kinds_and_values() {
    for (cells, kind) in [
        (&[("ChargeCategory", "usage")][..], "usage"),
        (&[("ChargeCategory", "Purchase")], "purchase"),
        (
            &[
                ("ChargeCategory", "Purchase"),
                ("x_ServiceCode", "AWSSupportBusiness"),
            ],
            "support",
        ),
        (
            &[
                ("ChargeCategory", "Usage"),
                ("ServiceSubcategory", "Support"),
            ],
            "support",
        ),
        (&[("ChargeCategory", "Tax")], "tax"),
        (&[("ChargeCategory", "Credit")], "credit"),
        (&[("ChargeCategory", "Adjustment")], "adjustment"),
        (&[("ChargeCategory", "Gift")], "-"),
    ] {
        assert_eq!(
            text(&accept(focus_file(cells)).rows[0], T::XChargeKind),
            kind
        );
    }
    let bill = accept(focus_file(&[
        ("ChargeCategory", "Gift"),
        ("PricingCategory", "on demand"),
    ]));
    assert_eq!(
        violations(&bill),
        [
            "ChargeCategory-C-003-M ChargeCategory x1",
            "PricingCategory-C-007-M PricingCategory x1",
        ]
    );
}

#[test]
fn a_period_that_begins_within_a_month_is_told() {
    let bill = accept(focus_file(&[(
        "BillingPeriodStart",
        "2026-10-01T00:00:00+02:00",
    )]));
    assert_eq!(
        bill.rows[0].billing_period().unwrap().to_string(),
        "2026-09"
    );
    assert!(warnings(&bill).contains(&"odd-billing-period BillingPeriodStart x1".to_owned()));
}

#[test]
fn our_own_columns_are_not_taken_from_a_file() {
    let bill = accept(focus_file(&[
        ("x_Payer", "spoof"),
        ("x_ServiceCode", "AmazonEC2"),
        ("BillingAccountId", "0042"),
    ]));
    assert_eq!(text(&bill.rows[0], T::XPayer), "0042");
    assert_eq!(text(&bill.rows[0], T::XServiceCode), "AmazonEC2");
    assert!(warnings(&bill).contains(&"unknown-columns x1".to_owned()));
}

#[test]
fn times_are_utc() {
    let bill = accept(focus_file(&[("ChargePeriodStart", "2026-10-02 07:30:00")]));
    let start = bill.rows[0].time(TimeColumn::ChargePeriodStart).unwrap();
    assert_eq!(start.to_string(), "2026-10-02T07:30:00Z");
}

#[test]
fn a_row_of_a_thousand_tags_is_a_bill_and_one_of_more_is_none() {
    let tags = |count: usize| {
        let entries: Vec<String> = (0..count).map(|n| format!("\"k{n}\":\"v\"")).collect();
        focus_file(&[("Tags", &format!("{{{}}}", entries.join(",")))])
    };
    assert_eq!(accept(tags(1_000)).rows[0].tags().len(), 1_000);
    let rejection = reject(tags(1_001));
    assert_eq!(rejection.rule, "too-many-tags");
    assert_eq!(
        (rejection.row, rejection.column.as_deref()),
        (Some(1), Some("Tags"))
    );
}

#[test]
fn custom_columns_are_kept_together_and_the_known_ones_where_they_belong() {
    let bill = accept(focus_file(&[
        ("x_ServiceId", "6F81-5844"),
        ("x_InvoiceId", "E0400ABC"),
        ("x_CostCenter", "42 \"north\""),
        ("X_Team", "NULL"),
        ("x_Discounts", r#"{"EDP": -1.5}"#),
        ("x_Notes", "spoof"),
        ("CostCentre", "7"),
    ]));
    let row = &bill.rows[0];
    assert_eq!(text(row, T::XServiceCode), "6F81-5844");
    assert_eq!(text(row, T::InvoiceId), "E0400ABC");
    assert_eq!(
        text(row, T::XNotes),
        "discounts-included effective-from-billed"
    );
    insta::assert_snapshot!(
        text(row, T::XSourceColumns),
        @r#"{"x_ServiceId":"6F81-5844","x_InvoiceId":"E0400ABC","x_CostCenter":"42 \"north\"","x_Discounts":"{\"EDP\": -1.5}"}"#
    );
    assert!(warnings(&bill).contains(&"unknown-columns x2".to_owned()));
    let bill = accept(focus_file(&[("x_ServiceId", "a"), ("x_ServiceCode", "b")]));
    assert_eq!(
        text(&bill.rows[0], T::XServiceCode),
        "b",
        "the column itself wins"
    );
    assert_eq!(
        text(&accept(focus_file(&[])).rows[0], T::XSourceColumns),
        "-"
    );
}

#[test]
fn what_was_decided_is_noted_and_the_category_kept_as_written() {
    let bill = accept(focus_file(&[
        ("ChargeCategory", "usage"),
        ("EffectiveCost", "2"),
        ("ProviderName", "AWS"),
        ("Tags", "none"),
        ("BillingCurrency", "eur"),
    ]));
    let row = &bill.rows[0];
    assert_eq!(text(row, T::XSourceLineType), "usage");
    assert_eq!(text(row, T::ChargeCategory), "Usage");
    assert_eq!(text(row, T::BillingCurrency), "EUR");
    assert_eq!(
        text(row, T::XNotes),
        "tags-dropped service-provider-derived host-provider-derived respelled-value"
    );
}

#[test]
fn a_correction_and_a_credit_stay_as_they_are() {
    let bill = accept(focus_file(&[
        ("ChargeClass", "Correction"),
        ("ChargeCategory", "Credit"),
        ("ChargePeriodStart", "2026-08-05T00:00:00Z"),
        ("BilledCost", "-4"),
        ("EffectiveCost", "-3"),
    ]));
    let row = &bill.rows[0];
    assert_eq!(row.billing_period().unwrap().to_string(), "2026-10");
    let start = row.time(TimeColumn::ChargePeriodStart).unwrap();
    assert_eq!(start.to_string(), "2026-08-05T00:00:00Z");
    assert_eq!(
        (amount(row, A::BilledCost), amount(row, A::EffectiveCost)),
        ("-4".into(), "-3".into())
    );
    assert_eq!(
        violations(&bill),
        ["EffectiveCost-C-010-C EffectiveCost x1"]
    );
}

/// Every column of 1.4 that a file may hold, read back; what each version brought tells it.
#[test]
fn every_column_is_read_and_tells_its_version() {
    for column in crate::Column::ALL {
        let name = column.name();
        if name.starts_with("x_") {
            continue;
        }
        let value = match column {
            crate::Column::Time(_) => "2026-10-01T00:00:00Z",
            crate::Column::Amount(_) => "1.5",
            crate::Column::Text(_) => "Text",
            crate::Column::Tags => r#"{"a": "b"}"#,
        };
        let bill = accept(focus_file(&[("ProviderName", "AWS"), (name, value)]));
        let row = &bill.rows[0];
        let read = match column {
            crate::Column::Time(time) => row.time(time).unwrap().to_string(),
            crate::Column::Amount(amount) => row.amount(amount).unwrap().to_string(),
            crate::Column::Text(column) => text(row, column).into(),
            crate::Column::Tags => format!("{:?}", row.tags()),
        };
        assert!(
            [value, r#"[("a", "b")]"#].contains(&read.as_str()),
            "{name}: {read}"
        );
    }
}
