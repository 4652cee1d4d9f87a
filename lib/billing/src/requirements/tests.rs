//! Each requirement broken on its own, in a file whose first row has every column and no fault.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{Requirements, table::REQUIREMENTS};
use crate::{AmountColumn, FocusRow, Input, Place, ReadReport, TextColumn, Warning, read_bill};

type Cells = [(&'static str, &'static str)];

/// Usage under a commitment and in a capacity reservation: every column has a value.
const WHOLE: [(&str, &str); 57] = [
    ("AvailabilityZone", "eu-1a"),
    ("BilledCost", "0"),
    ("BillingAccountId", "012345678901"),
    ("BillingAccountName", "Harbour"),
    ("BillingAccountType", "Payer"),
    ("BillingCurrency", "EUR"),
    ("BillingPeriodEnd", "2026-11-01T00:00:00Z"),
    ("BillingPeriodStart", "2026-10-01T00:00:00Z"),
    ("CapacityReservationId", "cr-1"),
    ("CapacityReservationStatus", "Used"),
    ("ChargeCategory", "Usage"),
    ("ChargeClass", ""),
    ("ChargeDescription", "An hour"),
    ("ChargeFrequency", "Usage-Based"),
    ("ChargePeriodEnd", "2026-10-02T01:00:00Z"),
    ("ChargePeriodStart", "2026-10-02T00:00:00Z"),
    ("CommitmentDiscountCategory", "Spend"),
    ("CommitmentDiscountId", "plan-1"),
    ("CommitmentDiscountName", "Plan"),
    ("CommitmentDiscountQuantity", "1"),
    ("CommitmentDiscountStatus", "Used"),
    ("CommitmentDiscountType", "Savings Plan"),
    ("CommitmentDiscountUnit", "EUR"),
    ("ConsumedQuantity", "1"),
    ("ConsumedUnit", "Hours"),
    ("ContractedCost", "2"),
    ("ContractedUnitPrice", "2"),
    ("EffectiveCost", "1"),
    ("HostProviderName", "AWS"),
    ("InvoiceId", "I-1"),
    ("InvoiceIssuerName", "Amazon Web Services EMEA SARL"),
    ("ListCost", "3"),
    ("ListUnitPrice", "3"),
    ("PricingCategory", "Committed"),
    ("PricingCurrency", "EUR"),
    ("PricingCurrencyContractedUnitPrice", "2"),
    ("PricingCurrencyEffectiveCost", "1"),
    ("PricingCurrencyListUnitPrice", "3"),
    ("PricingQuantity", "1"),
    ("PricingUnit", "Hours"),
    ("RegionId", "eu-1"),
    ("RegionName", "Europe"),
    ("ResourceId", "i-1"),
    ("ResourceName", "web"),
    ("ResourceType", "Instance"),
    ("ServiceCategory", "Compute"),
    ("ServiceName", "Servers"),
    ("ServiceProviderName", "AWS"),
    ("ServiceSubcategory", "Virtual Machines"),
    ("SkuId", "sku-1"),
    ("SkuMeter", "Hours of a server"),
    ("SkuPriceDetails", r#"{"CoreCount": 2, "x_Term": "1yr"}"#),
    ("SkuPriceId", "price-1"),
    ("SubAccountId", "098765432109"),
    ("SubAccountName", "Quay"),
    ("SubAccountType", "Member"),
    ("Tags", r#"{"team": "ops"}"#),
];

/// What has no commitment.
const PLAIN: &Cells = &[
    ("BilledCost", "2"),
    ("EffectiveCost", "2"),
    ("PricingCategory", "Standard"),
    ("CapacityReservationId", ""),
    ("CapacityReservationStatus", ""),
    ("CommitmentDiscountCategory", ""),
    ("CommitmentDiscountId", ""),
    ("CommitmentDiscountName", ""),
    ("CommitmentDiscountQuantity", ""),
    ("CommitmentDiscountStatus", ""),
    ("CommitmentDiscountType", ""),
    ("CommitmentDiscountUnit", ""),
];

/// What has no price and no SKU either.
const UNPRICED: &Cells = &[
    ("ChargeFrequency", "One-Time"),
    ("ConsumedQuantity", ""),
    ("ConsumedUnit", ""),
    ("ContractedUnitPrice", ""),
    ("ListUnitPrice", ""),
    ("PricingCategory", ""),
    ("PricingCurrencyContractedUnitPrice", ""),
    ("PricingCurrencyListUnitPrice", ""),
    ("PricingQuantity", ""),
    ("PricingUnit", ""),
    ("SkuId", ""),
    ("SkuMeter", ""),
    ("SkuPriceDetails", ""),
    ("SkuPriceId", ""),
];

const TAX: &Cells = &[("ChargeCategory", "Tax")];
const CREDIT: &Cells = &[
    ("ChargeCategory", "Credit"),
    ("BilledCost", "-2"),
    ("EffectiveCost", "-2"),
    ("ListCost", "-2"),
    ("ContractedCost", "-2"),
];
const PURCHASE: &Cells = &[
    ("ChargeCategory", "Purchase"),
    ("ChargeFrequency", "One-Time"),
    ("PricingCategory", "Standard"),
    ("CommitmentDiscountStatus", ""),
    ("CapacityReservationId", ""),
    ("CapacityReservationStatus", ""),
    ("ConsumedQuantity", ""),
    ("ConsumedUnit", ""),
    ("EffectiveCost", "0"),
    ("PricingCurrencyEffectiveCost", "0"),
    ("ResourceId", "plan-1"),
];
const UNUSED: &Cells = &[
    ("CommitmentDiscountStatus", "Unused"),
    ("ConsumedQuantity", ""),
    ("ConsumedUnit", ""),
    ("ResourceId", "plan-1"),
];

/// Rows without a fault.
const KINDS: [(&str, &[&Cells]); 6] = [
    ("committed", &[]),
    ("usage", &[PLAIN]),
    ("purchase", &[PURCHASE]),
    ("unused", &[UNUSED]),
    ("tax", &[PLAIN, UNPRICED, TAX]),
    ("credit", &[PLAIN, UNPRICED, CREDIT]),
];

fn row_of(kind: &str, changes: &Cells) -> Vec<(&'static str, &'static str)> {
    let (_, layers) = KINDS.iter().find(|(name, _)| *name == kind).unwrap();
    let mut cells = WHOLE.to_vec();
    for (name, value) in layers.iter().copied().flatten().chain(changes) {
        match cells.iter_mut().find(|(known, _)| known == name) {
            Some(cell) => cell.1 = value,
            None => cells.push((name, value)),
        }
    }
    cells
}

fn csv_of(rows: &[Vec<(&'static str, &'static str)>]) -> String {
    let mut names: Vec<&str> = rows.iter().flatten().map(|(name, _)| *name).collect();
    names.sort_unstable();
    names.dedup();
    let line = |row: &Vec<(&str, &str)>| {
        let cell = |name: &&str| {
            let found = row.iter().find(|(n, _)| n == name);
            let value = found.map_or("", |(_, value)| value);
            format!("\"{}\"", value.replace('"', "\"\""))
        };
        names.iter().map(cell).collect::<Vec<_>>().join(",")
    };
    let lines: Vec<String> = rows.iter().map(line).collect();
    format!("{}\n{}\n", names.join(","), lines.join("\n"))
}

fn read(rows: &[Vec<(&'static str, &'static str)>]) -> ReadReport {
    let csv = csv_of(rows);
    let input = Input::Stream(Box::new(csv.as_bytes()));
    read_bill(input, "bill.csv", &mut |_| Ok(())).unwrap()
}

#[test]
fn rows_without_a_fault_bring_no_warning() {
    let rows: Vec<_> = KINDS.iter().map(|(kind, _)| row_of(kind, &[])).collect();
    assert_eq!(read(&rows).warnings, []);
}

/// Rule and column, and the row that breaks it: a kind of row with some cells changed.
type Case = (&'static str, &'static str, &'static str, &'static Cells);

#[rustfmt::skip]
const BROKEN: &[Case] = &[
    ("BillingAccountId-C-001-M", "BillingAccountId", "usage", &[("BillingAccountId", "NULL")]),
    ("BillingAccountName-C-003-C", "BillingAccountName", "usage", &[("BillingAccountName", "")]),
    ("BillingPeriodEnd-C-003-M", "BillingPeriodEnd", "usage", &[("BillingPeriodEnd", "")]),
    ("ChargeCategory-C-002-M", "ChargeCategory", "usage", &[("ChargeCategory", "")]),
    ("ChargeDescription-C-003-O", "ChargeDescription", "usage", &[("ChargeDescription", "")]),
    ("ChargeFrequency-C-002-M", "ChargeFrequency", "usage", &[("ChargeFrequency", "")]),
    ("ChargePeriodEnd-C-003-M", "ChargePeriodEnd", "usage", &[("ChargePeriodEnd", "")]),
    ("ContractedCost-C-003-M", "ContractedCost", "usage", &[("ContractedCost", "")]),
    ("InvoiceIssuerName-C-003-M", "InvoiceIssuerName", "usage", &[("InvoiceIssuerName", "")]),
    ("ListCost-C-003-M", "ListCost", "usage", &[("ListCost", "")]),
    ("PricingCurrency-C-004-M", "PricingCurrency", "usage", &[("PricingCurrency", "")]),
    ("PricingCurrencyEffectiveCost-C-003-M", "PricingCurrencyEffectiveCost", "usage", &[("PricingCurrencyEffectiveCost", "")]),
    ("PublisherName-C-003-M", "ServiceProviderName", "usage", &[("ServiceProviderName", "")]),
    ("ServiceCategory-C-002-M", "ServiceCategory", "usage", &[("ServiceCategory", "")]),
    ("ServiceName-C-003-M", "ServiceName", "usage", &[("ServiceName", "")]),
    ("ServiceSubcategory-C-002-M", "ServiceSubcategory", "usage", &[("ServiceSubcategory", "")]),
    ("ContractedUnitPrice-C-006-C", "ContractedUnitPrice", "usage", &[("ContractedUnitPrice", "")]),
    ("ContractedUnitPrice-C-005-C", "ContractedUnitPrice", "tax", &[("ContractedUnitPrice", "1")]),
    ("ListUnitPrice-C-005-C", "ListUnitPrice", "usage", &[("ListUnitPrice", "")]),
    ("ListUnitPrice-C-004-C", "ListUnitPrice", "tax", &[("ListUnitPrice", "1")]),
    ("PricingCategory-C-004-C", "PricingCategory", "usage", &[("PricingCategory", "")]),
    ("PricingCategory-C-003-C", "PricingCategory", "tax", &[("PricingCategory", "Other")]),
    ("PricingCurrencyContractedUnitPrice-C-005-C", "PricingCurrencyContractedUnitPrice", "usage", &[("PricingCurrencyContractedUnitPrice", "")]),
    ("PricingCurrencyContractedUnitPrice-C-004-C", "PricingCurrencyContractedUnitPrice", "tax", &[("PricingCurrencyContractedUnitPrice", "1")]),
    ("PricingCurrencyListUnitPrice-C-005-C", "PricingCurrencyListUnitPrice", "usage", &[("PricingCurrencyListUnitPrice", "")]),
    ("PricingCurrencyListUnitPrice-C-004-C", "PricingCurrencyListUnitPrice", "tax", &[("PricingCurrencyListUnitPrice", "1")]),
    ("PricingQuantity-C-005-C", "PricingQuantity", "usage", &[("PricingQuantity", ""), ("PricingUnit", "")]),
    ("PricingQuantity-C-004-C", "PricingQuantity", "tax", &[("PricingQuantity", "1"), ("PricingUnit", "Each")]),
    ("SkuId-C-005-C", "SkuId", "usage", &[("SkuId", ""), ("SkuMeter", "")]),
    ("SkuId-C-004-C", "SkuId", "tax", &[("SkuId", "s"), ("SkuMeter", "m")]),
    ("SkuPriceId-C-005-C", "SkuPriceId", "usage", &[("SkuPriceId", ""), ("SkuPriceDetails", "")]),
    ("SkuPriceId-C-004-C", "SkuPriceId", "tax", &[("SkuPriceId", "p")]),
    ("ConsumedQuantity-C-006-C", "ConsumedQuantity", "usage", &[("ConsumedQuantity", ""), ("ConsumedUnit", "")]),
    ("ConsumedQuantity-C-004-C", "ConsumedQuantity", "unused", &[("ConsumedQuantity", "1"), ("ConsumedUnit", "Hours")]),
    ("CommitmentDiscountQuantity-C-005-C", "CommitmentDiscountQuantity", "purchase", &[("CommitmentDiscountQuantity", ""), ("CommitmentDiscountUnit", "")]),
    ("CommitmentDiscountQuantity-C-007-C", "CommitmentDiscountQuantity", "usage", &[("CommitmentDiscountQuantity", "1"), ("CommitmentDiscountUnit", "EUR")]),
    ("BillingAccountType-C-005-C", "BillingAccountType", "usage", &[("BillingAccountType", "")]),
    ("CapacityReservationStatus-C-004-C", "CapacityReservationStatus", "usage", &[("CapacityReservationId", "cr-2")]),
    ("CommitmentDiscountCategory-C-004-C", "CommitmentDiscountCategory", "committed", &[("CommitmentDiscountCategory", "")]),
    ("CommitmentDiscountCategory-C-003-C", "CommitmentDiscountCategory", "usage", &[("CommitmentDiscountCategory", "Spend")]),
    ("CommitmentDiscountName-C-004-C", "CommitmentDiscountName", "usage", &[("CommitmentDiscountName", "Plan")]),
    ("CommitmentDiscountStatus-C-004-C", "CommitmentDiscountStatus", "committed", &[("CommitmentDiscountStatus", "")]),
    ("CommitmentDiscountStatus-C-003-C", "CommitmentDiscountStatus", "usage", &[("CommitmentDiscountStatus", "Used")]),
    ("CommitmentDiscountType-C-005-C", "CommitmentDiscountType", "committed", &[("CommitmentDiscountType", "")]),
    ("CommitmentDiscountType-C-004-C", "CommitmentDiscountType", "usage", &[("CommitmentDiscountType", "Plan")]),
    ("CommitmentDiscountUnit-C-006-C", "CommitmentDiscountUnit", "committed", &[("CommitmentDiscountUnit", "")]),
    ("CommitmentDiscountUnit-C-005-C", "CommitmentDiscountUnit", "usage", &[("CommitmentDiscountUnit", "EUR")]),
    ("ConsumedUnit-C-006-C", "ConsumedUnit", "usage", &[("ConsumedUnit", "")]),
    ("ConsumedUnit-C-005-C", "ConsumedUnit", "tax", &[("ConsumedUnit", "Hours")]),
    ("PricingUnit-C-006-C", "PricingUnit", "usage", &[("PricingUnit", "")]),
    ("PricingUnit-C-005-C", "PricingUnit", "tax", &[("PricingUnit", "Hours")]),
    ("RegionName-C-005-C", "RegionName", "usage", &[("RegionName", "")]),
    ("RegionName-C-004-C", "RegionName", "usage", &[("RegionId", "")]),
    ("ResourceName-C-004-C", "ResourceName", "usage", &[("ResourceId", ""), ("ResourceType", "")]),
    ("ResourceType-C-005-C", "ResourceType", "usage", &[("ResourceType", "")]),
    ("ResourceType-C-004-C", "ResourceType", "usage", &[("ResourceId", ""), ("ResourceName", "")]),
    ("SkuMeter-C-005-C", "SkuMeter", "usage", &[("SkuMeter", "")]),
    ("SkuMeter-C-004-C", "SkuMeter", "tax", &[("SkuMeter", "m")]),
    ("SkuPriceDetails-C-004-C", "SkuPriceDetails", "tax", &[("SkuPriceDetails", "{}")]),
    ("SubAccountName-C-005-C", "SubAccountName", "usage", &[("SubAccountName", "")]),
    ("SubAccountName-C-004-C", "SubAccountName", "usage", &[("SubAccountId", ""), ("SubAccountType", "")]),
    ("SubAccountType-C-005-C", "SubAccountType", "usage", &[("SubAccountType", "")]),
    ("SubAccountType-C-004-C", "SubAccountType", "usage", &[("SubAccountId", ""), ("SubAccountName", "")]),
    ("CommitmentDiscountId-C-005-C", "CommitmentDiscountId", "usage", &[("PricingCategory", "Committed")]),
    ("PricingCategory-C-009-C", "PricingCategory", "committed", &[("PricingCategory", "Standard")]),
    ("DiscountHandling-A-012-C", "ResourceId", "purchase", &[("ResourceId", "i-1")]),
    ("DiscountHandling-A-018-C", "CommitmentDiscountStatus", "purchase", &[("CommitmentDiscountStatus", "Unused")]),
    ("DiscountHandling-A-019-C", "ResourceId", "unused", &[("ResourceId", "i-1")]),
    ("EffectiveCost-C-005-C", "EffectiveCost", "purchase", &[("EffectiveCost", "0.01")]),
    ("PricingCurrencyEffectiveCost-C-005-M", "PricingCurrencyEffectiveCost", "purchase", &[("PricingCurrencyEffectiveCost", "1")]),
    ("EffectiveCost-C-010-C", "EffectiveCost", "credit", &[("EffectiveCost", "-1")]),
    ("ListCost-C-008-C", "ListCost", "credit", &[("ListCost", "-1")]),
    ("ContractedCost-C-008-C", "ContractedCost", "credit", &[("ContractedCost", "0")]),
    ("ChargeCategory-C-003-M", "ChargeCategory", "usage", &[("ChargeCategory", "Gift")]),
    ("ChargeClass-C-005-C", "ChargeClass", "usage", &[("ChargeClass", "Restated")]),
    ("ChargeFrequency-C-003-M", "ChargeFrequency", "usage", &[("ChargeFrequency", "Hourly")]),
    ("ChargeFrequency-C-004-C", "ChargeFrequency", "purchase", &[("ChargeFrequency", "Usage-Based")]),
    ("PricingCategory-C-007-M", "PricingCategory", "usage", &[("PricingCategory", "OnDemand")]),
    ("CommitmentDiscountCategory-C-005-M", "CommitmentDiscountCategory", "committed", &[("CommitmentDiscountCategory", "Hours")]),
    ("CommitmentDiscountStatus-C-005-M", "CommitmentDiscountStatus", "committed", &[("CommitmentDiscountStatus", "Active")]),
    ("CapacityReservationStatus-C-006-M", "CapacityReservationStatus", "committed", &[("CapacityReservationStatus", "Idle")]),
    ("ServiceCategory-C-003-M", "ServiceCategory", "usage", &[("ServiceCategory", "Observability")]),
    ("ServiceSubcategory-C-003-M", "ServiceSubcategory", "usage", &[("ServiceSubcategory", "Servers")]),
    ("ServiceSubcategory-C-004-M", "ServiceSubcategory", "usage", &[("ServiceSubcategory", "Caching")]),
    ("BillingCurrency-C-006-M", "BillingCurrency", "usage", &[("BillingCurrency", "Tokens")]),
    ("SkuPriceDetails-C-001-M", "SkuPriceDetails", "usage", &[("SkuPriceDetails", r#"{"x_List": [1]}"#)]),
    ("SkuPriceDetails-C-017-C", "SkuPriceDetails", "usage", &[("SkuPriceDetails", r#"{"Term": "1yr"}"#)]),
    ("SkuPriceDetails-C-021-M", "SkuPriceDetails", "usage", &[("SkuPriceDetails", r#"{"CoreCount": "two"}"#)]),
    ("json-shape", "AllocatedMethodDetails", "usage", &[("AllocatedMethodDetails", r#"{"Elements": []}"#)]),
    ("json-shape", "AllocatedTags", "usage", &[("AllocatedTags", r#"{"a": 1, "a": 2}"#)]),
    ("json-shape", "ContractApplied", "usage", &[("ContractApplied", r#"{"Elements": [{"ContractId": "c"}]}"#)]),
    ("json-shape", "CommitmentProgramEligibilityDetails", "usage", &[("CommitmentProgramEligibilityDetails", "[]")]),
    ("StringHandling-A-007-M", "BillingAccountId", "usage", &[("BillingAccountId", "  ")]),
    ("StringHandling-A-007-M", "InvoiceIssuerName", "usage", &[("InvoiceIssuerName", " ")]),
    ("StringHandling-A-007-M", "ServiceName", "usage", &[("ServiceName", " ")]),
    ("StringHandling-A-007-M", "ServiceProviderName", "usage", &[("ServiceProviderName", " ")]),
    ("NullHandling-A-002-M", "BillingAccountId", "usage", &[("BillingAccountId", "-")]),
    ("NullHandling-A-002-M", "InvoiceIssuerName", "usage", &[("InvoiceIssuerName", "N/A")]),
    ("NullHandling-A-002-M", "ServiceName", "usage", &[("ServiceName", "None")]),
    ("NullHandling-A-002-M", "ServiceProviderName", "usage", &[("ServiceProviderName", "Not Applicable")]),
    ("ListUnitPrice-C-008-M", "ListUnitPrice", "usage", &[("ListUnitPrice", "-3")]),
    ("ContractedUnitPrice-C-009-C", "ContractedUnitPrice", "usage", &[("ContractedUnitPrice", "-0.000000000000000001")]),
    ("PricingCurrencyListUnitPrice-C-008-M", "PricingCurrencyListUnitPrice", "usage", &[("PricingCurrencyListUnitPrice", "-3")]),
    ("PricingCurrencyContractedUnitPrice-C-008-C", "PricingCurrencyContractedUnitPrice", "usage", &[("PricingCurrencyContractedUnitPrice", "-2")]),
    ("ChargePeriodEnd-C-004-M", "ChargePeriodEnd", "usage", &[("ChargePeriodEnd", "2026-10-02T00:00:00Z")]),
    ("BillingPeriodEnd-C-004-M", "BillingPeriodEnd", "usage", &[("BillingPeriodEnd", "2026-09-01T00:00:00Z")]),
    ("odd-billing-period", "BillingPeriodStart", "usage", &[("BillingPeriodStart", "2026-10-01T02:00:00+01:00")]),
    ("ChargeClass-C-003-C", "ChargeClass", "usage", &[("ChargeClass", "Correction")]),
];

/// Broken together with another requirement or after a fallback, never alone.
#[rustfmt::skip]
const BROKEN_TOGETHER: &[Case] = &[
    ("BillingAccountType-C-004-C", "BillingAccountType", "usage", &[("BillingAccountId", "")]),
    ("CapacityReservationStatus-C-003-C", "CapacityReservationStatus", "committed", &[("CapacityReservationId", ""), ("CapacityReservationStatus", "Unused")]),
    ("CapacityReservationId-C-005-C", "CapacityReservationId", "committed", &[("CapacityReservationId", ""), ("CapacityReservationStatus", "Unused")]),
];

#[test]
fn each_requirement_is_named_when_it_is_broken() {
    for (rule, column, kind, changes) in BROKEN.iter().chain(BROKEN_TOGETHER) {
        let report = read(&[row_of("committed", &[]), row_of(kind, changes)]);
        let found: Vec<&Warning> = report.warnings.iter().collect();
        let named = found
            .iter()
            .find(|w| w.rule == *rule && w.column.as_deref() == Some(column))
            .unwrap_or_else(|| panic!("{rule} {column}: {found:?}"));
        assert_eq!(
            (named.count, named.row, named.line),
            (1, Some(2), Some(3)),
            "{rule}"
        );
        // Only the tags that a first wrong value drags along are more.
        let is_alone = BROKEN
            .iter()
            .any(|case| case.0 == *rule && case.1 == *column);
        assert!(!is_alone || found.len() <= 2, "{rule} {column}: {found:?}");
    }
}

#[test]
fn every_requirement_has_a_row_that_breaks_it() {
    let tried: BTreeSet<_> = BROKEN
        .iter()
        .chain(BROKEN_TOGETHER)
        .map(|(rule, column, ..)| (*rule, *column))
        .collect();
    let mut all: BTreeSet<_> = REQUIREMENTS
        .iter()
        .map(|requirement| (requirement.id, requirement.column.name()))
        .collect();
    // The readers fill it from BilledCost, and say so.
    assert!(all.remove(&("EffectiveCost-C-003-M", "EffectiveCost")));
    assert_eq!(tried, all);
}

#[test]
fn warnings_say_what_is_wrong_where_and_how_often() {
    let report = read(&[
        row_of("committed", &[]),
        row_of("usage", &[("ListUnitPrice", "")]),
        row_of(
            "usage",
            &[("ChargeFrequency", "Hourly"), ("ListUnitPrice", "")],
        ),
        row_of("tax", &[("SkuId", "s-9"), ("ChargeFrequency", "Daily")]),
        row_of("unused", &[("ConsumedQuantity", "1")]),
        row_of("usage", &[("RegionName", "")]),
        row_of("credit", &[("EffectiveCost", "-1.5")]),
        row_of("usage", &[("ListUnitPrice", "")]),
    ]);
    let told: Vec<String> = report
        .warnings
        .iter()
        .map(|w| {
            format!(
                "{} x{} row {}: {}",
                w.rule,
                w.count,
                w.row.unwrap(),
                w.detail
            )
        })
        .collect();
    insta::assert_snapshot!(told.join("\n"), @r#"
    ListUnitPrice-C-005-C x3 row 2: ListUnitPrice is null; FOCUS wants a value where ChargeCategory is Usage or Purchase and ChargeClass is not Correction
    SkuId-C-004-C x1 row 4: SkuId is "s-9"; FOCUS wants null where ChargeCategory is Tax
    ConsumedQuantity-C-004-C x1 row 5: ConsumedQuantity is 1; FOCUS wants null where ChargeCategory is Purchase or Tax or Credit or Adjustment, or CommitmentDiscountStatus is Unused
    ConsumedUnit-C-006-C x1 row 5: ConsumedUnit is null; FOCUS wants a value where ConsumedQuantity has a value
    RegionName-C-005-C x1 row 6: RegionName is null; FOCUS wants a value where RegionId has a value
    SkuMeter-C-005-C x1 row 4: SkuMeter is null; FOCUS wants a value where SkuId has a value
    EffectiveCost-C-010-C x1 row 7: -1.5 differs from BilledCost, which a credit has no reason for
    ChargeFrequency-C-003-M x2 row 3: "Hourly" is no value that FOCUS allows; it is kept
    "#);
}

/// The best of many batches, so that a busy machine does not count.
#[test]
fn a_row_is_checked_in_well_under_a_microsecond() {
    let mut rows = Vec::new();
    let kinds: Vec<_> = KINDS.iter().map(|(kind, _)| row_of(kind, &[])).collect();
    let csv = csv_of(&kinds);
    read_bill(
        Input::Stream(Box::new(csv.as_bytes())),
        "bill.csv",
        &mut |row| {
            rows.push(row.clone());
            Ok(())
        },
    )
    .unwrap();
    let mut requirements = Requirements::default();
    let batch = |requirements: &mut Requirements| {
        let start = std::time::Instant::now();
        for row in rows.iter().cycle().take(6_000) {
            requirements.check(std::hint::black_box(row));
        }
        start.elapsed().as_nanos() / 6_000
    };
    let best = (0..30).map(|_| batch(&mut requirements)).min().unwrap();
    #[expect(clippy::print_stderr, reason = "a measurement is shown")]
    {
        eprintln!("{best} ns a row");
    }
    assert!(best < 1_000, "{best} ns a row");
}

#[test]
fn a_column_that_the_file_has_nowhere_is_told_once_or_not_at_all() {
    let bare: Vec<_> = row_of("usage", &[])
        .into_iter()
        .filter(|(name, _)| !["ListCost", "SubAccountType", "InvoiceIssuerName"].contains(name))
        .collect();
    let never_filled = [("SkuId", ""), ("SkuMeter", ""), ("InvoiceIssuerName", "")];
    let empty = row_of("usage", &never_filled);
    let told = |rows: &[Vec<_>]| -> Vec<String> {
        let warnings = read(rows).warnings;
        let line = |w: Warning| format!("{} x{}: {}", w.rule, w.count, w.detail);
        warnings.into_iter().map(line).collect()
    };
    insta::assert_snapshot!(
        told(&[bare.clone(), bare]).join("\n"),
        @"missing-columns x2: FOCUS demands these columns in every file: InvoiceIssuerName, ListCost"
    );
    insta::assert_snapshot!(
        told(&[empty.clone(), empty]).join("\n"),
        @"InvoiceIssuerName-C-003-M x2: InvoiceIssuerName is null; FOCUS wants a value"
    );
}

fn some_row() -> impl Strategy<Value = FocusRow> {
    let texts = prop::collection::vec((0..TextColumn::COUNT, 0_usize..12), 0..30);
    let amounts = prop::collection::vec((0..AmountColumn::COUNT, -1_i128..2), 0..12);
    (texts, amounts).prop_map(|(texts, amounts)| {
        const VALUES: [&str; 12] = [
            "Usage",
            "Purchase",
            "Tax",
            "Credit",
            "Correction",
            "Usage-Based",
            "Committed",
            "Unused",
            "Compute",
            "USD",
            "n/a",
            "{}",
        ];
        let mut row = FocusRow::default();
        for (column, value) in texts {
            row.set_text(TextColumn::ALL[column], VALUES[value]);
        }
        for (column, units) in amounts {
            let amount = outlay_core::Decimal::from_units(units);
            row.set_amount(AmountColumn::ALL[column], amount);
        }
        row
    })
}

/// Count and first example (row, words) of each requirement.
fn tallies(mut checked: Requirements) -> Vec<(u64, Option<(u64, String)>)> {
    for counted in std::mem::take(&mut checked.patterns) {
        checked.settle(counted);
    }
    let tallies = checked.tallies.into_iter();
    tallies
        .map(|t| (t.count, t.first.map(|(place, detail)| (place.row, detail))))
        .collect()
}

proptest! {
    /// Counting patterns comes to the same as holding every row against every requirement.
    #[test]
    fn patterns_count_like_rows(mut rows in prop::collection::vec(some_row(), 0..40)) {
        let mut whole = Requirements::default();
        let mut sums = tallies(Requirements::default());
        for (row, number) in rows.iter_mut().zip(1..) {
            row.place = Place { row: number, line: None };
            whole.check(row);
            let mut single = Requirements::default();
            single.check(row);
            for (sum, (count, first)) in sums.iter_mut().zip(tallies(single)) {
                *sum = (sum.0 + count, sum.1.take().or(first));
            }
        }
        prop_assert_eq!(tallies(whole), sums);
    }
}
