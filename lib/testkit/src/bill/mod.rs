//! A believable company's bill from a seed, in all of AWS's formats, with the right answers.
//!
//! The truth is a list of charges in exact integers. [`Expected`] sums it as it is drawn; the
//! formats word it afterwards. Nothing here reads a bill or knows the product's code, so that the
//! two can be held against each other.

mod catalog;
mod charge;
mod commitments;
mod company;
mod cur;
mod cur2;
mod draw;
mod exact;
mod expected;
mod export;
mod fleet;
mod focus;
mod line;
mod oddity;
mod parquet;
mod products;
pub(crate) mod random;
mod report;
mod table;
mod terms;
mod text;

use std::sync::Arc;

use anyhow::Result;
use jiff::{ToSpan, civil::Date};
use outlay_core::BillingPeriod;

use charge::Charge;
use draw::{FINAL, View, draw};

pub use company::{Account, Company};
pub use cur::Spelling;
pub use cur2::DiscountStyle;
pub use expected::{Cell, CommitmentTotals, Expected, ResidueTotals, Totals};
pub use export::{Export, FileType, Keep, Table, Tree};
pub use text::gzip;

/// What a company is charged in some months.
#[derive(Debug)]
pub struct Bill {
    charges: Vec<Arc<Charge>>,
    expected: Expected,
}

impl Company {
    /// The bill from a month on, as it stood on the morning of `as_of`: the last day in it is the
    /// day before. A month that is not over, or was over for less than three days, is an estimate
    /// without invoice. An error where amounts overflow.
    pub fn bill(&self, from: BillingPeriod, as_of: Date) -> Result<Bill> {
        self.view(View {
            from,
            until: as_of,
            as_of,
            version: FINAL,
        })
    }

    /// Whole months from one to another, both included and both invoiced.
    pub fn closed(&self, from: BillingPeriod, to: BillingPeriod) -> Result<Bill> {
        self.view(View {
            from,
            until: to.end(),
            as_of: to.end().checked_add(1.month())?,
            version: FINAL,
        })
    }

    /// Thirteen months that end on the day before `as_of`.
    pub fn thirteen_months(&self, as_of: Date) -> Result<Bill> {
        let from = as_of.checked_sub(1.day())?.checked_sub(12.months())?;
        self.bill(BillingPeriod::of(from)?, as_of)
    }

    /// One month as it is delivered again and again: while it runs, when it is over but late rows
    /// are missing, when it is complete and invoiced, and restated after that.
    pub fn versions(&self, month: BillingPeriod) -> Result<Vec<Bill>> {
        let running = month.start().checked_add(19.days())?;
        let just_over = month.end();
        let later = month.end().checked_add(10.days())?;
        let views = [
            (1, running, running),
            (2, just_over, just_over),
            (3, just_over, later),
            (FINAL, just_over, later),
        ];
        let views = views.into_iter().map(|(version, until, as_of)| View {
            from: month,
            until,
            as_of,
            version,
        });
        views.map(|view| self.view(view)).collect()
    }

    fn view(&self, view: View) -> Result<Bill> {
        let (charges, expected) = draw(self, view)?;
        Ok(Bill { charges, expected })
    }
}

impl Bill {
    /// Several bills in one: several payers or currencies in one file. An error where totals
    /// overflow.
    pub fn joined(bills: &[&Self]) -> Result<Self> {
        let mut expected = Expected::default();
        for bill in bills {
            expected.merge(&bill.expected)?;
        }
        let charges = bills.iter().flat_map(|b| &b.charges).cloned().collect();
        Ok(Self { charges, expected })
    }

    /// The right answers.
    pub fn expected(&self) -> &Expected {
        &self.expected
    }

    /// FOCUS 1.2 as AWS exports it.
    pub fn focus_csv(&self) -> Vec<u8> {
        table::csv(&focus::columns(), &self.charges)
    }

    /// Legacy Cost and Usage Report with resource ids, which lists discounts as rows.
    pub fn cur_csv(&self, spelling: Spelling) -> Vec<u8> {
        let report = cur::report(&self.charges, spelling);
        table::csv(&report.columns, &report.lines)
    }

    /// The same as Parquet, with the columns that Athena reads. An error where a double cannot hold
    /// an amount; see [`Company::fits_doubles`].
    pub fn cur_parquet(&self) -> Result<Vec<u8>> {
        let report = cur::report(&self.charges, Spelling::Underscore);
        parquet::write(&report.columns, &report.lines)
    }

    /// CUR 2.0 as Parquet.
    pub fn cur2_parquet(&self, style: DiscountStyle) -> Result<Vec<u8>> {
        let report = cur2::report(&self.charges, style);
        parquet::write(&report.columns, &report.lines)
    }

    /// FOCUS 1.2 as Parquet.
    pub fn focus_parquet(&self) -> Result<Vec<u8>> {
        parquet::write(&focus::columns(), &self.charges)
    }

    /// CUR 2.0 with resource ids.
    pub fn cur2_csv(&self, style: DiscountStyle) -> Vec<u8> {
        let report = cur2::report(&self.charges, style);
        table::csv(&report.columns, &report.lines)
    }
}

#[cfg(test)]
mod tests;
