//! The legacy Cost and Usage Report: the same truth in line items.

use std::collections::BTreeMap;

use outlay_core::Decimal;

use super::{
    charge::{Charge, Kind},
    company::plan_price,
    random::Random,
    text::{midnight, push_record, scaled},
};

/// How a legacy report spells its columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// `lineItem/UnblendedCost`, as CSV reports have it.
    Slash,
    /// `line_item_unblended_cost`, as Athena and Parquet integrations have it.
    Underscore,
}

/// A line item: a charge, and what the report makes of it.
struct Line<'a> {
    charge: &'a Charge,
    kind: &'static str,
    unblended: Decimal,
    number: u64,
}

type Column = (&'static str, fn(&Line) -> String);

static COLUMNS: [Column; 58] = [
    ("identity/LineItemId", id),
    ("identity/TimeInterval", |l| {
        let (start, end) = l.charge.days;
        format!("{start}T00:00:00Z/{end}T00:00:00Z")
    }),
    ("bill/InvoiceId", |l| l.charge.invoice.to_string()),
    ("bill/InvoicingEntity", |_| {
        "Amazon Web Services, Inc.".to_owned()
    }),
    ("bill/BillingEntity", |_| "AWS".to_owned()),
    ("bill/BillType", |_| "Anniversary".to_owned()),
    ("bill/PayerAccountId", |l| l.charge.payer.id.clone()),
    ("bill/BillingPeriodStartDate", |l| {
        midnight(l.charge.period.start())
    }),
    ("bill/BillingPeriodEndDate", |l| {
        midnight(l.charge.period.end())
    }),
    ("lineItem/UsageAccountId", |l| {
        l.charge.subject.account.id.clone()
    }),
    ("lineItem/LineItemType", |l| l.kind.to_owned()),
    ("lineItem/UsageStartDate", |l| midnight(l.charge.days.0)),
    ("lineItem/UsageEndDate", |l| midnight(l.charge.days.1)),
    ("lineItem/ProductCode", |l| {
        l.charge.subject.offer.code.to_owned()
    }),
    ("lineItem/UsageType", |l| usage(l, Charge::usage_type)),
    ("lineItem/Operation", |l| {
        usage(l, |c| c.subject.offer.operation.to_owned())
    }),
    ("lineItem/AvailabilityZone", |_| String::new()),
    ("lineItem/ResourceId", |l| {
        resource(l, |c| c.subject.arn.clone())
    }),
    ("lineItem/UsageAmount", |l| {
        counted(l, |c| scaled(c.quantity, 6))
    }),
    ("lineItem/NormalizationFactor", |_| String::new()),
    ("lineItem/NormalizedUsageAmount", |_| String::new()),
    ("lineItem/CurrencyCode", |l| l.charge.currency.to_string()),
    ("lineItem/UnblendedRate", |l| {
        counted(l, |c| scaled(c.list_price, 8))
    }),
    ("lineItem/UnblendedCost", |l| l.unblended.to_string()),
    ("lineItem/BlendedRate", |l| {
        counted(l, |c| scaled(c.list_price, 8))
    }),
    ("lineItem/BlendedCost", |l| l.unblended.to_string()),
    ("lineItem/LineItemDescription", |l| match l.kind {
        "EdpDiscount" => "Enterprise Program Discount".to_owned(),
        "SavingsPlanNegation" => format!("SavingsPlanNegation used by {}", l.charge.plan),
        _ => l.charge.description(),
    }),
    ("lineItem/TaxType", |l| {
        only(l, "Tax", || "USSalesTax".to_owned())
    }),
    ("lineItem/LegalEntity", |_| {
        "Amazon Web Services, Inc.".to_owned()
    }),
    ("product/ProductName", |l| {
        l.charge.subject.offer.service.to_owned()
    }),
    ("product/location", |l| region(l, |r| r.name)),
    ("product/locationType", |l| region(l, |_| "AWS Region")),
    ("product/operation", |l| {
        resource(l, |c| c.subject.offer.operation.to_owned())
    }),
    ("product/productFamily", |l| {
        resource(l, |c| c.subject.offer.family.to_owned())
    }),
    ("product/region", |l| region(l, |r| r.id)),
    ("product/regionCode", |l| region(l, |r| r.id)),
    ("product/servicecode", |l| {
        l.charge.subject.offer.code.to_owned()
    }),
    ("product/servicename", |l| {
        l.charge.subject.offer.service.to_owned()
    }),
    ("product/sku", |l| resource(l, |c| c.subject.sku.clone())),
    ("product/usagetype", |l| resource(l, Charge::usage_type)),
    ("pricing/RateCode", |l| {
        resource(l, |c| format!("{}.JRTCKXETXF.6YS6EN2CT7", c.subject.sku))
    }),
    ("pricing/RateId", |_| String::new()),
    ("pricing/currency", |l| l.charge.currency.to_string()),
    ("pricing/publicOnDemandCost", |l| {
        resource(l, |c| c.costs.list.to_string())
    }),
    ("pricing/publicOnDemandRate", |l| {
        resource(l, |c| scaled(c.list_price, 8))
    }),
    ("pricing/term", |l| resource(l, |_| "OnDemand".to_owned())),
    ("pricing/unit", |l| {
        counted(l, |c| c.subject.offer.unit.to_owned())
    }),
    ("savingsPlan/TotalCommitmentToDate", commitment),
    ("savingsPlan/SavingsPlanARN", |l| {
        let of_plan = l.kind.starts_with("SavingsPlan");
        if of_plan {
            l.charge.plan.to_string()
        } else {
            String::new()
        }
    }),
    ("savingsPlan/SavingsPlanRate", |l| {
        only(l, "SavingsPlanCoveredUsage", || {
            scaled(plan_price(&l.charge.subject), 10)
        })
    }),
    ("savingsPlan/UsedCommitment", |l| match l.charge.kind {
        Kind::PlanFee { used, .. } => used.to_string(),
        _ => String::new(),
    }),
    ("savingsPlan/SavingsPlanEffectiveCost", |l| {
        only(l, "SavingsPlanCoveredUsage", || {
            l.charge.costs.effective.to_string()
        })
    }),
    (
        "savingsPlan/AmortizedUpfrontCommitmentForBillingPeriod",
        amortised,
    ),
    ("savingsPlan/RecurringCommitmentForBillingPeriod", |l| {
        fee(l, |c| c.costs.billed.to_string())
    }),
    ("savingsPlan/OfferingType", |l| {
        fee(l, |_| "ComputeSavingsPlans".to_owned())
    }),
    ("resourceTags/user:environment", |l| tag(l, "environment")),
    ("resourceTags/user:project", |l| tag(l, "project")),
    ("resourceTags/user:team", |l| tag(l, "team")),
];

pub(super) fn csv(charges: &[Charge], spelling: Spelling) -> Vec<u8> {
    let mut out = Vec::new();
    let header: Vec<String> = COLUMNS
        .iter()
        .map(|(name, _)| spelled(name, spelling))
        .collect();
    push_record(&mut out, header.iter().map(String::as_str));
    for line in lines(charges) {
        let cells: Vec<String> = COLUMNS.iter().map(|(_, value)| value(&line)).collect();
        push_record(&mut out, cells.iter().map(String::as_str));
    }
    out
}

/// `savingsPlan/SavingsPlanARN` is `savings_plan_savings_plan_a_r_n`.
fn spelled(name: &str, spelling: Spelling) -> String {
    if spelling == Spelling::Slash {
        return name.to_owned();
    }
    let mut out = String::new();
    for letter in name.chars() {
        let breaks = !letter.is_ascii_lowercase();
        if breaks && !out.is_empty() && !out.ends_with('_') {
            out.push('_');
        }
        if letter.is_ascii_alphanumeric() {
            out.push(letter.to_ascii_lowercase());
        }
    }
    out
}

/// The line items of the charges, and last the enterprise discount of each day, account and service.
fn lines(charges: &[Charge]) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut discounts = BTreeMap::new();
    for charge in charges {
        items(charge, &mut lines);
        if charge.kind == Kind::Usage {
            let key = (
                charge.days.0,
                &charge.subject.account.id,
                charge.subject.offer.code,
            );
            let (_, units) = discounts.entry(key).or_insert((charge, 0));
            *units += charge.costs.contracted.units() - charge.costs.list.units();
        }
    }
    for (charge, units) in discounts.into_values().filter(|(_, units)| *units != 0) {
        push(
            &mut lines,
            charge,
            "EdpDiscount",
            Decimal::from_units(units).unwrap_or_default(),
        );
    }
    lines
}

fn items<'a>(charge: &'a Charge, lines: &mut Vec<Line<'a>>) {
    let costs = charge.costs;
    match charge.kind {
        Kind::Usage => push(lines, charge, "Usage", costs.list),
        Kind::Covered => {
            push(lines, charge, "SavingsPlanCoveredUsage", costs.list);
            push(lines, charge, "SavingsPlanNegation", -costs.list);
        }
        Kind::PlanUpfront => push(lines, charge, "SavingsPlanUpfrontFee", costs.billed),
        Kind::PlanFee { .. } => push(lines, charge, "SavingsPlanRecurringFee", costs.billed),
        // Told by the fee's TotalCommitmentToDate and UsedCommitment.
        Kind::PlanUnused => {}
        Kind::Support => push(lines, charge, "Fee", costs.billed),
        Kind::Tax => push(lines, charge, "Tax", costs.billed),
        Kind::Credit => push(lines, charge, "Credit", costs.billed),
    }
}

fn push<'a>(lines: &mut Vec<Line<'a>>, charge: &'a Charge, kind: &'static str, cost: Decimal) {
    let number = lines.len() as u64;
    lines.push(Line {
        charge,
        kind,
        unblended: cost,
        number,
    });
}

fn id(line: &Line) -> String {
    let mut random = Random::stream(&[line.number, 11]);
    format!("{:016x}{:016x}", random.next(), random.next())
}

fn only(line: &Line, kind: &str, text: impl FnOnce() -> String) -> String {
    if line.kind == kind {
        text()
    } else {
        String::new()
    }
}

/// What the day was worth: the recurring fee and the day's share of what was paid upfront.
fn commitment(line: &Line) -> String {
    match line.charge.kind {
        Kind::PlanFee { commitment, .. } => commitment.to_string(),
        _ => String::new(),
    }
}

fn amortised(line: &Line) -> String {
    match line.charge.kind {
        Kind::PlanFee { commitment, .. } => {
            let upfront = commitment.units() - line.charge.costs.billed.units();
            Decimal::from_units(upfront).unwrap_or_default().to_string()
        }
        _ => String::new(),
    }
}

fn fee(line: &Line, text: fn(&Charge) -> String) -> String {
    only(line, "SavingsPlanRecurringFee", || text(line.charge))
}

/// Lines about use or a purchase, which have a usage type.
fn usage(line: &Line, text: fn(&Charge) -> String) -> String {
    let of_usage = !matches!(line.kind, "Tax" | "Credit" | "EdpDiscount");
    if of_usage {
        text(line.charge)
    } else {
        String::new()
    }
}

/// Lines about one resource; a negation is about the plan.
fn resource(line: &Line, text: fn(&Charge) -> String) -> String {
    let of_resource = matches!(line.kind, "Usage" | "SavingsPlanCoveredUsage");
    if of_resource {
        text(line.charge)
    } else {
        String::new()
    }
}

fn region(line: &Line, name: fn(&super::catalog::Region) -> &'static str) -> String {
    let of_usage = line.charge.is_metered() && line.kind != "EdpDiscount";
    let region = line.charge.subject.region.filter(|_| of_usage);
    region.map_or("", name).to_owned()
}

/// Lines with a quantity.
fn counted(line: &Line, text: fn(&Charge) -> String) -> String {
    let counted = line.charge.is_priced() && line.kind != "EdpDiscount";
    if counted {
        text(line.charge)
    } else {
        String::new()
    }
}

fn tag(line: &Line, key: &str) -> String {
    if !matches!(line.kind, "Usage" | "SavingsPlanCoveredUsage") {
        return String::new();
    }
    let tags = &line.charge.subject.tags;
    let found = tags.iter().find(|(k, _)| *k == key);
    found.map_or("", |(_, value)| value).to_owned()
}
