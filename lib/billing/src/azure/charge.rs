//! What each charge type of Azure means in FOCUS.
//!
//! Azure writes the same columns into two exports. The *actual* one has what was bought: purchases
//! of reservations and savings plans at their price, covered usage at 0. The *amortised* one
//! spreads the purchases: covered usage and unused rows carry a cost, the purchases are left out.
//! The rules follow Microsoft's "Convert Cost Management data to FOCUS", which takes both and lets
//! each row say which half it is:
//!
//! | row | BilledCost | EffectiveCost |
//! |---|---|---|
//! | usage under a commitment | 0: billed with its purchase | cost |
//! | UnusedReservation, UnusedSavingsPlan | 0 | cost |
//! | purchase or refund of a commitment | cost | 0: spread over the usage |
//! | everything else | cost | cost |
//!
//! So an amortised file alone has no commitment in BilledCost, and an actual file alone none in
//! EffectiveCost. The reader says so; nothing is made up.

use super::{columns::AzureColumn as C, line::AzureLine};
use crate::{amount::Exact, rejection::Rejection};

/// What Azure calls a charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ChargeType {
    Usage,
    Purchase,
    Refund,
    Unused,
    Adjustment,
    Credit,
    Tax,
    Unknown,
}

impl ChargeType {
    /// Older exports have no charge type: they hold usage alone.
    pub(super) fn of(text: Option<&str>) -> Self {
        const NAMES: [(&str, ChargeType); 9] = [
            ("Usage", ChargeType::Usage),
            ("Purchase", ChargeType::Purchase),
            ("Refund", ChargeType::Refund),
            ("UnusedReservation", ChargeType::Unused),
            ("UnusedSavingsPlan", ChargeType::Unused),
            ("RoundingAdjustment", ChargeType::Adjustment),
            ("Adjustment", ChargeType::Adjustment),
            ("Credit", ChargeType::Credit),
            ("Tax", ChargeType::Tax),
        ];
        let Some(text) = text else { return Self::Usage };
        NAMES
            .into_iter()
            .find(|(name, _)| text.eq_ignore_ascii_case(name))
            .map_or(Self::Unknown, |(_, charge_type)| charge_type)
    }
}

/// How Azure priced a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PricingModel {
    OnDemand,
    Spot,
    Reservation,
    SavingsPlan,
    Unstated,
}

impl PricingModel {
    fn of(text: Option<&str>) -> Self {
        match text {
            Some("OnDemand" | "On Demand") => Self::OnDemand,
            Some("Spot") => Self::Spot,
            Some("Reservation") => Self::Reservation,
            Some("SavingsPlan" | "Savings Plan") => Self::SavingsPlan,
            _ => Self::Unstated,
        }
    }
}

/// A charge in FOCUS terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Charge<'l> {
    pub(super) source: ChargeType,
    pub(super) category: &'static str,
    pub(super) correction: bool,
    pub(super) frequency: &'static str,
    pub(super) pricing: Option<&'static str>,
    pub(super) kind: &'static str,
    pub(super) commitment: Option<Commitment<'l>>,
    pub(super) status: Option<&'static str>,
    pub(super) cost: Exact,
    pub(super) billed: Exact,
    pub(super) effective: Exact,
    pub(super) half: Half,
}

impl Charge<'_> {
    /// The one cost of the line, as billed and as effective cost, where it is that.
    pub(super) fn source_costs(&self) -> [Option<Exact>; 4] {
        let is_billed = matches!(self.half, Half::Both | Half::Actual);
        let is_effective = self.half != Half::Actual;
        let cost = |is: bool| is.then_some(self.cost);
        [cost(is_billed), cost(is_effective), None, None]
    }
}

/// Which of the two exports a row can come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Half {
    /// Both have it.
    Both,
    /// Only the actual one: a commitment bought or given back.
    Actual,
    /// Covered usage at 0: the actual one, as far as the row tells.
    Uncosted,
    /// Only the amortised one.
    Amortised,
}

/// A reservation or a savings plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Commitment<'l> {
    pub(super) id: &'l str,
    pub(super) name: Option<&'l str>,
    pub(super) category: &'static str,
    pub(super) kind: &'static str,
}

pub(super) fn charge<'l>(line: &AzureLine<'l>) -> Result<Charge<'l>, Rejection> {
    let cost = line.demand(C::Cost, line.amount(C::Cost)?)?;
    let charge_type = ChargeType::of(line.text(C::ChargeType));
    let model = PricingModel::of(line.text(C::PricingModel));
    let commitment = commitment(line, model, charge_type);
    let (half, billed, effective) = split(charge_type, commitment.is_some(), cost);
    let frequency = frequency(line, charge_type);
    Ok(Charge {
        source: charge_type,
        category: category(charge_type, commitment.is_some(), frequency),
        correction: charge_type == ChargeType::Refund,
        frequency,
        pricing: pricing(charge_type, model, commitment.is_some()),
        kind: kind(charge_type),
        status: match charge_type {
            ChargeType::Unused => Some("Unused"),
            ChargeType::Usage if commitment.is_some() => Some("Used"),
            _ => None,
        },
        commitment,
        cost,
        billed,
        effective,
        half,
    })
}

/// BilledCost and EffectiveCost: the table above.
fn split(charge_type: ChargeType, committed: bool, cost: Exact) -> (Half, Exact, Exact) {
    match charge_type {
        ChargeType::Unused => (Half::Amortised, Exact::ZERO, cost),
        ChargeType::Usage if committed && cost.is_zero() => {
            (Half::Uncosted, Exact::ZERO, Exact::ZERO)
        }
        ChargeType::Usage if committed => (Half::Amortised, Exact::ZERO, cost),
        ChargeType::Purchase | ChargeType::Refund if committed => (Half::Actual, cost, Exact::ZERO),
        _ => (Half::Both, cost, cost),
    }
}

fn category(charge_type: ChargeType, committed: bool, frequency: &str) -> &'static str {
    match charge_type {
        ChargeType::Purchase => "Purchase",
        // The category of what is refunded.
        ChargeType::Refund if committed || frequency != "Usage-Based" => "Purchase",
        ChargeType::Usage | ChargeType::Unused | ChargeType::Refund => "Usage",
        ChargeType::Credit => "Credit",
        ChargeType::Tax => "Tax",
        ChargeType::Adjustment | ChargeType::Unknown => "Adjustment",
    }
}

fn frequency(line: &AzureLine, charge_type: ChargeType) -> &'static str {
    match (line.text(C::Frequency), charge_type) {
        (Some("OneTime" | "One-Time"), _) => "One-Time",
        (Some("Recurring"), _) => "Recurring",
        (Some("UsageBased" | "Usage-Based"), _) | (_, ChargeType::Usage | ChargeType::Unused) => {
            "Usage-Based"
        }
        _ => "One-Time",
    }
}

/// Committed is the price of covered usage; a commitment itself is bought at a standard price.
fn pricing(charge_type: ChargeType, model: PricingModel, committed: bool) -> Option<&'static str> {
    match charge_type {
        ChargeType::Unused => Some("Committed"),
        ChargeType::Usage if committed => Some("Committed"),
        ChargeType::Usage if model == PricingModel::Spot => Some("Dynamic"),
        ChargeType::Usage | ChargeType::Purchase | ChargeType::Refund => Some("Standard"),
        _ => None,
    }
}

fn kind(charge_type: ChargeType) -> &'static str {
    match charge_type {
        ChargeType::Usage | ChargeType::Unused => "usage",
        ChargeType::Purchase => "purchase",
        ChargeType::Refund => "refund",
        ChargeType::Credit => "credit",
        ChargeType::Tax => "tax",
        ChargeType::Adjustment | ChargeType::Unknown => "adjustment",
    }
}

/// The pricing model says whether a row is under a commitment; where a file has no model, an id
/// does. `benefitId` names savings plans and reservations by their full path, `reservationId` a
/// reservation by its bare id.
fn commitment<'l>(
    line: &AzureLine<'l>,
    model: PricingModel,
    charge_type: ChargeType,
) -> Option<Commitment<'l>> {
    let benefit = line.text(C::BenefitId);
    let reservation = line.text(C::ReservationId);
    let stated = matches!(model, PricingModel::Reservation | PricingModel::SavingsPlan)
        || charge_type == ChargeType::Unused;
    if !stated && model != PricingModel::Unstated {
        return None;
    }
    let id = match (benefit, reservation) {
        (Some(id), _) | (None, Some(id)) => id,
        // Covered, but by what the file does not say.
        (None, None) if stated => "",
        (None, None) => return None,
    };
    let plan = match model {
        PricingModel::SavingsPlan => true,
        PricingModel::Reservation => false,
        _ => benefit.is_some_and(is_savings_plan) || says_savings_plan(line),
    };
    let (category, kind) = if plan {
        ("Spend", "Savings Plan")
    } else {
        ("Usage", "Reservation")
    };
    let name = line
        .text(C::BenefitName)
        .or_else(|| line.text(C::ReservationName));
    Some(Commitment {
        id,
        name,
        category,
        kind,
    })
}

fn is_savings_plan(benefit: &str) -> bool {
    const PROVIDER: &[u8] = b"/microsoft.billingbenefits/";
    benefit
        .as_bytes()
        .windows(PROVIDER.len())
        .any(|part| part.eq_ignore_ascii_case(PROVIDER))
}

fn says_savings_plan(line: &AzureLine) -> bool {
    line.text(C::ChargeType)
        .is_some_and(|text| text.eq_ignore_ascii_case("UnusedSavingsPlan"))
}
