//! Azure cost and usage details, in both halves and all spellings.

use super::{Bill, accept, amount, csv_of, reject, text, warnings};
use crate::{AmountColumn as A, AzureAgreement, FocusRow, Format, TextColumn as T, TimeColumn};

/// Names and values of cells.
type Cells = &'static [(&'static str, &'static str)];

const PLAN: &str = "/providers/Microsoft.BillingBenefits/savingsPlanOrders/o-1/savingsPlans/p-1";
const RESERVATION: &str = "/providers/Microsoft.Capacity/reservationOrders/o-2/reservations/r-2";

/// One row of an Enterprise Agreement export, with some cells set.
fn line<'c>(cells: &[(&'c str, &'c str)]) -> Vec<(&'c str, &'c str)> {
    let mut all = vec![
        ("BillingAccountId", "8600001"),
        ("BillingAccountName", "Harbour"),
        ("BillingPeriodStartDate", "09/01/2026"),
        ("BillingPeriodEndDate", "09/30/2026"),
        ("BillingProfileId", "8600001"),
        ("SubscriptionId", "sub-1"),
        ("SubscriptionName", "Quay"),
        ("Date", "09/04/2026"),
        ("Product", "Virtual Machines Dv3 Series"),
        ("MeterId", "m-1"),
        ("MeterCategory", "Virtual Machines"),
        ("MeterSubCategory", "Dv3 Series"),
        ("MeterName", "D2 v3"),
        ("Quantity", "24"),
        ("EffectivePrice", "0.1"),
        ("Cost", "2.4"),
        ("UnitPrice", "0.1"),
        ("PayGPrice", "0.12"),
        ("BillingCurrency", "EUR"),
        ("ResourceLocation", "EastUS2"),
        ("ConsumedService", "Microsoft.Compute"),
        (
            "ResourceId",
            "/subscriptions/sub-1/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/vm-1",
        ),
        ("UnitOfMeasure", "1 Hour"),
        ("Tags", ""),
        ("ChargeType", "Usage"),
        ("Frequency", "UsageBased"),
        ("PricingModel", "OnDemand"),
        ("PublisherType", "Azure"),
        ("PublisherName", ""),
        ("benefitId", ""),
        ("benefitName", ""),
        ("ReservationId", ""),
    ];
    for &(name, value) in cells {
        match all.iter_mut().find(|(n, _)| *n == name) {
            Some(cell) => cell.1 = value,
            None => all.push((name, value)),
        }
    }
    all
}

fn one(cells: &[(&str, &str)]) -> FocusRow {
    let bill = accept(csv_of(&[line(cells)]));
    assert_eq!(bill.rows.len(), 1);
    bill.rows[0].clone()
}

/// Billed, effective, list and contracted.
fn costs(row: &FocusRow) -> [String; 4] {
    crate::COST_COLUMNS.map(|column| amount(row, column))
}

#[test]
fn usage_in_focus_words() {
    let row = one(&[("Tags", r#""team": "Data","Team": "a\"b","empty": """#)]);
    assert_eq!(costs(&row), ["2.4", "2.4", "2.88", "2.4"]);
    for (column, expected) in [
        (T::XProvider, "Microsoft"),
        (T::XPayer, "8600001"),
        (T::XCostBasis, "actual"),
        (T::XSourceLineType, "Usage"),
        (T::XChargeKind, "usage"),
        (T::BillingAccountName, "Harbour"),
        (T::BillingCurrency, "EUR"),
        (T::SubAccountId, "sub-1"),
        (T::ServiceName, "Virtual Machines"),
        (T::ServiceCategory, "Compute"),
        (T::ServiceSubcategory, "Virtual Machines"),
        (T::ResourceName, "vm-1"),
        (T::ResourceType, "Microsoft.Compute/virtualMachines"),
        (T::RegionId, "eastus2"),
        (T::RegionName, "EastUS2"),
        (T::PricingCategory, "Standard"),
        (T::ChargeFrequency, "Usage-Based"),
        (T::ServiceProviderName, "Microsoft"),
        (T::InvoiceIssuerName, "Microsoft"),
        (T::XNotes, "-"),
        (T::CommitmentDiscountId, "-"),
    ] {
        assert_eq!(text(&row, column), expected, "{}", column.name());
    }
    let times = TimeColumn::ALL.map(|c| row.time(c).unwrap().to_string());
    assert_eq!(
        times,
        [
            "2026-09-01T00:00:00Z",
            "2026-10-01T00:00:00Z",
            "2026-09-04T00:00:00Z",
            "2026-09-05T00:00:00Z",
        ]
    );
    let tags: Vec<String> = row.tags().iter().map(|(k, v)| format!("{k}={v}")).collect();
    assert_eq!(tags, ["Team=a\"b", "empty=", "team=Data"]);
}

#[test]
fn each_charge_type_has_its_columns() {
    let reservation: Cells = &[("PricingModel", "Reservation"), ("benefitId", RESERVATION)];
    let plan: Cells = &[("PricingModel", "SavingsPlan"), ("benefitId", PLAN)];
    let cases: [(Cells, Cells, &str); 12] = [
        (&[], &[], "Usage - 2.4 2.4 Standard - -"),
        (
            &[],
            &[("PricingModel", "Spot")],
            "Usage - 2.4 2.4 Dynamic - -",
        ),
        // Amortised: billed with the purchase, spread over the usage.
        (reservation, &[], "Usage - 0 2.4 Committed Reservation Used"),
        (plan, &[], "Usage - 0 2.4 Committed Savings Plan Used"),
        (
            reservation,
            &[("ChargeType", "UnusedReservation")],
            "Usage - 0 2.4 Committed Reservation Unused",
        ),
        (
            plan,
            &[("ChargeType", "UnusedSavingsPlan")],
            "Usage - 0 2.4 Committed Savings Plan Unused",
        ),
        // Actual: covered usage is at 0, the purchase at its price.
        (
            plan,
            &[("Cost", "0"), ("EffectivePrice", "0")],
            "Usage - 0 0 Committed Savings Plan Used",
        ),
        (
            reservation,
            &[("ChargeType", "Purchase"), ("Frequency", "Recurring")],
            "Purchase - 2.4 0 Standard Reservation -",
        ),
        (
            reservation,
            &[
                ("ChargeType", "Refund"),
                ("Frequency", "OneTime"),
                ("Cost", "-2.4"),
            ],
            "Purchase Correction -2.4 0 Standard Reservation -",
        ),
        (
            &[],
            &[("ChargeType", "Refund"), ("Cost", "-2.4")],
            "Usage Correction -2.4 -2.4 Standard - -",
        ),
        (
            &[],
            &[
                ("ChargeType", "RoundingAdjustment"),
                ("Cost", "0.01"),
                ("PricingModel", ""),
            ],
            "Adjustment - 0.01 0.01 - - -",
        ),
        (
            &[],
            &[("ChargeType", "Tax"), ("PricingModel", "")],
            "Tax - 2.4 2.4 - - -",
        ),
    ];
    for (model, cells, expected) in cases {
        let row = one(&[model, cells].concat());
        let told = format!(
            "{} {} {} {} {} {} {}",
            text(&row, T::ChargeCategory),
            text(&row, T::ChargeClass),
            amount(&row, A::BilledCost),
            amount(&row, A::EffectiveCost),
            text(&row, T::PricingCategory),
            text(&row, T::CommitmentDiscountType),
            text(&row, T::CommitmentDiscountStatus),
        );
        assert_eq!(told, expected, "{model:?} {cells:?}");
    }
}

#[test]
fn an_id_alone_makes_a_commitment_only_where_no_model_is_stated() {
    let row = one(&[("ReservationId", "r-2")]);
    assert_eq!(text(&row, T::CommitmentDiscountId), "-");
    let row = one(&[("ReservationId", "r-2"), ("PricingModel", "")]);
    assert_eq!(text(&row, T::CommitmentDiscountId), "r-2");
    assert_eq!(text(&row, T::CommitmentDiscountType), "Reservation");
    let row = one(&[("benefitId", PLAN), ("PricingModel", "")]);
    assert_eq!(text(&row, T::CommitmentDiscountType), "Savings Plan");
}

#[test]
fn a_file_says_which_half_it_is() {
    let covered = line(&[("PricingModel", "Reservation"), ("benefitId", RESERVATION)]);
    let bought = line(&[
        ("PricingModel", "Reservation"),
        ("benefitId", RESERVATION),
        ("ChargeType", "Purchase"),
    ]);
    let uncosted = line(&[("PricingModel", "Reservation"), ("Cost", "0")]);
    for (rows, rule) in [
        (vec![line(&[])], None),
        (vec![covered.clone()], Some("amortised-export x1")),
        (
            vec![bought.clone(), uncosted.clone()],
            Some("actual-export x1"),
        ),
        (vec![uncosted], Some("actual-export x1")),
        (vec![covered, bought], Some("actual-and-amortised x1")),
    ] {
        let bill = accept(csv_of(&rows));
        assert_eq!(warnings(&bill), rule.map_or(vec![], |r| vec![r.to_owned()]));
        assert_eq!(bill.report.format.family(), "azure");
    }
}

#[test]
fn notes_say_what_was_decided() {
    for (cells, notes) in [
        (&[][..], "-"),
        (
            &[
                ("PricingModel", "Reservation"),
                ("Cost", "0"),
                ("EffectivePrice", "0"),
            ],
            "effective-cost-unknown",
        ),
        (&[("PricingModel", "Reservation")], "billed-with-commitment"),
        (
            &[("PricingModel", "Reservation"), ("ChargeType", "Purchase")],
            "spread-over-usage",
        ),
        (&[("EffectivePrice", "0.2")], "prices-do-not-fit"),
        (
            &[("CostAllocationRuleName", "Split")],
            "cost-allocation-rule",
        ),
        (
            &[("BillingPeriodStartDate", "")],
            "billing-period-from-date",
        ),
        (
            &[("BillingAccountId", ""), ("BillingProfileId", "")],
            "payer-from-subscription",
        ),
    ] {
        assert_eq!(text(&one(cells), T::XNotes), notes, "{cells:?}");
    }
}

#[test]
fn prices_that_do_not_make_the_cost_make_no_cost() {
    let row = one(&[("EffectivePrice", "1000")]);
    assert_eq!(costs(&row), ["2.4", "2.4", "-", "2.4"]);
    assert_eq!(amount(&row, A::ListUnitPrice), "-");
    let row = one(&[("PayGPrice", "0")]);
    assert_eq!(costs(&row), ["2.4", "2.4", "-", "2.4"]);
    let row = one(&[("ChargeType", "Purchase")]);
    assert_eq!(costs(&row), ["2.4", "2.4", "2.4", "2.4"]);
    let long = "0.1000000000000000000000000001";
    let row = one(&[
        ("Cost", long),
        ("Quantity", "1"),
        ("PricingModel", "Reservation"),
    ]);
    assert_eq!(amount(&row, A::EffectiveCost), "0.1");
    let rest = row.residue(A::EffectiveCost).to_string();
    assert_eq!(rest, "0.0000000000000000000000000001");
}

#[test]
fn dates_with_slashes_are_american_in_every_row() {
    for date in [
        "9/4/2026",
        "09/04/2026",
        "2026-09-04",
        "2026-09-04T00:00:00Z",
    ] {
        let row = one(&[("Date", date)]);
        let start = row.time(TimeColumn::ChargePeriodStart).unwrap();
        assert_eq!(start.to_string(), "2026-09-04T00:00:00Z", "{date}");
    }
    let rejection = reject(csv_of(&[line(&[]), line(&[("Date", "13/09/2026")])]));
    assert_eq!((rejection.rule, rejection.row), ("bad-date", Some(2)));
    assert!(rejection.detail.contains("11/30/2026"), "{rejection}");
    // A last day is inclusive, the first of the next month is not.
    for end in ["09/30/2026", "10/01/2026", ""] {
        let row = one(&[("BillingPeriodEndDate", end)]);
        let end = row.time(TimeColumn::BillingPeriodEnd).unwrap();
        assert_eq!(end.to_string(), "2026-10-01T00:00:00Z");
    }
}

#[test]
fn a_customer_agreement_is_priced_and_billed_in_two_currencies() {
    let bill = accept(csv_of(&[line(&[
        ("BillingAccountId", "a:b_2019-05-31"),
        ("BillingProfileId", "PROF-1"),
        ("invoiceId", "G001"),
        ("pricingCurrency", "USD"),
        ("costInPricingCurrency", "2.6"),
        ("paygCostInBillingCurrency", "2.7"),
        ("location", "US East 2"),
        ("billingPeriodStartDate ", "ignored"),
    ])
    .into_iter()
    .filter(|(name, _)| !name.ends_with(' '))
    .collect()]));
    let agreement = AzureAgreement::Customer;
    assert_eq!(bill.report.format, Format::AzureCost { agreement });
    let row = &bill.rows[0];
    assert_eq!(costs(row), ["2.4", "2.4", "2.7", "2.4"]);
    assert_eq!(text(row, T::XPayer), "a:b_2019-05-31");
    assert_eq!(text(row, T::BillingAccountId), "PROF-1");
    assert_eq!(text(row, T::InvoiceId), "G001");
    assert_eq!(text(row, T::RegionName), "US East 2");
    assert_eq!(amount(row, A::ContractedUnitPrice), "-");
    assert_eq!(amount(row, A::PricingCurrencyContractedUnitPrice), "0.1");
    assert_eq!(amount(row, A::PricingCurrencyEffectiveCost), "2.6");
}

#[test]
fn older_spellings_are_read() {
    let bill: Bill = accept(csv_of(&[vec![
        ("SubscriptionGuid", "sub-1"),
        ("Usage Date-Time", "2020-09-22"),
        ("Meter Category", "Storage"),
        ("Meter Sub-Category", "Standard HDD Managed Disks"),
        ("METERID", "m-2"),
        ("UsageQuantity", "2"),
        ("ResourceRate", "1.5"),
        ("PreTaxCost", "3"),
        ("Instance ID", "/subscriptions/sub-1/x"),
        ("Currency", "USD"),
        ("Tags", "{\"a\": \"b\"}"),
        ("My own", "?"),
    ]]));
    let row = &bill.rows[0];
    assert_eq!(costs(row), ["3", "3", "-", "3"]);
    assert_eq!(row.billing_period(), "2020-09".parse().ok());
    assert_eq!(text(row, T::XPayer), "sub-1");
    assert_eq!(text(row, T::ServiceSubcategory), "Block Storage");
    assert_eq!(text(row, T::ChargeCategory), "Usage");
    assert_eq!(row.tags(), [("a".into(), "b".into())]);
    assert_eq!(warnings(&bill), ["unknown-columns x1"]);
}

#[test]
fn what_azure_allocates_by_becomes_tags_of_its_own() {
    let row = one(&[
        ("CostCenter", "4711"),
        ("InvoiceSection", "Harbour"),
        ("ResourceGroup", "Rg-1"),
        ("Tags", "\"a\": \"b\""),
    ]);
    let tags: Vec<String> = row.tags().iter().map(|(k, v)| format!("{k}={v}")).collect();
    assert_eq!(
        tags,
        [
            "a=b",
            "azure:costCenter=4711",
            "azure:invoiceSection=Harbour",
            "azure:resourceGroup=Rg-1",
        ]
    );
}

#[test]
fn the_marketplace_and_the_unassigned() {
    let row = one(&[
        ("PublisherType", "Marketplace"),
        ("PublisherName", "Acme Firewalls"),
        ("MeterCategory", "Unassigned"),
        ("ResourceLocation", "Unassigned"),
    ]);
    assert_eq!(text(&row, T::ServiceProviderName), "Acme Firewalls");
    assert_eq!(text(&row, T::HostProviderName), "Microsoft");
    assert_eq!(text(&row, T::ServiceName), "Virtual Machines Dv3 Series");
    assert_eq!(text(&row, T::ServiceCategory), "Other");
    assert_eq!(text(&row, T::RegionId), "-");
}

#[test]
fn what_is_odd_is_told_and_what_is_missing_refused() {
    let bill = accept(csv_of(&[line(&[
        ("ChargeType", "Gift"),
        ("Tags", "team=Data"),
        ("BillingPeriodStartDate", "09/15/2026"),
    ])]));
    assert_eq!(
        warnings(&bill),
        [
            "bad-tags Tags x1",
            "odd-billing-period BillingPeriodStart x1",
            "unknown-charge-type chargeType x1",
        ]
    );
    assert_eq!(text(&bill.rows[0], T::ChargeCategory), "Adjustment");
    for (cell, rule) in [
        (("Cost", ""), "missing-value"),
        (("BillingCurrency", ""), "missing-value"),
        (("Date", ""), "missing-value"),
        (("Cost", "1,5"), "thousands-separator"),
        (("SubscriptionId", "1.2E+11"), "scientific-account-id"),
    ] {
        let rejection = reject(csv_of(&[line(&[cell])]));
        assert_eq!(rejection.rule, rule, "{cell:?}");
        assert_eq!(rejection.column.as_deref(), Some(cell.0));
    }
    let rejection = reject("MeterCategory,MeterId,Cost\n");
    assert_eq!(rejection.rule, "missing-column");
    assert_eq!(rejection.column.as_deref(), Some("billingCurrency"));
    let rejection = reject("MeterCategory,MeterId,Cost,COST ,Date,Currency\n");
    assert_eq!(rejection.rule, "duplicate-header");
}
