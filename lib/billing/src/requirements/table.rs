//! The requirements that a single row can be held against.

use super::{
    facts::Fact,
    requirement::{ALWAYS, Requirement, Wants, When, amount, any, text, time},
};
use crate::columns::{AmountColumn as A, Column, TextColumn as T, TimeColumn};

/// What is bought or used, unless it corrects something: has a price, a quantity and a SKU.
const CHARGED: When = any(&[Fact::Usage, Fact::Purchase]).unless(Fact::Correction);
const TAX: When = any(&[Fact::Tax]);
const USAGE: When = any(&[Fact::Usage]);
const PURCHASE: When = any(&[Fact::Purchase]);
const NOT_USAGE: When = any(&[Fact::Purchase, Fact::Tax, Fact::Credit, Fact::Adjustment]);
const NOT_CHARGED: When = any(&[Fact::Tax, Fact::Credit, Fact::Adjustment]);
const UNUSED: When = any(&[Fact::Unused]);

const COMMITMENT: Column = text(T::CommitmentDiscountId);
const RESOURCE: Column = text(T::ResourceId);

pub(crate) const REQUIREMENTS: &[Requirement] = &[
    // Values that every row has.
    value(
        "BillingAccountId-C-001-M",
        text(T::BillingAccountId),
        &[ALWAYS],
    ),
    value(
        "BillingAccountName-C-003-C",
        text(T::BillingAccountName),
        &[ALWAYS],
    ),
    value(
        "BillingPeriodEnd-C-003-M",
        time(TimeColumn::BillingPeriodEnd),
        &[ALWAYS],
    ),
    value("ChargeCategory-C-002-M", text(T::ChargeCategory), &[ALWAYS]),
    value(
        "ChargeDescription-C-003-O",
        text(T::ChargeDescription),
        &[ALWAYS],
    ),
    value(
        "ChargeFrequency-C-002-M",
        text(T::ChargeFrequency),
        &[ALWAYS],
    ),
    value(
        "ChargePeriodEnd-C-003-M",
        time(TimeColumn::ChargePeriodEnd),
        &[ALWAYS],
    ),
    value(
        "ContractedCost-C-003-M",
        amount(A::ContractedCost),
        &[ALWAYS],
    ),
    value("EffectiveCost-C-003-M", amount(A::EffectiveCost), &[ALWAYS]),
    value(
        "InvoiceIssuerName-C-003-M",
        text(T::InvoiceIssuerName),
        &[ALWAYS],
    ),
    value("ListCost-C-003-M", amount(A::ListCost), &[ALWAYS]),
    value(
        "PricingCurrency-C-004-M",
        text(T::PricingCurrency),
        &[ALWAYS],
    ),
    value(
        "PricingCurrencyEffectiveCost-C-003-M",
        amount(A::PricingCurrencyEffectiveCost),
        &[ALWAYS],
    ),
    // Since 1.3 the publisher is the service provider.
    value(
        "PublisherName-C-003-M",
        text(T::ServiceProviderName),
        &[ALWAYS],
    ),
    value(
        "ServiceCategory-C-002-M",
        text(T::ServiceCategory),
        &[ALWAYS],
    ),
    value("ServiceName-C-003-M", text(T::ServiceName), &[ALWAYS]),
    value(
        "ServiceSubcategory-C-002-M",
        text(T::ServiceSubcategory),
        &[ALWAYS],
    ),
    // What comes with what is charged, and never with tax.
    value(
        "ContractedUnitPrice-C-006-C",
        amount(A::ContractedUnitPrice),
        &[CHARGED],
    ),
    null(
        "ContractedUnitPrice-C-005-C",
        amount(A::ContractedUnitPrice),
        &[TAX],
    ),
    value(
        "ListUnitPrice-C-005-C",
        amount(A::ListUnitPrice),
        &[CHARGED],
    ),
    null("ListUnitPrice-C-004-C", amount(A::ListUnitPrice), &[TAX]),
    value(
        "PricingCategory-C-004-C",
        text(T::PricingCategory),
        &[CHARGED],
    ),
    null("PricingCategory-C-003-C", text(T::PricingCategory), &[TAX]),
    value(
        "PricingCurrencyContractedUnitPrice-C-005-C",
        amount(A::PricingCurrencyContractedUnitPrice),
        &[CHARGED],
    ),
    null(
        "PricingCurrencyContractedUnitPrice-C-004-C",
        amount(A::PricingCurrencyContractedUnitPrice),
        &[TAX],
    ),
    value(
        "PricingCurrencyListUnitPrice-C-005-C",
        amount(A::PricingCurrencyListUnitPrice),
        &[CHARGED],
    ),
    null(
        "PricingCurrencyListUnitPrice-C-004-C",
        amount(A::PricingCurrencyListUnitPrice),
        &[TAX],
    ),
    value(
        "PricingQuantity-C-005-C",
        amount(A::PricingQuantity),
        &[CHARGED],
    ),
    null(
        "PricingQuantity-C-004-C",
        amount(A::PricingQuantity),
        &[TAX],
    ),
    value("SkuId-C-005-C", text(T::SkuId), &[CHARGED]),
    null("SkuId-C-004-C", text(T::SkuId), &[TAX]),
    value("SkuPriceId-C-005-C", text(T::SkuPriceId), &[CHARGED]),
    null("SkuPriceId-C-004-C", text(T::SkuPriceId), &[TAX]),
    value(
        "ConsumedQuantity-C-006-C",
        amount(A::ConsumedQuantity),
        &[USAGE.unless(Fact::Correction).unless(Fact::Unused)],
    ),
    null(
        "ConsumedQuantity-C-004-C",
        amount(A::ConsumedQuantity),
        &[NOT_USAGE, UNUSED],
    ),
    value(
        "CommitmentDiscountQuantity-C-005-C",
        amount(A::CommitmentDiscountQuantity),
        &[CHARGED.with(COMMITMENT)],
    ),
    null(
        "CommitmentDiscountQuantity-C-007-C",
        amount(A::CommitmentDiscountQuantity),
        &[NOT_CHARGED, ALWAYS.without(COMMITMENT)],
    ),
    // What comes with another column, and never without it.
    value(
        "BillingAccountType-C-005-C",
        text(T::BillingAccountType),
        &[ALWAYS.with(text(T::BillingAccountId))],
    ),
    null(
        "BillingAccountType-C-004-C",
        text(T::BillingAccountType),
        &[ALWAYS.without(text(T::BillingAccountId))],
    ),
    value(
        "CapacityReservationStatus-C-004-C",
        text(T::CapacityReservationStatus),
        &[USAGE.with(text(T::CapacityReservationId))],
    ),
    null(
        "CapacityReservationStatus-C-003-C",
        text(T::CapacityReservationStatus),
        &[ALWAYS.without(text(T::CapacityReservationId))],
    ),
    value(
        "CapacityReservationId-C-005-C",
        text(T::CapacityReservationId),
        &[any(&[Fact::CapacityUnused])],
    ),
    value(
        "CommitmentDiscountCategory-C-004-C",
        text(T::CommitmentDiscountCategory),
        &[ALWAYS.with(COMMITMENT)],
    ),
    null(
        "CommitmentDiscountCategory-C-003-C",
        text(T::CommitmentDiscountCategory),
        &[ALWAYS.without(COMMITMENT)],
    ),
    null(
        "CommitmentDiscountName-C-004-C",
        text(T::CommitmentDiscountName),
        &[ALWAYS.without(COMMITMENT)],
    ),
    value(
        "CommitmentDiscountStatus-C-004-C",
        text(T::CommitmentDiscountStatus),
        &[USAGE.with(COMMITMENT)],
    ),
    null(
        "CommitmentDiscountStatus-C-003-C",
        text(T::CommitmentDiscountStatus),
        &[ALWAYS.without(COMMITMENT)],
    ),
    value(
        "CommitmentDiscountType-C-005-C",
        text(T::CommitmentDiscountType),
        &[ALWAYS.with(COMMITMENT)],
    ),
    null(
        "CommitmentDiscountType-C-004-C",
        text(T::CommitmentDiscountType),
        &[ALWAYS.without(COMMITMENT)],
    ),
    value(
        "CommitmentDiscountUnit-C-006-C",
        text(T::CommitmentDiscountUnit),
        &[ALWAYS.with(amount(A::CommitmentDiscountQuantity))],
    ),
    null(
        "CommitmentDiscountUnit-C-005-C",
        text(T::CommitmentDiscountUnit),
        &[ALWAYS.without(amount(A::CommitmentDiscountQuantity))],
    ),
    value(
        "ConsumedUnit-C-006-C",
        text(T::ConsumedUnit),
        &[ALWAYS.with(amount(A::ConsumedQuantity))],
    ),
    null(
        "ConsumedUnit-C-005-C",
        text(T::ConsumedUnit),
        &[ALWAYS.without(amount(A::ConsumedQuantity))],
    ),
    value(
        "PricingUnit-C-006-C",
        text(T::PricingUnit),
        &[ALWAYS.with(amount(A::PricingQuantity))],
    ),
    null(
        "PricingUnit-C-005-C",
        text(T::PricingUnit),
        &[ALWAYS.without(amount(A::PricingQuantity))],
    ),
    value(
        "RegionName-C-005-C",
        text(T::RegionName),
        &[ALWAYS.with(text(T::RegionId))],
    ),
    null(
        "RegionName-C-004-C",
        text(T::RegionName),
        &[ALWAYS.without(text(T::RegionId))],
    ),
    null(
        "ResourceName-C-004-C",
        text(T::ResourceName),
        &[ALWAYS.without(RESOURCE)],
    ),
    value(
        "ResourceType-C-005-C",
        text(T::ResourceType),
        &[ALWAYS.with(RESOURCE)],
    ),
    null(
        "ResourceType-C-004-C",
        text(T::ResourceType),
        &[ALWAYS.without(RESOURCE)],
    ),
    value(
        "SkuMeter-C-005-C",
        text(T::SkuMeter),
        &[ALWAYS.with(text(T::SkuId))],
    ),
    null(
        "SkuMeter-C-004-C",
        text(T::SkuMeter),
        &[ALWAYS.without(text(T::SkuId))],
    ),
    null(
        "SkuPriceDetails-C-004-C",
        text(T::SkuPriceDetails),
        &[ALWAYS.without(text(T::SkuPriceId))],
    ),
    value(
        "SubAccountName-C-005-C",
        text(T::SubAccountName),
        &[ALWAYS.with(text(T::SubAccountId))],
    ),
    null(
        "SubAccountName-C-004-C",
        text(T::SubAccountName),
        &[ALWAYS.without(text(T::SubAccountId))],
    ),
    value(
        "SubAccountType-C-005-C",
        text(T::SubAccountType),
        &[ALWAYS.with(text(T::SubAccountId))],
    ),
    null(
        "SubAccountType-C-004-C",
        text(T::SubAccountType),
        &[ALWAYS.without(text(T::SubAccountId))],
    ),
    // Commitments.
    value(
        "CommitmentDiscountId-C-005-C",
        COMMITMENT,
        &[any(&[Fact::Committed])],
    ),
    not(
        "PricingCategory-C-009-C",
        text(T::PricingCategory),
        Fact::Uncommitted,
        &[USAGE.with(COMMITMENT)],
    ),
    not(
        "DiscountHandling-A-012-C",
        RESOURCE,
        Fact::ResourceIsNotCommitment,
        &[PURCHASE],
    ),
    not(
        "DiscountHandling-A-018-C",
        text(T::CommitmentDiscountStatus),
        Fact::Unused,
        &[NOT_USAGE],
    ),
    not(
        "DiscountHandling-A-019-C",
        RESOURCE,
        Fact::ResourceIsNotCommitment,
        &[UNUSED.unless(Fact::Purchase)],
    ),
    odd(
        "EffectiveCost-C-005-C",
        amount(A::EffectiveCost),
        Fact::EffectiveNotZero,
    ),
    odd(
        "PricingCurrencyEffectiveCost-C-005-M",
        amount(A::PricingCurrencyEffectiveCost),
        Fact::PricingEffectiveNotZero,
    ),
    // Credits.
    odd(
        "EffectiveCost-C-010-C",
        amount(A::EffectiveCost),
        Fact::EffectiveNotBilled,
    ),
    odd("ListCost-C-008-C", amount(A::ListCost), Fact::ListNotBilled),
    odd(
        "ContractedCost-C-008-C",
        amount(A::ContractedCost),
        Fact::ContractedNotBilled,
    ),
    // Allowed values.
    odd(
        "ChargeCategory-C-003-M",
        text(T::ChargeCategory),
        Fact::UnknownCategory,
    ),
    odd(
        "ChargeClass-C-005-C",
        text(T::ChargeClass),
        Fact::UnknownClass,
    ),
    odd(
        "ChargeFrequency-C-003-M",
        text(T::ChargeFrequency),
        Fact::UnknownFrequency,
    ),
    not(
        "ChargeFrequency-C-004-C",
        text(T::ChargeFrequency),
        Fact::UsageBased,
        &[PURCHASE],
    ),
    odd(
        "PricingCategory-C-007-M",
        text(T::PricingCategory),
        Fact::UnknownPricing,
    ),
    odd(
        "CommitmentDiscountCategory-C-005-M",
        text(T::CommitmentDiscountCategory),
        Fact::UnknownCommitmentCategory,
    ),
    odd(
        "CommitmentDiscountStatus-C-005-M",
        text(T::CommitmentDiscountStatus),
        Fact::UnknownStatus,
    ),
    odd(
        "CapacityReservationStatus-C-006-M",
        text(T::CapacityReservationStatus),
        Fact::UnknownCapacityStatus,
    ),
    odd(
        "ServiceCategory-C-003-M",
        text(T::ServiceCategory),
        Fact::UnknownServiceCategory,
    ),
    odd(
        "ServiceSubcategory-C-003-M",
        text(T::ServiceSubcategory),
        Fact::UnknownSubcategory,
    ),
    odd(
        "ServiceSubcategory-C-004-M",
        text(T::ServiceSubcategory),
        Fact::SubcategoryElsewhere,
    ),
    odd(
        "BillingCurrency-C-006-M",
        text(T::BillingCurrency),
        Fact::UnknownCurrency,
    ),
    // Formats.
    odd(
        "SkuPriceDetails-C-001-M",
        text(T::SkuPriceDetails),
        Fact::DetailsNoObject,
    ),
    odd(
        "SkuPriceDetails-C-017-C",
        text(T::SkuPriceDetails),
        Fact::DetailsOddKey,
    ),
    odd(
        "SkuPriceDetails-C-021-M",
        text(T::SkuPriceDetails),
        Fact::DetailsOddType,
    ),
    odd(
        "json-shape",
        text(T::AllocatedMethodDetails),
        Fact::AllocationOddShape,
    ),
    odd(
        "json-shape",
        text(T::AllocatedTags),
        Fact::AllocatedTagsOddShape,
    ),
    odd(
        "json-shape",
        text(T::ContractApplied),
        Fact::ContractOddShape,
    ),
    odd(
        "json-shape",
        text(T::CommitmentProgramEligibilityDetails),
        Fact::ProgramOddShape,
    ),
    odd(
        "StringHandling-A-007-M",
        text(T::BillingAccountId),
        Fact::BlankAccount,
    ),
    odd(
        "StringHandling-A-007-M",
        text(T::InvoiceIssuerName),
        Fact::BlankIssuer,
    ),
    odd(
        "StringHandling-A-007-M",
        text(T::ServiceName),
        Fact::BlankService,
    ),
    odd(
        "StringHandling-A-007-M",
        text(T::ServiceProviderName),
        Fact::BlankProvider,
    ),
    odd(
        "NullHandling-A-002-M",
        text(T::BillingAccountId),
        Fact::PlaceholderAccount,
    ),
    odd(
        "NullHandling-A-002-M",
        text(T::InvoiceIssuerName),
        Fact::PlaceholderIssuer,
    ),
    odd(
        "NullHandling-A-002-M",
        text(T::ServiceName),
        Fact::PlaceholderService,
    ),
    odd(
        "NullHandling-A-002-M",
        text(T::ServiceProviderName),
        Fact::PlaceholderProvider,
    ),
    // Amounts and times.
    odd(
        "ListUnitPrice-C-008-M",
        amount(A::ListUnitPrice),
        Fact::NegativeListUnitPrice,
    ),
    odd(
        "ContractedUnitPrice-C-009-C",
        amount(A::ContractedUnitPrice),
        Fact::NegativeContractedUnitPrice,
    ),
    odd(
        "PricingCurrencyListUnitPrice-C-008-M",
        amount(A::PricingCurrencyListUnitPrice),
        Fact::NegativePricingListUnitPrice,
    ),
    odd(
        "PricingCurrencyContractedUnitPrice-C-008-C",
        amount(A::PricingCurrencyContractedUnitPrice),
        Fact::NegativePricingContractedUnitPrice,
    ),
    odd(
        "ChargePeriodEnd-C-004-M",
        time(TimeColumn::ChargePeriodEnd),
        Fact::ChargeEndsEarly,
    ),
    odd(
        "BillingPeriodEnd-C-004-M",
        time(TimeColumn::BillingPeriodEnd),
        Fact::PeriodEndsEarly,
    ),
    odd(
        "odd-billing-period",
        time(TimeColumn::BillingPeriodStart),
        Fact::PeriodStartsWithinMonth,
    ),
    odd(
        "ChargeClass-C-003-C",
        text(T::ChargeClass),
        Fact::CorrectsOwnPeriod,
    ),
];

const fn value(id: &'static str, column: Column, when: &'static [When]) -> Requirement {
    let wants = Wants::Value;
    Requirement {
        id,
        column,
        wants,
        when,
    }
}

const fn null(id: &'static str, column: Column, when: &'static [When]) -> Requirement {
    let wants = Wants::Null;
    Requirement {
        id,
        column,
        wants,
        when,
    }
}

const fn not(id: &'static str, column: Column, fact: Fact, when: &'static [When]) -> Requirement {
    let wants = Wants::Not(fact);
    Requirement {
        id,
        column,
        wants,
        when,
    }
}

/// What is odd in any row.
const fn odd(id: &'static str, column: Column, fact: Fact) -> Requirement {
    not(id, column, fact, &[ALWAYS])
}

/// The columns whose presence is looked at.
pub(super) const RELEVANT: u128 = {
    let (mut columns, mut at) = (0, 0);
    while at < REQUIREMENTS.len() {
        let requirement = &REQUIREMENTS[at];
        columns |= requirement.column.bit();
        let mut case = 0;
        while case < requirement.when.len() {
            columns |= requirement.when[case].columns();
            case += 1;
        }
        at += 1;
    }
    columns
};

/// Columns that every file has to have, beside those without which nothing is read. Who is paid
/// (`ProviderName`) and whose service it is (`PublisherName`) count under their later names.
pub(super) const MANDATORY: [Column; 17] = [
    text(T::BillingAccountId),
    text(T::BillingAccountName),
    time(TimeColumn::BillingPeriodEnd),
    text(T::ChargeCategory),
    text(T::ChargeClass),
    text(T::ChargeDescription),
    time(TimeColumn::ChargePeriodEnd),
    amount(A::ContractedCost),
    amount(A::EffectiveCost),
    text(T::HostProviderName),
    text(T::InvoiceIssuerName),
    amount(A::ListCost),
    amount(A::PricingQuantity),
    text(T::PricingUnit),
    text(T::ServiceCategory),
    text(T::ServiceName),
    text(T::ServiceProviderName),
];

/// Columns that FOCUS 1.4 asks for only where the provider supports what they are about.
pub(crate) const CONDITIONAL: u128 = {
    const COLUMNS: [Column; 41] = [
        text(T::AllocatedMethodDetails),
        text(T::AllocatedMethodId),
        text(T::AllocatedResourceId),
        text(T::AllocatedResourceName),
        text(T::AllocatedTags),
        text(T::AvailabilityZone),
        text(T::BillingAccountName),
        text(T::BillingAccountType),
        text(T::CapacityReservationId),
        text(T::CapacityReservationStatus),
        text(T::CommitmentDiscountCategory),
        text(T::CommitmentDiscountId),
        text(T::CommitmentDiscountName),
        text(T::CommitmentDiscountStatus),
        text(T::CommitmentDiscountType),
        text(T::CommitmentDiscountUnit),
        text(T::CommitmentProgramEligibilityDetails),
        text(T::ConsumedUnit),
        text(T::ContractApplied),
        text(T::InvoiceDetailId),
        text(T::InvoiceId),
        text(T::PricingCategory),
        text(T::PricingCurrency),
        text(T::RegionId),
        text(T::RegionName),
        text(T::ResourceId),
        text(T::ResourceName),
        text(T::ResourceType),
        text(T::SkuId),
        text(T::SkuMeter),
        text(T::SkuPriceDetails),
        text(T::SkuPriceId),
        text(T::SubAccountId),
        text(T::SubAccountName),
        text(T::SubAccountType),
        amount(A::CommitmentDiscountQuantity),
        amount(A::ConsumedQuantity),
        amount(A::ContractedUnitPrice),
        amount(A::ListUnitPrice),
        amount(A::PricingCurrencyContractedUnitPrice),
        amount(A::PricingCurrencyListUnitPrice),
    ];
    let (mut columns, mut at) = (amount(A::PricingCurrencyEffectiveCost).bit(), 0);
    while at < COLUMNS.len() {
        columns |= COLUMNS[at].bit();
        at += 1;
    }
    columns
};
