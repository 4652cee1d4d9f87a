//! Quantities, prices, and the costs that follow from them.

use outlay_core::Decimal;

use super::{
    charge::{Charge, ChargeType},
    columns::AzureColumn as C,
    line::AzureLine,
};
use crate::{
    amount::Exact,
    columns::{AmountColumn, TextColumn},
    rejection::Rejection,
    row::FocusRow,
};

/// The quantity is in units of measure (`10K`, `1 Hour`), and so are the prices: in real files
/// quantity x effectivePrice is the cost. Where it is not, the prices are of something else, and
/// no cost is derived from them.
pub(super) fn apply(
    line: &AzureLine,
    charge: &Charge,
    row: &mut FocusRow,
) -> Result<(), Rejection> {
    let quantity = line.amount(C::Quantity)?;
    let unit_price = line.amount(C::UnitPrice)?;
    // 0 is what Azure writes where it has no retail price.
    let list_price = line.amount(C::PayGPrice)?.filter(|price| !price.is_zero());
    row.set_exact(AmountColumn::PricingQuantity, quantity);
    let unit = line.text(C::UnitOfMeasure).unwrap_or_default();
    row.set_text(TextColumn::PricingUnit, unit);
    set_commitment_quantity(charge, quantity, row);
    let usage = charge.source == ChargeType::Usage;
    if usage {
        row.set_exact(AmountColumn::ConsumedQuantity, quantity);
        row.set_text(TextColumn::ConsumedUnit, unit);
    }
    let foreign = in_another_currency(line, charge, unit_price, list_price, row)?;
    let priced = usage && !foreign && prices_fit(line, charge, quantity)?;
    let list = match line.amount(C::PayGCost)? {
        Some(cost) if usage => Some(cost),
        _ if priced => times(quantity, list_price),
        _ if charge.source == ChargeType::Unused => Some(Exact::ZERO),
        _ if usage => None,
        // What is no usage has no list price: it costs what it costs.
        _ => Some(charge.cost),
    };
    let contracted = match charge.source {
        ChargeType::Unused => Exact::ZERO,
        _ if priced => times(quantity, unit_price).unwrap_or(charge.cost),
        _ => charge.cost,
    };
    if priced {
        row.set_exact(AmountColumn::ListUnitPrice, list_price);
        row.set_exact(AmountColumn::ContractedUnitPrice, unit_price);
    } else if usage && !foreign && unit_price.is_some() {
        row.note("prices-do-not-fit");
    }
    row.set_exact(AmountColumn::ListCost, list);
    row.set_exact(AmountColumn::ContractedCost, contracted);
    Ok(())
}

/// A reservation covers units of usage, a savings plan an amount of money.
fn set_commitment_quantity(charge: &Charge, quantity: Option<Exact>, row: &mut FocusRow) {
    if charge.status.is_none() {
        return;
    }
    let spend = charge.commitment.is_some_and(|c| c.category == "Spend");
    if !spend {
        row.set_exact(AmountColumn::CommitmentDiscountQuantity, quantity);
        row.copy_text(TextColumn::PricingUnit, TextColumn::CommitmentDiscountUnit);
    } else if !charge.effective.is_zero() {
        row.set_exact(AmountColumn::CommitmentDiscountQuantity, charge.effective);
        row.copy_text(
            TextColumn::BillingCurrency,
            TextColumn::CommitmentDiscountUnit,
        );
    }
}

/// A customer agreement is priced in one currency and billed in another: its prices belong into
/// the columns of the pricing currency.
fn in_another_currency(
    line: &AzureLine,
    charge: &Charge,
    unit_price: Option<Exact>,
    list_price: Option<Exact>,
    row: &mut FocusRow,
) -> Result<bool, Rejection> {
    let Some(currency) = line.text(C::PricingCurrency) else {
        return Ok(false);
    };
    row.set_text(TextColumn::PricingCurrency, currency);
    if row.text(TextColumn::BillingCurrency) == Some(currency) {
        return Ok(false);
    }
    row.set_exact(AmountColumn::PricingCurrencyContractedUnitPrice, unit_price);
    row.set_exact(AmountColumn::PricingCurrencyListUnitPrice, list_price);
    let cost = if charge.effective.is_zero() {
        Some(Exact::ZERO)
    } else {
        line.amount(C::CostInPricingCurrency)?
    };
    row.set_exact(AmountColumn::PricingCurrencyEffectiveCost, cost);
    Ok(true)
}

/// Whether quantity x effectivePrice is the cost, to a hundredth: Azure rounds its prices.
fn prices_fit(
    line: &AzureLine,
    charge: &Charge,
    quantity: Option<Exact>,
) -> Result<bool, Rejection> {
    const ROUNDING: i128 = 1_000_000_000_000;
    let price = line.amount(C::EffectivePrice)?;
    let Some(product) = times(quantity, price) else {
        return Ok(false);
    };
    let cost = charge.cost.value;
    let off = product.value.checked_sub(cost).map(Decimal::abs);
    Ok(off.is_some_and(|off| off.units() <= ROUNDING || off.units() <= cost.abs().units() / 100))
}

/// The exact product; `None` where a factor is missing, was rounded itself, or it does not fit.
fn times(quantity: Option<Exact>, price: Option<Exact>) -> Option<Exact> {
    let (quantity, price) = (quantity?, price?);
    if !quantity.residue.is_zero() || !price.residue.is_zero() {
        return None;
    }
    let (value, residue) = quantity.value.checked_mul(price.value)?;
    Some(Exact { value, residue })
}
