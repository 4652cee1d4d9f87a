/// The columns of a legacy Cost and Usage Report that are read.
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
    BillingPeriodStartDate = "bill/BillingPeriodStartDate",
    BillingPeriodEndDate = "bill/BillingPeriodEndDate",
    UsageAccountId = "lineItem/UsageAccountId",
    LineItemType = "lineItem/LineItemType",
    UsageStartDate = "lineItem/UsageStartDate",
    UsageEndDate = "lineItem/UsageEndDate",
    ProductCode = "lineItem/ProductCode",
    UsageType = "lineItem/UsageType",
    Operation = "lineItem/Operation",
    AvailabilityZone = "lineItem/AvailabilityZone",
    ResourceId = "lineItem/ResourceId",
    UsageAmount = "lineItem/UsageAmount",
    CurrencyCode = "lineItem/CurrencyCode",
    UnblendedRate = "lineItem/UnblendedRate",
    UnblendedCost = "lineItem/UnblendedCost",
    NetUnblendedCost = "lineItem/NetUnblendedCost",
    LineItemDescription = "lineItem/LineItemDescription",
    TaxType = "lineItem/TaxType",
    LegalEntity = "lineItem/LegalEntity",
    ProductName = "product/ProductName",
    ProductServiceName = "product/servicename",
    ProductLocation = "product/location",
    ProductRegion = "product/region",
    ProductRegionCode = "product/regionCode",
    ProductSku = "product/sku",
    RateCode = "pricing/RateCode",
    PricingCurrency = "pricing/currency",
    PublicOnDemandCost = "pricing/publicOnDemandCost",
    PublicOnDemandRate = "pricing/publicOnDemandRate",
    PricingUnit = "pricing/unit",
    ReservationArn = "reservation/ReservationARN",
    ReservationEffectiveCost = "reservation/EffectiveCost",
    ReservationNetEffectiveCost = "reservation/NetEffectiveCost",
    ReservationAmortisedUpfront = "reservation/AmortizedUpfrontFeeForBillingPeriod",
    UnusedQuantity = "reservation/UnusedQuantity",
    UnusedUpfront = "reservation/UnusedAmortizedUpfrontFeeForBillingPeriod",
    UnusedRecurring = "reservation/UnusedRecurringFee",
    NetUnusedUpfront = "reservation/NetUnusedAmortizedUpfrontFeeForBillingPeriod",
    NetUnusedRecurring = "reservation/NetUnusedRecurringFee",
    SavingsPlanArn = "savingsPlan/SavingsPlanARN",
    SavingsPlanEffectiveCost = "savingsPlan/SavingsPlanEffectiveCost",
    NetSavingsPlanEffectiveCost = "savingsPlan/NetSavingsPlanEffectiveCost",
    PlanAmortisedUpfront = "savingsPlan/AmortizedUpfrontCommitmentForBillingPeriod",
    PlanRecurring = "savingsPlan/RecurringCommitmentForBillingPeriod",
    TotalCommitmentToDate = "savingsPlan/TotalCommitmentToDate",
    UsedCommitment = "savingsPlan/UsedCommitment",
    SplitParentResourceId = "splitLineItem/ParentResourceId",
}

/// Categories of columns that AWS documents. One of them that is not read is no surprise; a
/// column outside them, or a cost category that somebody defined, may be missed.
pub(super) fn is_documented(canonical: &str) -> bool {
    const CATEGORIES: [&str; 9] = [
        "identity",
        "bill",
        "lineitem",
        "product",
        "pricing",
        "reservation",
        "savingsplan",
        "splitlineitem",
        "discount",
    ];
    CATEGORIES
        .iter()
        .any(|category| canonical.starts_with(category))
}

/// The tag key of a column, verbatim: `resourceTags/user:Team` and `resource_tags_user_team` (whose
/// case AWS has already dropped) are `user:Team` and `user:team`.
pub(super) fn tag_key(name: &str) -> Option<String> {
    if let Some(key) = name.strip_prefix("resourceTags/") {
        return Some(key.to_owned());
    }
    let key = name.strip_prefix("resource_tags_")?;
    let (scheme, key) = key.split_once('_')?;
    Some(format!("{scheme}:{key}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tag_keys_are_verbatim_and_schemes_stay_apart() {
        for (name, key) in [
            ("resourceTags/user:Cost Center", Some("user:Cost Center")),
            ("resourceTags/aws:createdBy", Some("aws:createdBy")),
            (
                "resource_tags_user_insights_project",
                Some("user:insights_project"),
            ),
            ("resource_tags_aws_created_by", Some("aws:created_by")),
            ("product/sku", None),
        ] {
            assert_eq!(tag_key(name).as_deref(), key, "{name}");
        }
    }
}
