//! Gathers evidence while a file is read.

use std::sync::Arc;

use jiff::Timestamp;
use outlay_core::BillingPeriod;

use super::{
    Evidence,
    capped::{Budget, Capped},
    source::{SourceFact, SourceLine},
    tables::{Bill, Context},
};
use crate::{
    columns::{TextColumn, TimeColumn},
    row::FocusRow,
};

/// Evidence of the bills of one file. A row without commitment costs comparisons and additions.
#[derive(Debug)]
pub(crate) struct Collector {
    file: Arc<str>,
    bills: Vec<Bill>,
    /// Rows mostly follow others of their bill.
    last: usize,
    /// Some rows belong to bills beyond the most there may be.
    crowded: bool,
    /// Reused to build keys.
    key: String,
    budget: Budget,
    /// Which costs the current source line has of its own.
    given: [bool; 4],
}

/// More bills than a file is ever taken with.
const MAX_BILLS: usize = 64;

impl Collector {
    pub(crate) fn new(file_name: &str) -> Self {
        Self {
            file: file_name.into(),
            bills: Vec::new(),
            last: 0,
            crowded: false,
            key: String::new(),
            budget: Budget::new(),
            given: [false; 4],
        }
    }

    /// Counts a line of the source, before anything is made of it.
    pub(crate) fn source(&mut self, line: &SourceLine) {
        self.given = line.costs.map(|cost| cost.is_some());
        if let Some((bill, mut context)) = self.bill(line.provider, line.payer, line.period) {
            bill.source(line, &mut context);
        }
    }

    /// Notes what a line says besides its costs.
    pub(crate) fn fact(&mut self, line: &SourceLine, fact: SourceFact) {
        if let Some((bill, mut context)) = self.bill(line.provider, line.payer, line.period) {
            bill.fact(line, fact, &mut context);
        }
    }

    /// Counts a row handed on; `added`: we made it beside the row of its line.
    pub(crate) fn row(&mut self, row: &FocusRow, added: bool) {
        let text = |column| row.text(column).unwrap_or_default();
        let (provider, payer) = (text(TextColumn::XProvider), text(TextColumn::XPayer));
        let start = row.time(TimeColumn::BillingPeriodStart).unwrap_or_default();
        let given = self.given;
        if let Some((bill, mut context)) = self.bill(provider, payer, start) {
            bill.row(row, added, given, &mut context);
        }
    }

    /// The evidence of each bill, sorted by provider, payer and period, where the file has so many
    /// data rows.
    pub(crate) fn finish(self, rows_in_file: u64) -> Vec<Evidence> {
        let read = self.bills.iter().map(Bill::rows_read).sum::<u64>();
        let unaccounted = rows_in_file.abs_diff(read);
        let mut all: Vec<Evidence> = self
            .bills
            .into_iter()
            .map(|bill| bill.finish(&self.file, unaccounted))
            .collect();
        if self.crowded {
            // Nobody knows then which rows should have been counted where.
            for evidence in &mut all {
                evidence.files = Capped::Beyond;
            }
        }
        all.sort_by(|a, b| a.key().cmp(&b.key()));
        all
    }

    fn bill(
        &mut self,
        provider: &str,
        payer: &str,
        start: Timestamp,
    ) -> Option<(&mut Bill, Context<'_>)> {
        let known = self.bills.get(self.last);
        if !known.is_some_and(|bill| bill.start == start && bill.is(provider, payer)) {
            self.last = self.find_or_open(provider, payer, start)?;
        }
        let context = Context {
            file: &self.file,
            key: &mut self.key,
            budget: &mut self.budget,
        };
        self.bills.get_mut(self.last).map(|bill| (bill, context))
    }

    fn find_or_open(&mut self, provider: &str, payer: &str, start: Timestamp) -> Option<usize> {
        let period = BillingPeriod::containing(start).ok()?;
        let of_bill = |bill: &Bill| bill.period == period && bill.is(provider, payer);
        if let Some(at) = self.bills.iter().position(of_bill) {
            self.bills[at].start = start;
            return Some(at);
        }
        if self.bills.len() == MAX_BILLS {
            self.crowded = true;
            return None;
        }
        self.bills.push(Bill::new(provider, payer, period, start));
        Some(self.bills.len() - 1)
    }
}
