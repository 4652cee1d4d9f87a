//! What is looked at in a row beside the presence of its values.

use super::{numbers, shapes, values};
use crate::{
    columns::{Column, TextColumn as T},
    row::FocusRow,
    same::is_same,
};

/// Something that holds of a row or does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fact {
    // Allowed values that other requirements refer to.
    Usage,
    Purchase,
    Tax,
    Credit,
    Adjustment,
    Correction,
    UsageBased,
    Committed,
    Uncommitted,
    Unused,
    CapacityUnused,
    // Values that are wrong by themselves.
    UnknownCategory,
    UnknownClass,
    UnknownFrequency,
    UnknownPricing,
    UnknownCommitmentCategory,
    UnknownStatus,
    UnknownCapacityStatus,
    UnknownServiceCategory,
    UnknownSubcategory,
    SubcategoryElsewhere,
    UnknownCurrency,
    DetailsNoObject,
    DetailsOddKey,
    DetailsOddType,
    AllocationOddShape,
    AllocatedTagsOddShape,
    ContractOddShape,
    ProgramOddShape,
    BlankAccount,
    BlankIssuer,
    BlankService,
    BlankProvider,
    PlaceholderAccount,
    PlaceholderIssuer,
    PlaceholderService,
    PlaceholderProvider,
    // Amounts, times and ids that do not go together.
    NegativeListUnitPrice,
    NegativeContractedUnitPrice,
    NegativePricingListUnitPrice,
    NegativePricingContractedUnitPrice,
    EffectiveNotZero,
    PricingEffectiveNotZero,
    EffectiveNotBilled,
    ListNotBilled,
    ContractedNotBilled,
    ChargeEndsEarly,
    PeriodEndsEarly,
    PeriodStartsWithinMonth,
    CorrectsOwnPeriod,
    ResourceIsNotCommitment,
}

/// The values that requirements name in their conditions.
const NAMED: [(Fact, &str, &str); 11] = [
    (Fact::Usage, "ChargeCategory", "Usage"),
    (Fact::Purchase, "ChargeCategory", "Purchase"),
    (Fact::Tax, "ChargeCategory", "Tax"),
    (Fact::Credit, "ChargeCategory", "Credit"),
    (Fact::Adjustment, "ChargeCategory", "Adjustment"),
    (Fact::Correction, "ChargeClass", "Correction"),
    (Fact::UsageBased, "ChargeFrequency", "Usage-Based"),
    (Fact::Committed, "PricingCategory", "Committed"),
    (Fact::Uncommitted, "PricingCategory", "another"),
    (Fact::Unused, "CommitmentDiscountStatus", "Unused"),
    (Fact::CapacityUnused, "CapacityReservationStatus", "Unused"),
];

impl Fact {
    pub(crate) const fn bit(self) -> u64 {
        1 << (self as u32)
    }

    /// Its bit if it holds, none otherwise.
    pub(super) const fn when(self, holds: bool) -> u64 {
        if holds { self.bit() } else { 0 }
    }

    /// What is wrong with a value of which this holds; the value stands before it.
    pub(super) const fn says(self) -> &'static str {
        match self {
            Self::UsageBased => "is no frequency of a purchase, whose ChargeCategory is Purchase",
            Self::Uncommitted => {
                "is the pricing of usage under a commitment discount, which is Committed"
            }
            Self::Unused => "stands in a row whose ChargeCategory is not Usage",
            Self::SubcategoryElsewhere => "belongs to another ServiceCategory",
            Self::UnknownCurrency => "is no currency code of ISO 4217",
            Self::DetailsNoObject => "is no JSON object of numbers, texts, true, false and null",
            Self::DetailsOddKey => {
                "has a property that FOCUS does not define and whose name does not begin with x_"
            }
            Self::DetailsOddType => "has a property of another type than FOCUS defines",
            Self::AllocationOddShape
            | Self::AllocatedTagsOddShape
            | Self::ContractOddShape
            | Self::ProgramOddShape => "has not the shape that FOCUS 1.4 defines for the column",
            Self::BlankAccount | Self::BlankIssuer | Self::BlankService | Self::BlankProvider => {
                "holds nothing but spaces"
            }
            Self::PlaceholderAccount
            | Self::PlaceholderIssuer
            | Self::PlaceholderService
            | Self::PlaceholderProvider => "is a placeholder for no value",
            Self::NegativeListUnitPrice
            | Self::NegativeContractedUnitPrice
            | Self::NegativePricingListUnitPrice
            | Self::NegativePricingContractedUnitPrice => "is negative, which no unit price is",
            Self::EffectiveNotZero | Self::PricingEffectiveNotZero => {
                "is not 0, although the purchase of a commitment costs nothing in effect: its use does"
            }
            Self::EffectiveNotBilled | Self::ListNotBilled | Self::ContractedNotBilled => {
                "differs from BilledCost, which a credit has no reason for"
            }
            Self::ChargeEndsEarly => "is not after ChargePeriodStart",
            Self::PeriodEndsEarly => "is not after BillingPeriodStart",
            Self::PeriodStartsWithinMonth => {
                "is not the first instant of a month in UTC; the row counts for that month"
            }
            Self::CorrectsOwnPeriod => {
                "stands in a row whose charge period begins in the billing period itself"
            }
            Self::ResourceIsNotCommitment => {
                "is not the CommitmentDiscountId, which what buys or wastes a commitment is about"
            }
            _ => "is no value that FOCUS allows; it is kept",
        }
    }

    /// The column and the values that these facts name; nothing for no fact.
    pub(super) fn in_words(facts: u64) -> Option<(&'static str, Vec<&'static str>)> {
        let named = || NAMED.iter().filter(|(fact, ..)| fact.bit() & facts != 0);
        let (_, column, _) = named().next()?;
        Some((column, named().map(|(.., value)| *value).collect()))
    }
}

/// Finds the facts of a row. Texts are looked at where they differ from the previous row's.
#[derive(Debug)]
pub(super) struct Facts {
    texts: [Remembered; TEXTS.len()],
    services: values::Services,
    numbers: numbers::Numbers,
}

#[derive(Debug, Default)]
struct Remembered {
    text: String,
    facts: u64,
}

type Reading = fn(&str) -> u64;

/// Texts whose value says something by itself.
const TEXTS: [(T, Reading); 17] = [
    (T::ChargeCategory, |v| values::allowed(T::ChargeCategory, v)),
    (T::ChargeClass, |v| values::allowed(T::ChargeClass, v)),
    (T::ChargeFrequency, |v| {
        values::allowed(T::ChargeFrequency, v)
    }),
    (T::PricingCategory, |v| {
        values::allowed(T::PricingCategory, v)
    }),
    (T::CommitmentDiscountCategory, |v| {
        values::allowed(T::CommitmentDiscountCategory, v)
    }),
    (T::CommitmentDiscountStatus, |v| {
        values::allowed(T::CommitmentDiscountStatus, v)
    }),
    (T::CapacityReservationStatus, |v| {
        values::allowed(T::CapacityReservationStatus, v)
    }),
    (T::BillingCurrency, values::currency),
    (T::SkuPriceDetails, shapes::sku_price_details),
    (T::AllocatedMethodDetails, shapes::allocated_method_details),
    (T::AllocatedTags, shapes::allocated_tags),
    (T::ContractApplied, shapes::contract_applied),
    (
        T::CommitmentProgramEligibilityDetails,
        shapes::program_eligibility,
    ),
    (T::BillingAccountId, |v| {
        values::no_value(v, Fact::BlankAccount, Fact::PlaceholderAccount)
    }),
    (T::InvoiceIssuerName, |v| {
        values::no_value(v, Fact::BlankIssuer, Fact::PlaceholderIssuer)
    }),
    (T::ServiceName, |v| {
        values::no_value(v, Fact::BlankService, Fact::PlaceholderService)
    }),
    (T::ServiceProviderName, |v| {
        values::no_value(v, Fact::BlankProvider, Fact::PlaceholderProvider)
    }),
];

impl Default for Facts {
    fn default() -> Self {
        Self {
            texts: std::array::from_fn(|_| Remembered::default()),
            services: values::Services::default(),
            numbers: numbers::Numbers::default(),
        }
    }
}

impl Facts {
    /// The facts of a row with these columns filled.
    pub(super) fn of(&mut self, row: &FocusRow, filled: u128) -> u64 {
        let mut facts = 0;
        for ((column, reading), known) in TEXTS.iter().zip(&mut self.texts) {
            if filled & Column::Text(*column).bit() != 0
                && let Some(text) = row.text(*column)
            {
                facts |= known.look(text, *reading);
            }
        }
        facts |= self.services.look(row);
        facts | self.numbers.look(row, filled, facts)
    }
}

impl Remembered {
    fn look(&mut self, text: &str, reading: Reading) -> u64 {
        if !is_same(self.text.as_bytes(), text.as_bytes()) {
            text.clone_into(&mut self.text);
            self.facts = reading(text);
        }
        self.facts
    }
}
