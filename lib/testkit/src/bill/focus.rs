//! FOCUS 1.2 as AWS Data Exports writes it.

use super::{
    charge::{Charge, Kind},
    text::{midnight, push_record, scaled},
};

type Column = (&'static str, fn(&Charge) -> String);

/// FOCUS 1.2's columns in the order of an AWS export, and AWS's three.
static COLUMNS: [Column; 60] = [
    ("AvailabilityZone", zone),
    ("BilledCost", |c| c.costs.billed.to_string()),
    ("BillingAccountId", |c| c.payer.id.clone()),
    ("BillingAccountName", |c| c.payer.name.clone()),
    ("BillingAccountType", |_| "Management Account".to_owned()),
    ("BillingCurrency", |c| c.currency.to_string()),
    ("BillingPeriodEnd", |c| midnight(c.period.end())),
    ("BillingPeriodStart", |c| midnight(c.period.start())),
    ("CapacityReservationId", |_| String::new()),
    ("CapacityReservationStatus", |_| String::new()),
    ("ChargeCategory", |c| c.category().to_owned()),
    ("ChargeClass", |_| String::new()),
    ("ChargeDescription", Charge::description),
    ("ChargeFrequency", frequency),
    ("ChargePeriodEnd", |c| midnight(c.days.1)),
    ("ChargePeriodStart", |c| midnight(c.days.0)),
    ("CommitmentDiscountCategory", |c| committed(c, "Spend")),
    ("CommitmentDiscountId", plan_arn),
    ("CommitmentDiscountName", |_| String::new()),
    ("CommitmentDiscountQuantity", |c| plan_cost(c)),
    ("CommitmentDiscountStatus", plan_status),
    ("CommitmentDiscountType", |c| {
        committed(c, "Compute Savings Plans")
    }),
    ("CommitmentDiscountUnit", |c| committed(c, &c.currency)),
    ("ConsumedQuantity", |c| {
        if c.is_metered() {
            quantity(c)
        } else {
            String::new()
        }
    }),
    ("ConsumedUnit", |c| {
        if c.is_metered() {
            unit(c)
        } else {
            String::new()
        }
    }),
    ("ContractedCost", |c| c.costs.contracted.to_string()),
    ("ContractedUnitPrice", contracted_price),
    ("EffectiveCost", |c| c.costs.effective.to_string()),
    ("InvoiceId", |c| c.invoice.to_string()),
    ("InvoiceIssuerName", |_| {
        "Amazon Web Services, Inc.".to_owned()
    }),
    ("ListCost", |c| c.costs.list.to_string()),
    ("ListUnitPrice", list_price),
    ("PricingCategory", pricing_category),
    ("PricingCurrency", |c| c.currency.to_string()),
    ("PricingCurrencyContractedUnitPrice", contracted_price),
    ("PricingCurrencyEffectiveCost", |c| {
        c.costs.effective.to_string()
    }),
    ("PricingCurrencyListUnitPrice", list_price),
    ("PricingQuantity", quantity),
    ("PricingUnit", unit),
    ("ProviderName", |_| "AWS".to_owned()),
    ("PublisherName", |_| "AWS".to_owned()),
    ("RegionId", |c| region(c, |r| r.id)),
    ("RegionName", |c| region(c, |r| r.name)),
    ("ResourceId", |c| metered(c, &c.subject.arn)),
    ("ResourceName", |c| metered(c, &c.subject.name)),
    ("ResourceType", |c| metered(c, c.subject.offer.family)),
    ("ServiceCategory", |c| c.subject.offer.category.0.to_owned()),
    ("ServiceName", |c| c.subject.offer.service.to_owned()),
    ("ServiceSubcategory", |c| {
        c.subject.offer.category.1.to_owned()
    }),
    ("SkuId", |c| metered(c, &c.subject.sku)),
    ("SkuMeter", |c| metered(c, c.subject.offer.usage_type)),
    ("SkuPriceId", |c| {
        metered(c, &format!("{}.JRTCKXETXF.6YS6EN2CT7", c.subject.sku))
    }),
    ("SkuPriceDetails", |_| String::new()),
    ("SubAccountId", |c| c.subject.account.id.clone()),
    ("SubAccountName", |c| c.subject.account.name.clone()),
    ("SubAccountType", |_| "Member Account".to_owned()),
    ("Tags", tags),
    ("x_Discounts", |_| String::new()),
    ("x_Operation", |c| c.subject.offer.operation.to_owned()),
    ("x_ServiceCode", |c| c.subject.offer.code.to_owned()),
];

pub(super) fn csv<'a>(charges: impl Iterator<Item = &'a Charge>) -> Vec<u8> {
    let mut out = Vec::new();
    push_record(&mut out, COLUMNS.iter().map(|(name, _)| *name));
    for charge in charges {
        let cells: Vec<String> = COLUMNS.iter().map(|(_, value)| value(charge)).collect();
        push_record(&mut out, cells.iter().map(String::as_str));
    }
    out
}

fn frequency(charge: &Charge) -> String {
    let frequency = match charge.kind {
        Kind::Usage | Kind::Covered | Kind::PlanUnused => "Usage-Based",
        Kind::PlanFee { .. } | Kind::Support => "Recurring",
        Kind::PlanUpfront | Kind::Tax | Kind::Credit => "One-Time",
    };
    frequency.to_owned()
}

fn pricing_category(charge: &Charge) -> String {
    let category = match charge.kind {
        Kind::Covered | Kind::PlanUnused => "Committed",
        Kind::Usage | Kind::PlanUpfront | Kind::PlanFee { .. } | Kind::Support => "Standard",
        Kind::Tax | Kind::Credit => "",
    };
    category.to_owned()
}

fn zone(charge: &Charge) -> String {
    let zonal = charge.subject.offer.family == "Compute Instance";
    if zonal {
        region(charge, |r| r.id) + "a"
    } else {
        String::new()
    }
}

fn region(charge: &Charge, name: fn(&super::catalog::Region) -> &'static str) -> String {
    let region = charge.subject.region.filter(|_| charge.is_metered());
    region.map_or("", name).to_owned()
}

fn metered(charge: &Charge, text: &str) -> String {
    let text = if charge.is_metered() { text } else { "" };
    text.to_owned()
}

fn committed(charge: &Charge, text: &str) -> String {
    let text = if charge.is_committed() { text } else { "" };
    text.to_owned()
}

fn plan_arn(charge: &Charge) -> String {
    committed(charge, &charge.plan)
}

fn plan_status(charge: &Charge) -> String {
    let status = match charge.kind {
        Kind::Covered => "Used",
        Kind::PlanUnused => "Unused",
        _ => "",
    };
    status.to_owned()
}

/// A spend commitment is counted in money.
fn plan_cost(charge: &Charge) -> String {
    let cost = match charge.kind {
        Kind::Covered | Kind::PlanUnused => charge.costs.effective,
        Kind::PlanUpfront | Kind::PlanFee { .. } => charge.costs.billed,
        _ => return String::new(),
    };
    cost.to_string()
}

fn priced(charge: &Charge, text: impl FnOnce() -> String) -> String {
    if charge.is_priced() {
        text()
    } else {
        String::new()
    }
}

fn quantity(charge: &Charge) -> String {
    priced(charge, || scaled(charge.quantity, 6))
}

fn unit(charge: &Charge) -> String {
    priced(charge, || charge.subject.offer.unit.to_owned())
}

fn list_price(charge: &Charge) -> String {
    priced(charge, || scaled(charge.list_price, 8))
}

fn contracted_price(charge: &Charge) -> String {
    priced(charge, || scaled(charge.contracted_price, 10))
}

/// AWS writes an object of strings; nothing where there are no tags.
fn tags(charge: &Charge) -> String {
    if charge.subject.tags.is_empty() {
        return String::new();
    }
    let pairs: Vec<String> = charge
        .subject
        .tags
        .iter()
        .map(|(key, value)| format!("\"{key}\":\"{value}\""))
        .collect();
    format!("{{{}}}", pairs.join(","))
}
