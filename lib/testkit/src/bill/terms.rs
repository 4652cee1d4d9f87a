//! What a report says of commitments: the columns of `reservation/` and `savingsPlan/`.

use super::{
    charge::{Commitments, Kind},
    commitments::Commitment,
    exact::Amount,
    line::Line,
    oddity::Discounts,
    text::quantity,
};

impl Line {
    /// A plan's fee: how much of the commitment it stands for. Nothing, for days to come.
    fn plan_terms(&self) -> Option<Commitments> {
        match self.charge.kind {
            Kind::PlanFee(terms) if !self.is_discount() && !terms.future => Some(terms),
            _ => None,
        }
    }

    fn reservation_terms(&self) -> Option<Commitments> {
        match self.charge.kind {
            Kind::ReservationFee(terms) if !self.is_discount() => Some(terms),
            _ => None,
        }
    }

    fn of_plan(&self, amount: impl FnOnce(Commitments) -> Amount) -> String {
        let terms = self.plan_terms();
        terms.map_or_else(String::new, |terms| amount(terms).to_string())
    }

    fn of_reservation(&self, amount: impl FnOnce(Commitments) -> Amount) -> String {
        let terms = self.reservation_terms();
        terms.map_or_else(String::new, |terms| amount(terms).to_string())
    }

    /// After the discount on commitments, where there is one.
    fn net_of_reservation(&self, amount: impl FnOnce(Commitments) -> Amount) -> String {
        let discounted = self.charge.statement.discounts == Discounts::Net { commitments: true }
            && self.reservation().is_some_and(|c| c.discounted);
        self.of_reservation(|terms| {
            let gross = amount(terms);
            // Whole cents of 10^-4 prices: six percent of them are never too long.
            let discount = gross.percent(if discounted { -6 } else { 0 });
            gross + discount.unwrap_or_default()
        })
    }

    pub(super) fn total_commitment(&self) -> String {
        self.of_plan(|t| t.amortised + t.recurring)
    }

    pub(super) fn used_commitment(&self) -> String {
        self.of_plan(|t| t.used)
    }

    pub(super) fn amortised_commitment(&self) -> String {
        self.of_plan(|t| t.amortised)
    }

    pub(super) fn recurring_commitment(&self) -> String {
        self.of_plan(|t| t.recurring)
    }

    pub(super) fn net_recurring_commitment(&self) -> String {
        self.of_plan(|_| self.net)
    }

    pub(super) fn plan_effective(&self) -> String {
        match self.kind {
            "SavingsPlanCoveredUsage" => self.charge.gross_effective.to_string(),
            "SavingsPlanNegation" => "0".to_owned(),
            _ => String::new(),
        }
    }

    pub(super) fn net_plan_effective(&self) -> String {
        match self.kind {
            "SavingsPlanCoveredUsage" => self.charge.costs.effective.to_string(),
            "SavingsPlanNegation" => "0".to_owned(),
            _ => String::new(),
        }
    }

    pub(super) fn reserved_effective(&self) -> String {
        self.only("DiscountedUsage", |c| c.gross_effective.to_string())
    }

    pub(super) fn net_reserved_effective(&self) -> String {
        self.only("DiscountedUsage", |c| c.costs.effective.to_string())
    }

    /// What reserved usage takes of the upfront payment, or of the recurring fee.
    pub(super) fn reserved_share(&self, price: fn(&Commitment) -> i128) -> String {
        self.only("DiscountedUsage", |charge| {
            let price = self.reservation().map_or(0, price);
            let share = Amount::priced(charge.quantity, price);
            share.unwrap_or_default().to_string()
        })
    }

    pub(super) fn amortised_fee(&self) -> String {
        self.of_reservation(|t| t.amortised)
    }

    pub(super) fn net_amortised_fee(&self) -> String {
        self.net_of_reservation(|t| t.amortised)
    }

    pub(super) fn unused_upfront(&self) -> String {
        self.of_reservation(|t| t.unused.0)
    }

    pub(super) fn net_unused_upfront(&self) -> String {
        self.net_of_reservation(|t| t.unused.0)
    }

    pub(super) fn unused_recurring(&self) -> String {
        self.of_reservation(|t| t.unused.1)
    }

    pub(super) fn net_unused_recurring(&self) -> String {
        self.net_of_reservation(|t| t.unused.1)
    }

    pub(super) fn unused_hours(&self) -> String {
        let terms = self.reservation_terms();
        terms.map_or_else(String::new, |t| quantity(t.unused_hours))
    }

    pub(super) fn reservations(&self) -> String {
        let of_fee = self
            .reservation()
            .filter(|_| self.reservation_terms().is_some());
        of_fee.map_or_else(String::new, |c| c.count().to_string())
    }

    /// What a plan is, on every line that is about it.
    pub(super) fn plan_text(&self, text: fn(&Commitment) -> &'static str) -> String {
        self.plan().map_or("", text).to_owned()
    }
}
