//! What is charged once a month: support, subscriptions, taxes, credits, refunds.

use std::{collections::BTreeMap, sync::Arc};

use anyhow::Result;
use jiff::{ToSpan, civil::Date};

use super::{FINAL, Ledger, Month};
use crate::bill::{
    Account,
    catalog::OFFERS,
    charge::{Charge, Kind},
    company::{Subject, bare},
    exact::Amount,
    oddity::Oddity,
    products::SUBSCRIPTION,
};

impl Month<'_> {
    /// Support is 3 % of usage, tax 8 % of each service, and every third month brings a credit and
    /// another one a refund.
    pub(super) fn draw_monthly(&self, first: usize, ledger: &mut Ledger) -> Result<()> {
        let usage = billed_by_service(&ledger.charges[first..]);
        let all: Amount = usage.values().map(|(_, billed)| *billed).sum();
        let support = self.plain(
            &self.company.support,
            Kind::Support,
            all.percent_in_cents(3),
        );
        for (subject, billed) in usage.values() {
            let tax = billed.percent_in_cents(8);
            if tax > Amount::ZERO {
                ledger.add(self.plain(subject, Kind::Tax, tax))?;
            }
        }
        ledger.add(support)?;
        self.draw_subscription(ledger)?;
        self.draw_credit(ledger)?;
        self.draw_refund(ledger)?;
        if self.company.habits.have(Oddity::Corrections) {
            self.draw_corrections(ledger)?;
        }
        Ok(())
    }

    fn draw_subscription(&self, ledger: &mut Ledger) -> Result<()> {
        let subject = Arc::new(bare(&self.company.accounts[4], &SUBSCRIPTION));
        ledger.add(self.plain(&subject, Kind::Marketplace, Amount::cents(124_900)))
    }

    fn draw_credit(&self, ledger: &mut Ledger) -> Result<()> {
        let middle = self.day(15)?;
        if self.period().start().month() % 3 != 2 || middle >= self.until {
            return Ok(());
        }
        let subject = Arc::new(bare(&self.company.accounts[0], &OFFERS[0]));
        let credit = self.plain(&subject, Kind::Credit, Amount::cents(-35_000));
        ledger.add(on(credit, middle)?)
    }

    /// Usage of the 12th is paid back before the month is invoiced; the last version of a bill is
    /// the first to know.
    fn draw_refund(&self, ledger: &mut Ledger) -> Result<()> {
        let day = self.day(12)?;
        let late = self.view.version < FINAL;
        if self.period().start().month() % 3 != 0 || day >= self.until || late {
            return Ok(());
        }
        let subject = Arc::new(bare(&self.company.accounts[1], &OFFERS[5]));
        let refund = self.plain(&subject, Kind::Refund, Amount::cents(-1_275));
        ledger.add(on(refund, day)?)
    }

    /// Every other month pays back usage, and the tax on it, that the month before had invoiced.
    fn draw_corrections(&self, ledger: &mut Ledger) -> Result<()> {
        let before = self.period().previous().start();
        if self.period().start().month() % 2 != 0 || self.day(5)? >= self.until {
            return Ok(());
        }
        let subject = Arc::new(bare(&self.company.accounts[2], &OFFERS[3]));
        let paid_back = [(Kind::Refund, -48_050), (Kind::TaxRefund, -3_844)];
        for (kind, cents) in paid_back {
            let mut charge = self.plain(&subject, kind, Amount::cents(cents));
            charge.correction = true;
            ledger.add(on(charge, before.checked_add(19.days())?)?)?;
        }
        Ok(())
    }

    fn day(&self, number: i8) -> Result<Date> {
        Ok(self.period().start().with().day(number).build()?)
    }
}

fn on(mut charge: Charge, day: Date) -> Result<Charge> {
    charge.days = (day, day.tomorrow()?);
    Ok(charge)
}

/// Billed cost by account and product code, with the subject that is taxed for it.
type Usage = BTreeMap<(String, &'static str), (Arc<Subject>, Amount)>;

fn billed_by_service(charges: &[Arc<Charge>]) -> Usage {
    let mut usage = Usage::new();
    for charge in charges {
        let account: &Arc<Account> = &charge.subject.account;
        let offer = charge.subject.offer;
        let (_, billed) = usage
            .entry((account.id.clone(), offer.code))
            .or_insert_with(|| (Arc::new(bare(account, offer)), Amount::ZERO));
        *billed = *billed + charge.costs.billed;
    }
    usage
}
