//! One target per format: its columns over cells of all kinds.

use num_bigint::BigInt;
use outlay_billing::{COST_COLUMNS, Column};

use super::{
    oracle,
    reading::check,
    table::{Bytes, Table},
};

/// FOCUS: beside what holds of all, stored + residue = source for every cost column that is given.
pub fn focus(data: &[u8]) {
    let table = Table::new(&mut Bytes(data), &focus_columns());
    let Ok(bill) = check(table.csv().as_bytes()) else {
        return;
    };
    // The other costs fall back to the billed one where they are null.
    let null = |cell: &str| matches!(cell, "" | "NULL" | "null");
    for (sum, column) in bill.costs.iter().zip(COST_COLUMNS) {
        let name = column.name().to_ascii_lowercase();
        if table.column(&name).any(null) || table.column(&name).next().is_none() {
            continue;
        }
        let source: BigInt = table
            .column(&name)
            .map(|cell| oracle::number(cell).expect("accepted, so it is a number"))
            .sum();
        assert_eq!(sum, &source, "{name}");
    }
}

/// A FOCUS file for what works on rows.
pub fn focus_table(data: &[u8]) -> String {
    Table::new(&mut Bytes(data), &focus_columns()).csv()
}

/// The columns of 1.4, of which our own are never read, and those that it dropped.
fn focus_columns() -> Vec<&'static str> {
    let ours = |name: &&str| !name.starts_with("x_");
    let all = Column::ALL.into_iter().map(Column::name).filter(ours);
    all.chain(["ProviderName", "PublisherName", "x_ServiceCode"])
        .collect()
}

/// The legacy Cost and Usage Report in either spelling.
pub fn cur(data: &[u8]) {
    let mut bytes = Bytes(data);
    let table = if bytes.byte() % 2 == 0 {
        Table::new(&mut bytes, CUR)
    } else {
        let names: Vec<String> = CUR.iter().map(|name| underscored(name)).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        Table::new(&mut bytes, &names)
    };
    let _ = check(table.csv().as_bytes());
}

/// The Cost and Usage Report 2.0: its maps beside some of the columns that both have.
pub fn cur2(data: &[u8]) {
    let fixed = CUR.iter().filter(|name| {
        !["product/", "resourceTags/", "costCategory/"]
            .iter()
            .any(|map| name.starts_with(map))
    });
    let names: Vec<String> = fixed.map(|name| underscored(name)).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).chain(CUR2).collect();
    let _ = check(Table::new(&mut Bytes(data), &names).csv().as_bytes());
}

/// `lineItem/UnblendedCost` as Athena and Parquet spell it: `line_item_unblended_cost`.
fn underscored(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        match c {
            '/' | ':' => out.push('_'),
            c if c.is_ascii_uppercase() && !out.is_empty() && !out.ends_with('_') => {
                out.push('_');
                out.push(c.to_ascii_lowercase());
            }
            c => out.push(c.to_ascii_lowercase()),
        }
    }
    out
}

const CUR: &[&str] = &[
    "identity/LineItemId",
    "bill/InvoiceId",
    "bill/InvoicingEntity",
    "bill/BillType",
    "bill/PayerAccountId",
    "bill/BillingPeriodStartDate",
    "bill/BillingPeriodEndDate",
    "lineItem/UsageAccountId",
    "lineItem/LineItemType",
    "lineItem/UsageStartDate",
    "lineItem/UsageEndDate",
    "lineItem/ProductCode",
    "lineItem/UsageType",
    "lineItem/Operation",
    "lineItem/ResourceId",
    "lineItem/UsageAmount",
    "lineItem/CurrencyCode",
    "lineItem/UnblendedRate",
    "lineItem/UnblendedCost",
    "lineItem/NetUnblendedCost",
    "lineItem/LineItemDescription",
    "lineItem/TaxType",
    "lineItem/LegalEntity",
    "product/ProductName",
    "product/region",
    "product/sku",
    "pricing/RateCode",
    "pricing/publicOnDemandCost",
    "pricing/publicOnDemandRate",
    "pricing/unit",
    "reservation/ReservationARN",
    "reservation/EffectiveCost",
    "reservation/NetEffectiveCost",
    "reservation/UnusedQuantity",
    "reservation/UnusedAmortizedUpfrontFeeForBillingPeriod",
    "reservation/UnusedRecurringFee",
    "savingsPlan/SavingsPlanARN",
    "savingsPlan/SavingsPlanEffectiveCost",
    "savingsPlan/NetSavingsPlanEffectiveCost",
    "savingsPlan/TotalCommitmentToDate",
    "savingsPlan/UsedCommitment",
    "savingsPlan/AmortizedUpfrontCommitmentForBillingPeriod",
    "savingsPlan/RecurringCommitmentForBillingPeriod",
    "splitLineItem/ParentResourceId",
    "discount/EdpDiscount",
    "resourceTags/user:Team",
    "resourceTags/aws:createdBy",
    "costCategory/Unit",
];

const CUR2: [&str; 9] = [
    "bill_payer_account_name",
    "line_item_usage_account_name",
    "line_item_net_unblended_rate",
    "product",
    "product_region_code",
    "product_instance_type",
    "resource_tags",
    "cost_category",
    "discount",
];

/// Azure cost details, the older and the newer spelling.
pub fn azure(data: &[u8]) {
    either(data, AZURE_EA, AZURE_MCA);
}

/// Google Cloud's billing export.
pub fn gcp(data: &[u8]) {
    either(data, GCP, GCP);
}

/// OCI cost reports.
pub fn oci(data: &[u8]) {
    either(data, OCI, OCI);
}

/// The first byte says which columns.
fn either(data: &[u8], one: &[&str], other: &[&str]) {
    let mut bytes = Bytes(data);
    let columns = if bytes.byte() % 2 == 0 { one } else { other };
    let _ = check(Table::new(&mut bytes, columns).csv().as_bytes());
}

const AZURE_EA: &[&str] = &[
    "InvoiceSectionName",
    "BillingAccountId",
    "BillingAccountName",
    "BillingPeriodStartDate",
    "BillingPeriodEndDate",
    "SubscriptionId",
    "SubscriptionName",
    "Date",
    "Product",
    "PartNumber",
    "MeterId",
    "ServiceFamily",
    "MeterCategory",
    "MeterSubCategory",
    "MeterName",
    "Quantity",
    "EffectivePrice",
    "Cost",
    "UnitPrice",
    "BillingCurrency",
    "ResourceLocation",
    "AvailabilityZone",
    "ConsumedService",
    "ResourceId",
    "Tags",
    "CostCenter",
    "UnitOfMeasure",
    "PublisherType",
    "PublisherName",
    "ChargeType",
    "Frequency",
    "PayGPrice",
    "PricingModel",
    "ReservationId",
    "ReservationName",
    "ProductOrderName",
    "BenefitId",
    "BenefitName",
];

const AZURE_MCA: &[&str] = &[
    "invoiceId",
    "billingAccountId",
    "billingAccountName",
    "billingProfileId",
    "billingProfileName",
    "billingPeriodStartDate",
    "billingPeriodEndDate",
    "SubscriptionId",
    "subscriptionName",
    "date",
    "ProductId",
    "productName",
    "meterId",
    "serviceFamily",
    "meterCategory",
    "meterName",
    "quantity",
    "effectivePrice",
    "costInBillingCurrency",
    "costInPricingCurrency",
    "paygCostInBillingCurrency",
    "unitPrice",
    "PayGPrice",
    "pricingCurrency",
    "billingCurrency",
    "resourceLocation",
    "location",
    "resourceId",
    "tags",
    "unitOfMeasure",
    "publisherType",
    "publisherName",
    "chargeType",
    "frequency",
    "pricingModel",
    "reservationId",
    "reservationName",
    "benefitId",
    "benefitName",
    "costAllocationRuleName",
];

const GCP: &[&str] = &[
    "billing_account_id",
    "service.id",
    "service.description",
    "sku.id",
    "sku.description",
    "usage_start_time",
    "usage_end_time",
    "project.id",
    "project.name",
    "project.labels",
    "labels",
    "system_labels",
    "tags",
    "location.location",
    "location.region",
    "location.zone",
    "resource.name",
    "resource.global_name",
    "cost",
    "currency",
    "usage.amount",
    "usage.unit",
    "usage.amount_in_pricing_units",
    "usage.pricing_unit",
    "credits",
    "invoice.month",
    "cost_type",
    "adjustment_info.id",
    "adjustment_info.type",
    "cost_at_list",
    "price.effective_price",
    "price.pricing_unit_quantity",
    "transaction_type",
    "seller_name",
    "subscription.instance_id",
];

const OCI: &[&str] = &[
    "lineItem/referenceNo",
    "lineItem/tenantId",
    "lineItem/intervalUsageStart",
    "lineItem/intervalUsageEnd",
    "product/service",
    "product/compartmentId",
    "product/compartmentName",
    "product/region",
    "product/availabilityDomain",
    "product/resourceId",
    "product/resource",
    "product/Description",
    "usage/billedQuantity",
    "cost/productSku",
    "cost/unitPrice",
    "cost/unitPriceOverage",
    "cost/myCost",
    "cost/currencyCode",
    "cost/billingUnitReadable",
    "cost/skuUnitDescription",
    "cost/overageFlag",
    "lineItem/isCorrection",
    "tags/Oracle-Tags.CreatedBy",
    "tags/team",
];
