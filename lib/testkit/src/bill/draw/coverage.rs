//! Which use the commitments pay for, day by day: reservations first, then the plan for one
//! family, then the plan for everything.

use std::sync::Arc;

use anyhow::Result;
use jiff::civil::Date;

use super::{
    Ledger, Month,
    usage::{DISCOUNT, UNIT},
};
use crate::bill::{
    charge::{Charge, Kind},
    commitments::{Commitment, Scope, plan_price},
    company::Subject,
    exact::Amount,
};

/// Plans pay for whole 10^-4 of an hour.
const STEP: i128 = 10_i128.pow(9);

/// A reservation, and how many of its hours were used in the month so far, in 10^-13.
pub(super) struct Reservation<'a> {
    pub(super) commitment: &'a Arc<Commitment>,
    pub(super) used: i128,
}

/// A commitment on one day.
struct Cover<'a> {
    commitment: &'a Arc<Commitment>,
    /// Hours in 10^-13 for a reservation.
    hours: i128,
    /// Money for a plan.
    money: Amount,
}

impl<'a> Month<'a> {
    pub(super) fn reservations(&self) -> Vec<Reservation<'a>> {
        let all = self.company.commitments.iter();
        all.filter(|c| !c.is_plan())
            .map(|commitment| Reservation {
                commitment,
                used: 0,
            })
            .collect()
    }

    pub(super) fn draw_day(
        &self,
        day: Date,
        reservations: &mut [Reservation<'_>],
        ledger: &mut Ledger,
    ) -> Result<()> {
        let mut hours: Vec<Cover> = reservations.iter().map(|r| day_of(r.commitment)).collect();
        let plans = self.company.commitments.iter().filter(|c| c.is_plan());
        let mut plans: Vec<Cover> = plans.map(day_of).collect();
        for subject in &self.company.fleet {
            let mut left = self.quantity(subject, day);
            if !subject.spot {
                for (cover, month) in hours.iter_mut().zip(reservations.iter_mut()) {
                    let taken = self.reserve(subject, day, left, cover, ledger)?;
                    month.used += taken;
                    left -= taken;
                }
                for cover in &mut plans {
                    left -= self.cover(subject, day, left, cover, ledger)?;
                }
            }
            if left > 0 {
                self.on_demand(subject, day, left, ledger)?;
            }
        }
        for cover in &plans {
            self.draw_plan(cover.commitment, day, cover.money, ledger)?;
        }
        Ok(())
    }

    /// Hours that a reservation takes over.
    fn reserve(
        &self,
        subject: &Arc<Subject>,
        day: Date,
        wanted: i128,
        cover: &mut Cover,
        ledger: &mut Ledger,
    ) -> Result<i128> {
        let taken = wanted.min(cover.hours);
        if taken == 0 || !cover.commitment.covers(subject) {
            return Ok(0);
        }
        cover.hours -= taken;
        let mut charge = self.at_list(subject, Kind::Reserved, day, taken)?;
        charge.gross = Amount::ZERO;
        charge.gross_effective = Amount::priced(taken, cover.commitment.hourly())?;
        let discounted = self.discounts_commitments() && cover.commitment.discounted;
        committed(&mut charge, cover.commitment, discounted)?;
        ledger.add(charge)?;
        Ok(taken)
    }

    /// Use that a plan takes over: all or nothing of it, or as much as the plan's money buys.
    fn cover(
        &self,
        subject: &Arc<Subject>,
        day: Date,
        wanted: i128,
        cover: &mut Cover,
        ledger: &mut Ledger,
    ) -> Result<i128> {
        if !cover.commitment.covers(subject) {
            return Ok(0);
        }
        let price = plan_price(subject);
        let cost = Amount::priced(wanted, price)?;
        let taken = match cover.commitment.scope {
            _ if cost <= cover.money => wanted,
            Scope::Family(_) => cover.money.buys(price, STEP),
            _ => 0,
        };
        if taken == 0 {
            return Ok(0);
        }
        let mut charge = self.at_list(subject, Kind::Covered, day, taken)?;
        charge.gross_effective = Amount::priced(taken, price)?;
        cover.money = cover.money - charge.gross_effective;
        let discounted = self.discounts_plan(cover.commitment);
        committed(&mut charge, cover.commitment, discounted)?;
        ledger.add(charge)?;
        Ok(taken)
    }
}

/// What committed use costs: nothing on the bill, its share of the commitment in effect.
fn committed(charge: &mut Charge, commitment: &Arc<Commitment>, discounted: bool) -> Result<()> {
    let effective = charge.gross_effective;
    let discount = if discounted {
        effective.percent(DISCOUNT)?
    } else {
        Amount::ZERO
    };
    charge.costs.billed = Amount::ZERO;
    charge.costs.effective = effective + discount;
    charge.commitment = Some(Arc::clone(commitment));
    Ok(())
}

fn day_of(commitment: &Arc<Commitment>) -> Cover<'_> {
    Cover {
        commitment,
        hours: 24 * UNIT * commitment.count(),
        money: Amount::of_price(commitment.hourly(), 24),
    }
}
