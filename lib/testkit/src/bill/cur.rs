//! The legacy Cost and Usage Report: the same truth in line items. Columns that nothing in the
//! month needs are absent.

use std::sync::Arc;

use super::{
    charge::Charge,
    line::{Line, Lowered, lines},
    oddity::Discounts,
    report::{Group, columns, underscored},
    table::{Column, text},
};

/// How a legacy report spells its columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// `lineItem/UnblendedCost`, as CSV reports have it.
    Slash,
    /// `line_item_unblended_cost`, as Athena and Parquet integrations have it.
    Underscore,
}

/// A report: its columns, and its line items.
pub(super) struct Report {
    pub(super) columns: Vec<Column<Line>>,
    pub(super) lines: Vec<Line>,
}

pub(super) fn report<'a>(
    charges: impl IntoIterator<Item = &'a Arc<Charge>>,
    spelling: Spelling,
) -> Report {
    let lines = lines(charges, Lowered::ByRows);
    let shared = columns().into_iter();
    let mut columns: Vec<Column<Line>> = shared
        .filter(|c| occurs(c.group, &lines))
        .map(|c| c.column)
        .collect();
    columns.extend([
        text("product/ProductName", service),
        text("product/servicename", service),
        text("product/region", |l: &Line| l.region(|r| r.id)),
    ]);
    columns.extend(tags(&lines, spelling));
    columns.push(text("costCategory/Environment", |l: &Line| {
        l.charge.subject.account.environment().to_owned()
    }));
    if spelling == Spelling::Underscore {
        for column in &mut columns {
            column.name = underscored(&column.name).into();
        }
    }
    Report { columns, lines }
}

fn service(line: &Line) -> String {
    line.charge.subject.offer.service.to_owned()
}

/// Whether some line needs these columns.
fn occurs(group: Group, lines: &[Line]) -> bool {
    let any = |needs: fn(&Line) -> bool| lines.iter().any(needs);
    match group {
        Group::Always => true,
        Group::Net => any(is_net),
        Group::Plans => any(|l| l.plan().is_some()),
        Group::NetPlans => any(is_net) && any(|l| l.plan().is_some()),
        Group::Reservations => any(|l| l.reservation().is_some()),
        Group::NetReservations => any(is_net) && any(|l| l.reservation().is_some()),
        Group::Split => any(|l| l.split.is_some()),
    }
}

/// Net columns come with discounts, where the report was asked for them.
fn is_net(line: &Line) -> bool {
    matches!(line.charge.statement.discounts, Discounts::Net { .. })
}

/// A column for each tag key. Where the spelling drops the case, keys that differ in nothing else
/// become one column.
fn tags(lines: &[Line], spelling: Spelling) -> Vec<Column<Line>> {
    let mut keys: Vec<&'static str> = lines
        .iter()
        .flat_map(|l| l.charge.subject.tags.iter().map(|(key, _)| *key))
        .collect();
    keys.sort_unstable();
    keys.dedup();
    let merged = |key: &str| {
        let lower = key.to_lowercase();
        spelling == Spelling::Underscore && key != lower && keys.contains(&lower.as_str())
    };
    let columns = keys.iter().filter(|key| !merged(key)).map(|&key| {
        let name = match key.strip_prefix("aws:") {
            Some(_) => format!("resourceTags/{key}"),
            None => format!("resourceTags/user:{key}"),
        };
        text(name, move |l: &Line| match spelling {
            Spelling::Slash => l.tag(key),
            Spelling::Underscore => l.tag_of_any_case(key),
        })
    });
    columns.collect()
}
