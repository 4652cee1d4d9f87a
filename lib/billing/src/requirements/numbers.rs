//! Amounts, times and ids that have to go together within a row.

use jiff::Timestamp;

use super::facts::Fact;
use crate::{
    columns::{AmountColumn as A, Column, TextColumn as T, TimeColumn},
    row::FocusRow,
};

/// Looks at amounts and times; remembers what is the same in nearly every row.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    period: (Option<Timestamp>, Option<Timestamp>),
    period_facts: u64,
}

/// Unit prices are never negative; what lowers a charge is negative as a whole.
const UNIT_PRICES: [(A, Fact); 4] = [
    (A::ListUnitPrice, Fact::NegativeListUnitPrice),
    (A::ContractedUnitPrice, Fact::NegativeContractedUnitPrice),
    (
        A::PricingCurrencyListUnitPrice,
        Fact::NegativePricingListUnitPrice,
    ),
    (
        A::PricingCurrencyContractedUnitPrice,
        Fact::NegativePricingContractedUnitPrice,
    ),
];

impl Numbers {
    /// `known`: what the texts of the row say.
    pub(super) fn look(&mut self, row: &FocusRow, filled: u128, known: u64) -> u64 {
        let mut facts = self.period(row) | charge_period(row, known);
        for (column, negative) in UNIT_PRICES {
            let price = row.amount(column);
            facts |= negative.when(price.is_some_and(|price| price.units() < 0));
        }
        if known & Fact::Credit.bit() != 0 {
            facts |= credit(row);
        }
        if filled & Column::Text(T::CommitmentDiscountId).bit() != 0 {
            facts |= commitment(row, known);
        }
        facts
    }

    fn period(&mut self, row: &FocusRow) -> u64 {
        let start = row.time(TimeColumn::BillingPeriodStart);
        let end = row.time(TimeColumn::BillingPeriodEnd);
        if self.period != (start, end) {
            self.period = (start, end);
            self.period_facts = period(start, end);
        }
        self.period_facts
    }
}

fn period(start: Option<Timestamp>, end: Option<Timestamp>) -> u64 {
    let Some(start) = start else { return 0 };
    let date = start.to_zoned(jiff::tz::TimeZone::UTC).datetime();
    let month = date.date().first_of_month();
    let within = date != month.to_datetime(jiff::civil::Time::midnight());
    let early = end.is_some_and(|end| end <= start);
    Fact::PeriodStartsWithinMonth.when(within) | Fact::PeriodEndsEarly.when(early)
}

fn charge_period(row: &FocusRow, known: u64) -> u64 {
    let Some(start) = row.time(TimeColumn::ChargePeriodStart) else {
        return 0;
    };
    let end = row.time(TimeColumn::ChargePeriodEnd);
    let early = end.is_some_and(|end| end <= start);
    let own = known & Fact::Correction.bit() != 0
        && row
            .time(TimeColumn::BillingPeriodStart)
            .is_some_and(|period| start >= period);
    Fact::ChargeEndsEarly.when(early) | Fact::CorrectsOwnPeriod.when(own)
}

/// What a credit gives back is one amount, on whatever basis it is looked at; unless it says the
/// price that it takes back.
fn credit(row: &FocusRow) -> u64 {
    let billed = row.exact(A::BilledCost);
    let differs = |cost| row.amount(cost).is_some() && row.exact(cost) != billed;
    let priced = |price| row.amount(price).is_some();
    let list = differs(A::ListCost) && !priced(A::ListUnitPrice);
    let contracted = differs(A::ContractedCost) && !priced(A::ContractedUnitPrice);
    Fact::EffectiveNotBilled.when(differs(A::EffectiveCost))
        | Fact::ListNotBilled.when(list)
        | Fact::ContractedNotBilled.when(contracted)
}

/// A purchase of a commitment and what of it was not used are about the commitment itself.
fn commitment(row: &FocusRow, known: u64) -> u64 {
    let purchase = known & Fact::Purchase.bit() != 0;
    if !purchase && known & Fact::Unused.bit() == 0 {
        return 0;
    }
    let not_zero = |cost| purchase && row.amount(cost).is_some_and(|cost| !cost.is_zero());
    let other = row.text(T::ResourceId) != row.text(T::CommitmentDiscountId);
    Fact::EffectiveNotZero.when(not_zero(A::EffectiveCost))
        | Fact::PricingEffectiveNotZero.when(not_zero(A::PricingCurrencyEffectiveCost))
        | Fact::ResourceIsNotCommitment.when(other)
}
