//! Any other CSV, through a mapping.

use super::{Bill, accept, amount, assert_nothing_lost, real_files::find, text, warnings};
use crate::{
    AmountColumn as A, COST_COLUMNS, CostSign, DateFormat, FocusRow, Format, Input, Mapping,
    NumberFormat, Question, ReadError, Rejection, TextColumn as T, TimeColumn, read_mapped, sample,
    suggest,
};

const BILL: &str = "\
Date,Amount,Ccy,Vendor,Customer No,Item,Qty,Team\n\
30.11.2026,\"1.234,50\",EUR,Acme,0042,Seats,5,data\n\
01.12.2026,\"-34,50\",EUR,Acme,0042,Refund,,\n";

fn mapping() -> Mapping {
    let columns = [
        ("ChargePeriodStart", "Date"),
        ("BilledCost", "amount"),
        ("BillingCurrency", "Ccy"),
        ("ServiceProviderName", "Vendor"),
        ("BillingAccountId", "Customer No"),
        ("ChargeDescription", "Item"),
        ("PricingQuantity", "Qty"),
    ];
    Mapping {
        columns: columns.map(|(t, s)| (t.into(), s.into())).into(),
        tags: [("team".into(), "Team".into())].into(),
        dates: DateFormat::Eu,
        numbers: NumberFormat::Comma,
        ..Mapping::default()
    }
}

fn through(mapping: &Mapping, input: Input) -> Result<Bill, ReadError> {
    let mut rows = Vec::new();
    let report = read_mapped(input, "bill.csv", mapping, &mut |row: &FocusRow| {
        rows.push(row.clone());
        Ok(())
    })?;
    Ok(Bill { report, rows })
}

fn mapped(mapping: &Mapping, csv: &str) -> Bill {
    let bill = through(mapping, Input::Stream(Box::new(csv.as_bytes()))).unwrap();
    assert_nothing_lost(&bill.report);
    bill
}

fn refused(mapping: &Mapping, csv: &str) -> Rejection {
    match through(mapping, Input::Stream(Box::new(csv.as_bytes()))) {
        Err(ReadError::Rejected(rejection)) => rejection,
        Err(other) => panic!("not a rejection: {other}"),
        Ok(bill) => panic!("accepted with {:?}", bill.report),
    }
}

fn costs(row: &FocusRow) -> String {
    COST_COLUMNS.map(|column| amount(row, column)).join(" ")
}

#[test]
fn a_mapped_file_becomes_focus() {
    let bill = mapped(&mapping(), BILL);
    assert_eq!(bill.report.format, Format::Mapped);
    assert_eq!(bill.report.format.family(), "mapped");
    assert_eq!(warnings(&bill), Vec::<String>::new());
    let row = &bill.rows[0];
    assert_eq!(costs(row), "1234.5 1234.5 1234.5 1234.5");
    assert_eq!(costs(&bill.rows[1]), "-34.5 -34.5 -34.5 -34.5");
    for (column, expected) in [
        (T::XProvider, "Acme"),
        (T::XPayer, "0042"),
        (T::BillingAccountId, "0042"),
        (T::InvoiceIssuerName, "Acme"),
        (T::HostProviderName, "Acme"),
        (T::ServiceName, "Acme"),
        (T::ServiceCategory, "Other"),
        (T::ChargeCategory, "Usage"),
        (T::ChargeFrequency, "Usage-Based"),
        (T::XChargeKind, "usage"),
        (
            T::XNotes,
            "effective-from-billed category-assumed frequency-assumed list-from-billed \
             contracted-from-billed billing-period-from-date",
        ),
    ] {
        assert_eq!(text(row, column), expected, "{}", column.name());
    }
    assert_eq!(row.tags(), [("team".into(), "data".into())]);
    assert_eq!(bill.rows[1].tags(), []);
    let times = TimeColumn::ALL.map(|c| row.time(c).unwrap().to_string());
    assert_eq!(
        times,
        [
            "2026-11-01T00:00:00Z",
            "2026-12-01T00:00:00Z",
            "2026-11-30T00:00:00Z",
            "2026-12-01T00:00:00Z",
        ]
    );
}

#[test]
fn constants_defaults_and_signs() {
    let mut mapping = mapping();
    mapping.columns.remove("BillingCurrency");
    mapping
        .constants
        .insert("BillingCurrency".into(), "Credits".into());
    mapping
        .defaults
        .insert("PricingQuantity".into(), "1".into());
    mapping
        .defaults
        .insert("ChargeDescription".into(), "?".into());
    mapping.sign = CostSign::Spent;
    let bill = mapped(&mapping, BILL);
    assert_eq!(costs(&bill.rows[0]), "-1234.5 -1234.5 -1234.5 -1234.5");
    assert_eq!(amount(&bill.rows[0], A::PricingQuantity), "5");
    assert_eq!(amount(&bill.rows[1], A::PricingQuantity), "1");
    assert_eq!(text(&bill.rows[0], T::BillingCurrency), "Credits");
    // A month alone is the period of its charges.
    let mut monthly = mapping.clone();
    monthly.columns.remove("ChargePeriodStart");
    let period = ("BillingPeriodStart".into(), "Date".into());
    monthly.columns.extend([period]);
    let bill = mapped(&monthly, &BILL.replace("30.11.2026", "01.11.2026"));
    let row = &bill.rows[0];
    let end = row.time(TimeColumn::ChargePeriodEnd).unwrap();
    assert_eq!(end.to_string(), "2026-12-01T00:00:00Z");
    assert!(text(row, T::XNotes).contains("charge-period-from-billing-period"));
}

#[test]
fn a_mapping_that_makes_no_bill_is_refused_before_reading() {
    type Change = fn(&mut Mapping);
    let cases: [(Change, &str, &str); 12] = [
        (
            |m| drop(m.columns.remove("BilledCost")),
            "mapping-required",
            "BilledCost",
        ),
        (
            |m| drop(m.columns.remove("BillingCurrency")),
            "mapping-required",
            "BillingCurrency",
        ),
        (
            |m| drop(m.columns.remove("ServiceProviderName")),
            "mapping-required",
            "x_Provider",
        ),
        (
            |m| drop(m.columns.remove("BillingAccountId")),
            "mapping-required",
            "x_Payer",
        ),
        (
            |m| drop(m.columns.remove("ChargePeriodStart")),
            "mapping-required",
            "ChargePeriodStart",
        ),
        (
            |m| drop(m.columns.insert("billedcost".into(), "x".into())),
            "mapping-target",
            "billedcost",
        ),
        (
            |m| drop(m.columns.insert("x_Notes".into(), "x".into())),
            "mapping-target",
            "x_Notes",
        ),
        (
            |m| drop(m.constants.insert("BillingCurrency".into(), "EUR".into())),
            "mapping-duplicate",
            "BillingCurrency",
        ),
        (
            |m| drop(m.constants.insert("ListCost".into(), "1".into())),
            "mapping-value",
            "ListCost",
        ),
        (
            |m| drop(m.defaults.insert("PricingQuantity".into(), "many".into())),
            "mapping-value",
            "PricingQuantity",
        ),
        (
            |m| drop(m.columns.insert("ListCost".into(), "nowhere".into())),
            "mapping-source",
            "nowhere",
        ),
        (
            |m| drop(m.tags.insert("app".into(), "App".into())),
            "mapping-source",
            "App",
        ),
    ];
    for (change, rule, names) in cases {
        let mut mapping = mapping();
        change(&mut mapping);
        let rejection = refused(&mapping, BILL);
        assert_eq!(rejection.rule, rule, "{rejection}");
        assert_eq!(rejection.column.as_deref(), Some(names));
    }
    let mut large = mapping();
    large.tags = (0..1_001).map(|n| (n.to_string(), "Team".into())).collect();
    assert_eq!(large.check().unwrap_err().rule, "mapping-size");
    assert!(mapping().check().is_ok());
}

#[test]
fn a_row_that_does_not_suit_names_its_place() {
    for (from, to, rule, column) in [
        ("30.11.2026", "11/30/2026", "bad-date", "Date"),
        ("1.234,50", "1,234.50", "bad-number", "Amount"),
        ("1.234,50", "", "missing-value", "Amount"),
        (
            "EUR,Acme,0042,Seats",
            ",Acme,0042,Seats",
            "missing-value",
            "Ccy",
        ),
        (
            "EUR,Acme,0042,Seats",
            "EUR,,0042,Seats",
            "missing-value",
            "Vendor",
        ),
        (
            "EUR,Acme,0042,Seats",
            "EUR,Acme,,Seats",
            "missing-value",
            "Customer No",
        ),
        (
            "0042,Seats",
            "1.2E+11,Seats",
            "scientific-account-id",
            "Customer No",
        ),
    ] {
        let rejection = refused(&mapping(), &BILL.replace(from, to));
        assert_eq!(rejection.rule, rule, "{rejection}");
        assert_eq!((rejection.row, rejection.line), (Some(1), Some(2)));
        assert_eq!(rejection.column.as_deref(), Some(column));
    }
}

#[test]
fn a_mapping_is_json_and_unknown_fields_are_refused() {
    let json = serde_json::to_string(&mapping()).unwrap();
    assert_eq!(serde_json::from_str::<Mapping>(&json).unwrap(), mapping());
    let small: Mapping = serde_json::from_str(r#"{"columns":{"BilledCost":"c"}}"#).unwrap();
    assert_eq!(small.dates, DateFormat::Iso);
    assert_eq!(small.numbers, NumberFormat::Plain);
    for bad in [
        r#"{"columns":{},"colums":{}}"#,
        r#"{"columns":{},"dates":"guess"}"#,
        r#"{"columns":{},"numbers":"any"}"#,
        r"{}",
    ] {
        assert!(serde_json::from_str::<Mapping>(bad).is_err(), "{bad}");
    }
}

fn suggested(csv: &str) -> crate::Suggestion {
    let found = sample(Input::Stream(Box::new(csv.as_bytes())), 50).unwrap();
    suggest(&found.header, &found.rows)
}

#[test]
fn a_suggestion_reads_the_file_it_was_made_from() {
    let found = suggested(BILL);
    let told: Vec<String> = found
        .targets
        .iter()
        .map(|t| format!("{} <- {} {}", t.target, t.source, t.confidence))
        .collect();
    assert_eq!(
        told,
        [
            "BilledCost <- Amount 92",
            "BillingCurrency <- Ccy 92",
            "ChargePeriodStart <- Date 92",
            "BillingAccountId <- Customer No 92",
            "PricingQuantity <- Qty 92",
            "ServiceProviderName <- Vendor 80",
            "ServiceName <- Item 80",
        ]
    );
    assert_eq!(found.mapping.dates, DateFormat::Eu);
    assert_eq!(found.mapping.numbers, NumberFormat::Comma);
    assert_eq!(found.missing, Vec::<&str>::new());
    assert_eq!(found.questions, []);
    let reason = &found.targets[0].reason;
    assert_eq!(
        reason,
        "\"Amount\" is named like it and its cells hold numbers"
    );
    assert_eq!(mapped(&found.mapping, BILL).rows.len(), 2);
}

#[test]
fn what_rows_cannot_tell_is_asked() {
    let open = "Day,Total Cost (USD),Vendor,Account\n1/2/2026,\"-1,234\",A,1\n\
                3/4/2026,\"-2,000\",A,1\n5/6/2026,-3,A,1\n";
    let found = suggested(open);
    assert_eq!(
        found.questions,
        [Question::DateOrder, Question::DecimalMark, Question::Sign]
    );
    assert_eq!(found.mapping.dates, DateFormat::Us);
    assert_eq!(found.mapping.sign, CostSign::Spent);
    assert_eq!(
        found
            .mapping
            .constants
            .get("BillingCurrency")
            .map(String::as_str),
        Some("USD")
    );
    assert_eq!(found.missing, Vec::<&str>::new());
    assert_eq!(
        costs(&mapped(&found.mapping, open).rows[0]),
        "1234 1234 1234 1234"
    );
    // Values tell where names do not, and contradict where they do not suit.
    let odd = suggested("a,b,amount\n2026-11-30,EUR,much\n");
    let told: Vec<_> = odd
        .targets
        .iter()
        .map(|t| (t.target, t.confidence))
        .collect();
    assert_eq!(told, [("BillingCurrency", 40), ("ChargePeriodStart", 40)]);
    let nothing = suggest(&[], &[]);
    assert_eq!(nothing.missing.len(), 5);
    assert_eq!(nothing.mapping, Mapping::default());
}

#[test]
fn an_unknown_file_stays_unknown_without_a_mapping() {
    let rejection = super::reject(BILL);
    assert_eq!(rejection.rule, "unknown-format");
    let bill = accept(super::focus_file(&[]));
    assert_ne!(bill.report.format, Format::Mapped);
}

/// The specification's SaaS examples have American dates and dollar signs: no FOCUS files, but
/// their own header maps them.
#[test]
fn saas_examples_through_a_mapping() {
    for (name, period, billed, effective) in [
        (
            "simple_agreements/simple_saas_agreements_a1",
            "2025-04",
            "10000",
            "10000",
        ),
        (
            "simple_agreements/simple_saas_agreements_a2",
            "2025-04",
            "50000",
            "50000",
        ),
        (
            "simple_agreements/simple_saas_agreements_a3",
            "2025-06",
            "1000",
            "1000",
        ),
        (
            "simple_agreements/simple_saas_agreements_b",
            "2026-03",
            "50000",
            "50000",
        ),
        (
            "simple_agreements/simple_saas_agreements_c",
            "2025-04",
            "35800",
            "35800",
        ),
        (
            "spend_agreements/saas_spend_agreements_a1",
            "2025-04",
            "1200",
            "1200",
        ),
        (
            "spend_agreements/saas_spend_agreements_a2",
            "2025-04",
            "1200",
            "1200",
        ),
        (
            "spend_agreements/saas_spend_agreements_b1",
            "2025-04",
            "1200",
            "1200",
        ),
        (
            "spend_agreements/saas_spend_agreements_b2",
            "2025-04",
            "1200",
            "1200",
        ),
        (
            "virtual_currency_pricing_model_a1",
            "2025-04",
            "200000",
            "0",
        ),
        ("virtual_currency_pricing_model_a2", "2025-04", "0", "1230"),
        (
            "virtual_currency_pricing_model_b1",
            "2025-04",
            "100000",
            "0",
        ),
        ("virtual_currency_pricing_model_b2", "2025-04", "0", "615"),
        ("virtual_currency_pricing_model_b3", "2025-04", "0", "495"),
        ("virtual_currency_pricing_model_c", "2025-10", "53000", "0"),
    ] {
        let name = format!("focus-spec-examples/saas_examples/{name}.csv");
        let Some(file) = find(&name) else { return };
        let found = sample(Input::File(file), 10).unwrap();
        let own = |column: &&String| crate::Column::named(column).is_some();
        let columns = found.header.iter().filter(own);
        let mapping = Mapping {
            columns: columns.map(|c| (c.clone(), c.clone())).collect(),
            dates: DateFormat::Us,
            numbers: NumberFormat::Point,
            constants: [("x_Provider".into(), "ACME".into())].into(),
            ..Mapping::default()
        };
        let Some(file) = find(&name) else { return };
        let bill = through(&mapping, Input::File(file)).unwrap();
        assert_eq!(bill.rows[0].billing_period(), period.parse().ok(), "{name}");
        let total = |column: A| {
            let all = bill.rows.iter().filter_map(|row| row.amount(column));
            outlay_core::money::sum(all).unwrap().to_string()
        };
        assert_eq!(total(A::BilledCost), billed, "{name}");
        assert_eq!(total(A::EffectiveCost), effective, "{name}");
    }
}
