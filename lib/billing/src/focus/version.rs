//! The version of a FOCUS file, by its columns.

use crate::detect::{FocusVersion, canonical};

/// The columns that each version brought, the latest first.
const BROUGHT: [(FocusVersion, &[&str]); 4] = [
    (
        FocusVersion::V1_4,
        &["CommitmentProgramEligibilityDetails", "InvoiceDetailId"],
    ),
    (
        FocusVersion::V1_3,
        &[
            "AllocatedMethodDetails",
            "AllocatedMethodId",
            "AllocatedResourceId",
            "AllocatedResourceName",
            "AllocatedTags",
            "ContractApplied",
            "HostProviderName",
            "ServiceProviderName",
        ],
    ),
    (
        FocusVersion::V1_2,
        &[
            "BillingAccountType",
            "InvoiceId",
            "PricingCurrency",
            "PricingCurrencyContractedUnitPrice",
            "PricingCurrencyEffectiveCost",
            "PricingCurrencyListUnitPrice",
            "SubAccountType",
        ],
    ),
    (
        FocusVersion::V1_1,
        &[
            "CapacityReservationId",
            "CapacityReservationStatus",
            "CommitmentDiscountQuantity",
            "CommitmentDiscountUnit",
            "ServiceSubcategory",
            "SkuMeter",
            "SkuPriceDetails",
        ],
    ),
];

/// The lowest version that has the columns used; 1.4 also where the providers of 1.3 stand without
/// those of 1.2. `names`: the header, canonical.
pub(crate) fn version(names: &[String]) -> FocusVersion {
    let has = |name: &&str| names.contains(&canonical(name));
    let brought = BROUGHT.iter().find(|(_, columns)| columns.iter().any(&has));
    let version = brought.map_or(FocusVersion::V1_0, |(version, _)| *version);
    let dropped = !["ProviderName", "PublisherName"].iter().any(&has);
    match version {
        FocusVersion::V1_3 if has(&"ServiceProviderName") && dropped => FocusVersion::V1_4,
        other => other,
    }
}
