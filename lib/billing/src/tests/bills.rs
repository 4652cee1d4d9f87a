//! Bills, and the FOCUS datasets that their rows tell.

use jiff::Timestamp;
use proptest::prelude::*;

use super::{accept, csv_of};
use crate::{
    AmountColumn, Bill, Bills, ContractCommitmentRow, Datasets, FocusRow, FocusVersion, Format,
    TextColumn as T, TimeColumn, csv,
};

const FOCUS: Format = Format::Focus {
    version: FocusVersion::V1_2,
};

/// An AWS row of October 2026 that bills this amount, with these texts.
fn row(billed: &str, texts: &[(T, &str)]) -> FocusRow {
    let mut row = FocusRow::default();
    let start: Timestamp = "2026-10-01T00:00:00Z".parse().unwrap();
    let end: Timestamp = "2026-11-01T00:00:00Z".parse().unwrap();
    row.set_time(TimeColumn::BillingPeriodStart, start);
    row.set_time(TimeColumn::BillingPeriodEnd, end);
    for (column, text) in [
        (T::XProvider, "AWS"),
        (T::XPayer, "0001"),
        (T::BillingAccountId, "0001"),
        (T::BillingCurrency, "USD"),
        (T::ChargeCategory, "Usage"),
        (T::InvoiceIssuerName, "AWS EMEA SARL"),
    ] {
        row.set_text(column, text);
    }
    for &(column, text) in texts {
        row.set_text(column, text);
    }
    let billed: outlay_core::Decimal = billed.parse().unwrap();
    row.set_amount(AmountColumn::BilledCost, billed);
    row.set_amount(AmountColumn::EffectiveCost, billed);
    row
}

fn bills(rows: &[FocusRow]) -> Vec<Bill> {
    let mut bills = Bills::default();
    for row in rows {
        bills.push(row).unwrap();
    }
    bills.finish()
}

fn datasets(rows: &[FocusRow]) -> Datasets {
    let bills = bills(rows);
    assert_eq!(bills.len(), 1);
    Datasets::of(&bills[0], FOCUS)
}

fn status(rows: &[FocusRow], format: Format) -> Vec<Option<&'static str>> {
    let datasets = Datasets::of(&bills(rows)[0], format);
    let periods = datasets.billing_periods.iter();
    periods.map(|p| p.billing_period_status).collect()
}

#[test]
fn a_period_is_closed_when_every_row_with_a_cost_is_invoiced() {
    let invoiced = row("1", &[(T::InvoiceId, "A")]);
    let open = row("1", &[]);
    let free = row("0", &[]);
    let pair = |a: &FocusRow, b: &FocusRow| status(&[a.clone(), b.clone()], FOCUS);
    assert_eq!(pair(&invoiced, &free), [Some("Closed")]);
    assert_eq!(pair(&invoiced, &open), [Some("Open")]);
    assert_eq!(pair(&open, &free), [Some("Open")]);
    // Nothing costs anything, or the format has no invoice ids: nobody can tell.
    assert_eq!(pair(&free, &free), [None]);
    let older = Format::Focus {
        version: FocusVersion::V1_0,
    };
    assert_eq!(status(std::slice::from_ref(&open), older), [None]);
    assert_eq!(status(&[open, invoiced.clone()], older), [Some("Open")]);
    // Each issuer closes its own.
    let marketplace = row("2", &[(T::InvoiceIssuerName, "Some Seller")]);
    assert_eq!(
        pair(&invoiced, &marketplace),
        [Some("Open"), Some("Closed")]
    );
    // Only the effective cost of covered usage is not zero: it is a cost too.
    let mut covered = row("0", &[]);
    covered.set_amount(AmountColumn::EffectiveCost, outlay_core::Decimal::ONE);
    assert_eq!(pair(&invoiced, &covered), [Some("Open")]);
}

#[test]
fn invoice_details_sum_what_is_invoiced() {
    let tax = [(T::InvoiceId, "A"), (T::ChargeCategory, "Tax")];
    let euros = [(T::InvoiceId, "A"), (T::BillingCurrency, "EUR")];
    let datasets = datasets(&[
        row("1.5", &[(T::InvoiceId, "A")]),
        row("0.2", &tax),
        row("7", &[]),
        row("-0.25", &[(T::InvoiceId, "A")]),
        row("3", &euros),
        row("4", &[(T::InvoiceId, "B")]),
    ]);
    let csv = csv(&datasets.invoice_details);
    let rows: Vec<&str> = csv.lines().skip(1).collect();
    insta::assert_snapshot!(rows.join("\n"), @r"
    0.2,0001,USD,2026-11-01T00:00:00Z,2026-10-01T00:00:00Z,Tax,,,,,,A,,Issued,AWS EMEA SARL,,,,,,,
    3,0001,EUR,2026-11-01T00:00:00Z,2026-10-01T00:00:00Z,Usage,,,,,,A,,Issued,AWS EMEA SARL,,,,,,,
    1.25,0001,USD,2026-11-01T00:00:00Z,2026-10-01T00:00:00Z,Usage,,,,,,A,,Issued,AWS EMEA SARL,,,,,,,
    4,0001,USD,2026-11-01T00:00:00Z,2026-10-01T00:00:00Z,Usage,,,,,,B,,Issued,AWS EMEA SARL,,,,,,,
    ");
}

#[test]
fn a_commitment_is_told_as_far_as_rows_tell_it() {
    let plan = [
        (T::CommitmentDiscountId, "arn:sp-1"),
        (T::CommitmentDiscountCategory, "Spend"),
        (T::CommitmentDiscountType, "Savings Plan"),
        (T::CommitmentDiscountStatus, "Used"),
        (T::ServiceProviderName, "AWS"),
        (T::ChargeDescription, "some usage"),
    ];
    let mut fee = row("5", &plan);
    fee.set_text(T::ChargeCategory, "Purchase");
    fee.set_text(
        T::ChargeDescription,
        "1 year No Upfront Compute Savings Plan",
    );
    let applied = r#"{"Elements":[{"ContractId":"c-1","ContractCommitmentId":"arn:sp-1",
        "ContractCommitmentAppliedCost":1},{"ContractId":"c-2","ContractCommitmentId":"edp"}]}"#;
    let under_contract = row("1", &[(T::ContractApplied, applied)]);
    let broken = row("1", &[(T::ContractApplied, "{")]);
    let rows = [row("0", &plan), under_contract, fee, broken];
    let commitments = datasets(&rows).contract_commitments;
    let told = |id: &str| {
        commitments
            .iter()
            .find(|c| c.contract_commitment_id == id)
            .cloned()
    };
    assert_eq!(
        told("arn:sp-1"),
        Some(ContractCommitmentRow {
            billing_currency: Some("USD".into()),
            contract_commitment_benefit_category: Some("Discount"),
            contract_commitment_category: Some("Spend".into()),
            contract_commitment_description: Some("1 year No Upfront Compute Savings Plan".into()),
            contract_commitment_id: "arn:sp-1".into(),
            contract_commitment_lifecycle_status: Some("Active"),
            contract_commitment_type: Some("Savings Plan".into()),
            contract_id: Some("c-1".into()),
            invoice_issuer_name: Some("AWS EMEA SARL".into()),
            service_provider_name: Some("AWS".into()),
            ..ContractCommitmentRow::default()
        })
    );
    let edp = told("edp").unwrap();
    assert_eq!(edp.contract_id.as_deref(), Some("c-2"));
    assert_eq!(edp.contract_commitment_benefit_category, None);
    assert_eq!(edp.contract_commitment_lifecycle_status, None);
    assert_eq!(commitments.len(), 2);
}

/// The names are those of FOCUS 1.4, in its order.
#[test]
fn datasets_have_the_columns_of_focus() {
    let header = |csv: String| csv.lines().next().unwrap().replace(',', "\n");
    let none = Datasets::default();
    insta::assert_snapshot!(header(csv(&none.billing_periods)), @r"
    BillingPeriodCreated
    BillingPeriodEnd
    BillingPeriodLastUpdated
    BillingPeriodStart
    BillingPeriodStatus
    InvoiceIssuerName
    x_Payer
    x_Provider
    ");
    insta::assert_snapshot!(header(csv(&none.invoice_details)), @r"
    BilledCost
    BillingAccountId
    BillingCurrency
    BillingPeriodEnd
    BillingPeriodStart
    ChargeCategory
    InvoiceDetailCreated
    InvoiceDetailDescription
    InvoiceDetailGrain
    InvoiceDetailId
    InvoiceDetailLastUpdated
    InvoiceId
    InvoiceIssueDate
    InvoiceIssueStatus
    InvoiceIssuerName
    PaymentCurrency
    PaymentCurrencyBilledCost
    PaymentCurrencyInvoiceDetailId
    PaymentDueDate
    PaymentTerms
    PurchaseOrderNumber
    ReferenceInvoiceId
    ");
    insta::assert_snapshot!(header(csv(&none.contract_commitments)), @r"
    BillingCurrency
    ContractCommitmentApplicability
    ContractCommitmentBenefitCategory
    ContractCommitmentCategory
    ContractCommitmentCost
    ContractCommitmentCreated
    ContractCommitmentDescription
    ContractCommitmentDiscountPercentage
    ContractCommitmentDurationType
    ContractCommitmentFulfillmentInterval
    ContractCommitmentId
    ContractCommitmentLastUpdated
    ContractCommitmentLifecycleStatus
    ContractCommitmentModel
    ContractCommitmentOfferCategory
    ContractCommitmentPaymentInterval
    ContractCommitmentPaymentModel
    ContractCommitmentPaymentUpfrontPercentage
    ContractCommitmentPeriodEnd
    ContractCommitmentPeriodStart
    ContractCommitmentQuantity
    ContractCommitmentType
    ContractCommitmentUnit
    ContractId
    ContractPeriodEnd
    ContractPeriodStart
    InvoiceIssuerName
    PricingCurrency
    PricingCurrencyContractCommitmentCost
    ServiceProviderName
    ");
}

#[test]
fn cells_of_a_dataset_are_quoted_where_they_must_be() {
    let seller = "Seller, \"Inc.\"\nBerlin";
    let datasets = datasets(&[row(
        "1",
        &[(T::InvoiceIssuerName, seller), (T::InvoiceId, "A")],
    )]);
    let text = csv(&datasets.billing_periods);
    assert!(text.contains("\"Seller, \"\"Inc.\"\"\nBerlin\""), "{text}");
}

#[test]
fn a_row_of_no_bill_is_refused_with_its_place() {
    for (column, name) in [
        (T::XProvider, "ServiceProviderName"),
        (T::XPayer, "BillingAccountId"),
    ] {
        let mut row = row("1", &[]);
        row.clear_text(column);
        row.place.row = 7;
        let rejection = Bills::default().push(&row).unwrap_err();
        assert_eq!((rejection.rule, rejection.row), ("no-bill", Some(7)));
        assert_eq!(rejection.column.as_deref(), Some(name));
    }
    let mut bills = Bills::default();
    for payer in 0..Bills::MAX {
        bills
            .push(&row("1", &[(T::XPayer, &payer.to_string())]))
            .unwrap();
    }
    let rejection = bills
        .push(&row("1", &[(T::XPayer, "one more")]))
        .unwrap_err();
    assert_eq!(rejection.rule, "too-many-bills");
    let most = "99999999999999999999.999999999999999999";
    let mut bills = Bills::default();
    bills.push(&row(most, &[])).unwrap();
    assert_eq!(
        bills.push(&row(most, &[])).unwrap_err().rule,
        "amount-overflow"
    );
}

/// Every FOCUS row that the readers make finds its bill.
#[test]
fn bills_are_those_of_the_file() {
    let cells = |payer: &'static str, month: &'static str| {
        vec![
            ("BilledCost", "1"),
            ("BillingCurrency", "USD"),
            ("BillingPeriodStart", month),
            ("ChargePeriodStart", month),
            ("BillingAccountId", payer),
            ("ProviderName", "AWS"),
        ]
    };
    let months = ["2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z"];
    let file = csv_of(&[
        cells("2", months[1]),
        cells("1", months[1]),
        cells("2", months[0]),
        cells("2", months[1]),
    ]);
    let found: Vec<String> = bills(&accept(file).rows)
        .iter()
        .map(|b| {
            let billed = b.totals()[0].billed_cost;
            format!(
                "{} {} {} {} {billed}",
                b.provider, b.payer, b.period, b.rows
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            "AWS 1 2026-11 1 1",
            "AWS 2 2026-10 1 1",
            "AWS 2 2026-11 2 2"
        ]
    );
}

fn any_row() -> impl Strategy<Value = FocusRow> {
    let texts = (0..3_usize, 0..2_usize, 0..3_usize, 0..2_usize);
    (-999..999_i64, texts).prop_map(|(cents, (invoice, currency, commitment, payer))| {
        let mut row = row("0", &[]);
        let cents = outlay_core::Decimal::from_units(i128::from(cents) * 10_i128.pow(16));
        row.set_amount(AmountColumn::BilledCost, cents);
        row.set_text(T::InvoiceId, ["", "A", "B"][invoice]);
        row.set_text(T::BillingCurrency, ["USD", "EUR"][currency]);
        row.set_text(T::XPayer, ["1", "2"][payer]);
        row.set_text(T::CommitmentDiscountId, ["", "sp-1", "sp-2"][commitment]);
        row.set_text(T::ChargeDescription, ["a", "b"][currency]);
        row.set_text(T::ChargeCategory, ["Usage", "Purchase"][payer]);
        row
    })
}

fn shown(bills: &[Bill]) -> Vec<String> {
    let show = |bill: &Bill| {
        format!(
            "{} {:?} {:?}",
            bill.rows,
            bill.totals(),
            Datasets::of(bill, FOCUS)
        )
    };
    bills.iter().map(show).collect()
}

proptest! {
    /// Parts may be read anywhere and merged in any order.
    #[test]
    fn merging_is_reading_in_one(mut rows in prop::collection::vec(any_row(), 0..40), at: prop::sample::Index) {
        let whole = shown(&bills(&rows));
        let (first, second) = rows.split_at(at.index(rows.len() + 1));
        let mut merged = Bills::default();
        for part in [second, first] {
            let mut bills = Bills::default();
            for row in part {
                bills.push(row).unwrap();
            }
            merged.merge(bills).unwrap();
        }
        prop_assert_eq!(&whole, &shown(&merged.finish()));
        rows.reverse();
        prop_assert_eq!(whole, shown(&bills(&rows)));
    }
}
