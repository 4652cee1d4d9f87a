//! FOCUS 1.2 as AWS Data Exports writes it.

use std::sync::Arc;

use super::{
    charge::{Charge, Kind},
    table::{Column, Pairs, Value, amount, blank, map, text, time},
    text::{midnight, price, quantity, scaled},
};

type Row = Arc<Charge>;

/// FOCUS 1.2's columns in the order of an AWS export, and AWS's three.
pub(super) fn columns() -> Vec<Column<Row>> {
    let mut columns = costs_and_accounts();
    columns.extend(charge());
    columns.extend(commitment());
    columns.extend(prices());
    columns.extend(origin());
    columns.extend(sku_and_more());
    columns.sort_by_key(|c| (c.name.starts_with("x_"), c.name.clone()));
    columns
}

fn costs_and_accounts() -> Vec<Column<Row>> {
    vec![
        amount("BilledCost", |c| c.costs.billed.to_string()),
        amount("ContractedCost", |c| c.costs.contracted.to_string()),
        amount("EffectiveCost", |c| c.costs.effective.to_string()),
        amount("ListCost", |c| c.costs.list.to_string()),
        amount("PricingCurrencyEffectiveCost", |c| {
            c.costs.effective.to_string()
        }),
        text("BillingAccountId", |c: &Row| c.statement.payer.id.clone()),
        text("BillingAccountName", |c: &Row| {
            c.statement.payer.name_at(c.statement.age).to_owned()
        }),
        text("BillingAccountType", |_| "Management Account".to_owned()),
        text("BillingCurrency", |c: &Row| c.statement.currency.clone()),
        text("PricingCurrency", |c: &Row| c.statement.currency.clone()),
        time("BillingPeriodEnd", |c| midnight(c.statement.period.end())),
        time("BillingPeriodStart", |c| {
            midnight(c.statement.period.start())
        }),
        text("SubAccountId", |c: &Row| c.subject.account.id.clone()),
        text("SubAccountName", |c: &Row| {
            c.subject.account.name_at(c.statement.age).to_owned()
        }),
        text("SubAccountType", |_| "Member Account".to_owned()),
    ]
}

fn charge() -> Vec<Column<Row>> {
    vec![
        text("ChargeCategory", |c: &Row| c.category().to_owned()),
        text("ChargeClass", |c: &Row| {
            if c.correction { "Correction" } else { "" }.to_owned()
        }),
        text("ChargeDescription", |c: &Row| c.description()),
        text("ChargeFrequency", |c: &Row| c.frequency().to_owned()),
        time("ChargePeriodEnd", |c| midnight(c.days.1)),
        time("ChargePeriodStart", |c| midnight(c.days.0)),
        text("InvoiceId", |c: &Row| c.invoice().to_owned()),
        text("InvoiceIssuerName", |c: &Row| c.issuer().to_owned()),
    ]
}

fn commitment() -> Vec<Column<Row>> {
    vec![
        blank("CapacityReservationId"),
        blank("CapacityReservationStatus"),
        text("CommitmentDiscountCategory", |c: &Row| {
            committed(c, |plan| if plan { "Spend" } else { "Usage" })
        }),
        text("CommitmentDiscountId", |c: &Row| {
            c.commitment.as_ref().map_or("", |c| &c.arn).to_owned()
        }),
        blank("CommitmentDiscountName"),
        amount("CommitmentDiscountQuantity", |c| committed_quantity(c)),
        text("CommitmentDiscountStatus", |c: &Row| {
            c.status().unwrap_or_default().to_owned()
        }),
        text("CommitmentDiscountType", |c: &Row| {
            c.commitment
                .as_ref()
                .map_or("", |c| c.type_text())
                .to_owned()
        }),
        text("CommitmentDiscountUnit", |c: &Row| match &c.commitment {
            Some(plan) if plan.is_plan() => c.statement.currency.clone(),
            Some(_) => "Hours".to_owned(),
            None => String::new(),
        }),
    ]
}

fn prices() -> Vec<Column<Row>> {
    vec![
        amount("ConsumedQuantity", |c| metered(c, || quantity(c.quantity))),
        text("ConsumedUnit", |c: &Row| {
            metered(c, || c.subject.offer.unit.to_owned())
        }),
        amount("ContractedUnitPrice", |c| contracted_price(c)),
        amount("ListUnitPrice", |c| priced(c, || scaled(c.list_price, 8))),
        text("PricingCategory", |c: &Row| pricing_category(c).to_owned()),
        amount("PricingCurrencyContractedUnitPrice", |c| {
            contracted_price(c)
        }),
        amount("PricingCurrencyListUnitPrice", |c| {
            priced(c, || scaled(c.list_price, 8))
        }),
        amount("PricingQuantity", |c| priced(c, || quantity(c.quantity))),
        text("PricingUnit", |c: &Row| {
            priced(c, || c.subject.offer.unit.to_owned())
        }),
    ]
}

fn origin() -> Vec<Column<Row>> {
    vec![
        text("AvailabilityZone", |c: &Row| c.zone()),
        text("ProviderName", |_| "AWS".to_owned()),
        text("PublisherName", |c: &Row| {
            c.subject.offer.seller.unwrap_or("AWS").to_owned()
        }),
        text("RegionId", |c: &Row| region(c, |r| r.id)),
        text("RegionName", |c: &Row| region(c, |r| r.name)),
        text("ResourceId", |c: &Row| metered(c, || c.subject.arn.clone())),
        text("ResourceName", |c: &Row| {
            metered(c, || c.subject.name.clone())
        }),
        text("ResourceType", |c: &Row| {
            metered(c, || c.subject.offer.family.to_owned())
        }),
        text("ServiceCategory", |c: &Row| {
            c.subject.offer.category.0.to_owned()
        }),
        text("ServiceName", |c: &Row| c.subject.offer.service.to_owned()),
        text("ServiceSubcategory", |c: &Row| {
            c.subject.offer.category.1.to_owned()
        }),
    ]
}

fn sku_and_more() -> Vec<Column<Row>> {
    vec![
        text("SkuId", |c: &Row| metered(c, || c.subject.sku.clone())),
        text("SkuMeter", |c: &Row| {
            metered(c, || c.subject.offer.usage_type.to_owned())
        }),
        text("SkuPriceId", |c: &Row| {
            metered(c, || format!("{}.JRTCKXETXF.6YS6EN2CT7", c.subject.sku))
        }),
        blank("SkuPriceDetails"),
        map("Tags", tags),
        Column {
            name: "x_Discounts".into(),
            value: Value::AmountMap(discounts),
        },
        text("x_Operation", |c: &Row| {
            c.subject.offer.operation.to_owned()
        }),
        text("x_ServiceCode", |c: &Row| c.subject.offer.code.to_owned()),
    ]
}

fn pricing_category(charge: &Charge) -> &'static str {
    match charge.kind {
        Kind::Covered | Kind::Reserved | Kind::Unused => "Committed",
        Kind::Spot => "Dynamic",
        Kind::Tax | Kind::TaxRefund | Kind::Credit => "",
        _ => "Standard",
    }
}

fn region(charge: &Charge, name: fn(&super::catalog::Region) -> &'static str) -> String {
    metered(charge, || charge.subject.region.map_or("", name).to_owned())
}

fn metered(charge: &Charge, text: impl FnOnce() -> String) -> String {
    if charge.is_metered() {
        text()
    } else {
        String::new()
    }
}

fn priced(charge: &Charge, text: impl FnOnce() -> String) -> String {
    if charge.is_priced() {
        text()
    } else {
        String::new()
    }
}

/// A discount on part of a plan's fee leaves it without a unit price.
fn contracted_price(charge: &Charge) -> String {
    if charge.contracted_price == 0 && charge.gross_price != 0 {
        return String::new();
    }
    priced(charge, || price(charge.contracted_price))
}

fn committed(charge: &Charge, text: fn(bool) -> &'static str) -> String {
    let commitment = charge.commitment.as_ref();
    commitment.map_or("", |c| text(c.is_plan())).to_owned()
}

/// A plan is counted in money, a reservation in hours.
fn committed_quantity(charge: &Charge) -> String {
    let Some(commitment) = &charge.commitment else {
        return String::new();
    };
    match charge.kind {
        _ if !commitment.is_plan() => priced(charge, || quantity(charge.quantity)),
        Kind::Covered | Kind::Unused => charge.costs.effective.to_string(),
        _ => charge.costs.billed.to_string(),
    }
}

/// AWS writes an object of strings; nothing where there are no tags.
fn tags(charge: &Row) -> Pairs {
    let tags = charge.subject.tags.iter();
    let tags = tags.map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    tags.collect()
}

fn discounts(charge: &Row) -> Pairs {
    let discounts = charge.discounts.iter();
    discounts
        .map(|d| (d.kind.to_owned(), d.amount.to_string()))
        .collect()
}
