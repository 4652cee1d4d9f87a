//! CUR 2.0 as Data Exports writes it: a fixed schema, with maps.

use std::sync::Arc;

use super::{
    charge::Charge,
    cur::Report,
    line::{Line, Lowered, lines},
    oddity::Discounts,
    report::{Group, columns, underscored},
    table::{Column, Pairs, Value, amount, map, text},
};

/// How an export was configured to tell discounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiscountStyle {
    /// In the map `discount` beside the charge: what AWS does unless told otherwise.
    Map,
    /// As rows, with "manual discount compatibility"; there is no map then.
    Rows,
}

pub(super) fn report<'a>(
    charges: impl IntoIterator<Item = &'a Arc<Charge>>,
    style: DiscountStyle,
) -> Report {
    let lowered = match style {
        DiscountStyle::Map => Lowered::ByMap,
        DiscountStyle::Rows => Lowered::ByRows,
    };
    let lines = lines(charges, lowered);
    let net = net(&lines, style);
    let shared = columns().into_iter().filter_map(|mut c| {
        c.column.name = underscored(&c.column.name).into();
        let of_discounts = matches!(
            c.group,
            Group::Net | Group::NetPlans | Group::NetReservations
        );
        match (of_discounts, net) {
            (true, Net::Dropped) => return None,
            (true, Net::Null) => c.column.value = Value::Amount(|_| String::new()),
            _ => {}
        }
        Some(c.column)
    });
    let mut columns: Vec<Column<Line>> = shared.collect();
    columns.extend([
        text("bill_payer_account_name", |l: &Line| {
            let statement = &l.charge.statement;
            statement.payer.name_at(statement.age).to_owned()
        }),
        text("line_item_usage_account_name", |l: &Line| {
            let account = &l.charge.subject.account;
            account.name_at(l.charge.statement.age).to_owned()
        }),
        map("cost_category", |l: &Line| {
            let value = l.charge.subject.account.environment();
            vec![("Environment".to_owned(), value.to_owned())]
        }),
        map("product", product),
        map("resource_tags", tags),
    ]);
    if style == DiscountStyle::Map {
        columns.push(Column {
            name: "discount".into(),
            value: Value::AmountMap(discounts),
        });
        columns.push(amount("discount_total_discount", |l| {
            match l.charge.discount() {
                _ if l.kind == "SavingsPlanNegation" => String::new(),
                sum if sum.is_zero() => String::new(),
                sum => sum.to_string(),
            }
        }));
    }
    columns.sort_by(|a, b| a.name.cmp(&b.name));
    Report { columns, lines }
}

/// What an export has in its net columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Net {
    Filled,
    /// In a month without discounts.
    Null,
    /// Left out by the export's query.
    Dropped,
}

fn net(lines: &[Line], style: DiscountStyle) -> Net {
    let any = |discounts: fn(&Discounts) -> bool| {
        lines
            .iter()
            .any(|l| discounts(&l.charge.statement.discounts))
    };
    if any(|d| matches!(d, Discounts::Net { .. })) {
        Net::Filled
    } else if any(|d| *d == Discounts::Rows) {
        match style {
            DiscountStyle::Map => Net::Filled,
            DiscountStyle::Rows => Net::Dropped,
        }
    } else {
        Net::Null
    }
}

fn product(line: &Line) -> Pairs {
    let offer = line.charge.subject.offer;
    let region = line.region(|r| r.id);
    let pairs = [
        ("product_name", offer.service.to_owned()),
        ("region", region),
        ("servicename", offer.service.to_owned()),
    ];
    let pairs = pairs.into_iter().filter(|(_, value)| !value.is_empty());
    pairs.map(|(key, value)| (key.to_owned(), value)).collect()
}

/// `user:Cost Center` is `user_cost_center` here; keys that differ in case only become one.
fn tags(line: &Line) -> Pairs {
    if !line.is_of_resource() {
        return Vec::new();
    }
    let tags = line.charge.subject.tags.iter();
    let mut pairs: Pairs = tags
        .map(|(key, value)| {
            let key = match key.strip_prefix("aws:") {
                Some(key) => format!("aws_{}", underscored(key)),
                None => format!("user_{}", underscored(key)),
            };
            (key, (*value).to_owned())
        })
        .collect();
    pairs.sort();
    pairs
}

fn discounts(line: &Line) -> Pairs {
    if line.kind == "SavingsPlanNegation" || line.split.is_some() {
        return Vec::new();
    }
    let discounts = line.charge.discounts.iter();
    discounts
        .map(|d| (underscored(d.kind), d.amount.to_string()))
        .collect()
}
