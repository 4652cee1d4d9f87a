use std::sync::Arc;

use jiff::Timestamp;
use outlay_core::BillingPeriod;

use super::{
    Evidence, ListCosts,
    capped::{Budget, Capped, Table, key},
    entries::{Commitment, FileSums, Hour, Hours, Refund, Utilisation},
    source::{SourceFact, SourceLine},
    tally::{At, Tally},
};
use crate::{
    columns::{COST_COLUMNS, TextColumn, TimeColumn},
    row::FocusRow,
};

/// The sums of one bill while its rows come in.
#[derive(Debug)]
pub(super) struct Bill {
    provider: String,
    payer: String,
    pub(super) period: BillingPeriod,
    /// A BillingPeriodStart of this period.
    pub(super) start: Timestamp,
    /// By currency.
    files: Table<FileSums>,
    source_invoices: Table<Tally>,
    invoices: Table<Tally>,
    plan_hours: Table<Hours>,
    plans: Table<Utilisation>,
    reservations: Table<Utilisation>,
    commitments: Table<Commitment>,
    refunds: Table<Refund>,
    list_costs: ListCosts,
}

/// What all bills of a file share.
pub(super) struct Context<'c> {
    pub(super) file: &'c Arc<str>,
    pub(super) key: &'c mut String,
    pub(super) budget: &'c mut Budget,
}

impl Bill {
    pub(super) fn new(
        provider: &str,
        payer: &str,
        period: BillingPeriod,
        start: Timestamp,
    ) -> Self {
        Self {
            provider: provider.to_owned(),
            payer: payer.to_owned(),
            period,
            start,
            files: Table::default(),
            source_invoices: Table::default(),
            invoices: Table::default(),
            plan_hours: Table::default(),
            plans: Table::default(),
            reservations: Table::default(),
            commitments: Table::default(),
            refunds: Table::default(),
            list_costs: ListCosts::default(),
        }
    }

    pub(super) fn is(&self, provider: &str, payer: &str) -> bool {
        self.payer == payer && self.provider == provider
    }

    pub(super) fn source(&mut self, line: &SourceLine, context: &mut Context) {
        if let Some(sums) = self.files.entry(line.currency, context.budget) {
            sums.add_source(line);
        }
        let Some(billed) = line.costs[0].filter(|_| !line.left_out) else {
            return;
        };
        let key = key(context.key, &[line.invoice, line.currency]);
        if let Some(invoice) = self.source_invoices.entry(key, context.budget) {
            invoice.add(billed, line.at(context.file));
        }
    }

    pub(super) fn fact(&mut self, line: &SourceLine, fact: SourceFact, context: &mut Context) {
        let budget = &mut *context.budget;
        let key = key(context.key, &[fact.commitment(), line.currency]);
        let at = line.at(context.file);
        match fact {
            SourceFact::PlanUsage {
                hour,
                billed,
                effective,
                ..
            } => {
                if let Some(sums) = self.files.entry(line.currency, budget) {
                    sums.negated.add(billed);
                }
                if let Some(hour) = hour_of(&mut self.plan_hours, key, hour, budget) {
                    hour.covered.add(billed, at);
                }
                if let Some(plan) = self.plans.entry(key, budget) {
                    plan.used.add(effective, at);
                }
            }
            SourceFact::PlanNegation { hour, billed, .. } => {
                if let Some(sums) = self.files.entry(line.currency, budget) {
                    sums.rows.folded += 1;
                    sums.folded.add(billed);
                }
                if let Some(hour) = hour_of(&mut self.plan_hours, key, hour, budget) {
                    hour.negated.add(billed, at);
                }
            }
            SourceFact::PlanFee {
                unused, committed, ..
            } => {
                if let Some(plan) = self.plans.entry(key, budget) {
                    plan.add_fee(unused, committed, at);
                }
            }
            SourceFact::PlanMention { effective, .. } => {
                if let Some(plan) = self.plans.entry(key, budget) {
                    plan.used_otherwise.add(effective);
                }
            }
            SourceFact::ReservationMention { effective, .. } => {
                if let Some(reservation) = self.reservations.entry(key, budget) {
                    reservation.used_otherwise.add(effective);
                }
            }
            SourceFact::ReservationUsage { effective, .. } => {
                if let Some(reservation) = self.reservations.entry(key, budget) {
                    reservation.used.add(effective, at);
                }
            }
            SourceFact::ReservationFee {
                unused, committed, ..
            } => {
                if let Some(reservation) = self.reservations.entry(key, budget) {
                    reservation.add_fee(unused, committed, at);
                }
            }
        }
    }

    pub(super) fn row(
        &mut self,
        row: &FocusRow,
        added: bool,
        given: [bool; 4],
        context: &mut Context,
    ) {
        let text = |column| row.text(column).unwrap_or_default();
        let budget = &mut *context.budget;
        let at = At {
            file: context.file,
            place: row.place,
            source_line_id: row.text(TextColumn::XSourceLineId),
        };
        let currency = text(TextColumn::BillingCurrency);
        let costs = COST_COLUMNS.map(|column| row.exact(column).unwrap_or_default());
        if let Some(sums) = self.files.entry(currency, budget) {
            sums.add_written(costs, given, added);
        }
        let issuer = text(TextColumn::InvoiceIssuerName);
        let invoice = key(
            context.key,
            &[text(TextColumn::InvoiceId), currency, issuer],
        );
        if let Some(invoice) = self.invoices.entry(invoice, budget) {
            invoice.add(costs[0], at);
        }
        self.list_costs.add(row, at);
        let commitment = text(TextColumn::CommitmentDiscountId);
        if !commitment.is_empty() {
            let key = key(context.key, &[commitment, currency]);
            if let Some(commitment) = self.commitments.entry(key, budget) {
                commitment.add(row, at);
            }
        }
        if text(TextColumn::XChargeKind) == "refund" {
            let start = row.time(TimeColumn::ChargePeriodStart).unwrap_or_default();
            let start = start.as_second().to_string();
            let service = text(TextColumn::XServiceCode);
            let key = key(context.key, &[commitment, service, currency, &start]);
            if let Some(refund) = self.refunds.entry(key, budget) {
                refund.billed.add(costs[0], at);
                refund.effective.add(costs[1]);
            }
        }
    }

    pub(super) fn rows_read(&self) -> u64 {
        self.files.values().map(|sums| sums.rows.read).sum()
    }

    /// `unaccounted`: rows of the file that no bill counts.
    pub(super) fn finish(self, file: &Arc<str>, unaccounted: u64) -> Evidence {
        let same = |key: &str| key.to_owned();
        let mut files = self.files.finish(|currency| {
            let mut buffer = String::new();
            key(&mut buffer, &[file, currency]).to_owned()
        });
        if let Capped::Within(files) = &mut files
            && let Some(first) = files.values_mut().next()
        {
            first.rows.unaccounted = unaccounted;
        }
        Evidence {
            provider: self.provider,
            payer: self.payer,
            period: self.period,
            files,
            source_invoices: self.source_invoices.finish(same),
            invoices: self.invoices.finish(same),
            plan_hours: self.plan_hours.finish(same),
            plans: self.plans.finish(same),
            reservations: self.reservations.finish(same),
            commitments: self.commitments.finish(same),
            refunds: self.refunds.finish(same),
            list_costs: self.list_costs,
        }
    }
}

fn hour_of<'t>(
    table: &'t mut Table<Hours>,
    key: &str,
    start: Timestamp,
    budget: &mut Budget,
) -> Option<&'t mut Hour> {
    let start = start.as_second();
    if !table.entry(key, budget)?.0.contains_key(&start) {
        table.grow(Hours::HOUR_BYTES, budget)?;
    }
    let hours = table.entry(key, budget)?;
    Some(hours.0.entry(start).or_default())
}
