//! A charge, written into its row; and the row of what was paid for and not used.

use outlay_core::Decimal;

use super::{
    charge::Charge,
    columns::CurColumn as C,
    commitment::{Measure, Unit, Unused},
    line::Line,
};
use crate::{
    columns::{AmountColumn, TextColumn},
    rejection::{ReadError, Rejection},
    report::Output,
    row::FocusRow,
};

pub(super) fn apply(line: &Line, charge: &Charge, row: &mut FocusRow) -> Result<(), Rejection> {
    row.set_text(TextColumn::ChargeCategory, charge.category);
    row.set_text(TextColumn::ChargeFrequency, charge.frequency);
    if let Some(pricing) = charge.pricing {
        row.set_text(TextColumn::PricingCategory, pricing);
    }
    row.set_text(TextColumn::XChargeKind, charge.kind);
    row.set_text(TextColumn::XCostBasis, charge.basis);
    for word in charge.notes.words() {
        row.note(word);
    }
    if charge.correction {
        row.set_text(TextColumn::ChargeClass, "Correction");
    }
    apply_commitment(charge, row);
    row.set_exact(AmountColumn::BilledCost, charge.billed);
    row.set_exact(AmountColumn::EffectiveCost, charge.effective);
    row.set_exact(AmountColumn::ListCost, charge.list);
    row.set_exact(AmountColumn::ContractedCost, charge.contracted);
    row.set_exact(AmountColumn::PricingQuantity, charge.quantity);
    if matches!(charge.kind, "usage" | "support") && charge.category == "Usage" {
        row.set_exact(AmountColumn::ConsumedQuantity, charge.quantity);
        row.copy_text(TextColumn::PricingUnit, TextColumn::ConsumedUnit);
        apply_prices(line, charge, row)?;
        apply_capacity(line, row);
    }
    apply_pricing_currency(row);
    Ok(())
}

fn apply_commitment(charge: &Charge, row: &mut FocusRow) {
    let Some(commitment) = charge.commitment else {
        return;
    };
    row.set_text(TextColumn::CommitmentDiscountId, commitment.id);
    row.set_text(TextColumn::CommitmentDiscountCategory, commitment.category);
    row.set_text(TextColumn::CommitmentDiscountType, commitment.kind);
    if let Some(status) = charge.status {
        row.set_text(TextColumn::CommitmentDiscountStatus, status);
    }
    measure(charge.measure, row);
}

fn measure(measure: Option<Measure>, row: &mut FocusRow) {
    row.set_exact(
        AmountColumn::CommitmentDiscountQuantity,
        measure.map(|m| m.quantity),
    );
    let unit = TextColumn::CommitmentDiscountUnit;
    match measure.map(|m| m.unit) {
        Some(Unit::Currency) => row.copy_text(TextColumn::BillingCurrency, unit),
        Some(Unit::NormalizedHours) => row.set_text(unit, "Normalized Hours"),
        Some(Unit::Priced) => row.copy_text(TextColumn::PricingUnit, unit),
        None => row.clear_text(unit),
    }
}

fn apply_prices(line: &Line, charge: &Charge, row: &mut FocusRow) -> Result<(), Rejection> {
    let list = line.amount(C::PublicOnDemandRate)?;
    if line.has_foreign_prices() {
        row.set_exact(AmountColumn::PricingCurrencyListUnitPrice, list);
    } else {
        row.set_exact(AmountColumn::ListUnitPrice, list);
    }
    if charge.commitment.is_none() {
        // After a discount inside the charge, the rate before it is no longer what was agreed.
        let rate = if charge.is_discounted() {
            C::NetUnblendedRate
        } else {
            C::UnblendedRate
        };
        row.set_exact(AmountColumn::ContractedUnitPrice, line.amount(rate)?);
    }
    Ok(())
}

/// CUR 2.0 names the capacity reservation that usage ran on.
fn apply_capacity(line: &Line, row: &mut FocusRow) {
    let Some(id) = line.text(C::CapacityReservationArn) else {
        return;
    };
    row.set_text(TextColumn::CapacityReservationId, id);
    // `Reserved`, the reservation itself, is neither.
    if let Some(status @ ("Used" | "Unused")) = line.text(C::CapacityReservationStatus) {
        row.set_text(TextColumn::CapacityReservationStatus, status);
    }
}

/// Where prices are in the billing currency, both sets of columns say the same. What rounding left
/// over is accounted for once, in the first.
fn apply_pricing_currency(row: &mut FocusRow) {
    const SAME: [(AmountColumn, AmountColumn); 3] = [
        (
            AmountColumn::EffectiveCost,
            AmountColumn::PricingCurrencyEffectiveCost,
        ),
        (
            AmountColumn::ContractedUnitPrice,
            AmountColumn::PricingCurrencyContractedUnitPrice,
        ),
        (
            AmountColumn::ListUnitPrice,
            AmountColumn::PricingCurrencyListUnitPrice,
        ),
    ];
    if row.text(TextColumn::PricingCurrency) == row.text(TextColumn::BillingCurrency) {
        for (from, to) in SAME {
            row.set_amount(to, row.amount(from));
        }
    }
}

/// The row of the fee, made into the row of what was paid for and not used.
pub(super) fn emit_unused(
    unused: Unused,
    row: &mut FocusRow,
    output: &mut Output,
) -> Result<(), ReadError> {
    row.set_text(TextColumn::ChargeCategory, "Usage");
    row.set_text(TextColumn::ChargeFrequency, "Usage-Based");
    row.set_text(TextColumn::PricingCategory, "Committed");
    row.set_text(TextColumn::CommitmentDiscountStatus, "Unused");
    row.set_text(TextColumn::XChargeKind, "usage");
    row.clear_text(TextColumn::XNotes);
    row.note("unused-commitment");
    measure(unused.measure, row);
    row.set_amount(AmountColumn::PricingQuantity, None);
    row.set_exact(AmountColumn::EffectiveCost, unused.cost);
    for column in [
        AmountColumn::BilledCost,
        AmountColumn::ListCost,
        AmountColumn::ContractedCost,
    ] {
        row.set_amount(column, Decimal::ZERO);
    }
    apply_pricing_currency(row);
    output.emit_added(row)
}
