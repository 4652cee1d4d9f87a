//! What a line says by itself, for the invariants: read from the source columns, apart from the row
//! that is made of it.

use super::{charge::LineType, columns::CurColumn as C, line::Line};
use crate::{
    amount::Exact,
    evidence::{SourceFact, SourceLine},
    rejection::Rejection,
};

/// The line as the source bills it.
pub(super) fn source_line<'l>(
    line: &Line<'l>,
    left_out: bool,
) -> Result<SourceLine<'l>, Rejection> {
    let period = line.time(C::BillingPeriodStartDate)?;
    Ok(SourceLine {
        provider: "AWS",
        payer: line.account(C::PayerAccountId)?.unwrap_or_default(),
        period: line.demand(C::BillingPeriodStartDate, period)?,
        currency: line.demand(C::CurrencyCode, line.text(C::CurrencyCode))?,
        invoice: line.text(C::InvoiceId).unwrap_or_default(),
        id: line.text(C::LineItemId),
        place: line.cells.place,
        costs: [line.amount(C::UnblendedCost)?, None, None, None],
        left_out,
    })
}

/// What the line says about a Savings Plan or reservation, gross; `unblended` is what it bills.
pub(super) fn fact<'l>(
    line: &Line<'l>,
    line_type: LineType,
    unblended: Exact,
) -> Result<Option<SourceFact<'l>>, Rejection> {
    let plan = line.text(C::SavingsPlanArn).unwrap_or_default();
    let reservation = line.text(C::ReservationArn).unwrap_or_default();
    let amount = |column| Ok::<_, Rejection>(line.amount(column)?.unwrap_or_default());
    let hour = || Ok::<_, Rejection>(line.time(C::UsageStartDate)?.unwrap_or_default());
    Ok(Some(match line_type {
        LineType::SavingsPlanCoveredUsage => SourceFact::PlanUsage {
            plan,
            hour: hour()?,
            billed: unblended,
            effective: amount(C::SavingsPlanEffectiveCost)?,
        },
        LineType::SavingsPlanNegation => SourceFact::PlanNegation {
            plan,
            hour: hour()?,
            billed: unblended,
        },
        LineType::SavingsPlanRecurringFee => {
            let unused = amount(C::TotalCommitmentToDate)?.checked_sub(amount(C::UsedCommitment)?);
            SourceFact::PlanFee {
                plan,
                unused: line.fits(C::TotalCommitmentToDate, unused)?,
                committed: committed(line, C::PlanAmortisedUpfront, C::PlanRecurring)?,
            }
        }
        LineType::DiscountedUsage => SourceFact::ReservationUsage {
            reservation,
            effective: amount(C::ReservationEffectiveCost)?,
        },
        LineType::RiFee => {
            let unused = amount(C::UnusedUpfront)?.checked_add(amount(C::UnusedRecurring)?);
            SourceFact::ReservationFee {
                reservation,
                unused: line.fits(C::UnusedRecurring, unused)?,
                // What recurs is what the line bills.
                committed: committed(line, C::ReservationAmortisedUpfront, C::UnblendedCost)?,
            }
        }
        LineType::Usage if !reservation.is_empty() => SourceFact::ReservationMention {
            reservation,
            effective: unblended,
        },
        LineType::Usage if !plan.is_empty() => SourceFact::PlanMention {
            plan,
            effective: unblended,
        },
        _ => return Ok(None),
    }))
}

/// Amortised upfront fee and recurring fee; `None` where the report lacks one of the columns.
fn committed(line: &Line, upfront: C, recurring: C) -> Result<Option<Exact>, Rejection> {
    if line.positions.get(upfront).is_none() || line.positions.get(recurring).is_none() {
        return Ok(None);
    }
    let upfront = line.amount(upfront)?.unwrap_or_default();
    let sum = upfront.checked_add(line.amount(recurring)?.unwrap_or_default());
    line.fits(recurring, sum).map(Some)
}
