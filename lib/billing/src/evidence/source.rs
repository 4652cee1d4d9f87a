use std::sync::Arc;

use jiff::Timestamp;

use super::tally::At;
use crate::{
    amount::Exact,
    columns::{COST_COLUMNS, TextColumn, TimeColumn},
    row::{FocusRow, Place},
};

/// A line of the source, as it stands there: counted apart from the rows made of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SourceLine<'l> {
    pub(crate) provider: &'l str,
    pub(crate) payer: &'l str,
    /// BillingPeriodStart.
    pub(crate) period: Timestamp,
    pub(crate) currency: &'l str,
    /// Empty while the line is an estimate.
    pub(crate) invoice: &'l str,
    pub(crate) id: Option<&'l str>,
    pub(crate) place: Place,
    /// In the order of `COST_COLUMNS`; `None` where the source has no such column.
    pub(crate) costs: [Option<Exact>; 4],
    /// The line restates others, and no row is made of it.
    pub(crate) left_out: bool,
}

impl SourceLine<'_> {
    /// The line that a row was just read from, where its columns are those of FOCUS.
    pub(crate) fn of(row: &FocusRow) -> SourceLine<'_> {
        let text = |column| row.text(column).unwrap_or_default();
        SourceLine {
            provider: text(TextColumn::XProvider),
            payer: text(TextColumn::XPayer),
            period: row.time(TimeColumn::BillingPeriodStart).unwrap_or_default(),
            currency: text(TextColumn::BillingCurrency),
            invoice: text(TextColumn::InvoiceId),
            id: row.text(TextColumn::XSourceLineId),
            place: row.place,
            costs: COST_COLUMNS.map(|column| row.exact(column)),
            left_out: false,
        }
    }

    pub(crate) fn at<'l>(&'l self, file: &'l Arc<str>) -> At<'l> {
        At {
            file,
            place: self.place,
            source_line_id: self.id,
        }
    }
}

/// What a line says besides its costs. Amounts are gross.
#[derive(Debug, Clone, Copy)]
pub(crate) enum SourceFact<'l> {
    /// Usage under a Savings Plan: billed at on-demand prices, which a negation takes back.
    PlanUsage {
        plan: &'l str,
        hour: Timestamp,
        billed: Exact,
        effective: Exact,
    },
    /// Takes back what usage under a Savings Plan was billed. No row is made of it.
    PlanNegation {
        plan: &'l str,
        hour: Timestamp,
        billed: Exact,
    },
    /// What a Savings Plan commits to, and what of it was not used.
    PlanFee {
        plan: &'l str,
        unused: Exact,
        /// Amortised upfront fee and recurring commitment; `None` where the report has neither.
        committed: Option<Exact>,
    },
    /// Usage that names a Savings Plan but is billed as any other.
    PlanMention { plan: &'l str, effective: Exact },
    /// Usage that names a reservation but is billed as any other.
    ReservationMention {
        reservation: &'l str,
        effective: Exact,
    },
    /// Usage under a reservation.
    ReservationUsage {
        reservation: &'l str,
        effective: Exact,
    },
    /// What a reservation costs in the period, and what of it was not used.
    ReservationFee {
        reservation: &'l str,
        unused: Exact,
        /// Amortised upfront fee and recurring fee; `None` where the report has no amortised fee.
        committed: Option<Exact>,
    },
}

impl<'l> SourceFact<'l> {
    /// The Savings Plan or reservation.
    pub(crate) const fn commitment(&self) -> &'l str {
        match self {
            Self::PlanUsage { plan, .. }
            | Self::PlanNegation { plan, .. }
            | Self::PlanMention { plan, .. }
            | Self::PlanFee { plan, .. } => plan,
            Self::ReservationUsage { reservation, .. }
            | Self::ReservationMention { reservation, .. }
            | Self::ReservationFee { reservation, .. } => reservation,
        }
    }
}
