//! Savings plans and reservations: terms, prices, and what they may pay for.

use std::sync::Arc;

use anyhow::Result;
use jiff::{
    ToSpan,
    civil::{Date, date},
};

use super::{
    Account,
    catalog::{OFFERS, Offer, Region},
    company::{Subject, bare, list_price},
    exact::Amount,
    oddity::Habits,
    products::{COMPUTE_PLAN, INSTANCE_PLAN},
    random::Random,
};

/// What is paid at once, and what month by month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Payment {
    /// No Upfront.
    Monthly,
    /// Partial Upfront.
    Half,
    /// All Upfront.
    AtOnce,
}

const PAYMENTS: [Payment; 3] = [Payment::AtOnce, Payment::Monthly, Payment::Half];

/// What a commitment may pay for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// Any instance anywhere, a day of a resource as a whole or not at all.
    Compute,
    /// One instance family in one region, to the last cent.
    Family(&'static str),
    /// So many instances of one offer in one region.
    Reserved(u32),
}

/// A savings plan or a reservation, bought for a year and renewed.
#[derive(Debug)]
pub(super) struct Commitment {
    pub(super) arn: String,
    pub(super) scope: Scope,
    pub(super) payment: Payment,
    /// Where its fees stand: the account that bought it.
    pub(super) subject: Arc<Subject>,
    pub(super) region: Option<&'static Region>,
    /// What an hour is worth, in 10^-10: a plan's commitment, one reserved instance's rate.
    hourly: i128,
    /// The month on whose first day it begins every year.
    pub(super) anniversary: i8,
    /// The company's discount covers it.
    pub(super) discounted: bool,
}

impl Commitment {
    pub(super) fn is_plan(&self) -> bool {
        !matches!(self.scope, Scope::Reserved(_))
    }

    /// How many hours an hour of it holds.
    pub(super) fn count(&self) -> i128 {
        match self.scope {
            Scope::Reserved(count) => i128::from(count),
            _ => 1,
        }
    }

    /// The hourly price paid month by month, in 10^-10.
    pub(super) fn recurring(&self) -> i128 {
        match self.payment {
            Payment::Monthly => self.hourly,
            Payment::Half => self.hourly / 2,
            Payment::AtOnce => 0,
        }
    }

    /// The hourly share of what was paid upfront, in 10^-10.
    pub(super) fn amortised(&self) -> i128 {
        self.hourly - self.recurring()
    }

    /// What an hour is worth, recurring and amortised, in 10^-10.
    pub(super) fn hourly(&self) -> i128 {
        self.hourly
    }

    /// What is paid on the first day of the year that begins with this day.
    pub(super) fn upfront(&self, first: Date) -> Result<Amount> {
        let hours = 24 * days_between(first, first.checked_add(1.year())?);
        Ok(Amount::of_price(self.amortised(), hours * self.count()))
    }

    /// Whether it may pay for this use, in part at least.
    pub(super) fn covers(&self, subject: &Subject) -> bool {
        let here = self
            .region
            .is_none_or(|r| Some(r.id) == subject.region.map(|s| s.id));
        match self.scope {
            Scope::Compute => subject.offer.coverable,
            Scope::Family(family) => {
                here && subject.offer.coverable && subject.offer.usage_type.contains(family)
            }
            Scope::Reserved(_) => here && std::ptr::eq(self.subject.offer, subject.offer),
        }
    }

    pub(super) fn payment_text(&self) -> &'static str {
        match self.payment {
            Payment::Monthly => "No Upfront",
            Payment::Half => "Partial Upfront",
            Payment::AtOnce => "All Upfront",
        }
    }

    /// CUR `savingsPlan/OfferingType`, and in words.
    pub(super) fn type_text(&self) -> &'static str {
        match self.scope {
            Scope::Compute => "Compute Savings Plans",
            Scope::Family(_) => "EC2 Instance Savings Plans",
            Scope::Reserved(_) => "Reserved Instances",
        }
    }

    pub(super) fn description(&self) -> &'static str {
        match (self.scope, self.payment) {
            (Scope::Compute, Payment::Monthly) => "1 year No Upfront Compute Savings Plan",
            (Scope::Compute, Payment::Half) => "1 year Partial Upfront Compute Savings Plan",
            (Scope::Compute, Payment::AtOnce) => "1 year All Upfront Compute Savings Plan",
            (Scope::Family(_), _) => "1 year EC2 Instance Savings Plan",
            (Scope::Reserved(_), _) => "1 year reservation",
        }
    }
}

pub(super) fn days_between(from: Date, to: Date) -> i128 {
    i128::from(from.until(to).map_or(0, |span| span.get_days()))
}

/// Price of usage that a savings plan covers: 72 % of list, in whole 10^-4.
pub(super) fn plan_price(subject: &Subject) -> i128 {
    const STEP: i128 = 1_000_000;
    (list_price(subject) * 72 / STEP).max(1) * STEP
}

/// The commitments of a company: a compute plan for all, an instance plan of the production
/// account, and a reservation for each kind of database.
pub(super) fn commitments(
    seed: u64,
    habits: &Habits,
    accounts: &[Arc<Account>],
    fleet: &[Arc<Subject>],
    awkward: bool,
) -> Vec<Arc<Commitment>> {
    let mut random = Random::stream(&[seed, 17]);
    // A calm company buys in January, and always in the same three ways.
    let turn = if awkward { seed % 3 } else { 0 };
    let mut draft = Draft {
        anniversary: if awkward { month(&mut random) } else { 1 },
        // More than 60 % leaves some of it unused on many days.
        share: if awkward { random.between(40, 130) } else { 60 },
        random,
        turn: usize::try_from(turn).unwrap_or(0),
        discounted: habits.commitments_are_discounted(),
        made: Vec::new(),
    };
    let production = fleet.iter().find(|s| s.offer.usage_type.contains("m6i"));
    if let Some(first) = production {
        draft.instance_plan(first, fleet);
    }
    draft.compute_plan(&accounts[0], fleet);
    for code in ["AmazonRDS", "AmazonElastiCache", "AmazonRedshift"] {
        draft.reservation(code, fleet);
    }
    draft.made.into_iter().map(Arc::new).collect()
}

/// A savings plan, or a reservation, that will be given back.
pub(super) fn returned(seed: u64, day: Date, subject: &Arc<Subject>, plan: bool) -> Commitment {
    let id = Random::stream(&[
        seed,
        19,
        u64::from(day.day().unsigned_abs()),
        u64::from(plan),
    ]);
    let scope = if plan {
        Scope::Compute
    } else {
        Scope::Reserved(2)
    };
    Commitment {
        arn: arn(&subject.account, id, scope),
        scope,
        payment: Payment::AtOnce,
        subject: Arc::clone(subject),
        region: None,
        hourly: 4_500_000_000,
        anniversary: 1,
        discounted: false,
    }
}

/// Reservation rates are even multiples of 10^-4, so that half of one is exact.
const EVEN: i128 = 2_000_000;

struct Draft {
    random: Random,
    anniversary: i8,
    share: u32,
    turn: usize,
    discounted: bool,
    made: Vec<Commitment>,
}

impl Draft {
    /// Two thirds of what the first day would cost, in whole thousandths.
    fn instance_plan(&mut self, first: &Arc<Subject>, fleet: &[Arc<Subject>]) {
        let plan = bare(&first.account, &INSTANCE_PLAN);
        let mut commitment = self.made(plan, Scope::Family("m6i"), first.region);
        let like = |s: &&Arc<Subject>| commitment.covers(s);
        commitment.hourly = hourly(fleet.iter().filter(like), 65);
        self.made.push(commitment);
    }

    fn compute_plan(&mut self, payer: &Arc<Account>, fleet: &[Arc<Subject>]) {
        let mut commitment = self.made(bare(payer, &COMPUTE_PLAN), Scope::Compute, None);
        let others = |s: &&Arc<Subject>| {
            s.offer.coverable && !s.spot && !self.made.iter().any(|c| c.covers(s))
        };
        commitment.hourly = hourly(fleet.iter().filter(others), self.share.into());
        self.made.push(commitment);
    }

    /// For two thirds of these in the region of the first of them, and one at least.
    fn reservation(&mut self, code: &str, fleet: &[Arc<Subject>]) {
        let by_the_hour = |s: &&Arc<Subject>| s.offer.code == code && s.offer.unit == "Hrs";
        let Some(first) = fleet.iter().find(by_the_hour) else {
            return;
        };
        let alike = fleet.iter().filter(|s| {
            std::ptr::eq(s.offer, first.offer)
                && s.region.map(|r| r.id) == first.region.map(|r| r.id)
        });
        let count = u32::try_from(alike.count() * 2 / 3).unwrap_or(0).max(1);
        let subject = bare(&first.account, first.offer);
        let mut commitment = self.made(subject, Scope::Reserved(count), first.region);
        commitment.hourly = list_price(first) * 62 / EVEN * EVEN;
        self.made.push(commitment);
    }

    fn made(
        &mut self,
        subject: Subject,
        scope: Scope,
        region: Option<&'static Region>,
    ) -> Commitment {
        self.turn += 1;
        let id = Random::stream(&[self.random.next()]);
        Commitment {
            arn: arn(&subject.account, id, scope),
            scope,
            payment: PAYMENTS[self.turn % 3],
            subject: Arc::new(subject),
            region,
            hourly: 0,
            anniversary: self.anniversary,
            discounted: self.discounted,
        }
    }
}

fn arn(account: &Account, mut id: Random, scope: Scope) -> String {
    let id = id.next();
    match scope {
        Scope::Reserved(_) => {
            format!("arn:aws:rds:us-east-1:{}:ri:ri-{id:016x}", account.id)
        }
        _ => format!("arn:aws:savingsplans::{}:savingsplan/{id:016x}", account.id),
    }
}

/// A percentage of a first working day's use at plan prices, in whole thousandths an hour.
fn hourly<'a>(subjects: impl Iterator<Item = &'a Arc<Subject>>, percent: i128) -> i128 {
    const THOUSANDTH: i128 = 10_000_000;
    let daily: i128 = subjects
        .filter(|s| s.born == 0)
        .map(|s| s.offer.daily * s.size / 100 * plan_price(s) / 1_000_000)
        .sum();
    (daily * percent / 100 / 24 / THOUSANDTH).max(2) * THOUSANDTH
}

fn month(random: &mut Random) -> i8 {
    i8::try_from(random.between(1, 12)).unwrap_or(1)
}

/// The day of a month on which a commitment's year begins, if it is this one.
pub(super) fn begins(commitment: &Commitment, day: Date) -> bool {
    day == date(day.year(), commitment.anniversary, 1)
}

/// The offer whose reservations are given back.
pub(super) fn returnable() -> &'static Offer {
    &OFFERS[3]
}
