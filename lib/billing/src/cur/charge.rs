//! What each line item type of a CUR means in FOCUS: the table of cost columns.

use super::{
    columns::CurColumn as C,
    commitment::{
        Commitment, Measure, Unused, commitment, commitment_fee, committed_usage, is_return,
    },
    discount::{Discounts, FOLDED, REPEATED},
    line::Line,
};
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
    pub(super) fn is_savings_plan(self) -> bool {
        matches!(
            self,
            Self::SavingsPlanCoveredUsage
                | Self::SavingsPlanNegation
                | Self::SavingsPlanUpfrontFee
                | Self::SavingsPlanRecurringFee
        )
    }

    /// Usage of a period that was invoiced before corrects that invoice; fees and taxes may lie
    /// anywhere.
    fn may_correct(self) -> bool {
        matches!(
            self,
            Self::Usage
                | Self::DiscountedUsage
                | Self::SavingsPlanCoveredUsage
                | Self::Discount
                | Self::Refund
        )
    }
}

/// A line item in FOCUS terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Charge<'l> {
    pub(super) category: &'static str,
    /// It corrects what an earlier period had invoiced.
    pub(super) correction: bool,
    pub(super) frequency: &'static str,
    pub(super) pricing: Option<&'static str>,
    pub(super) kind: &'static str,
    pub(super) commitment: Option<Commitment<'l>>,
    pub(super) status: Option<&'static str>,
    /// How much of the commitment.
    pub(super) measure: Option<Measure>,
    pub(super) billed: Exact,
    pub(super) effective: Exact,
    pub(super) list: Option<Exact>,
    pub(super) contracted: Option<Exact>,
    pub(super) quantity: Option<Exact>,
    pub(super) basis: &'static str,
    pub(super) notes: Notes,
    pub(super) unused: Option<Unused>,
    /// A commitment whose effective cost the file does not tell.
    pub(super) incomplete: bool,
}

impl Charge<'_> {
    /// A discount is inside the billed cost.
    pub(super) fn is_discounted(&self) -> bool {
        self.notes.words().any(|word| word == FOLDED)
    }

    /// What is billed is not what the line says alone: discounts inside charges were counted.
    pub(super) fn counts_discounts(&self) -> bool {
        self.notes
            .words()
            .any(|word| [FOLDED, REPEATED].contains(&word))
    }
}

/// Decisions taken for a row, as `x_Notes` words them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Notes([Option<&'static str>; 3]);

impl Notes {
    pub(super) fn words(self) -> impl Iterator<Item = &'static str> {
        self.0.into_iter().flatten()
    }

    fn and(mut self, word: Option<&'static str>) -> Self {
        if let Some(free) = self.0.iter_mut().find(|note| note.is_none()) {
            *free = word;
        }
        self
    }
}

/// Reads the charge of a line that becomes a row and bills `unblended`. `earlier`: it is for time before the billing
/// period.
pub(super) fn charge<'l>(
    line: &Line<'l>,
    line_type: LineType,
    unblended: Exact,
    earlier: bool,
    discounts: &mut Discounts,
) -> Result<Charge<'l>, Rejection> {
    let paid = discounts.paid(line, line_type, unblended)?;
    let (list, list_note) = list_cost(line, line_type, unblended)?;
    let base = Charge {
        category: "Usage",
        correction: earlier && line_type.may_correct(),
        frequency: "Usage-Based",
        pricing: Some("Standard"),
        kind: "usage",
        commitment: commitment(line, line_type),
        status: None,
        measure: None,
        billed: paid.billed,
        effective: paid.effective,
        list,
        contracted: Some(paid.billed),
        quantity: None,
        basis: paid.basis,
        notes: Notes::default().and(paid.note).and(list_note),
        unused: None,
        incomplete: false,
    };
    match line_type {
        LineType::SavingsPlanCoveredUsage | LineType::DiscountedUsage => {
            committed_usage(line, line_type, discounts.net, &base)
        }
        LineType::SavingsPlanUpfrontFee | LineType::SavingsPlanRecurringFee | LineType::RiFee => {
            commitment_fee(line, line_type, discounts, &base)
        }
        LineType::Fee => Ok(fee(line, &base)),
        // A row of its own, in the category of what it lowers.
        LineType::Discount => Ok(Charge {
            kind: "discount",
            quantity: Some(Exact::ZERO),
            ..base
        }),
        LineType::Refund => refund(line, &base),
        LineType::Credit => Ok(Charge {
            category: "Credit",
            frequency: "One-Time",
            kind: "credit",
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

/// The public on-demand cost. Where there is none, what is charged before discounts: FOCUS forbids
/// null. A discount is no part of any list.
fn list_cost(
    line: &Line,
    line_type: LineType,
    unblended: Exact,
) -> Result<(Option<Exact>, Option<&'static str>), Rejection> {
    use LineType::{Credit, Discount, DiscountedUsage, SavingsPlanCoveredUsage, Tax, Usage};
    let public = match line_type {
        Discount => return Ok((Some(Exact::ZERO), None)),
        Credit | Tax => return Ok((Some(unblended), None)),
        // Prices are in the pricing currency: never taken as amounts of another one.
        _ if line.has_foreign_prices() => None,
        _ => line.amount(C::PublicOnDemandCost)?,
    };
    Ok(match (line_type, public) {
        (Usage | SavingsPlanCoveredUsage | DiscountedUsage, Some(cost)) => (Some(cost), None),
        // Lines that are no usage often say 0 where they know of no list price.
        (_, Some(cost)) if !cost.is_zero() => (Some(cost), None),
        // Under a reservation the charge is 0, whatever the list says.
        (DiscountedUsage, _) => (None, None),
        _ => (Some(unblended), Some("list-from-unblended")),
    })
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

/// The category of what is refunded; a correction where that was invoiced before.
fn refund<'l>(line: &Line<'l>, base: &Charge<'l>) -> Result<Charge<'l>, Rejection> {
    let returned = is_return(line, base.commitment)?;
    let tax = line.text(C::TaxType).is_some();
    let category = match (tax, returned || is_support(line)) {
        (true, _) => "Tax",
        (false, true) => "Purchase",
        (false, false) => "Usage",
    };
    let note = returned.then_some("commitment-return");
    Ok(Charge {
        category,
        correction: base.correction || line.text(C::BillType) == Some("Refund"),
        frequency: "One-Time",
        pricing: if tax { None } else { base.pricing },
        kind: "refund",
        effective: if returned {
            Exact::ZERO
        } else {
            base.effective
        },
        notes: base.notes.and(note),
        ..*base
    })
}

/// The net value where the file has one, else the gross value; and which it was.
pub(super) fn prefer_net(
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

fn is_support(line: &Line) -> bool {
    line.text(C::ProductCode).is_some_and(services::is_support)
}
