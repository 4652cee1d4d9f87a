//! The columns of a stored row: FOCUS 1.4 Cost and Usage, and our own `x_` columns.

/// A column of a [`FocusRow`](crate::FocusRow).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// A UTC instant.
    Time(TimeColumn),
    /// A text; JSON columns other than `Tags` are texts too.
    Text(TextColumn),
    /// An exact amount, price or quantity.
    Amount(AmountColumn),
    /// The tags of the resource: a map.
    Tags,
}

/// The cost columns, in the order in which totals are written.
pub const COST_COLUMNS: [AmountColumn; 4] = [
    AmountColumn::BilledCost,
    AmountColumn::EffectiveCost,
    AmountColumn::ListCost,
    AmountColumn::ContractedCost,
];

impl Column {
    /// How many columns there are.
    pub const COUNT: usize = TimeColumn::COUNT + TextColumn::COUNT + AmountColumn::COUNT + 1;

    /// Every column in the stored order: times, texts, amounts, tags.
    pub const ALL: [Self; Self::COUNT] = stored_order();

    /// The exact name: as FOCUS 1.4 spells it, or with our `x_` prefix.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Time(column) => column.name(),
            Self::Text(column) => column.name(),
            Self::Amount(column) => column.name(),
            Self::Tags => "Tags",
        }
    }

    /// Position in `ALL`.
    pub const fn position(self) -> usize {
        match self {
            Self::Time(column) => column.index(),
            Self::Text(column) => TimeColumn::COUNT + column.index(),
            Self::Amount(column) => TimeColumn::COUNT + TextColumn::COUNT + column.index(),
            Self::Tags => Self::COUNT - 1,
        }
    }

    /// The bit of the column in a set of columns.
    pub(crate) const fn bit(self) -> u128 {
        1 << self.position()
    }

    /// The column of this exact name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.name() == name)
    }
}

const fn stored_order() -> [Column; Column::COUNT] {
    let mut all = [Column::Tags; Column::COUNT];
    let mut at = 0;
    let mut i = 0;
    while i < TimeColumn::COUNT {
        all[at] = Column::Time(TimeColumn::ALL[i]);
        (at, i) = (at + 1, i + 1);
    }
    i = 0;
    while i < TextColumn::COUNT {
        all[at] = Column::Text(TextColumn::ALL[i]);
        (at, i) = (at + 1, i + 1);
    }
    i = 0;
    while i < AmountColumn::COUNT {
        all[at] = Column::Amount(AmountColumn::ALL[i]);
        (at, i) = (at + 1, i + 1);
    }
    all
}

macro_rules! columns {
    ($($(#[$doc:meta])* $kind:ident { $($column:ident = $name:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $kind {
            $(#[doc = concat!("`", $name, "`")] $column,)*
        }

        impl $kind {
            /// Every column of this kind, in the stored order.
            pub const ALL: [Self; Self::COUNT] = [$(Self::$column),*];

            /// How many columns of this kind there are.
            pub const COUNT: usize = [$($name),*].len();

            /// The exact name of the column.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$column => $name,)*
                }
            }

            /// Position in `ALL`.
            pub const fn index(self) -> usize {
                self as usize
            }
        }
    )*};
}

columns! {
    /// Columns that hold a UTC instant.
    TimeColumn {
        BillingPeriodStart = "BillingPeriodStart",
        BillingPeriodEnd = "BillingPeriodEnd",
        ChargePeriodStart = "ChargePeriodStart",
        ChargePeriodEnd = "ChargePeriodEnd",
    }

    /// Columns that hold a text.
    TextColumn {
        AllocatedMethodDetails = "AllocatedMethodDetails",
        AllocatedMethodId = "AllocatedMethodId",
        AllocatedResourceId = "AllocatedResourceId",
        AllocatedResourceName = "AllocatedResourceName",
        AllocatedTags = "AllocatedTags",
        AvailabilityZone = "AvailabilityZone",
        BillingAccountId = "BillingAccountId",
        BillingAccountName = "BillingAccountName",
        BillingAccountType = "BillingAccountType",
        BillingCurrency = "BillingCurrency",
        CapacityReservationId = "CapacityReservationId",
        CapacityReservationStatus = "CapacityReservationStatus",
        ChargeCategory = "ChargeCategory",
        ChargeClass = "ChargeClass",
        ChargeDescription = "ChargeDescription",
        ChargeFrequency = "ChargeFrequency",
        CommitmentDiscountCategory = "CommitmentDiscountCategory",
        CommitmentDiscountId = "CommitmentDiscountId",
        CommitmentDiscountName = "CommitmentDiscountName",
        CommitmentDiscountStatus = "CommitmentDiscountStatus",
        CommitmentDiscountType = "CommitmentDiscountType",
        CommitmentDiscountUnit = "CommitmentDiscountUnit",
        CommitmentProgramEligibilityDetails = "CommitmentProgramEligibilityDetails",
        ConsumedUnit = "ConsumedUnit",
        ContractApplied = "ContractApplied",
        HostProviderName = "HostProviderName",
        InvoiceDetailId = "InvoiceDetailId",
        InvoiceId = "InvoiceId",
        InvoiceIssuerName = "InvoiceIssuerName",
        PricingCategory = "PricingCategory",
        PricingCurrency = "PricingCurrency",
        PricingUnit = "PricingUnit",
        RegionId = "RegionId",
        RegionName = "RegionName",
        ResourceId = "ResourceId",
        ResourceName = "ResourceName",
        ResourceType = "ResourceType",
        ServiceCategory = "ServiceCategory",
        ServiceName = "ServiceName",
        ServiceProviderName = "ServiceProviderName",
        ServiceSubcategory = "ServiceSubcategory",
        SkuId = "SkuId",
        SkuMeter = "SkuMeter",
        SkuPriceDetails = "SkuPriceDetails",
        SkuPriceId = "SkuPriceId",
        SubAccountId = "SubAccountId",
        SubAccountName = "SubAccountName",
        SubAccountType = "SubAccountType",
        XPayer = "x_Payer",
        XProvider = "x_Provider",
        XSourceLineId = "x_SourceLineId",
        XChargeKind = "x_ChargeKind",
        XCostBasis = "x_CostBasis",
        XServiceCode = "x_ServiceCode",
        XOperation = "x_Operation",
        XUsageType = "x_UsageType",
        XSourceLineType = "x_SourceLineType",
        XNotes = "x_Notes",
        XSourceColumns = "x_SourceColumns",
    }

    /// Columns that hold an exact amount, price or quantity.
    AmountColumn {
        BilledCost = "BilledCost",
        EffectiveCost = "EffectiveCost",
        ListCost = "ListCost",
        ContractedCost = "ContractedCost",
        CommitmentDiscountQuantity = "CommitmentDiscountQuantity",
        ConsumedQuantity = "ConsumedQuantity",
        ContractedUnitPrice = "ContractedUnitPrice",
        ListUnitPrice = "ListUnitPrice",
        PricingCurrencyContractedUnitPrice = "PricingCurrencyContractedUnitPrice",
        PricingCurrencyEffectiveCost = "PricingCurrencyEffectiveCost",
        PricingCurrencyListUnitPrice = "PricingCurrencyListUnitPrice",
        PricingQuantity = "PricingQuantity",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn there_are_65_focus_columns_and_11_of_ours_each_once() {
        let names: BTreeSet<&str> = Column::ALL.iter().map(|c| c.name()).collect();
        assert_eq!(names.len(), Column::COUNT);
        let ours = names.iter().filter(|name| name.starts_with("x_")).count();
        assert_eq!((names.len() - ours, ours), (65, 11));
    }

    #[test]
    fn names_lead_back_to_columns() {
        for column in Column::ALL {
            assert_eq!(Column::named(column.name()), Some(column));
            assert_eq!(Column::ALL[column.position()], column);
        }
        assert_eq!(Column::named("billedcost"), None);
    }
}
