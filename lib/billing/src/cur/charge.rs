//! What each line item type of a CUR means in FOCUS: the table of cost columns.

use super::{columns::CurColumn as C, line::Line};
use crate::{amount::Exact, rejection::Rejection, services};

/// The line item types of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineType {
    Usage,
    SavingsPlanCoveredUsage,
    SavingsPlanNegation,
    SavingsPlanUpfrontFee,
    SavingsPlanRecurringFee,
    DiscountedUsage,
    RiFee,
    Fee,
    Discount,
    Credit,
    Refund,
    Tax,
    Unknown,
}

impl LineType {
    pub(super) fn of(text: &str) -> Self {
        match text {
            "Usage" => Self::Usage,
            "SavingsPlanCoveredUsage" => Self::SavingsPlanCoveredUsage,
            "SavingsPlanNegation" => Self::SavingsPlanNegation,
            "SavingsPlanUpfrontFee" => Self::SavingsPlanUpfrontFee,
            "SavingsPlanRecurringFee" => Self::SavingsPlanRecurringFee,
            "DiscountedUsage" => Self::DiscountedUsage,
            "RIFee" => Self::RiFee,
            "Fee" => Self::Fee,
            "Credit" => Self::Credit,
            "Refund" => Self::Refund,
            "Tax" => Self::Tax,
            // EdpDiscount, PrivateRateDiscount, BundledDiscount, SppDiscount, ...
            other if other.ends_with("Discount") => Self::Discount,
            _ => Self::Unknown,
        }
    }

    /// Committed usage and commitments name their plan or reservation.
    fn is_savings_plan(self) -> bool {
        matches!(
            self,
            Self::SavingsPlanCoveredUsage
                | Self::SavingsPlanNegation
                | Self::SavingsPlanUpfrontFee
                | Self::SavingsPlanRecurringFee
        )
    }
}

/// A line item in FOCUS terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Charge<'l> {
    pub(super) category: &'static str,
    pub(super) correction: bool,
    pub(super) frequency: &'static str,
    pub(super) pricing: Option<&'static str>,
    pub(super) kind: &'static str,
    pub(super) commitment: Option<Commitment<'l>>,
    pub(super) status: Option<&'static str>,
    pub(super) billed: Exact,
    pub(super) effective: Exact,
    pub(super) list: Option<Exact>,
    pub(super) contracted: Option<Exact>,
    pub(super) quantity: Option<Exact>,
    pub(super) basis: &'static str,
    /// The unused part of a commitment: a usage row of its own.
    pub(super) unused: Option<Exact>,
    /// A commitment whose effective cost the file does not tell.
    pub(super) incomplete: bool,
}

/// A Savings Plan or a reservation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Commitment<'l> {
    pub(super) id: &'l str,
    pub(super) category: &'static str,
    pub(super) kind: &'static str,
}

/// Reads the charge of a line that becomes a row. `net`: the file has net columns.
pub(super) fn charge<'l>(
    line: &Line<'l>,
    line_type: LineType,
    net: bool,
) -> Result<Charge<'l>, Rejection> {
    let unblended = line.demand(C::UnblendedCost, line.amount(C::UnblendedCost)?)?;
    let (net_cost, basis) = prefer_net(line, net, C::NetUnblendedCost, Some(unblended))?;
    let base = Charge {
        category: "Usage",
        correction: false,
        frequency: "Usage-Based",
        pricing: Some("Standard"),
        kind: "usage",
        commitment: commitment(line, line_type),
        status: None,
        billed: unblended,
        effective: net_cost.unwrap_or(unblended),
        list: line.amount(C::PublicOnDemandCost)?,
        contracted: Some(unblended),
        quantity: None,
        basis,
        unused: None,
        incomplete: false,
    };
    match line_type {
        LineType::SavingsPlanCoveredUsage | LineType::DiscountedUsage => {
            committed_usage(line, line_type, net, &base)
        }
        LineType::SavingsPlanUpfrontFee | LineType::SavingsPlanRecurringFee | LineType::RiFee => {
            commitment_fee(line, line_type, net, &base)
        }
        LineType::Fee => Ok(fee(line, &base)),
        LineType::Discount => discount(line, net, &base),
        LineType::Refund => refund(line, &base),
        LineType::Credit => Ok(Charge {
            category: "Credit",
            frequency: "One-Time",
            kind: "credit",
            // A credit has no list price of its own: FOCUS takes what is billed.
            list: Some(unblended),
            ..base
        }),
        LineType::Tax => Ok(Charge {
            category: "Tax",
            frequency: "One-Time",
            pricing: None,
            kind: "tax",
            ..base
        }),
        LineType::Unknown => Ok(Charge {
            category: "Adjustment",
            frequency: "One-Time",
            kind: "adjustment",
            ..base
        }),
        // A negation never comes here: the reader folds it.
        LineType::Usage | LineType::SavingsPlanNegation => usage(line, &base),
    }
}

fn usage<'l>(line: &Line<'l>, base: &Charge<'l>) -> Result<Charge<'l>, Rejection> {
    let spot = line
        .text(C::UsageType)
        .is_some_and(|t| t.contains("SpotUsage"));
    Ok(Charge {
        pricing: Some(match base.commitment {
            Some(_) => "Committed",
            None if spot => "Dynamic",
            None => "Standard",
        }),
        status: base.commitment.map(|_| "Used"),
        kind: if is_support(line) { "support" } else { "usage" },
        quantity: line.amount(C::UsageAmount)?,
        ..*base
    })
}

/// Covered by a Savings Plan: the raw row bills the on-demand price, and a negation takes it back;
/// folded together nothing is billed. Covered by a reservation: the raw row bills nothing.
fn committed_usage<'l>(
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
    let (effective, basis) = prefer_net(line, net, net_column, line.amount(gross)?)?;
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
        basis,
        ..*base
    })
}

/// Buying a commitment is billed, and costs nothing in effect: its cost arises where it is used,
/// or in the row of what was not used.
fn commitment_fee<'l>(
    line: &Line<'l>,
    line_type: LineType,
    net: bool,
    base: &Charge<'l>,
) -> Result<Charge<'l>, Rejection> {
    let (unused, basis) = match line_type {
        LineType::SavingsPlanRecurringFee => {
            let total = line.amount(C::TotalCommitmentToDate)?.unwrap_or_default();
            let used = line.amount(C::UsedCommitment)?.unwrap_or_default();
            let rest = line.fits(C::TotalCommitmentToDate, total.checked_sub(used))?;
            // The report has no net form of the commitment.
            (rest, "gross")
        }
        LineType::RiFee => unused_reservation(line, net)?,
        _ => (Exact::ZERO, base.basis),
    };
    let upfront = line_type == LineType::SavingsPlanUpfrontFee;
    Ok(Charge {
        category: "Purchase",
        frequency: if upfront { "One-Time" } else { "Recurring" },
        kind: "purchase",
        effective: Exact::ZERO,
        unused: (!unused.is_zero()).then_some(unused),
        basis,
        ..*base
    })
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

/// With a reservation it is its upfront fee; otherwise support, marketplace and the like.
fn fee<'l>(line: &Line<'l>, base: &Charge<'l>) -> Charge<'l> {
    let upfront = base.commitment.is_some();
    Charge {
        category: "Purchase",
        frequency: "One-Time",
        kind: match upfront {
            true => "purchase",
            false if is_support(line) => "support",
            false => "fee",
        },
        effective: if upfront { Exact::ZERO } else { base.effective },
        ..*base
    }
}

/// A row of its own, in the category of what it lowers. On the net basis the discounted rows are
/// already lower: what the discount row says there is 0, never the gross amount a second time.
fn discount<'l>(line: &Line<'l>, net: bool, base: &Charge<'l>) -> Result<Charge<'l>, Rejection> {
    let effective = if net {
        line.amount(C::NetUnblendedCost)?.unwrap_or_default()
    } else {
        base.billed
    };
    Ok(Charge {
        kind: "discount",
        effective,
        quantity: Some(Exact::ZERO),
        basis: if net { "net" } else { "gross" },
        ..*base
    })
}

/// The category of what is refunded; a correction where that was invoiced before. Taking back a
/// commitment returns no effective cost, because its purchase had none.
fn refund<'l>(line: &Line<'l>, base: &Charge<'l>) -> Result<Charge<'l>, Rejection> {
    let start = line.time(C::UsageStartDate)?;
    let earlier = start < line.time(C::BillingPeriodStartDate)?;
    let purchase = base.commitment.is_some();
    let tax = line.text(C::TaxType).is_some();
    Ok(Charge {
        category: match (tax, purchase || is_support(line)) {
            (true, _) => "Tax",
            (false, true) => "Purchase",
            (false, false) => "Usage",
        },
        correction: earlier || line.text(C::BillType) == Some("Refund"),
        frequency: "One-Time",
        pricing: if tax { None } else { base.pricing },
        kind: "refund",
        effective: if purchase {
            Exact::ZERO
        } else {
            base.effective
        },
        ..*base
    })
}

/// The net value where the file has one, else the gross value; and which it was.
fn prefer_net(
    line: &Line,
    net: bool,
    column: C,
    gross: Option<Exact>,
) -> Result<(Option<Exact>, &'static str), Rejection> {
    let value = if net { line.amount(column)? } else { None };
    Ok(match value {
        Some(value) => (Some(value), "net"),
        None => (gross, "gross"),
    })
}

fn commitment<'l>(line: &Line<'l>, line_type: LineType) -> Option<Commitment<'l>> {
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

fn is_support(line: &Line) -> bool {
    line.text(C::ProductCode).is_some_and(services::is_support)
}
