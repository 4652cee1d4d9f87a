use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use outlay_core::{BillingPeriod, Decimal};
use proptest::prelude::*;

use super::*;
use crate::resum::Table;

const COSTS: [&str; 4] = ["BilledCost", "EffectiveCost", "ListCost", "ContractedCost"];

fn period(text: &str) -> BillingPeriod {
    text.parse().unwrap()
}

fn small(seed: u64) -> Bill {
    Company::sized(seed, 20)
        .closed(period("2026-08"), period("2026-10"))
        .unwrap()
}

fn four(totals: Totals) -> Vec<Decimal> {
    vec![
        totals.billed,
        totals.effective,
        totals.list,
        totals.contracted,
    ]
}

#[test]
fn the_same_seed_writes_the_same_bytes_and_another_seed_does_not() {
    assert_eq!(small(1).focus_csv(), small(1).focus_csv());
    assert_eq!(small(1).expected(), small(1).expected());
    assert_ne!(small(1).focus_csv(), small(2).focus_csv());
    assert_eq!(
        gzip(&small(1).focus_csv()).unwrap(),
        gzip(&small(1).focus_csv()).unwrap()
    );
}

#[test]
fn focus_text_adds_up_to_the_truth() {
    let bill = small(3);
    let table = Table::parse(&bill.focus_csv()).unwrap();
    let keys = [
        "BillingPeriodStart",
        "ChargePeriodStart",
        "ServiceName",
        "SubAccountId",
        "RegionId",
    ];
    let written = table.sums(&keys, &COSTS).unwrap();
    let expected = bill
        .expected()
        .by(|c| {
            Some(vec![
                text::midnight(c.period.start()),
                text::midnight(c.day),
                c.service.clone(),
                c.account.clone(),
                c.region.clone().unwrap_or_default(),
            ])
        })
        .unwrap();
    let expected: BTreeMap<_, _> = expected.into_iter().map(|(k, v)| (k, four(v))).collect();
    assert_eq!(written, expected);
    let rows: u64 = bill.expected().rows().values().sum();
    assert_eq!(table.rows.len() as u64, rows);
}

#[test]
fn commitments_are_mostly_used_and_never_more_than_paid() {
    let bill = Company::new(5)
        .closed(period("2025-01"), period("2025-12"))
        .unwrap();
    let commitments = bill.expected().by_commitment().unwrap();
    assert_eq!(commitments.len(), 5, "{commitments:#?}");
    assert!(commitments.values().any(|c| c.unused > Decimal::ZERO));
    for (arn, totals) in commitments {
        let brought = totals.used.checked_add(totals.unused).unwrap();
        assert_eq!(brought, totals.purchased, "{arn} over its year");
        assert!(
            totals.used.units() > totals.unused.units() * 2,
            "{arn}: {totals:?}"
        );
    }
}

#[test]
fn a_company_is_believable() {
    let company = Company::new(2026);
    let bill = company.thirteen_months(date(2026, 11, 20)).unwrap();
    let expected = bill.expected();
    assert_eq!(expected.rows().len(), 13);
    for (&period, &rows) in expected.rows() {
        assert!((2_000..=6_000).contains(&rows), "{period}: {rows} rows");
    }
    let months: Vec<Decimal> = expected
        .by(|c| (c.category == "Usage").then_some(c.period))
        .unwrap()
        .into_values()
        .map(|t| t.effective)
        .collect();
    assert!(months[11] > months[0], "it grows: {months:?}");
    let transfer = expected
        .by(|c| (c.service == "AWS Data Transfer" && c.category == "Usage").then_some(c.day))
        .unwrap();
    let spike = transfer[&date(2026, 9, 12)].effective;
    let usual = transfer[&date(2026, 9, 9)].effective;
    assert!(spike.units() > 5 * usual.units(), "{usual} then {spike}");
    let saturday = weekday_cost(expected, date(2026, 10, 17));
    let tuesday = weekday_cost(expected, date(2026, 10, 20));
    assert!(saturday < tuesday);
    let teams = expected.by(|c| Some(c.team.clone())).unwrap();
    assert!(teams.len() == 6 && teams.contains_key(&None));
    assert_eq!(expected.by(|c| Some(c.account.clone())).unwrap().len(), 5);
    assert!(company.accounts().any(|a| a.id.starts_with('0')));
}

fn weekday_cost(expected: &Expected, day: Date) -> Decimal {
    let usage = expected
        .by(|c| (c.day == day && c.category == "Usage").then_some(()))
        .unwrap();
    usage[&()].effective
}

#[test]
fn only_closed_months_have_an_invoice() {
    let bill = Company::sized(6, 10)
        .bill(period("2026-09"), date(2026, 10, 20))
        .unwrap();
    let table = Table::parse(&bill.focus_csv()).unwrap();
    let invoices = table
        .sums(&["BillingPeriodStart", "InvoiceId"], &[])
        .unwrap();
    let mut seen: Vec<_> = invoices
        .keys()
        .map(|k| (&k[0][..7], k[1].is_empty()))
        .collect();
    seen.dedup();
    assert_eq!(seen, [("2026-09", false), ("2026-10", true)]);
    let of_september = bill.expected().by_invoice().unwrap().len();
    assert_eq!(of_september, 2, "the marketplace has its own");
}

#[test]
fn a_month_is_the_same_however_the_bill_begins() {
    let company = Company::sized(7, 10);
    let long = company.bill(period("2026-01"), date(2026, 5, 1)).unwrap();
    let short = company.bill(period("2026-04"), date(2026, 5, 1)).unwrap();
    let april = |bill: &Bill| {
        bill.expected()
            .by(|c| (c.period == period("2026-04")).then_some(c.clone()))
    };
    assert_eq!(april(&long).unwrap(), april(&short).unwrap());
}

#[test]
fn underscore_headers_are_those_of_athena() {
    let bill = Company::sized(8, 5)
        .bill(period("2026-09"), date(2026, 9, 2))
        .unwrap();
    let table = Table::parse(&bill.cur_csv(Spelling::Underscore)).unwrap();
    for name in [
        "identity_line_item_id",
        "bill_billing_period_start_date",
        "line_item_unblended_cost",
        "product_product_name",
        "pricing_public_on_demand_cost",
        "savings_plan_savings_plan_a_r_n",
        "reservation_reservation_a_r_n",
        "resource_tags_user_team",
    ] {
        table.position(name).unwrap();
    }
    let slash = Table::parse(&bill.cur_csv(Spelling::Slash)).unwrap();
    assert_eq!(slash.rows, table.rows);
}

#[test]
fn several_bills_share_one_file() {
    let dollars = Company::sized(9, 5)
        .bill(period("2026-09"), date(2026, 9, 4))
        .unwrap();
    let euros = Company::sized(10, 5)
        .billed_in("EUR")
        .bill(period("2026-09"), date(2026, 9, 4))
        .unwrap();
    let both = Bill::joined(&[&dollars, &euros]).unwrap();
    let table = Table::parse(&both.focus_csv()).unwrap();
    let sums = table.sums(&["BillingCurrency"], &COSTS).unwrap();
    assert_eq!(sums.len(), 2);
    let key = ("EUR".to_owned(), period("2026-09"));
    assert_eq!(
        sums[&vec!["EUR".to_owned()]],
        four(euros.expected().by_period().unwrap()[&key])
    );
}

#[test]
fn first_rows() {
    let bill = Company::new(2026)
        .bill(period("2026-09"), date(2026, 9, 2))
        .unwrap();
    let focus = String::from_utf8(bill.focus_csv()).unwrap();
    let lines: Vec<&str> = focus.lines().take(3).collect();
    insta::assert_snapshot!(lines.join("\n"));
    let cur = String::from_utf8(bill.cur_csv(Spelling::Slash)).unwrap();
    let lines: Vec<&str> = cur.lines().take(3).collect();
    insta::assert_snapshot!(lines.join("\n"));
    let cur2 = String::from_utf8(bill.cur2_csv(DiscountStyle::Map)).unwrap();
    let lines: Vec<&str> = cur2.lines().take(3).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

/// The tree after two deliveries, the second in fewer parts.
fn delivered(table: super::Table, file_type: FileType, keep: Keep) -> String {
    let bill = Company::sized(8, 2)
        .closed(period("2026-09"), period("2026-09"))
        .unwrap();
    let export = Export::new("daily", table, file_type, keep);
    let mut tree = Tree::default();
    for parts in [2, 1] {
        export.deliver(&bill, parts, &mut tree).unwrap();
    }
    let keys = tree.objects.keys().map(String::as_str);
    let newest = tree.manifests.values().map(String::as_str);
    let lines: Vec<&str> = keys.chain(["newest:"]).chain(newest).collect();
    lines.join("\n")
}

#[test]
fn legacy_reports_lie_where_aws_puts_them() {
    let legacy = |file_type, keep| delivered(super::Table::LegacyCur, file_type, keep);
    insta::assert_snapshot!(legacy(FileType::CsvGz, Keep::Latest), @r"
    exports/daily/20260901-20261001/daily-1.csv.gz
    exports/daily/20260901-20261001/daily-2.csv.gz
    exports/daily/20260901-20261001/daily-Manifest.json
    newest:
    exports/daily/20260901-20261001/daily-Manifest.json
    ");
    insta::assert_snapshot!(legacy(FileType::CsvGz, Keep::All), @r"
    exports/daily/20260901-20261001/c1c79d49-e974-117b-4678-963b24a4714e/daily-1.csv.gz
    exports/daily/20260901-20261001/c1c79d49-e974-117b-4678-963b24a4714e/daily-2.csv.gz
    exports/daily/20260901-20261001/c1c79d49-e974-117b-4678-963b24a4714e/daily-Manifest.json
    exports/daily/20260901-20261001/daily-Manifest.json
    exports/daily/20260901-20261001/fa86dd07-da37-f85d-4e30-41edc69929ea/daily-1.csv.gz
    exports/daily/20260901-20261001/fa86dd07-da37-f85d-4e30-41edc69929ea/daily-Manifest.json
    newest:
    exports/daily/20260901-20261001/daily-Manifest.json
    ");
    insta::assert_snapshot!(legacy(FileType::Parquet, Keep::Latest), @r"
    exports/daily/20260901-20261001/daily-Manifest.json
    exports/daily/daily/year=2026/month=9/daily-00001.snappy.parquet
    exports/daily/daily/year=2026/month=9/daily-00002.snappy.parquet
    newest:
    exports/daily/20260901-20261001/daily-Manifest.json
    ");
}

#[test]
fn data_exports_lie_where_aws_puts_them() {
    let export = |file_type, keep| delivered(super::Table::Focus, file_type, keep);
    insta::assert_snapshot!(export(FileType::CsvGz, Keep::Latest), @r"
    exports/daily/data/BILLING_PERIOD=2026-09/daily-00001.csv.gz
    exports/daily/data/BILLING_PERIOD=2026-09/daily-00002.csv.gz
    exports/daily/metadata/BILLING_PERIOD=2026-09/daily-Manifest.json
    newest:
    exports/daily/metadata/BILLING_PERIOD=2026-09/daily-Manifest.json
    ");
    insta::assert_snapshot!(export(FileType::Parquet, Keep::All), @r"
    exports/daily/data/BILLING_PERIOD=2026-09/20261103T120001Z-c1c79d49/daily-00001.snappy.parquet
    exports/daily/data/BILLING_PERIOD=2026-09/20261103T120001Z-c1c79d49/daily-00002.snappy.parquet
    exports/daily/data/BILLING_PERIOD=2026-09/20261103T120002Z-fa86dd07/daily-00001.snappy.parquet
    exports/daily/metadata/BILLING_PERIOD=2026-09/20261103T120001Z-c1c79d49/daily-Manifest.json
    exports/daily/metadata/BILLING_PERIOD=2026-09/20261103T120002Z-fa86dd07/daily-Manifest.json
    newest:
    exports/daily/metadata/BILLING_PERIOD=2026-09/20261103T120002Z-fa86dd07/daily-Manifest.json
    ");
}

#[test]
fn an_amount_that_no_double_is_stays_out_of_parquet() {
    let bills = (1..).map(|seed| {
        let company = Company::awkward(seed);
        company
            .closed(period("2026-08"), period("2026-09"))
            .unwrap()
    });
    let is_fine = |bill: &Bill| !bill.expected().residues().unwrap().is_empty();
    let fine = bills.into_iter().find(is_fine).unwrap();
    let error = fine.focus_parquet().map(|file| file.len()).unwrap_err();
    insta::assert_snapshot!(format!("{error:#}"), @"BilledCost: no double is 5.155250000000000617375");
    let demo = Company::new(2026)
        .bill(period("2026-09"), date(2026, 9, 15))
        .unwrap();
    demo.cur_parquet().unwrap();
    demo.focus_parquet().unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn any_day_of_any_company_adds_up(seed: u64, month in 1_i8..=12, last in 2_i8..=28) {
        let from = BillingPeriod::of(date(2026, month, 1)).unwrap();
        let bill = Company::sized(seed, 3).bill(from, date(2026, month, last)).unwrap();
        let sums = Table::parse(&bill.focus_csv()).unwrap().sums(&[], &COSTS).unwrap();
        let totals = bill.expected().by(|_| Some(())).unwrap();
        prop_assert_eq!(&sums[&vec![]], &four(totals[&()]));
    }
}
