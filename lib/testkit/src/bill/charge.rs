use std::sync::Arc;

use jiff::civil::Date;
use outlay_core::{BillingPeriod, Decimal};

use super::{company::Subject, expected::Totals};

/// What kind of charge; each format words it in its own way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// On demand.
    Usage,
    /// Usage that the savings plan pays for.
    Covered,
    /// Half of a year's commitment, paid in January.
    PlanUpfront,
    /// The plan's recurring fee of a day: the other half.
    PlanFee {
        /// The day's commitment, recurring and amortised.
        commitment: Decimal,
        /// How much of it was used.
        used: Decimal,
    },
    /// What the plan was paid for and nobody used.
    PlanUnused,
    Support,
    Tax,
    Credit,
}

/// One truth, before any format.
#[derive(Debug)]
pub(super) struct Charge {
    pub(super) subject: Arc<Subject>,
    pub(super) kind: Kind,
    pub(super) period: BillingPeriod,
    /// First day, and the day after the last.
    pub(super) days: (Date, Date),
    /// Millionths of the unit; zero where there is nothing to count.
    pub(super) quantity: i128,
    /// List price in 10^-8.
    pub(super) list_price: i128,
    /// Price after the enterprise discount, in 10^-10.
    pub(super) contracted_price: i128,
    pub(super) costs: Totals,
    /// Empty while the bill is an estimate.
    pub(super) invoice: Arc<str>,
    pub(super) currency: Arc<str>,
    pub(super) payer: Arc<super::Account>,
    /// ARN of the company's savings plan.
    pub(super) plan: Arc<str>,
}

impl Charge {
    /// FOCUS ChargeCategory.
    pub(super) fn category(&self) -> &'static str {
        match self.kind {
            Kind::Usage | Kind::Covered | Kind::PlanUnused => "Usage",
            Kind::PlanUpfront | Kind::PlanFee { .. } | Kind::Support => "Purchase",
            Kind::Tax => "Tax",
            Kind::Credit => "Credit",
        }
    }

    /// Whether quantity and prices mean something.
    pub(super) fn is_priced(&self) -> bool {
        matches!(
            self.kind,
            Kind::Usage | Kind::Covered | Kind::PlanFee { .. }
        )
    }

    /// Whether it stands on the savings plan.
    pub(super) fn is_committed(&self) -> bool {
        matches!(
            self.kind,
            Kind::Covered | Kind::PlanUpfront | Kind::PlanFee { .. } | Kind::PlanUnused
        )
    }

    /// Whether something was used, by a resource, in a region.
    pub(super) fn is_metered(&self) -> bool {
        matches!(self.kind, Kind::Usage | Kind::Covered)
    }

    pub(super) fn usage_type(&self) -> String {
        let prefix = self.subject.region.map_or("", |r| r.prefix);
        format!("{prefix}{}", self.subject.offer.usage_type)
    }

    pub(super) fn description(&self) -> String {
        let offer = self.subject.offer;
        match self.kind {
            Kind::Usage | Kind::Covered => {
                let place = self.subject.region.map_or("any region", |r| r.name);
                format!("{} per {} in {place}", offer.usage_type, offer.unit)
            }
            Kind::PlanUpfront | Kind::PlanFee { .. } => {
                "1 year Partial Upfront Compute Savings Plan".to_owned()
            }
            Kind::PlanUnused => "Unused commitment of a Compute Savings Plan".to_owned(),
            Kind::Support => "AWS Support (Business), by monthly usage".to_owned(),
            Kind::Tax => format!("Tax for product code {}", offer.code),
            Kind::Credit => "AWS Activate credit".to_owned(),
        }
    }
}
