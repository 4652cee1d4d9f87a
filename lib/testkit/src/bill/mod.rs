//! A believable company's bill from a seed, in two formats, with the right answers.
//!
//! The truth is a list of charges in exact integers. [`Expected`] sums it as it is drawn; the
//! formats word it afterwards. Nothing here reads a bill or knows the product's code, so that the
//! two can be held against each other.

mod catalog;
mod charge;
mod company;
mod cur;
mod draw;
mod expected;
mod focus;
pub(crate) mod random;
mod text;

use anyhow::Result;
use jiff::{ToSpan, civil::Date};
use outlay_core::BillingPeriod;

use charge::Charge;

pub use company::{Account, Company};
pub use cur::Spelling;
pub use expected::{Cell, Expected, Totals};
pub use text::gzip;

/// What a company is charged in some months.
#[derive(Debug)]
pub struct Bill {
    charges: Vec<Charge>,
    expected: Expected,
}

impl Company {
    /// The bill from a month on, as it stood on the morning of `as_of`: the last day in it is the
    /// day before. A month that is not over, or was over for less than three days, is an estimate
    /// without invoice. An error where amounts overflow.
    pub fn bill(&self, from: BillingPeriod, as_of: Date) -> Result<Bill> {
        let (charges, expected) = draw::draw(self, from, as_of, as_of)?;
        Ok(Bill { charges, expected })
    }

    /// Whole months from one to another, both included and both invoiced.
    pub fn closed(&self, from: BillingPeriod, to: BillingPeriod) -> Result<Bill> {
        let much_later = to.end().checked_add(1.month())?;
        let (charges, expected) = draw::draw(self, from, to.end(), much_later)?;
        Ok(Bill { charges, expected })
    }

    /// Thirteen months that end on the day before `as_of`.
    pub fn thirteen_months(&self, as_of: Date) -> Result<Bill> {
        let from = as_of.checked_sub(1.day())?.checked_sub(12.months())?;
        self.bill(BillingPeriod::of(from)?, as_of)
    }
}

impl Bill {
    /// The right answers.
    pub fn expected(&self) -> &Expected {
        &self.expected
    }

    /// FOCUS 1.2 as AWS exports it.
    pub fn focus_csv(&self) -> Vec<u8> {
        focus_csv(&[self])
    }

    /// Legacy Cost and Usage Report with resource ids.
    pub fn cur_csv(&self, spelling: Spelling) -> Vec<u8> {
        cur::csv(&self.charges, spelling)
    }
}

/// One FOCUS file of several bills: several payers or currencies.
pub fn focus_csv(bills: &[&Bill]) -> Vec<u8> {
    focus::csv(bills.iter().flat_map(|b| &b.charges))
}

#[cfg(test)]
mod tests;
