//! Savings Plans and reservations.

use super::{
    charge::{Charge, LineType, prefer_net},
    columns::CurColumn as C,
    discount::Discounts,
    line::Line,
};
use crate::{amount::Exact, rejection::Rejection};

/// A Savings Plan or a reservation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Commitment<'l> {
    pub(super) id: &'l str,
    /// FOCUS CommitmentDiscountCategory.
    pub(super) category: &'static str,
    /// FOCUS CommitmentDiscountType, as AWS's own FOCUS export words it.
    pub(super) kind: &'static str,
}

/// How much of a commitment a row is about, and in what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Measure {
    pub(super) quantity: Exact,
    pub(super) unit: Unit,
}

/// What a commitment is measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// A Savings Plan: the billing currency.
    Currency,
    /// A reservation that fits instances of any size.
    NormalizedHours,
    /// Any other reservation: the unit of its price.
    Priced,
}

impl Commitment<'_> {
    fn is_plan(&self) -> bool {
        self.category == "Spend"
    }
}

/// The commitment that a line names.
pub(super) fn commitment<'l>(line: &Line<'l>, line_type: LineType) -> Option<Commitment<'l>> {
    let plan = || {
        line.text(C::SavingsPlanArn).map(|id| Commitment {
            id,
            category: "Spend",
            kind: "Savings Plan",
        })
    };
    let reservation = || {
        line.text(C::ReservationArn).map(|id| Commitment {
            id,
            category: "Usage",
            kind: "Reserved Instance",
        })
    };
    if line_type.is_savings_plan() {
        plan()
    } else {
        reservation().or_else(plan)
    }
}

/// Covered by a Savings Plan: the raw row bills the on-demand price, and a negation takes it back;
/// folded together nothing is billed. Covered by a reservation: the raw row bills nothing.
pub(super) fn committed_usage<'l>(
    line: &Line<'l>,
    line_type: LineType,
    net: bool,
    base: &Charge<'l>,
) -> Result<Charge<'l>, Rejection> {
    let savings_plan = line_type.is_savings_plan();
    let (gross, net_column) = if savings_plan {
        (C::SavingsPlanEffectiveCost, C::NetSavingsPlanEffectiveCost)
    } else {
        (C::ReservationEffectiveCost, C::ReservationNetEffectiveCost)
    };
    let gross = line.amount(gross)?;
    let (effective, basis) = prefer_net(line, net, net_column, gross)?;
    let measure = if savings_plan {
        gross.map(in_currency)
    } else {
        reserved(line, C::NormalizedUsageAmount, C::UsageAmount)?
    };
    Ok(Charge {
        pricing: Some("Committed"),
        status: Some("Used"),
        billed: if savings_plan {
            Exact::ZERO
        } else {
            base.billed
        },
        effective: effective.unwrap_or_default(),
        incomplete: effective.is_none(),
        // What it would have cost without the commitment: for a reservation only the list knows.
        contracted: if savings_plan {
            base.contracted
        } else {
            base.list
        },
        quantity: line.amount(C::UsageAmount)?,
        measure,
        basis,
        ..*base
    })
}

/// Buying a commitment is billed, and costs nothing in effect: its cost arises where it is used,
/// or in the row of what was not used.
pub(super) fn commitment_fee<'l>(
    line: &Line<'l>,
    line_type: LineType,
    discounts: &Discounts,
    base: &Charge<'l>,
) -> Result<Charge<'l>, Rejection> {
    let mut fee = Charge {
        category: "Purchase",
        frequency: "Recurring",
        kind: "purchase",
        effective: Exact::ZERO,
        ..*base
    };
    match line_type {
        LineType::SavingsPlanRecurringFee => {
            let total = line.amount(C::TotalCommitmentToDate)?;
            let used = line.amount(C::UsedCommitment)?.unwrap_or_default();
            let rest = total.unwrap_or_default().checked_sub(used);
            let rest = line.fits(C::TotalCommitmentToDate, rest)?;
            fee.measure = total.map(in_currency);
            fee.unused = unused(rest, Some(in_currency(rest)));
            // The report has no net form of the commitment.
            fee.basis = "gross";
        }
        LineType::RiFee => {
            let (rest, basis) = unused_reservation(line, discounts.net)?;
            fee.measure = reserved(line, C::ReservedNormalizedUnits, C::ReservedUnits)?;
            let measure = reserved(line, C::UnusedNormalizedQuantity, C::UnusedQuantity)?;
            fee.unused = unused(rest, measure);
            fee.basis = basis;
        }
        _ => fee.frequency = "One-Time",
    }
    Ok(fee)
}

/// The unused part of a commitment: a usage row of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unused {
    pub(super) cost: Exact,
    pub(super) measure: Option<Measure>,
}

fn unused(cost: Exact, measure: Option<Measure>) -> Option<Unused> {
    (!cost.is_zero()).then_some(Unused { cost, measure })
}

fn unused_reservation(line: &Line, net: bool) -> Result<(Exact, &'static str), Rejection> {
    let gross_upfront = line.amount(C::UnusedUpfront)?;
    let gross_recurring = line.amount(C::UnusedRecurring)?;
    let (upfront, basis) = prefer_net(line, net, C::NetUnusedUpfront, gross_upfront)?;
    let (recurring, _) = prefer_net(line, net, C::NetUnusedRecurring, gross_recurring)?;
    let sum = upfront
        .unwrap_or_default()
        .checked_add(recurring.unwrap_or_default());
    Ok((line.fits(C::UnusedRecurring, sum)?, basis))
}

const fn in_currency(quantity: Exact) -> Measure {
    Measure {
        quantity,
        unit: Unit::Currency,
    }
}

/// In normalised hours where the reservation has them (0 means that it has none), else in hours.
fn reserved(line: &Line, normalized: C, plain: C) -> Result<Option<Measure>, Rejection> {
    let normalized = line.amount(normalized)?.filter(|amount| !amount.is_zero());
    if let Some(quantity) = normalized {
        let unit = Unit::NormalizedHours;
        return Ok(Some(Measure { quantity, unit }));
    }
    Ok(line.amount(plain)?.map(|quantity| Measure {
        quantity,
        unit: Unit::Priced,
    }))
}

/// Whether a refund takes back the purchase of a commitment. Its purchase had no effective cost, so
/// its return has none; every other refund has. The product code alone does not tell: discounts
/// on Savings Plans are refunded under it too, and a refund of usage may name what covered it.
pub(super) fn is_return(line: &Line, commitment: Option<Commitment>) -> Result<bool, Rejection> {
    let description = line.text(C::LineItemDescription).unwrap_or_default();
    // AWS returns a plan within seven days in rows that name it in their description only.
    if description.starts_with("Refund for ") && description.contains("fee for Savings Plan") {
        return Ok(true);
    }
    let Some(commitment) = commitment else {
        return Ok(false);
    };
    let usage_type = line.text(C::UsageType).unwrap_or_default();
    if commitment.is_plan() {
        let product = line.text(C::ProductCode).unwrap_or_default();
        let of_plan = product.ends_with("SavingsPlans") || usage_type.contains("SP:");
        let of_discount = ["iscount", "EDP"].iter().any(|d| description.contains(d));
        Ok(of_plan && !of_discount && !ends_before_plan(line)?)
    } else {
        // Usage under a reservation is billed at 0: what is refunded is its fee, unless the line
        // says that it is about usage.
        const OF_USAGE: [&str; 4] = ["BoxUsage", "InstanceUsage", "NodeUsage", "ESInstance"];
        const OF_FEES: [&str; 6] = ["eserv", "ign up", "pfront", "ne-time", "ubscription", "RI "];
        let of_usage = OF_USAGE.iter().any(|part| usage_type.contains(part));
        let of_fees = OF_FEES.iter().any(|part| description.contains(part));
        Ok(!of_usage || of_fees)
    }
}

/// What ended before the plan began cannot be its price.
fn ends_before_plan(line: &Line) -> Result<bool, Rejection> {
    let end = match line.time(C::UsageEndDate)? {
        Some(end) => Some(end),
        None => line.time(C::UsageStartDate)?,
    };
    let begin = line.time(C::SavingsPlanStart)?;
    Ok(begin.zip(end).is_some_and(|(begin, end)| end < begin))
}
