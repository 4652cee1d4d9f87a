//! The sums of each family.

use std::collections::BTreeMap;

use jiff::Timestamp;
use outlay_core::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    Evidence,
    capped::{Entry, parts},
    source::SourceLine,
    sum::Sum,
    tally::{At, SourceRow, Tally},
};
use crate::{
    amount::Exact,
    columns::{AmountColumn, TextColumn, TimeColumn},
    row::FocusRow,
};

/// What became of the lines of a file, per bill and currency.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FileSums {
    pub(crate) rows: RowCounts,
    /// The cost columns of the source over all its lines; `None` where it has no such column.
    pub(crate) source: [Option<Sum>; 4],
    /// The rows handed on.
    pub(crate) written: [Sum; 4],
    /// The part of them for which the source has no value of its own.
    pub(crate) derived: [Sum; 4],
    pub(crate) left_out: [Sum; 4],
    /// Billed in lines that are folded into others: Savings Plan negations.
    pub(crate) folded: Sum,
    /// Billed in lines whose rows bill nothing: what the negations take back.
    pub(crate) negated: Sum,
}

/// `read = written + folded + left out - added`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RowCounts {
    pub(crate) read: u64,
    pub(crate) written: u64,
    pub(crate) folded: u64,
    pub(crate) left_out: u64,
    pub(crate) added: u64,
    /// By how many rows all bills of the file together differ from the file.
    pub(crate) unaccounted: u64,
}

/// A Savings Plan, by the start of the hours (or days) of its usage, in seconds since 1970.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Hours(pub(crate) BTreeMap<i64, Hour>);

/// What one hour bills under a Savings Plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Hour {
    pub(crate) covered: Tally<1>,
    pub(crate) negated: Tally<1>,
}

/// A Savings Plan or reservation over the billing period, as the source tells it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Utilisation {
    /// Effective cost of the usage.
    pub(crate) used: Tally,
    /// Effective cost of usage that names the commitment without being billed under it.
    pub(crate) used_otherwise: Sum,
    /// What of the commitment was not used.
    pub(crate) unused: Tally,
    /// Amortised upfront fee and recurring fee.
    pub(crate) committed: Tally,
}

/// The rows that name a commitment discount.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Commitment {
    /// EffectiveCost of usage, by status.
    pub(crate) used: Tally,
    pub(crate) unused: Tally,
    /// Usage that says neither Used nor Unused.
    pub(crate) undecided: Tally,
    /// BilledCost of purchases, their returns included.
    pub(crate) purchased: Tally,
    /// EffectiveCost of purchases, where there is one.
    pub(crate) purchase_effective: Tally,
    /// ConsumedQuantity of unused rows, where there is one.
    pub(crate) unused_consumed: Tally,
    /// Rows on the net basis.
    pub(crate) net_rows: u64,
    /// From the first to the last instant of usage.
    pub(crate) usage: Option<Span>,
    /// From the first to the last instant of one-time purchases.
    pub(crate) term: Option<Span>,
}

/// From the start of the first to the end of the last, in seconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Span(pub(crate) i64, pub(crate) i64);

/// What was given back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Refund {
    pub(crate) billed: Tally,
    pub(crate) effective: Sum,
}

/// Refunds of one charge, to be tied to what they refund: by commitment and period, else by service
/// and period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundOf<'e> {
    /// The Savings Plan or reservation that the rows name.
    pub commitment: Option<&'e str>,
    /// x_ServiceCode.
    pub service_code: &'e str,
    /// BillingCurrency.
    pub currency: &'e str,
    /// ChargePeriodStart of the refunded charge.
    pub start: Option<Timestamp>,
    /// BilledCost; `None` beyond DECIMAL(38,18).
    pub billed_cost: Option<Decimal>,
    /// EffectiveCost; `None` beyond DECIMAL(38,18).
    pub effective_cost: Option<Decimal>,
    /// How many rows.
    pub row_count: u64,
    /// The first of them.
    pub rows: &'e [SourceRow],
}

impl Evidence {
    /// The refunds of this bill; `None` when there are too many keys to hold them all.
    pub fn refunds(&self) -> Option<impl Iterator<Item = RefundOf<'_>>> {
        let refunds = self.refunds.entries()?.iter();
        Some(refunds.map(|(key, refund)| {
            let [commitment, service_code, currency, start] = parts(key);
            RefundOf {
                commitment: (!commitment.is_empty()).then_some(commitment),
                service_code,
                currency,
                start: start
                    .parse()
                    .ok()
                    .and_then(|s| Timestamp::from_second(s).ok()),
                billed_cost: refund.billed.sum.stored(),
                effective_cost: refund.effective.stored(),
                row_count: refund.billed.rows,
                rows: refund.billed.examples.rows(),
            }
        }))
    }
}

impl Span {
    /// Both, and what lies between.
    pub(crate) fn around(one: Option<Self>, other: Option<Self>) -> Option<Self> {
        match (one, other) {
            (Some(a), Some(b)) => Some(Self(a.0.min(b.0), a.1.max(b.1))),
            (one, other) => one.or(other),
        }
    }
}

impl FileSums {
    pub(crate) fn add_source(&mut self, line: &SourceLine) {
        self.rows.read += 1;
        self.rows.left_out += u64::from(line.left_out);
        for (at, cost) in line.costs.into_iter().enumerate() {
            let Some(cost) = cost else { continue };
            self.source[at].get_or_insert_default().add(cost);
            if line.left_out {
                self.left_out[at].add(cost);
            }
        }
    }

    /// `given`: which of the costs the source line has of its own.
    pub(crate) fn add_written(&mut self, costs: [Exact; 4], given: [bool; 4], added: bool) {
        self.rows.written += 1;
        self.rows.added += u64::from(added);
        for (at, cost) in costs.into_iter().enumerate() {
            self.written[at].add(cost);
            if !given[at] {
                self.derived[at].add(cost);
            }
        }
    }
}

impl Utilisation {
    pub(crate) fn add_fee(&mut self, unused: Exact, committed: Option<Exact>, at: At) {
        self.unused.add(unused, at);
        if let Some(committed) = committed {
            self.committed.add(committed, at);
        }
    }
}

impl Commitment {
    pub(crate) fn add(&mut self, row: &FocusRow, at: At) {
        let cost = |column| row.exact(column).unwrap_or_default();
        let effective = cost(AmountColumn::EffectiveCost);
        let status = row.text(TextColumn::CommitmentDiscountStatus);
        let kind = row.text(TextColumn::XChargeKind);
        self.net_rows += u64::from(row.text(TextColumn::XCostBasis) == Some("net"));
        match (row.text(TextColumn::ChargeCategory), status) {
            // What lowers a charge is no use of the commitment.
            (Some("Usage"), _) if matches!(kind, Some("discount" | "refund")) => return,
            (Some("Usage"), Some("Used")) => self.used.add(effective, at),
            (Some("Usage"), Some("Unused")) => self.add_unused(row, effective, at),
            (Some("Usage"), _) => self.undecided.add(effective, at),
            (Some("Purchase"), _) => {
                self.purchased.add(cost(AmountColumn::BilledCost), at);
                if !effective.is_zero() {
                    self.purchase_effective.add(effective, at);
                }
                if row.text(TextColumn::ChargeFrequency) == Some("One-Time") {
                    self.term = Span::around(self.term, span(row));
                }
                return;
            }
            _ => return,
        }
        self.usage = Span::around(self.usage, span(row));
    }

    fn add_unused(&mut self, row: &FocusRow, effective: Exact, at: At) {
        self.unused.add(effective, at);
        if let Some(consumed) = row.exact(AmountColumn::ConsumedQuantity)
            && !consumed.is_zero()
        {
            self.unused_consumed.add(consumed, at);
        }
    }
}

fn span(row: &FocusRow) -> Option<Span> {
    let start = row.time(TimeColumn::ChargePeriodStart)?.as_second();
    let end = row.time(TimeColumn::ChargePeriodEnd)?.as_second();
    Some(Span(start, end))
}

impl<const MOST: usize> Entry for Tally<MOST> {
    fn join(&mut self, other: Self) {
        self.merge(other);
    }
}

impl Entry for FileSums {
    fn join(&mut self, other: Self) {
        let (mine, others) = (&mut self.rows, other.rows);
        mine.read = mine.read.saturating_add(others.read);
        mine.written = mine.written.saturating_add(others.written);
        mine.folded = mine.folded.saturating_add(others.folded);
        mine.left_out = mine.left_out.saturating_add(others.left_out);
        mine.added = mine.added.saturating_add(others.added);
        mine.unaccounted = mine.unaccounted.saturating_add(others.unaccounted);
        for at in 0..4 {
            if let Some(sum) = other.source[at] {
                self.source[at].get_or_insert_default().join(sum);
            }
            self.written[at].join(other.written[at]);
            self.derived[at].join(other.derived[at]);
            self.left_out[at].join(other.left_out[at]);
        }
        self.folded.join(other.folded);
        self.negated.join(other.negated);
    }
}

impl Entry for Hours {
    fn join(&mut self, other: Self) {
        for (start, hour) in other.0 {
            let mine = self.0.entry(start).or_default();
            mine.covered.merge(hour.covered);
            mine.negated.merge(hour.negated);
        }
    }

    fn bytes(&self) -> usize {
        size_of::<Self>() + self.0.len() * Self::HOUR_BYTES
    }
}

impl Hours {
    /// An hour, its two examples and its share of the map.
    pub(crate) const HOUR_BYTES: usize = size_of::<Hour>() + 256;
}

impl Entry for Utilisation {
    fn join(&mut self, other: Self) {
        self.used.merge(other.used);
        self.used_otherwise.join(other.used_otherwise);
        self.unused.merge(other.unused);
        self.committed.merge(other.committed);
    }
}

impl Entry for Commitment {
    fn join(&mut self, other: Self) {
        self.used.merge(other.used);
        self.unused.merge(other.unused);
        self.undecided.merge(other.undecided);
        self.purchased.merge(other.purchased);
        self.purchase_effective.merge(other.purchase_effective);
        self.unused_consumed.merge(other.unused_consumed);
        self.net_rows = self.net_rows.saturating_add(other.net_rows);
        self.usage = Span::around(self.usage, other.usage);
        self.term = Span::around(self.term, other.term);
    }
}

impl Entry for Refund {
    fn join(&mut self, other: Self) {
        self.billed.merge(other.billed);
        self.effective.join(other.effective);
    }
}
