//! What commitments cost: fees, upfront payments, the unused rest, and what was given back.

use std::sync::Arc;

use anyhow::Result;
use jiff::{ToSpan, civil::Date};

use super::{
    Ledger, Month,
    coverage::Reservation,
    usage::{DISCOUNT, UNIT},
};
use crate::bill::{
    charge::{Charge, Commitments, Discount, Kind},
    commitments::{Commitment, Payment, begins, days_between, returnable, returned},
    company::bare,
    exact::Amount,
    oddity::Oddity,
    products::COMPUTE_PLAN,
};

impl Month<'_> {
    /// A discount on what is paid for a plan lowers what was used of it. It goes to plans without
    /// upfront payment: the report says the net cost of nothing else.
    pub(super) fn discounts_plan(&self, plan: &Commitment) -> bool {
        self.discounts_commitments() && plan.discounted && plan.payment == Payment::Monthly
    }

    /// A plan's day: the upfront payment where its year begins, the fee, and what was left.
    pub(super) fn draw_plan(
        &self,
        plan: &Arc<Commitment>,
        day: Date,
        left: Amount,
        ledger: &mut Ledger,
    ) -> Result<()> {
        if begins(plan, day) {
            self.draw_upfront(plan, day, false, ledger)?;
        }
        let mut fee = self.plan_fee(plan, day, left)?;
        if self.discounts_plan(plan)
            && let Kind::PlanFee(commitments) = fee.kind
        {
            lower(&mut fee, commitments.used.percent(DISCOUNT)?);
            fee.contracted_price = 0;
        }
        ledger.add(fee)?;
        self.draw_unused(plan, (day, day.tomorrow()?), left, ledger)
    }

    fn plan_fee(&self, plan: &Arc<Commitment>, day: Date, left: Amount) -> Result<Charge> {
        let recurring = Amount::of_price(plan.recurring(), 24);
        let amortised = Amount::of_price(plan.amortised(), 24);
        let kind = Kind::PlanFee(Commitments {
            amortised,
            recurring,
            used: amortised + recurring - left,
            unused: (Amount::ZERO, left),
            ..Commitments::default()
        });
        let mut charge = self.of_day(&plan.subject, kind, day)?;
        bought(&mut charge, plan, recurring);
        charge.quantity = 24 * UNIT;
        charge.list_price = plan.recurring() / 100;
        charge.gross_price = plan.recurring();
        charge.contracted_price = plan.recurring();
        Ok(charge)
    }

    /// The days of a running month that are still to come have their fees already, and nothing to
    /// date.
    pub(super) fn draw_future_fees(&self, ledger: &mut Ledger) -> Result<()> {
        let plans = || self.company.commitments.iter().filter(|c| c.is_plan());
        let mut day = self.until;
        while day < self.period().end() {
            for plan in plans() {
                let mut fee = self.plan_fee(plan, day, Amount::ZERO)?;
                fee.kind = Kind::PlanFee(Commitments {
                    future: true,
                    ..Commitments::default()
                });
                ledger.add(fee)?;
            }
            day = day.tomorrow()?;
        }
        Ok(())
    }

    /// The reservations' month: upfront payments, fees for the days so far, and what was left.
    pub(super) fn draw_reservations(
        &self,
        used: &[Reservation<'_>],
        ledger: &mut Ledger,
    ) -> Result<()> {
        let first = self.period().start();
        let hours = 24 * days_between(first, self.until);
        for reservation in used {
            let commitment = reservation.commitment;
            let discounted = self.discounts_commitments() && commitment.discounted;
            if begins(commitment, first) {
                self.draw_upfront(commitment, first, discounted, ledger)?;
            }
            let hours = hours * commitment.count();
            let unused_hours = hours * UNIT - reservation.used;
            let recurring = Amount::of_price(commitment.recurring(), hours);
            let amortised = Amount::of_price(commitment.amortised(), hours);
            let unused = (
                Amount::priced(unused_hours, commitment.amortised())?,
                Amount::priced(unused_hours, commitment.recurring())?,
            );
            let kind = Kind::ReservationFee(Commitments {
                amortised,
                recurring,
                used: amortised + recurring - unused.0 - unused.1,
                unused,
                unused_hours,
                future: false,
            });
            let mut fee = self.charge(&commitment.subject, kind);
            fee.days = (first, self.until);
            bought(&mut fee, commitment, recurring);
            fee.quantity = hours * UNIT;
            fee.list_price = commitment.recurring() / 100;
            fee.gross_price = commitment.recurring();
            fee.contracted_price = fee.gross_price;
            let mut unused = unused.0 + unused.1;
            if discounted {
                let discount = fee.gross.percent(DISCOUNT)?;
                lower(&mut fee, discount);
                fee.contracted_price = fee.gross_price * (100 + DISCOUNT) / 100;
                unused = unused + unused.percent(DISCOUNT)?;
            }
            ledger.add(fee)?;
            self.draw_unused(commitment, (first, self.until), unused, ledger)?;
        }
        Ok(())
    }

    fn draw_upfront(
        &self,
        commitment: &Arc<Commitment>,
        day: Date,
        discounted: bool,
        ledger: &mut Ledger,
    ) -> Result<()> {
        let upfront = commitment.upfront(day)?;
        if upfront.is_zero() {
            return Ok(());
        }
        let mut charge = self.of_day(&commitment.subject, Kind::Upfront, day)?;
        bought(&mut charge, commitment, upfront);
        if discounted {
            lower(&mut charge, upfront.percent(DISCOUNT)?);
        }
        ledger.add(charge)
    }

    fn draw_unused(
        &self,
        commitment: &Arc<Commitment>,
        days: (Date, Date),
        unused: Amount,
        ledger: &mut Ledger,
    ) -> Result<()> {
        if unused.is_zero() {
            return Ok(());
        }
        let mut charge = self.charge(&commitment.subject, Kind::Unused);
        charge.days = days;
        charge.costs.effective = unused;
        charge.commitment = Some(Arc::clone(commitment));
        ledger.add(charge)
    }

    /// Every third month a plan is bought on the 3rd and given back on the 7th, a reservation on the
    /// 10th and the 14th. Neither paid for anything.
    pub(super) fn draw_returns(&self, ledger: &mut Ledger) -> Result<()> {
        let first = self.period().start();
        if !self.company.habits.have(Oddity::Returns) || first.month() % 3 != 1 {
            return Ok(());
        }
        let account = &self.company.accounts[1];
        for (after, plan) in [(2, true), (9, false)] {
            let day = first.checked_add(after.days())?;
            let offer = if plan { &COMPUTE_PLAN } else { returnable() };
            let subject = Arc::new(bare(account, offer));
            let commitment = Arc::new(returned(self.company.seed, day, &subject, plan));
            let back = day.checked_add(4.days())?;
            for (day, kind) in [(day, Kind::Upfront), (back, Kind::Return)] {
                let paid = commitment.upfront(first)?;
                let amount = if kind == Kind::Return { -paid } else { paid };
                let mut charge = self.of_day(&subject, kind, day)?;
                bought(&mut charge, &commitment, amount);
                if day < self.until {
                    ledger.add(charge)?;
                }
            }
        }
        Ok(())
    }
}

/// A purchase is billed and has no effective cost: that arises where the commitment is used.
fn bought(charge: &mut Charge, commitment: &Arc<Commitment>, paid: Amount) {
    charge.gross = paid;
    charge.costs.billed = paid;
    charge.costs.list = paid;
    charge.costs.contracted = paid;
    charge.commitment = Some(Arc::clone(commitment));
}

/// A discount on a purchase.
fn lower(charge: &mut Charge, amount: Amount) {
    if amount.is_zero() {
        return;
    }
    charge.discounts.push(Discount {
        kind: "EdpDiscount",
        amount,
    });
    charge.costs.billed = charge.costs.billed + amount;
    charge.costs.contracted = charge.costs.contracted + amount;
}
