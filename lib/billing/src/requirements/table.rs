//! The requirements that a single row can be held against.

mod content;
mod presence;

use self::{content::CONTENT, presence::PRESENCE};
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

/// Every requirement that is checked.
pub(crate) const REQUIREMENTS: &[Requirement] = &{
    let mut all = [PRESENCE[0]; PRESENCE.len() + CONTENT.len()];
    let (before, after) = all.split_at_mut(PRESENCE.len());
    before.copy_from_slice(PRESENCE);
    after.copy_from_slice(CONTENT);
    all
};

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
    const COLUMNS: [Column; 42] = [
        Column::Tags,
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
