//! The columns that AWS's own reports share: legacy and 2.0 differ in little but the spelling.

use super::{
    commitments::Commitment,
    line::Line,
    table::{Column, amount, blank, text, time},
    text::{midnight, price, scaled},
};

/// A column of a report, and what must occur in a month for a legacy report to have it.
pub(super) struct ReportColumn {
    pub(super) column: Column<Line>,
    pub(super) group: Group,
}

/// Columns that come and go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    Always,
    Net,
    Plans,
    NetPlans,
    Reservations,
    NetReservations,
    Split,
}

/// In the slash spelling. Names of products, tags and cost categories are apart.
pub(super) fn columns() -> Vec<ReportColumn> {
    let groups = [
        (Group::Always, billing()),
        (Group::Always, line_items()),
        (Group::Net, net_line_items()),
        (Group::Always, product()),
        (Group::Always, pricing()),
        (Group::Reservations, reservations()),
        (Group::NetReservations, net_reservations()),
        (Group::Plans, plans()),
        (Group::NetPlans, net_plans()),
        (Group::Split, split()),
    ];
    groups
        .into_iter()
        .flat_map(|(group, columns)| {
            let columns = columns.into_iter();
            columns.map(move |column| ReportColumn { column, group })
        })
        .collect()
}

fn billing() -> Vec<Column<Line>> {
    vec![
        text("identity/LineItemId", Line::id),
        text("identity/TimeInterval", |l: &Line| {
            let (start, end) = l.charge.days;
            format!("{start}T00:00:00Z/{end}T00:00:00Z")
        }),
        text("bill/InvoiceId", |l: &Line| l.charge.invoice().to_owned()),
        text("bill/InvoicingEntity", |l: &Line| {
            l.charge.issuer().to_owned()
        }),
        text("bill/BillingEntity", |l: &Line| {
            l.billing_entity().to_owned()
        }),
        text("bill/BillType", |l: &Line| l.bill_type().to_owned()),
        text("bill/PayerAccountId", |l: &Line| {
            l.charge.statement.payer.id.clone()
        }),
        time("bill/BillingPeriodStartDate", |l: &Line| {
            midnight(l.charge.statement.period.start())
        }),
        time("bill/BillingPeriodEndDate", |l: &Line| {
            midnight(l.charge.statement.period.end())
        }),
    ]
}

fn line_items() -> Vec<Column<Line>> {
    vec![
        text("lineItem/UsageAccountId", |l: &Line| {
            l.charge.subject.account.id.clone()
        }),
        text("lineItem/LineItemType", |l: &Line| l.kind.to_owned()),
        time("lineItem/UsageStartDate", |l: &Line| {
            midnight(l.charge.days.0)
        }),
        time("lineItem/UsageEndDate", |l: &Line| {
            midnight(l.charge.days.1)
        }),
        text("lineItem/ProductCode", |l: &Line| {
            l.charge.subject.offer.code.to_owned()
        }),
        text("lineItem/UsageType", |l: &Line| {
            l.used(super::charge::Charge::usage_type)
        }),
        text("lineItem/Operation", Line::operation),
        text("lineItem/AvailabilityZone", |l: &Line| {
            l.priced(super::charge::Charge::zone)
        }),
        text("lineItem/ResourceId", Line::resource_id),
        amount("lineItem/UsageAmount", Line::usage_amount),
        blank("lineItem/NormalizationFactor"),
        blank("lineItem/NormalizedUsageAmount"),
        text("lineItem/CurrencyCode", |l: &Line| {
            l.charge.statement.currency.clone()
        }),
        amount("lineItem/UnblendedRate", |l| {
            l.counted(|c| price(c.gross_price))
        }),
        amount("lineItem/UnblendedCost", |l| l.unblended.to_string()),
        amount("lineItem/BlendedRate", |l| {
            l.counted(|c| price(c.gross_price))
        }),
        amount("lineItem/BlendedCost", |l| l.unblended.to_string()),
        text("lineItem/LineItemDescription", Line::description),
        text("lineItem/TaxType", |l: &Line| l.tax_type().to_owned()),
        text("lineItem/LegalEntity", |l: &Line| {
            l.charge.seller().to_owned()
        }),
    ]
}

fn net_line_items() -> Vec<Column<Line>> {
    vec![
        amount("lineItem/NetUnblendedRate", |l| {
            l.counted(|c| price(c.contracted_price))
        }),
        amount("lineItem/NetUnblendedCost", |l| l.net.to_string()),
    ]
}

fn product() -> Vec<Column<Line>> {
    vec![
        text("product/location", |l: &Line| l.region(|r| r.name)),
        text("product/locationType", |l: &Line| {
            l.region(|_| "AWS Region")
        }),
        text("product/operation", |l: &Line| {
            l.priced(|c| c.subject.offer.operation.to_owned())
        }),
        text("product/productFamily", |l: &Line| {
            l.priced(|c| c.subject.offer.family.to_owned())
        }),
        text("product/regionCode", |l: &Line| l.region(|r| r.id)),
        text("product/servicecode", |l: &Line| {
            l.charge.subject.offer.code.to_owned()
        }),
        text("product/sku", |l: &Line| {
            l.priced(|c| c.subject.sku.clone())
        }),
        text("product/usagetype", |l: &Line| {
            l.priced(super::charge::Charge::usage_type)
        }),
    ]
}

fn pricing() -> Vec<Column<Line>> {
    vec![
        text("pricing/RateCode", |l: &Line| {
            l.priced(|c| format!("{}.JRTCKXETXF.6YS6EN2CT7", c.subject.sku))
        }),
        blank("pricing/RateId"),
        text("pricing/currency", |l: &Line| {
            l.charge.statement.currency.clone()
        }),
        amount("pricing/publicOnDemandCost", |l| {
            l.priced(|c| c.costs.list.to_string())
        }),
        amount("pricing/publicOnDemandRate", |l| {
            l.priced(|c| scaled(c.list_price, 8))
        }),
        text("pricing/term", |l: &Line| {
            l.priced(|c| match c.kind {
                super::charge::Kind::Spot => "Spot".to_owned(),
                super::charge::Kind::Reserved => "Reserved".to_owned(),
                _ => "OnDemand".to_owned(),
            })
        }),
        text("pricing/unit", |l: &Line| {
            l.counted(|c| c.subject.offer.unit.to_owned())
        }),
    ]
}

fn reservations() -> Vec<Column<Line>> {
    vec![
        text("reservation/ReservationARN", Line::reservation_arn),
        amount("reservation/EffectiveCost", Line::reserved_effective),
        amount("reservation/AmortizedUpfrontCostForUsage", |l| {
            l.reserved_share(Commitment::amortised)
        }),
        amount("reservation/RecurringFeeForUsage", |l| {
            l.reserved_share(Commitment::recurring)
        }),
        amount(
            "reservation/AmortizedUpfrontFeeForBillingPeriod",
            Line::amortised_fee,
        ),
        amount(
            "reservation/UnusedAmortizedUpfrontFeeForBillingPeriod",
            Line::unused_upfront,
        ),
        amount("reservation/UnusedRecurringFee", Line::unused_recurring),
        amount("reservation/UnusedQuantity", Line::unused_hours),
        text("reservation/NumberOfReservations", Line::reservations),
        text("reservation/SubscriptionId", |l: &Line| {
            l.reservation_arn().chars().rev().take(10).collect()
        }),
    ]
}

fn net_reservations() -> Vec<Column<Line>> {
    vec![
        amount("reservation/NetEffectiveCost", Line::net_reserved_effective),
        amount(
            "reservation/NetAmortizedUpfrontFeeForBillingPeriod",
            Line::net_amortised_fee,
        ),
        amount(
            "reservation/NetUnusedAmortizedUpfrontFeeForBillingPeriod",
            Line::net_unused_upfront,
        ),
        amount(
            "reservation/NetUnusedRecurringFee",
            Line::net_unused_recurring,
        ),
    ]
}

fn plans() -> Vec<Column<Line>> {
    vec![
        amount("savingsPlan/TotalCommitmentToDate", Line::total_commitment),
        text("savingsPlan/SavingsPlanARN", Line::plan_arn),
        amount("savingsPlan/SavingsPlanRate", Line::plan_rate),
        amount("savingsPlan/UsedCommitment", Line::used_commitment),
        amount("savingsPlan/SavingsPlanEffectiveCost", Line::plan_effective),
        amount(
            "savingsPlan/AmortizedUpfrontCommitmentForBillingPeriod",
            Line::amortised_commitment,
        ),
        amount(
            "savingsPlan/RecurringCommitmentForBillingPeriod",
            Line::recurring_commitment,
        ),
        text("savingsPlan/OfferingType", |l: &Line| {
            l.plan_text(Commitment::type_text).replace(' ', "")
        }),
        text("savingsPlan/PaymentOption", |l: &Line| {
            l.plan_text(Commitment::payment_text)
        }),
        text("savingsPlan/PurchaseTerm", |l: &Line| {
            l.plan_text(|_| "1yr")
        }),
    ]
}

fn net_plans() -> Vec<Column<Line>> {
    vec![
        amount(
            "savingsPlan/NetSavingsPlanEffectiveCost",
            Line::net_plan_effective,
        ),
        amount(
            "savingsPlan/NetAmortizedUpfrontCommitmentForBillingPeriod",
            Line::amortised_commitment,
        ),
        amount(
            "savingsPlan/NetRecurringCommitmentForBillingPeriod",
            Line::net_recurring_commitment,
        ),
    ]
}

fn split() -> Vec<Column<Line>> {
    vec![
        text("splitLineItem/ParentResourceId", |l: &Line| {
            let parent = l.split.map(|_| l.charge.subject.arn.clone());
            parent.unwrap_or_default()
        }),
        text("splitLineItem/SplitUsageRatio", |l: &Line| {
            l.split.map_or("", |_| "0.5").to_owned()
        }),
    ]
}

/// `savingsPlan/SavingsPlanARN` is `savings_plan_savings_plan_a_r_n`.
pub(super) fn underscored(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars() {
        let breaks = !letter.is_ascii_lowercase() && !letter.is_ascii_digit();
        if breaks && !out.is_empty() && !out.ends_with('_') {
            out.push('_');
        }
        if letter.is_ascii_alphanumeric() {
            out.push(letter.to_ascii_lowercase());
        }
    }
    out
}
