//! How much each resource uses on a day, and what it pays for it on demand.

use std::sync::Arc;

use anyhow::Result;
use jiff::civil::{Date, Weekday};

use super::{FINAL, Ledger, Month, day_number};
use crate::bill::{
    catalog::{Offer, SPIKE_USAGE_TYPE},
    charge::{Charge, Discount, Kind},
    commitments::days_between,
    company::{Role, Subject},
    exact::Amount,
    oddity::{Discounts, Oddity},
    random::Random,
};

/// Quantities are in 10^-13 of their unit.
pub(super) const UNIT: i128 = 10_i128.pow(13);
/// From millionths.
const MILLIONTH: i128 = 10_i128.pow(7);

/// The enterprise discount, in percent.
pub(super) const DISCOUNT: i128 = -6;
/// What was agreed for the content delivery network, in percent.
const PRIVATE_DISCOUNT: i128 = -20;

impl Month<'_> {
    /// What of a resource's day nothing was committed for.
    pub(super) fn on_demand(
        &self,
        subject: &Arc<Subject>,
        day: Date,
        quantity: i128,
        ledger: &mut Ledger,
    ) -> Result<()> {
        if subject.spot {
            return ledger.add(self.spot(subject, day, quantity)?);
        }
        let mut charge = self.at_list(
            subject,
            Kind::Usage,
            day,
            self.finer(subject, day, quantity),
        )?;
        if let Some(discount) = self.discount_on(subject.offer) {
            discounted(&mut charge, discount)?;
        }
        let free = self.free(subject, day)?;
        if self.is_doubled(subject, day) {
            ledger.add(charge.clone())?;
        }
        ledger.add(charge)?;
        free.map_or(Ok(()), |charge| ledger.add(charge))
    }

    /// Spot capacity costs 28 to 40 % of the list price, another one every day, and no discount
    /// applies.
    fn spot(&self, subject: &Arc<Subject>, day: Date, quantity: i128) -> Result<Charge> {
        let mut charge = self.at_list(subject, Kind::Spot, day, quantity)?;
        let percent = self.random(subject, day, 31).between(28, 40);
        charge.gross_price = charge.list_price * i128::from(percent);
        charge.contracted_price = charge.gross_price;
        charge.gross = Amount::priced(quantity, charge.gross_price)?;
        charge.costs.billed = charge.gross;
        charge.costs.effective = charge.gross;
        charge.costs.contracted = charge.gross;
        Ok(charge)
    }

    /// The first units of the month are free: a quantity, and no cost at all.
    fn free(&self, subject: &Arc<Subject>, day: Date) -> Result<Option<Charge>> {
        let has_free_tier = self.company.habits.have(Oddity::SpotAndFree)
            && matches!(subject.offer.unit, "Requests" | "Lambda-GB-Second")
            && day.day() == 1;
        if !has_free_tier {
            return Ok(None);
        }
        let mut charge = self.of_day(subject, Kind::Usage, day)?;
        charge.quantity = 400_000 * UNIT;
        Ok(Some(charge))
    }

    fn is_doubled(&self, subject: &Subject, day: Date) -> bool {
        self.company.habits.have(Oddity::Duplicates) && self.random(subject, day, 33).chance(5)
    }

    /// Some meters count to the thirteenth digit; not where a discount would add more.
    fn finer(&self, subject: &Subject, day: Date, quantity: i128) -> i128 {
        let fine = self.company.habits.have(Oddity::FineDigits)
            && self.discount_on(subject.offer).is_none()
            && self.random(subject, day, 35).chance(30);
        if fine {
            quantity + i128::from(self.random(subject, day, 37).between(1, 9_999))
        } else {
            quantity
        }
    }

    /// CUR's name of the discount that covers an offer, and percent.
    fn discount_on(&self, offer: &Offer) -> Option<(&'static str, i128)> {
        match self.statement.discounts {
            Discounts::None => None,
            _ if offer.discounted => Some(("EdpDiscount", DISCOUNT)),
            _ if offer.code == "AmazonCloudFront" => {
                Some(("PrivateRateDiscount", PRIVATE_DISCOUNT))
            }
            _ => None,
        }
    }

    fn random(&self, subject: &Subject, day: Date, purpose: u64) -> Random {
        Random::stream(&[self.company.seed, subject.number, day_number(day), purpose])
    }

    /// What a resource uses on a day: size, growth of two percent of the first month a month, quiet
    /// weekends, a tenth of noise, and the spike. Six significant digits, so that a double can hold
    /// what it costs.
    pub(super) fn quantity(&self, subject: &Subject, day: Date) -> i128 {
        let age = self.statement.age;
        if age < subject.born {
            return 0;
        }
        let mut random = Random::stream(&[self.company.seed, subject.number, day_number(day)]);
        let noise = i128::from(random.between(9_000, 11_000));
        let growth = i128::from(100 + 2 * age);
        let shape = i128::from(rhythm(subject, day));
        let factors = subject.size * growth * shape * noise * surge(subject, day);
        let mut quantity = subject.offer.daily * factors / 10_000_000_000;
        if matches!(subject.offer.unit, "Hrs" | "Hours") {
            quantity = quantity.min(24_000_000);
        }
        let arrived = quantity * self.arrived(subject, day) / 100;
        six_digits(arrived) * MILLIONTH
    }

    /// Percent of a day's use that this version of the bill knows. The last three days of a month
    /// are complete in the third version.
    fn arrived(&self, subject: &Subject, day: Date) -> i128 {
        let late = self.view.version < FINAL - 1 && days_between(day, self.until) <= 3;
        if !late {
            return 100;
        }
        match self.random(subject, day, 39).between(1, 100) {
            1..=20 => 0,
            21..=35 => 60,
            _ => 100,
        }
    }
}

/// Lowers what a charge costs.
pub(super) fn discounted(charge: &mut Charge, (kind, percent): (&'static str, i128)) -> Result<()> {
    let amount = charge.gross.percent(percent)?;
    if amount.is_zero() {
        return Ok(());
    }
    charge.discounts.push(Discount { kind, amount });
    charge.contracted_price = charge.gross_price * (100 + percent) / 100;
    charge.costs.billed = charge.costs.billed + amount;
    charge.costs.effective = charge.costs.effective + amount;
    charge.costs.contracted = charge.costs.contracted + amount;
    Ok(())
}

fn six_digits(quantity: i128) -> i128 {
    let mut step = 1;
    while quantity / step >= 1_000_000 {
        step *= 10;
    }
    quantity / step * step
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
