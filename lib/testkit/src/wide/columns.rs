//! The 195 columns, in the order in which AWS writes them.

/// Columns before the attributes of the product.
const BEFORE: [&str; 31] = [
    "identity/LineItemId",
    "identity/TimeInterval",
    "bill/InvoiceId",
    "bill/InvoicingEntity",
    "bill/BillingEntity",
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
    "lineItem/AvailabilityZone",
    "lineItem/ResourceId",
    "lineItem/UsageAmount",
    "lineItem/NormalizationFactor",
    "lineItem/NormalizedUsageAmount",
    "lineItem/CurrencyCode",
    "lineItem/UnblendedRate",
    "lineItem/UnblendedCost",
    "lineItem/BlendedRate",
    "lineItem/BlendedCost",
    "lineItem/LineItemDescription",
    "lineItem/TaxType",
    "lineItem/NetUnblendedRate",
    "lineItem/NetUnblendedCost",
    "lineItem/LegalEntity",
];

/// The attributes of the product: few of them are filled in a row, each in some.
pub(super) const PRODUCT: [&str; 84] = [
    "product/ProductName",
    "product/alarmType",
    "product/architecture",
    "product/attachmentType",
    "product/availability",
    "product/availabilityZone",
    "product/bundle",
    "product/cacheEngine",
    "product/capacitystatus",
    "product/classicnetworkingsupport",
    "product/clockSpeed",
    "product/computeFamily",
    "product/computeType",
    "product/contentType",
    "product/cputype",
    "product/currentGeneration",
    "product/databaseEdition",
    "product/databaseEngine",
    "product/datatransferout",
    "product/dedicatedEbsThroughput",
    "product/deploymentOption",
    "product/description",
    "product/directorySize",
    "product/durability",
    "product/ecu",
    "product/endpointType",
    "product/engineCode",
    "product/enhancedNetworkingSupported",
    "product/eventType",
    "product/fileSystemType",
    "product/fromLocation",
    "product/fromLocationType",
    "product/fromRegionCode",
    "product/gpu",
    "product/group",
    "product/groupDescription",
    "product/instanceFamily",
    "product/instanceType",
    "product/instanceTypeFamily",
    "product/intelAvxAvailable",
    "product/licenseModel",
    "product/location",
    "product/locationType",
    "product/logsDestination",
    "product/marketoption",
    "product/maxIopsvolume",
    "product/maxThroughputvolume",
    "product/maxVolumeSize",
    "product/memory",
    "product/memoryGib",
    "product/messageDeliveryFrequency",
    "product/messageDeliveryOrder",
    "product/minVolumeSize",
    "product/networkPerformance",
    "product/normalizationSizeFactor",
    "product/operatingSystem",
    "product/operation",
    "product/physicalProcessor",
    "product/preInstalledSw",
    "product/processorArchitecture",
    "product/processorFeatures",
    "product/productFamily",
    "product/provisioned",
    "product/queueType",
    "product/region",
    "product/regionCode",
    "product/requestType",
    "product/routingType",
    "product/servicecode",
    "product/servicename",
    "product/sku",
    "product/storage",
    "product/storageClass",
    "product/storageMedia",
    "product/tenancy",
    "product/toLocation",
    "product/toLocationType",
    "product/toRegionCode",
    "product/transferType",
    "product/usagetype",
    "product/vcpu",
    "product/version",
    "product/volumeApiName",
    "product/volumeType",
];

/// Columns after the attributes of the product, up to the tags.
const AFTER: [&str; 65] = [
    "pricing/LeaseContractLength",
    "pricing/OfferingClass",
    "pricing/PurchaseOption",
    "pricing/RateCode",
    "pricing/RateId",
    "pricing/currency",
    "pricing/publicOnDemandCost",
    "pricing/publicOnDemandRate",
    "pricing/term",
    "pricing/unit",
    "reservation/AmortizedUpfrontCostForUsage",
    "reservation/AmortizedUpfrontFeeForBillingPeriod",
    "reservation/EffectiveCost",
    "reservation/EndTime",
    "reservation/ModificationStatus",
    "reservation/NetAmortizedUpfrontCostForUsage",
    "reservation/NetAmortizedUpfrontFeeForBillingPeriod",
    "reservation/NetEffectiveCost",
    "reservation/NetRecurringFeeForUsage",
    "reservation/NetUnusedAmortizedUpfrontFeeForBillingPeriod",
    "reservation/NetUnusedRecurringFee",
    "reservation/NetUpfrontValue",
    "reservation/NormalizedUnitsPerReservation",
    "reservation/NumberOfReservations",
    "reservation/RecurringFeeForUsage",
    "reservation/ReservationARN",
    "reservation/StartTime",
    "reservation/SubscriptionId",
    "reservation/TotalReservedNormalizedUnits",
    "reservation/TotalReservedUnits",
    "reservation/UnitsPerReservation",
    "reservation/UnusedAmortizedUpfrontFeeForBillingPeriod",
    "reservation/UnusedNormalizedUnitQuantity",
    "reservation/UnusedQuantity",
    "reservation/UnusedRecurringFee",
    "reservation/UpfrontValue",
    "discount/EdpDiscount",
    "discount/TotalDiscount",
    "savingsPlan/TotalCommitmentToDate",
    "savingsPlan/SavingsPlanARN",
    "savingsPlan/SavingsPlanRate",
    "savingsPlan/UsedCommitment",
    "savingsPlan/SavingsPlanEffectiveCost",
    "savingsPlan/AmortizedUpfrontCommitmentForBillingPeriod",
    "savingsPlan/RecurringCommitmentForBillingPeriod",
    "savingsPlan/StartTime",
    "savingsPlan/EndTime",
    "savingsPlan/InstanceTypeFamily",
    "savingsPlan/OfferingType",
    "savingsPlan/PaymentOption",
    "savingsPlan/PurchaseTerm",
    "savingsPlan/Region",
    "savingsPlan/NetSavingsPlanEffectiveCost",
    "savingsPlan/NetAmortizedUpfrontCommitmentForBillingPeriod",
    "savingsPlan/NetRecurringCommitmentForBillingPeriod",
    "splitLineItem/ActualUsage",
    "splitLineItem/NetSplitCost",
    "splitLineItem/NetUnusedCost",
    "splitLineItem/ParentResourceId",
    "splitLineItem/PublicOnDemandSplitCost",
    "splitLineItem/PublicOnDemandUnusedCost",
    "splitLineItem/ReservedUsage",
    "splitLineItem/SplitCost",
    "splitLineItem/SplitUsage",
    "splitLineItem/UnusedCost",
];

/// The tags that the company activated, as columns.
pub(super) const TAGS: [&str; 15] = [
    "resourceTags/aws:autoscaling:groupName",
    "resourceTags/aws:cloudformation:logical-id",
    "resourceTags/aws:cloudformation:stack-name",
    "resourceTags/aws:createdBy",
    "resourceTags/aws:ecs:clusterName",
    "resourceTags/user:Application",
    "resourceTags/user:Component",
    "resourceTags/user:CostCenter",
    "resourceTags/user:DataClass",
    "resourceTags/user:Environment",
    "resourceTags/user:ManagedBy",
    "resourceTags/user:Name",
    "resourceTags/user:Owner",
    "resourceTags/user:Project",
    "resourceTags/user:Team",
];

/// Where the attributes of the product stand. They are written as one piece, and so are the tags.
pub(super) const PRODUCT_AT: usize = BEFORE.len();
/// Columns and pieces of a line.
pub(super) const PIECES: usize = BEFORE.len() + 1 + AFTER.len() + 1;
/// Where the tags stand among the pieces.
pub(super) const TAGS_AT: usize = PIECES - 1;

/// Where a column stands among the pieces of a line; the name is checked at compile time.
pub(super) const fn piece(name: &str) -> usize {
    if let Some(at) = find(&BEFORE, name) {
        return at;
    }
    match find(&AFTER, name) {
        Some(at) => BEFORE.len() + 1 + at,
        None => panic!("no column of this name"),
    }
}

/// Where an attribute of the product stands among them.
pub(super) fn attribute(name: &str) -> Option<usize> {
    PRODUCT
        .iter()
        .position(|column| column.strip_prefix("product/") == Some(name))
}

/// All names in their order.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    let parts = BEFORE.iter().chain(&PRODUCT).chain(&AFTER).chain(&TAGS);
    parts.copied()
}

const fn find(names: &[&str], wanted: &str) -> Option<usize> {
    let mut at = 0;
    while at < names.len() {
        if same(names[at].as_bytes(), wanted.as_bytes()) {
            return Some(at);
        }
        at += 1;
    }
    None
}

const fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut at = 0;
    while at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}
