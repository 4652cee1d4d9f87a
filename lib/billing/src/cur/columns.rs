//! The columns of a Cost and Usage Report that are read, under the names of the legacy one. CUR 2.0 has
//! them under the same names in its own spelling, or as keys of its `product` map.

use crate::detect::canonical;

/// Names each column once.
macro_rules! cur_columns {
    ($($column:ident = $name:literal,)*) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum CurColumn { $($column,)* }

        impl CurColumn {
            pub(super) const ALL: [Self; Self::COUNT] = [$(Self::$column),*];
            pub(super) const COUNT: usize = [$($name),*].len();

            /// The name in the slash spelling.
            pub(super) const fn name(self) -> &'static str {
                match self { $(Self::$column => $name,)* }
            }
        }
    };
}

cur_columns! {
    LineItemId = "identity/LineItemId",
    InvoiceId = "bill/InvoiceId",
    InvoicingEntity = "bill/InvoicingEntity",
    BillType = "bill/BillType",
    PayerAccountId = "bill/PayerAccountId",
    PayerAccountName = "bill/PayerAccountName",
    BillingPeriodStartDate = "bill/BillingPeriodStartDate",
    BillingPeriodEndDate = "bill/BillingPeriodEndDate",
    UsageAccountId = "lineItem/UsageAccountId",
    UsageAccountName = "lineItem/UsageAccountName",
    LineItemType = "lineItem/LineItemType",
    UsageStartDate = "lineItem/UsageStartDate",
    UsageEndDate = "lineItem/UsageEndDate",
    ProductCode = "lineItem/ProductCode",
    UsageType = "lineItem/UsageType",
    Operation = "lineItem/Operation",
    AvailabilityZone = "lineItem/AvailabilityZone",
    ResourceId = "lineItem/ResourceId",
    UsageAmount = "lineItem/UsageAmount",
    NormalizedUsageAmount = "lineItem/NormalizedUsageAmount",
    CurrencyCode = "lineItem/CurrencyCode",
    UnblendedRate = "lineItem/UnblendedRate",
    UnblendedCost = "lineItem/UnblendedCost",
    NetUnblendedRate = "lineItem/NetUnblendedRate",
    NetUnblendedCost = "lineItem/NetUnblendedCost",
    LineItemDescription = "lineItem/LineItemDescription",
    TaxType = "lineItem/TaxType",
    LegalEntity = "lineItem/LegalEntity",
    TotalDiscount = "discount/TotalDiscount",
    ProductName = "product/ProductName",
    ProductServiceName = "product/servicename",
    ProductServiceCode = "product/servicecode",
    ProductFamily = "product/productFamily",
    ProductLocation = "product/location",
    ProductRegion = "product/region",
    ProductRegionCode = "product/regionCode",
    ProductSku = "product/sku",
    ProductDatabaseEngine = "product/databaseEngine",
    ProductDeploymentOption = "product/deploymentOption",
    ProductGpu = "product/gpu",
    ProductInstanceType = "product/instanceType",
    ProductInstanceTypeFamily = "product/instanceTypeFamily",
    ProductLicenseModel = "product/licenseModel",
    ProductMaxIops = "product/maxIopsvolume",
    ProductMemory = "product/memory",
    ProductOperatingSystem = "product/operatingSystem",
    ProductStorageClass = "product/storageClass",
    ProductTenancy = "product/tenancy",
    ProductVcpu = "product/vcpu",
    ProductVolumeApiName = "product/volumeApiName",
    RateCode = "pricing/RateCode",
    LeaseContractLength = "pricing/LeaseContractLength",
    PurchaseOption = "pricing/PurchaseOption",
    PricingCurrency = "pricing/currency",
    PublicOnDemandCost = "pricing/publicOnDemandCost",
    PublicOnDemandRate = "pricing/publicOnDemandRate",
    PricingUnit = "pricing/unit",
    ReservationArn = "reservation/ReservationARN",
    ReservationEffectiveCost = "reservation/EffectiveCost",
    ReservationNetEffectiveCost = "reservation/NetEffectiveCost",
    ReservationAmortisedUpfront = "reservation/AmortizedUpfrontFeeForBillingPeriod",
    ReservedUnits = "reservation/TotalReservedUnits",
    ReservedNormalizedUnits = "reservation/TotalReservedNormalizedUnits",
    UnusedQuantity = "reservation/UnusedQuantity",
    UnusedNormalizedQuantity = "reservation/UnusedNormalizedUnitQuantity",
    UnusedUpfront = "reservation/UnusedAmortizedUpfrontFeeForBillingPeriod",
    UnusedRecurring = "reservation/UnusedRecurringFee",
    NetUnusedUpfront = "reservation/NetUnusedAmortizedUpfrontFeeForBillingPeriod",
    NetUnusedRecurring = "reservation/NetUnusedRecurringFee",
    SavingsPlanArn = "savingsPlan/SavingsPlanARN",
    SavingsPlanStart = "savingsPlan/StartTime",
    SavingsPlanEffectiveCost = "savingsPlan/SavingsPlanEffectiveCost",
    NetSavingsPlanEffectiveCost = "savingsPlan/NetSavingsPlanEffectiveCost",
    PlanAmortisedUpfront = "savingsPlan/AmortizedUpfrontCommitmentForBillingPeriod",
    PlanRecurring = "savingsPlan/RecurringCommitmentForBillingPeriod",
    TotalCommitmentToDate = "savingsPlan/TotalCommitmentToDate",
    UsedCommitment = "savingsPlan/UsedCommitment",
    CapacityReservationArn = "capacityReservation/CapacityReservationArn",
    CapacityReservationStatus = "capacityReservation/CapacityReservationStatus",
    SplitParentResourceId = "splitLineItem/ParentResourceId",
}

impl CurColumn {
    /// The key in CUR 2.0's `product` map, without case and punctuation; `None` for columns that
    /// are never in it.
    pub(super) fn product_key(self) -> Option<String> {
        self.name().strip_prefix("product/").map(canonical)
    }
}

/// Categories of columns that AWS documents. One of them that is not read is no surprise; a
/// column outside them, or a cost category that somebody defined, may be missed.
pub(super) fn is_documented(canonical: &str) -> bool {
    const CATEGORIES: [&str; 10] = [
        "identity",
        "bill",
        "lineitem",
        "product",
        "pricing",
        "reservation",
        "savingsplan",
        "splitlineitem",
        "capacityreservation",
        "discount",
    ];
    CATEGORIES
        .iter()
        .any(|category| canonical.starts_with(category))
}
