//! Draws the truth: usage day by day, then what is charged by the month.

mod coverage;
mod monthly;
mod purchases;
mod usage;

use std::sync::Arc;

use anyhow::Result;
use jiff::{ToSpan, civil::Date};
use outlay_core::BillingPeriod;

use super::{
    charge::{Charge, Costs, Kind, Statement},
    company::{Company, Subject, age, list_price},
    exact::Amount,
    expected::{Cell, Expected},
    oddity::{Discounts, Oddity},
    random::Random,
};

/// What of a company's history a bill shows, and how ripe it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct View {
    pub(super) from: BillingPeriod,
    /// The day after the last one in the bill.
    pub(super) until: Date,
    /// The day on which the bill is looked at.
    pub(super) as_of: Date,
    /// How often the month has been restated: late rows arrive with the third version, a refund
    /// with the fourth.
    pub(super) version: u32,
}

/// The version in which nothing is missing any more.
pub(super) const FINAL: u32 = 4;

/// The charges of every day of the view.
pub(super) fn draw(company: &Company, view: View) -> Result<(Vec<Arc<Charge>>, Expected)> {
    let mut ledger = Ledger::default();
    let mut period = view.from;
    while period.start() < view.until {
        Month::new(company, period, view)?.draw(&mut ledger)?;
        period = BillingPeriod::of(period.end())?;
    }
    Ok((ledger.charges, ledger.expected))
}

/// The charges so far, and their sums.
#[derive(Default)]
struct Ledger {
    charges: Vec<Arc<Charge>>,
    expected: Expected,
}

impl Ledger {
    fn add(&mut self, charge: Charge) -> Result<()> {
        self.expected.add(cell(&charge), &charge)?;
        self.charges.push(Arc::new(charge));
        Ok(())
    }
}

fn cell(charge: &Charge) -> Cell {
    let subject = &charge.subject;
    let metered = charge.is_metered();
    let tag = |is: &dyn Fn(&str) -> bool| {
        let found = subject.tags.iter().find(|(key, _)| is(key));
        found.map(|(_, value)| (*value).to_owned())
    };
    Cell {
        period: charge.statement.period,
        currency: charge.statement.currency.clone(),
        day: charge.days.0,
        service: subject.offer.service.to_owned(),
        account: subject.account.id.clone(),
        region: subject.region.filter(|_| metered).map(|r| r.id.to_owned()),
        category: charge.category().to_owned(),
        team: tag(&|key| key == "team"),
        team_of_any_case: tag(&|key| key.eq_ignore_ascii_case("team")),
        invoice: charge.invoice().to_owned(),
        commitment: charge.commitment.as_ref().map(|c| c.arn.clone()),
        status: charge.status(),
        frequency: charge.frequency(),
        correction: charge.correction,
    }
}

/// One month of one company.
struct Month<'a> {
    company: &'a Company,
    view: View,
    statement: Arc<Statement>,
    /// The day after the last one in the bill.
    until: Date,
}

impl<'a> Month<'a> {
    fn new(company: &'a Company, period: BillingPeriod, view: View) -> Result<Self> {
        let closes = period.end().checked_add(2.days())?;
        let final_bill = view.as_of > closes;
        let invoice = |kind: u64| {
            let parts = [company.seed, month_number(period), kind];
            let number = Random::stream(&parts).next() % 1_000_000_000;
            if final_bill {
                format!("{number:010}")
            } else {
                String::new()
            }
        };
        let statement = Statement {
            period,
            currency: company.currency.clone(),
            payer: Arc::clone(&company.accounts[0]),
            age: age(period),
            discounts: company.habits.discounts(age(period)),
            invoice: invoice(3),
            marketplace_invoice: invoice(5),
            refund_invoice: invoice(9),
        };
        Ok(Self {
            company,
            view,
            statement: Arc::new(statement),
            until: period.end().min(view.until),
        })
    }

    fn period(&self) -> BillingPeriod {
        self.statement.period
    }

    fn draw(&self, ledger: &mut Ledger) -> Result<()> {
        let first = ledger.charges.len();
        let mut used = self.reservations();
        let mut day = self.period().start();
        while day < self.until {
            self.draw_day(day, &mut used, ledger)?;
            day = day.tomorrow()?;
        }
        self.draw_reservations(&used, ledger)?;
        self.draw_returns(ledger)?;
        self.draw_monthly(first, ledger)?;
        if self.company.habits.have(Oddity::FutureFees) {
            self.draw_future_fees(ledger)?;
        }
        Ok(())
    }

    /// A charge on the first day of the month, over the whole of it, that costs nothing yet.
    fn charge(&self, subject: &Arc<Subject>, kind: Kind) -> Charge {
        Charge {
            statement: Arc::clone(&self.statement),
            subject: Arc::clone(subject),
            kind,
            days: (self.period().start(), self.period().end()),
            quantity: 0,
            list_price: 0,
            gross_price: 0,
            contracted_price: 0,
            gross: Amount::ZERO,
            discounts: Vec::new(),
            gross_effective: Amount::ZERO,
            costs: Costs::default(),
            commitment: None,
            correction: false,
            is_split: false,
        }
    }

    fn of_day(&self, subject: &Arc<Subject>, kind: Kind, day: Date) -> Result<Charge> {
        let mut charge = self.charge(subject, kind);
        charge.days = (day, day.tomorrow()?);
        Ok(charge)
    }

    /// A charge of one amount on all sides.
    fn plain(&self, subject: &Arc<Subject>, kind: Kind, amount: Amount) -> Charge {
        let mut charge = self.charge(subject, kind);
        charge.gross = amount;
        charge.costs = Costs::all(amount);
        charge
    }

    /// What this much of something costs at list price, in full.
    fn at_list(
        &self,
        subject: &Arc<Subject>,
        kind: Kind,
        day: Date,
        quantity: i128,
    ) -> Result<Charge> {
        let mut charge = self.of_day(subject, kind, day)?;
        charge.quantity = quantity;
        charge.list_price = list_price(subject);
        charge.gross_price = charge.list_price * 100;
        charge.contracted_price = charge.gross_price;
        charge.gross = Amount::priced(quantity, charge.gross_price)?;
        charge.costs = Costs::all(charge.gross);
        charge.is_split = self.company.habits.have(Oddity::SplitRows)
            && subject.offer.coverable
            && subject.number.is_multiple_of(2);
        Ok(charge)
    }

    /// Whether the month's discounts cover what is paid for commitments.
    fn discounts_commitments(&self) -> bool {
        self.statement.discounts == Discounts::Net { commitments: true }
    }
}

fn day_number(day: Date) -> u64 {
    let (year, day) = (i32::from(day.year()), i32::from(day.day_of_year()));
    u64::from((year * 366 + day).unsigned_abs())
}

fn month_number(period: BillingPeriod) -> u64 {
    day_number(period.start())
}
