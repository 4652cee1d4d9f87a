//! Public samples of the other clouds and of the specification, beside the workspace. The expected
//! sums were made with Python's `decimal` over the same files.

use super::{
    Bill, amount, read_input,
    real_files::{find, open, totals},
    text, warnings,
};
use crate::{AmountColumn as A, Exact, Input, ReadError, Rejection, TextColumn as T};

fn refused(name: &str) -> Option<Rejection> {
    match read_input(Input::File(find(name)?)) {
        Err(ReadError::Rejected(rejection)) => Some(rejection),
        Err(other) => panic!("{name}: not a rejection: {other}"),
        Ok(bill) => panic!("{name}: accepted with {:?}", bill.report),
    }
}

/// The exact sum of a column, stored and left over.
fn exact(bill: &Bill, column: A) -> Exact {
    bill.rows
        .iter()
        .filter_map(|row| row.exact(column))
        .fold(Exact::ZERO, |sum, cost| sum.checked_add(cost).unwrap())
}

fn is(sum: Exact, source: &str) -> bool {
    sum.checked_sub(Exact::parse(source).unwrap())
        .unwrap()
        .is_zero()
}

#[test]
fn azure_enterprise_actual_and_amortised() {
    if let Some(bill) = open("provider-samples/EA_ActualCost_Small.csv") {
        assert_eq!(bill.report.format.to_string(), "Azure cost details (EA)");
        assert_eq!(
            totals(&bill),
            ["2023-09 USD: 11 8.5450077867419368 5.2950077867419368 8.545007719 8.545007719"]
        );
        assert_eq!(warnings(&bill), ["actual-export x1"]);
        let bought = &bill.rows[0];
        assert_eq!(text(bought, T::ChargeCategory), "Purchase");
        assert_eq!(text(bought, T::CommitmentDiscountType), "Reservation");
        assert_eq!(text(bought, T::XPayer), "8611537");
        assert_eq!(
            text(&bill.rows[3], T::ResourceType),
            "Microsoft.Compute/capacityReservationGroups"
        );
    }
    if let Some(bill) = open("provider-samples/EA_AmortizedCost_Small.csv") {
        assert_eq!(
            totals(&bill),
            [
                "2023-09 USD: 28 15.797780136168644627 16.296932136636644627 15.811127594784 \
              16.979127594784"
            ]
        );
        assert!(is(
            exact(&bill, A::BilledCost),
            "15.797780136168644627485419"
        ));
        assert!(is(
            exact(&bill, A::EffectiveCost),
            "16.296932136636644627485419"
        ));
        assert_eq!(warnings(&bill), ["amortised-export x1"]);
        assert_eq!(text(&bill.rows[1], T::CommitmentDiscountCategory), "Spend");
        let tags = bill.rows.iter().map(|row| row.tags().len()).max();
        assert!(tags > Some(5));
    }
    if let Some(bill) = open("provider-samples/EA_NoRows.csv") {
        assert_eq!((bill.report.rows_read, warnings(&bill)), (0, vec![]));
    }
}

#[test]
fn azure_in_other_spellings_and_currencies() {
    if let Some(bill) = open("provider-samples/sample-anonymous-ea-export-dataset.csv") {
        assert_eq!(
            totals(&bill),
            [
                "2023-09 CAD: 27 1.26136926505726 1.26136926505726 0.59159663244747928 \
              6.4913987500077"
            ]
        );
        assert_eq!(warnings(&bill), Vec::<String>::new());
        let spot = |row: &&crate::FocusRow| text(row, T::PricingCategory) == "Dynamic";
        assert_eq!(bill.rows.iter().filter(spot).count(), 3);
    }
    // Made-up costs that no price of the row makes: none is derived. Its currency is no code.
    if let Some(bill) = open("provider-samples/azure-mca/azure_version_2.csv") {
        assert_eq!(
            totals(&bill),
            ["2020-09 MC: 5 19.998413754 19.998413754 0 19.998413754"]
        );
        assert_eq!(text(&bill.rows[4], T::ServiceProviderName), "Microsoft");
        assert_eq!(
            text(&bill.rows[1], T::ServiceProviderName),
            "OpenShift on Azure testing"
        );
    }
}

#[test]
fn google_and_oracle() {
    if let Some(bill) = open("provider-samples/gcp/gcp_2022-08-01.csv") {
        assert_eq!(
            totals(&bill),
            ["2022-08 USD: 9 0.000012 0.000012 0 0.000012"]
        );
        assert_eq!(warnings(&bill), Vec::<String>::new());
        assert_eq!(text(&bill.rows[0], T::XPayer), "018984-D0AAA4-940B88");
        assert_eq!(amount(&bill.rows[0], A::PricingQuantity), "0.00001385");
    }
    if let Some(bill) = open("provider-samples/reports_cost-csv_0000000030000269.csv") {
        assert_eq!(
            totals(&bill),
            ["2023-11 USD: 506 2.523589325400648027 2.523589325400648027 0 2.523589325400648027"]
        );
        assert_eq!(warnings(&bill), Vec::<String>::new());
        assert_eq!(text(&bill.rows[0], T::ServiceCategory), "Databases");
        let tagged = bill.rows.iter().filter(|row| !row.tags().is_empty());
        assert!(tagged.count() > 100);
    }
}

#[test]
fn the_payer_of_azure_is_one_in_focus_and_in_cost_details() {
    if let Some(bill) = open("focus-1.2-synthetic/azure_1_2_cost_and_usage_rows25_seed7.csv") {
        let row = &bill.rows[0];
        assert_eq!(text(row, T::XProvider), "Microsoft");
        assert_eq!(text(row, T::XPayer), "8a1b2c3d-0000-4a00-9000-000000000001");
        assert!(
            warnings(&bill).iter().all(|w| !w.starts_with("unknown")),
            "{:?}",
            warnings(&bill)
        );
    }
    if let Some(bill) = open("focus-1.2-synthetic/gcp_1_2_cost_and_usage_rows25_seed7.csv") {
        assert_eq!(text(&bill.rows[0], T::XProvider), "Google Cloud");
    }
}

/// Parts of the specification's text: without a currency they are no bill, and American dates and
/// dollar signs are not FOCUS.
#[test]
fn examples_of_the_specification_are_no_focus_files() {
    let folder = |name: &str| format!("focus-spec-examples/{name}.csv");
    for name in [
        "commitment_discount_flexibility/one_hundred_percent_utilization_with_commitment_discount_flexibility_with_1_resource",
        "commitment_discount_flexibility/one_hundred_percent_utilization_with_commitment_discount_flexibility_with_2_resources",
        "commitment_discount_flexibility/one_hundred_percent_utilization_without_commitment_discount_flexibility",
        "commitment_discount_flexibility/zero_percent_utilization_without_commitment_discount_flexibility",
        "commitment_discount_scenarios/commitment_discount_purchase_scenario_1",
        "commitment_discount_scenarios/commitment_discount_purchase_scenario_2",
        "commitment_discount_scenarios/commitment_discount_purchase_scenario_3",
        "commitment_discount_scenarios/commitment_discount_usage_scenario_1",
        "commitment_discount_scenarios/commitment_discount_usage_scenario_2",
        "commitment_discount_scenarios/commitment_discount_usage_scenario_3",
        "commitment_discount_scenarios/commitment_discount_usage_scenario_4",
    ] {
        let Some(rejection) = refused(&folder(name)) else {
            return;
        };
        assert_eq!(rejection.rule, "missing-column", "{name}");
        assert_eq!(rejection.column.as_deref(), Some("BillingCurrency"));
    }
    for (name, rule) in [
        ("simple_agreements/simple_saas_agreements_a1", "bad-number"),
        ("simple_agreements/simple_saas_agreements_a2", "bad-number"),
        ("simple_agreements/simple_saas_agreements_a3", "bad-number"),
        ("simple_agreements/simple_saas_agreements_b", "bad-number"),
        ("simple_agreements/simple_saas_agreements_c", "bad-number"),
        ("spend_agreements/saas_spend_agreements_a1", "bad-date"),
        ("spend_agreements/saas_spend_agreements_a2", "bad-date"),
        ("spend_agreements/saas_spend_agreements_b1", "bad-date"),
        ("spend_agreements/saas_spend_agreements_b2", "bad-date"),
        ("virtual_currency_pricing_model_a1", "bad-date"),
        ("virtual_currency_pricing_model_a2", "bad-date"),
        ("virtual_currency_pricing_model_b1", "bad-date"),
        ("virtual_currency_pricing_model_b2", "bad-date"),
        ("virtual_currency_pricing_model_b3", "bad-date"),
        ("virtual_currency_pricing_model_c", "bad-date"),
    ] {
        let Some(rejection) = refused(&folder(&format!("saas_examples/{name}"))) else {
            return;
        };
        assert_eq!(rejection.rule, rule, "{name}: {rejection}");
        assert_eq!(rejection.row, Some(1), "{name}");
    }
}
