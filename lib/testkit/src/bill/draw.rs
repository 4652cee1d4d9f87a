//! Draws the truth: usage day by day, then what is charged by the month.

use std::{collections::BTreeMap, sync::Arc};

use anyhow::{Context, Result};
use jiff::{
    ToSpan,
    civil::{Date, Weekday},
};
use outlay_core::{BillingPeriod, Decimal};

use super::{
    catalog::{OFFERS, Offer, SPIKE_USAGE_TYPE},
    charge::{Charge, Kind},
    company::{Account, Company, Role, Subject, age, bare, list_price, plan_price},
    expected::{Cell, Expected, Totals},
    random::Random,
};

const CENT: i128 = 10_000_000_000_000_000;

/// The charges of every day before `until`, as the bill stood on `as_of`.
pub(super) fn draw(
    company: &Company,
    from: BillingPeriod,
    until: Date,
    as_of: Date,
) -> Result<(Vec<Charge>, Expected)> {
    let mut ledger = Ledger::default();
    let mut period = from;
    while period.start() < until {
        Month::new(company, period, until, as_of)?.draw(&mut ledger)?;
        period = BillingPeriod::of(period.end())?;
    }
    Ok((ledger.charges, ledger.expected))
}

/// The charges so far, and their sums.
#[derive(Default)]
struct Ledger {
    charges: Vec<Charge>,
    expected: Expected,
}

impl Ledger {
    fn add(&mut self, charge: Charge) -> Result<()> {
        let subject = &charge.subject;
        let metered = charge.is_metered();
        let cell = Cell {
            period: charge.period,
            currency: charge.currency.to_string(),
            day: charge.days.0,
            service: subject.offer.service.to_owned(),
            account: subject.account.id.clone(),
            region: subject.region.filter(|_| metered).map(|r| r.id.to_owned()),
            category: charge.category().to_owned(),
            team: tag(subject, "team").map(str::to_owned),
        };
        self.expected.add(cell, charge.costs)?;
        self.charges.push(charge);
        Ok(())
    }
}

fn tag<'a>(subject: &'a Subject, key: &str) -> Option<&'a str> {
    let found = subject.tags.iter().find(|(k, _)| *k == key);
    found.map(|(_, value)| *value)
}

/// One month of one company.
struct Month<'a> {
    company: &'a Company,
    period: BillingPeriod,
    /// The day after the last one in the bill.
    until: Date,
    invoice: Arc<str>,
    currency: Arc<str>,
    plan: Arc<str>,
}

impl<'a> Month<'a> {
    fn new(company: &'a Company, period: BillingPeriod, until: Date, as_of: Date) -> Result<Self> {
        let closes = period.end().checked_add(2.days())?;
        let number =
            Random::stream(&[company.seed, month_number(period), 3]).next() % 1_000_000_000;
        let invoice = if as_of > closes {
            format!("{number:010}")
        } else {
            String::new()
        };
        Ok(Self {
            company,
            period,
            until: period.end().min(until),
            invoice: invoice.into(),
            currency: company.currency.as_str().into(),
            plan: company.plan.arn.as_str().into(),
        })
    }

    fn draw(&self, ledger: &mut Ledger) -> Result<()> {
        let first = ledger.charges.len();
        let mut day = self.period.start();
        while day < self.until {
            self.draw_day(day, ledger)?;
            day = day.tomorrow()?;
        }
        let usage = billed_by_service(&ledger.charges[first..])?;
        self.draw_monthly(&usage, ledger)
    }

    fn draw_day(&self, day: Date, ledger: &mut Ledger) -> Result<()> {
        let commitment = cost(24 * self.company.commitment)?;
        let mut left = commitment;
        for subject in &self.company.fleet {
            let quantity = quantity(self.company.seed, subject, self.period, day);
            if quantity == 0 {
                continue;
            }
            let covered = priced(quantity, plan_price(subject))?;
            if subject.offer.coverable && covered <= left {
                left = minus(left, covered)?;
                ledger.add(self.covered(subject, day, quantity, covered)?)?;
            } else {
                ledger.add(self.usage(subject, day, quantity)?)?;
            }
        }
        if day.day_of_year() == 1 {
            ledger.add(self.plan_upfront(day)?)?;
        }
        ledger.add(self.plan_fee(day, commitment, minus(commitment, left)?)?)?;
        if !left.is_zero() {
            ledger.add(self.plan_unused(day, left)?)?;
        }
        Ok(())
    }

    fn usage(&self, subject: &Arc<Subject>, day: Date, quantity: i128) -> Result<Charge> {
        let mut charge = self.of_day(subject, day, Kind::Usage)?;
        let list_price = list_price(subject);
        charge.quantity = quantity;
        charge.list_price = list_price;
        charge.contracted_price = contracted_price(subject.offer, list_price);
        let contracted = priced(quantity, charge.contracted_price)?;
        charge.costs = Totals {
            billed: contracted,
            effective: contracted,
            list: priced(quantity, list_price * 100)?,
            contracted,
        };
        Ok(charge)
    }

    fn covered(
        &self,
        subject: &Arc<Subject>,
        day: Date,
        quantity: i128,
        effective: Decimal,
    ) -> Result<Charge> {
        let mut charge = self.usage(subject, day, quantity)?;
        charge.kind = Kind::Covered;
        charge.costs.billed = Decimal::ZERO;
        charge.costs.effective = effective;
        Ok(charge)
    }

    fn plan_upfront(&self, day: Date) -> Result<Charge> {
        let mut charge = self.of_day(&self.company.plan, day, Kind::PlanUpfront)?;
        let hours = 24 * i128::from(day.days_in_year());
        let upfront = cost(self.company.commitment / 2 * hours)?;
        charge.costs = Totals {
            billed: upfront,
            effective: Decimal::ZERO,
            list: upfront,
            contracted: upfront,
        };
        Ok(charge)
    }

    fn plan_fee(&self, day: Date, commitment: Decimal, used: Decimal) -> Result<Charge> {
        let kind = Kind::PlanFee { commitment, used };
        let mut charge = self.of_day(&self.company.plan, day, kind)?;
        let hourly = self.company.commitment / 2;
        let fee = cost(24 * hourly)?;
        charge.quantity = 24_000_000;
        charge.list_price = hourly / 100;
        charge.contracted_price = hourly;
        charge.costs = Totals {
            billed: fee,
            effective: Decimal::ZERO,
            list: fee,
            contracted: fee,
        };
        Ok(charge)
    }

    fn plan_unused(&self, day: Date, unused: Decimal) -> Result<Charge> {
        let mut charge = self.of_day(&self.company.plan, day, Kind::PlanUnused)?;
        charge.costs.effective = unused;
        Ok(charge)
    }

    /// Support is 3 % of usage, tax 8 % of each service, and every third month brings a credit.
    fn draw_monthly(&self, usage: &Usage, ledger: &mut Ledger) -> Result<()> {
        let all = outlay_core::money::sum(usage.values().map(|(_, billed)| *billed));
        let support = cents(all.context("a month overflows")?, 3)?;
        let support = self.of_month(&self.company.support, Kind::Support, support);
        for (subject, billed) in usage.values() {
            let tax = cents(*billed, 8)?;
            if !tax.is_zero() {
                ledger.add(self.of_month(subject, Kind::Tax, tax))?;
            }
        }
        ledger.add(support)?;
        let middle = self.period.start().checked_add(14.days())?;
        if self.period.start().month() % 3 == 2 && middle < self.until {
            let subject = Arc::new(bare(&self.company.accounts[0], &OFFERS[0]));
            let mut credit = self.of_month(&subject, Kind::Credit, cents_of(-35_000)?);
            credit.days = (middle, middle.tomorrow()?);
            ledger.add(credit)?;
        }
        Ok(())
    }

    fn of_day(&self, subject: &Arc<Subject>, day: Date, kind: Kind) -> Result<Charge> {
        let mut charge = self.of_month(subject, kind, Decimal::ZERO);
        charge.days = (day, day.tomorrow()?);
        Ok(charge)
    }

    fn of_month(&self, subject: &Arc<Subject>, kind: Kind, amount: Decimal) -> Charge {
        Charge {
            subject: Arc::clone(subject),
            kind,
            period: self.period,
            days: (self.period.start(), self.period.end()),
            quantity: 0,
            list_price: 0,
            contracted_price: 0,
            costs: Totals {
                billed: amount,
                effective: amount,
                list: amount,
                contracted: amount,
            },
            invoice: Arc::clone(&self.invoice),
            currency: Arc::clone(&self.currency),
            payer: Arc::clone(&self.company.accounts[0]),
            plan: Arc::clone(&self.plan),
        }
    }
}

/// Billed cost by account and product code, with the subject that is taxed for it.
type Usage = BTreeMap<(String, &'static str), (Arc<Subject>, Decimal)>;

fn billed_by_service(charges: &[Charge]) -> Result<Usage> {
    let mut usage = Usage::new();
    for charge in charges {
        let account: &Arc<Account> = &charge.subject.account;
        let offer = charge.subject.offer;
        let (_, billed) = usage
            .entry((account.id.clone(), offer.code))
            .or_insert_with(|| (Arc::new(bare(account, offer)), Decimal::ZERO));
        let sum = billed.checked_add(charge.costs.billed);
        *billed = sum.context("a service overflows")?;
    }
    Ok(usage)
}

/// What a resource uses on a day, in millionths of the unit: size, growth of two percent of the
/// first month a month, quiet weekends, a tenth of noise, and the spike.
fn quantity(seed: u64, subject: &Subject, period: BillingPeriod, day: Date) -> i128 {
    let age = age(period);
    if age < subject.born {
        return 0;
    }
    let mut random = Random::stream(&[seed, subject.number, day_number(day)]);
    let noise = i128::from(random.between(9_000, 11_000));
    let growth = i128::from(100 + 2 * age);
    let shape = i128::from(rhythm(subject, day));
    let factors = subject.size * growth * shape * noise * surge(subject, day);
    let quantity = subject.offer.daily * factors / 10_000_000_000;
    if matches!(subject.offer.unit, "Hrs" | "Hours") {
        quantity.min(24_000_000)
    } else {
        quantity
    }
}

/// Percent of a working day: production rests a little at weekends, the other accounts a lot.
fn rhythm(subject: &Subject, day: Date) -> u32 {
    let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    match subject.account.role {
        _ if !weekend || !subject.offer.weekly => 100,
        Role::Production => 78,
        _ => 35,
    }
}

/// Twice a year, from the 11th to the 13th of March and September, the data account copies
/// everything to everywhere.
fn surge(subject: &Subject, day: Date) -> i128 {
    let runaway = subject.offer.usage_type == SPIKE_USAGE_TYPE
        && subject.account.role == Role::Data
        && day.month() % 6 == 3
        && (11..=13).contains(&day.day());
    if runaway { 60 } else { 1 }
}

/// The enterprise discount is 6 %; 10^-8 becomes 10^-10 without a remainder.
fn contracted_price(offer: &Offer, list_price: i128) -> i128 {
    list_price * if offer.discounted { 94 } else { 100 }
}

/// Millionths times 10^-10.
fn priced(quantity: i128, price: i128) -> Result<Decimal> {
    Decimal::from_units(quantity * price * 100).context("a cost overflows")
}

/// From 10^-10.
fn cost(price: i128) -> Result<Decimal> {
    Decimal::from_units(price * 100_000_000).context("a cost overflows")
}

fn minus(a: Decimal, b: Decimal) -> Result<Decimal> {
    a.checked_sub(b).context("a cost overflows")
}

/// A percentage of an amount, in whole cents, half a cent up.
fn cents(amount: Decimal, percent: i128) -> Result<Decimal> {
    cents_of((amount.units() * percent + 50 * CENT).div_euclid(100 * CENT))
}

fn cents_of(cents: i128) -> Result<Decimal> {
    Decimal::from_units(cents * CENT).context("a cost overflows")
}

fn day_number(day: Date) -> u64 {
    let (year, day) = (i32::from(day.year()), i32::from(day.day_of_year()));
    u64::from((year * 366 + day).unsigned_abs())
}

fn month_number(period: BillingPeriod) -> u64 {
    day_number(period.start())
}
