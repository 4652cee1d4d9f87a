use std::sync::Arc;

use anyhow::Result;
use jiff::civil::Date;
use outlay_core::BillingPeriod;

use super::{
    commitments::Commitment, company::Subject, exact::Amount, expected::Totals, oddity::Discounts,
};

/// What kind of charge; each format words it in its own way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// On demand.
    Usage,
    /// Spot capacity, at a price of its day.
    Spot,
    /// Usage that a savings plan pays for.
    Covered,
    /// Usage that a reservation pays for.
    Reserved,
    /// What is paid on the day a commitment is bought.
    Upfront,
    /// A savings plan's fee of a day.
    PlanFee(Commitments),
    /// A reservation's fee of a month.
    ReservationFee(Commitments),
    /// What a commitment was paid for and nobody used.
    Unused,
    /// A commitment given back.
    Return,
    Support,
    /// A subscription that somebody else sells on the marketplace.
    Marketplace,
    Tax,
    Credit,
    /// Usage that is paid back.
    Refund,
    TaxRefund,
}

/// A commitment in the time of its fee.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Commitments {
    /// The share of what was paid upfront.
    pub(super) amortised: Amount,
    pub(super) recurring: Amount,
    /// What was used, before discounts.
    pub(super) used: Amount,
    /// What was not used of the upfront share and of the recurring one, before discounts.
    pub(super) unused: (Amount, Amount),
    /// Hours that were not used, in 10^-13; reservations only.
    pub(super) unused_hours: i128,
    /// The time has not come yet: nothing is counted to date.
    pub(super) future: bool,
}

/// A discount on one charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Discount {
    /// CUR line item type.
    pub(super) kind: &'static str,
    /// Negative.
    pub(super) amount: Amount,
}

/// The four costs of a charge, discounts included: what FOCUS says of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Costs {
    pub(super) billed: Amount,
    pub(super) effective: Amount,
    pub(super) list: Amount,
    pub(super) contracted: Amount,
}

impl Costs {
    pub(super) const fn all(amount: Amount) -> Self {
        Self {
            billed: amount,
            effective: amount,
            list: amount,
            contracted: amount,
        }
    }

    pub(super) fn stored(self) -> Result<Totals> {
        Ok(Totals {
            billed: self.billed.stored()?,
            effective: self.effective.stored()?,
            list: self.list.stored()?,
            contracted: self.contracted.stored()?,
        })
    }
}

/// What the charges of a month have in common.
#[derive(Debug)]
pub(super) struct Statement {
    pub(super) period: BillingPeriod,
    pub(super) currency: String,
    pub(super) payer: Arc<super::Account>,
    /// Months after the epoch: which names accounts have.
    pub(super) age: i32,
    pub(super) discounts: Discounts,
    /// Empty while the bill is an estimate.
    pub(super) invoice: String,
    /// The invoices of what was sold on the marketplace and of refunds.
    pub(super) marketplace_invoice: String,
    pub(super) refund_invoice: String,
}

/// One truth, before any format.
#[derive(Debug, Clone)]
pub(super) struct Charge {
    pub(super) statement: Arc<Statement>,
    pub(super) subject: Arc<Subject>,
    pub(super) kind: Kind,
    /// First day, and the day after the last.
    pub(super) days: (Date, Date),
    /// 10^-13 of the unit; zero where there is nothing to count.
    pub(super) quantity: i128,
    /// List price in 10^-8.
    pub(super) list_price: i128,
    /// Price before discounts (CUR's unblended rate), in 10^-10.
    pub(super) gross_price: i128,
    /// Price after discounts, in 10^-10.
    pub(super) contracted_price: i128,
    /// Before discounts: CUR's unblended cost of what is no committed usage.
    pub(super) gross: Amount,
    pub(super) discounts: Vec<Discount>,
    /// Effective cost of committed usage before discounts.
    pub(super) gross_effective: Amount,
    pub(super) costs: Costs,
    pub(super) commitment: Option<Arc<Commitment>>,
    /// An earlier month had invoiced it.
    pub(super) correction: bool,
    /// Two pods share it, and a report says so in two more rows.
    pub(super) is_split: bool,
}

impl Charge {
    /// FOCUS ChargeCategory.
    pub(super) fn category(&self) -> &'static str {
        match self.kind {
            Kind::Usage
            | Kind::Spot
            | Kind::Covered
            | Kind::Reserved
            | Kind::Unused
            | Kind::Refund => "Usage",
            Kind::Upfront
            | Kind::PlanFee(_)
            | Kind::ReservationFee(_)
            | Kind::Return
            | Kind::Support
            | Kind::Marketplace => "Purchase",
            Kind::Tax | Kind::TaxRefund => "Tax",
            Kind::Credit => "Credit",
        }
    }

    /// FOCUS ChargeFrequency.
    pub(super) fn frequency(&self) -> &'static str {
        match self.kind {
            Kind::PlanFee(_) | Kind::ReservationFee(_) => "Recurring",
            _ if self.is_metered() || self.kind == Kind::Unused => "Usage-Based",
            _ => "One-Time",
        }
    }

    /// FOCUS CommitmentDiscountStatus.
    pub(super) fn status(&self) -> Option<&'static str> {
        match self.kind {
            Kind::Covered | Kind::Reserved => Some("Used"),
            Kind::Unused => Some("Unused"),
            _ => None,
        }
    }

    /// Whether quantity and prices mean something.
    pub(super) fn is_priced(&self) -> bool {
        self.quantity != 0
    }

    /// Whether something was used, by a resource, in a region.
    pub(super) fn is_metered(&self) -> bool {
        matches!(
            self.kind,
            Kind::Usage | Kind::Spot | Kind::Covered | Kind::Reserved
        )
    }

    /// Sum of the discounts: zero or negative.
    pub(super) fn discount(&self) -> Amount {
        self.discounts.iter().map(|d| d.amount).sum()
    }

    pub(super) fn invoice(&self) -> &str {
        match () {
            () if self.subject.offer.seller.is_some() => &self.statement.marketplace_invoice,
            () if self.correction => &self.statement.refund_invoice,
            () => &self.statement.invoice,
        }
    }

    /// Who sells it: AWS, or somebody on its marketplace.
    pub(super) fn seller(&self) -> &'static str {
        self.subject.offer.seller.unwrap_or(AWS_INC)
    }

    /// Who issues the invoice.
    pub(super) fn issuer(&self) -> &'static str {
        match self.subject.offer.seller {
            Some(_) => "Amazon Web Services EMEA SARL",
            None => AWS_INC,
        }
    }

    /// Instances stand in a zone.
    pub(super) fn zone(&self) -> String {
        let zonal = self.subject.offer.family == "Compute Instance" && self.is_metered();
        let region = self.subject.region.filter(|_| zonal);
        region.map_or_else(String::new, |r| format!("{}a", r.id))
    }

    pub(super) fn usage_type(&self) -> String {
        let prefix = self.subject.region.map_or("", |r| r.prefix);
        let spot = if self.kind == Kind::Spot { "Spot" } else { "" };
        let offered = self.subject.offer.usage_type;
        match offered.strip_prefix("BoxUsage") {
            Some(rest) if !spot.is_empty() => format!("{prefix}SpotUsage{rest}"),
            _ => format!("{prefix}{offered}"),
        }
    }

    pub(super) fn description(&self) -> String {
        let offer = self.subject.offer;
        match self.kind {
            Kind::Usage | Kind::Spot | Kind::Covered | Kind::Reserved => {
                let place = self.subject.region.map_or("any region", |r| r.name);
                format!("{} per {} in {place}", offer.usage_type, offer.unit)
            }
            Kind::Upfront | Kind::PlanFee(_) | Kind::ReservationFee(_) => self.bought(""),
            Kind::Unused => self.bought("Unused commitment of a "),
            Kind::Return => self.bought("Return of a "),
            Kind::Support => "AWS Support (Business), by monthly usage".to_owned(),
            Kind::Marketplace => format!("{}, monthly subscription", offer.service),
            Kind::Tax => format!("Tax for product code {}", offer.code),
            Kind::TaxRefund => format!("Refund of tax for product code {}", offer.code),
            Kind::Credit => "AWS Activate credit".to_owned(),
            Kind::Refund => format!("Refund for {}", offer.usage_type),
        }
    }

    fn bought(&self, prefix: &str) -> String {
        let name = self.commitment.as_ref().map_or("", |c| c.description());
        format!("{prefix}{name}")
    }
}

const AWS_INC: &str = "Amazon Web Services, Inc.";
