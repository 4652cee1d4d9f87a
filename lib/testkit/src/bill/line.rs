//! The line items that a charge is in AWS's own reports, legacy and 2.0.

use std::sync::Arc;

use super::{
    charge::{Charge, Kind},
    commitments::{Commitment, plan_price},
    exact::Amount,
    random::Random,
    text::{price, quantity},
};

/// How a report says what a charge was lowered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lowered {
    /// In rows of their own.
    ByRows,
    /// In a map beside the charge.
    ByMap,
}

/// A line item: a charge, and what the report makes of it.
pub(super) struct Line {
    pub(super) charge: Arc<Charge>,
    pub(super) kind: &'static str,
    pub(super) unblended: Amount,
    /// After discounts.
    pub(super) net: Amount,
    pub(super) number: u64,
    /// Which part of a split row it is.
    pub(super) split: Option<u8>,
}

/// The line items of these charges.
pub(super) fn lines<'a>(
    charges: impl IntoIterator<Item = &'a Arc<Charge>>,
    lowered: Lowered,
) -> Vec<Line> {
    let mut lines = Lines::default();
    for charge in charges {
        lines.add(charge, lowered);
    }
    lines.0
}

#[derive(Default)]
struct Lines(Vec<Line>);

impl Lines {
    fn add(&mut self, charge: &Arc<Charge>, lowered: Lowered) {
        let Some(kind) = line_item_type(charge) else {
            return;
        };
        let gross = charge.gross;
        self.push(charge, kind, gross, gross + charge.discount());
        if charge.kind == Kind::Covered {
            self.push(charge, "SavingsPlanNegation", -gross, -gross);
        }
        if lowered == Lowered::ByRows {
            for discount in &charge.discounts {
                // On the net basis the charge itself is lower already.
                self.push(charge, discount.kind, discount.amount, Amount::ZERO);
            }
        }
        if charge.is_split {
            for part in 0..2 {
                self.push(charge, "Usage", gross, gross);
                if let Some(line) = self.0.last_mut() {
                    line.split = Some(part);
                }
            }
        }
    }

    fn push(&mut self, charge: &Arc<Charge>, kind: &'static str, unblended: Amount, net: Amount) {
        self.0.push(Line {
            charge: Arc::clone(charge),
            kind,
            unblended,
            net,
            number: self.0.len() as u64,
            split: None,
        });
    }
}

/// `None`: told by the columns of the fee.
fn line_item_type(charge: &Charge) -> Option<&'static str> {
    let of_plan = charge.commitment.as_ref().is_some_and(|c| c.is_plan());
    Some(match charge.kind {
        Kind::Usage | Kind::Spot => "Usage",
        Kind::Covered => "SavingsPlanCoveredUsage",
        Kind::Reserved => "DiscountedUsage",
        Kind::Upfront if of_plan => "SavingsPlanUpfrontFee",
        Kind::PlanFee(_) => "SavingsPlanRecurringFee",
        Kind::ReservationFee(_) => "RIFee",
        Kind::Unused => return None,
        Kind::Upfront | Kind::Support | Kind::Marketplace => "Fee",
        Kind::Return | Kind::Refund | Kind::TaxRefund => "Refund",
        Kind::Tax => "Tax",
        Kind::Credit => "Credit",
    })
}

impl Line {
    pub(super) fn id(&self) -> String {
        let mut random = Random::stream(&[self.number, 11]);
        format!("{:016x}{:016x}", random.next(), random.next())
    }

    pub(super) fn is_discount(&self) -> bool {
        self.kind.ends_with("Discount")
    }

    /// About one resource; a negation is about the plan.
    pub(super) fn is_of_resource(&self) -> bool {
        self.charge.is_metered() && self.kind != "SavingsPlanNegation"
    }

    /// A text that only lines about one resource have.
    pub(super) fn resource(&self, text: impl FnOnce(&Charge) -> String) -> String {
        if self.is_of_resource() {
            text(&self.charge)
        } else {
            String::new()
        }
    }

    /// A text about use or a purchase.
    pub(super) fn used(&self, text: impl FnOnce(&Charge) -> String) -> String {
        let other = matches!(
            self.charge.kind,
            Kind::Tax | Kind::TaxRefund | Kind::Credit | Kind::Refund
        );
        if other {
            String::new()
        } else {
            text(&self.charge)
        }
    }

    pub(super) fn operation(&self) -> String {
        match self.split {
            Some(0) => "EKSPod-EC2".to_owned(),
            Some(_) => "ECSTask-EC2".to_owned(),
            None => self.used(|c| c.subject.offer.operation.to_owned()),
        }
    }

    pub(super) fn resource_id(&self) -> String {
        let account = &self.charge.subject.account.id;
        match self.split {
            Some(0) => format!(
                "arn:aws:eks:us-east-1:{account}:pod/shop/web/{}",
                self.number
            ),
            Some(_) => format!("arn:aws:ecs:us-east-1:{account}:task/shop/{}", self.number),
            None => self.resource(|c| c.subject.arn.clone()),
        }
    }

    pub(super) fn description(&self) -> String {
        match self.kind {
            "EdpDiscount" => "Enterprise Program Discount".to_owned(),
            "PrivateRateDiscount" => "Private rate".to_owned(),
            "SavingsPlanNegation" => {
                format!("SavingsPlanNegation used by {}", self.plan_arn())
            }
            _ => self.charge.description(),
        }
    }

    pub(super) fn region(&self, name: fn(&super::catalog::Region) -> &'static str) -> String {
        let region = self.charge.subject.region;
        let region = region.filter(|_| self.charge.is_metered());
        region.map_or("", name).to_owned()
    }

    /// A text of lines that count something: a discount counts money only.
    pub(super) fn counted(&self, text: impl FnOnce(&Charge) -> String) -> String {
        if self.charge.is_priced() && !self.is_discount() {
            text(&self.charge)
        } else {
            String::new()
        }
    }

    pub(super) fn usage_amount(&self) -> String {
        self.counted(|c| quantity(c.quantity))
    }

    /// What it would cost at list price: a discount and a negation have none of their own.
    pub(super) fn priced(&self, text: impl FnOnce(&Charge) -> String) -> String {
        if self.is_of_resource() && !self.is_discount() {
            text(&self.charge)
        } else {
            String::new()
        }
    }

    pub(super) fn bill_type(&self) -> &'static str {
        match self.charge.kind {
            Kind::Marketplace => "Purchase",
            _ if self.charge.correction => "Refund",
            _ => "Anniversary",
        }
    }

    pub(super) fn billing_entity(&self) -> &'static str {
        match self.charge.subject.offer.seller {
            Some(_) => "AWS Marketplace",
            None => "AWS",
        }
    }

    pub(super) fn tax_type(&self) -> &'static str {
        match self.charge.kind {
            Kind::Tax | Kind::TaxRefund => "USSalesTax",
            _ => "",
        }
    }

    pub(super) fn plan(&self) -> Option<&Commitment> {
        let commitment = self.charge.commitment.as_deref();
        commitment.filter(|c| c.is_plan() && self.split.is_none())
    }

    pub(super) fn reservation(&self) -> Option<&Commitment> {
        let commitment = self.charge.commitment.as_deref();
        commitment.filter(|c| !c.is_plan() && self.split.is_none())
    }

    pub(super) fn plan_arn(&self) -> String {
        self.plan().map_or_else(String::new, |c| c.arn.clone())
    }

    pub(super) fn reservation_arn(&self) -> String {
        let found = self.reservation();
        found.map_or_else(String::new, |c| c.arn.clone())
    }

    /// What a line of this type only says.
    pub(super) fn only(&self, kind: &str, text: impl FnOnce(&Charge) -> String) -> String {
        if self.kind == kind {
            text(&self.charge)
        } else {
            String::new()
        }
    }

    pub(super) fn plan_rate(&self) -> String {
        self.only("SavingsPlanCoveredUsage", |c| price(plan_price(&c.subject)))
    }

    pub(super) fn tag(&self, key: &str) -> String {
        let tags = &self.charge.subject.tags;
        let found = tags.iter().find(|(k, _)| *k == key);
        self.resource(|_| found.map_or("", |(_, value)| value).to_owned())
    }

    /// The tag's value, however the key is cased.
    pub(super) fn tag_of_any_case(&self, key: &str) -> String {
        let tags = &self.charge.subject.tags;
        let found = tags.iter().find(|(k, _)| k.eq_ignore_ascii_case(key));
        self.resource(|_| found.map_or("", |(_, value)| value).to_owned())
    }
}
