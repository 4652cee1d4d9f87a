//! The columns of an OCI cost report.

use crate::source::source_columns;

source_columns! {
    OciColumn {
        MyCost = "cost/myCost",
        CurrencyCode = "cost/currencyCode",
        UsageStart = "lineItem/intervalUsageStart",
        UsageEnd = "lineItem/intervalUsageEnd",
        ReferenceNo = "lineItem/referenceNo",
        TenantId = "lineItem/tenantId",
        IsCorrection = "lineItem/isCorrection",
        Service = "product/service",
        CompartmentId = "product/compartmentId",
        CompartmentName = "product/compartmentName",
        Region = "product/region",
        AvailabilityDomain = "product/availabilityDomain",
        ResourceId = "product/resourceId",
        Resource = "product/resource",
        Description = "product/Description",
        BilledQuantity = "usage/billedQuantity",
        ProductSku = "cost/productSku",
        UnitPrice = "cost/unitPrice",
        UnitDescription = "cost/skuUnitDescription",
        BillingUnit = "cost/billingUnitReadable",
        OverageFlag = "cost/overageFlag",
    }
}

/// Documented columns that say nothing FOCUS has a place for. The overage columns are parts of
/// quantity, price and cost, never to be added to them.
pub(super) const UNREAD: [&str; 11] = [
    "lineItem/backreferenceNo",
    "lineItem/backreference",
    "usage/billedQuantityOverage",
    "usage/consumedQuantity",
    "usage/consumedQuantityUnits",
    "usage/consumedQuantityMeasure",
    "usage/attributedUsage",
    "cost/subscriptionId",
    "cost/unitPriceOverage",
    "cost/myCostOverage",
    "cost/attributedCost",
];

/// The tag key of a column, verbatim: `tags/Oracle-Tags.CreatedBy` is `Oracle-Tags.CreatedBy`.
pub(super) fn tag_key(name: &str) -> Option<&str> {
    name.strip_prefix("tags/")
}
