//! Invariant 8: the same month, read from several formats, costs the same by account, service and
//! day.

use std::collections::BTreeMap;

use super::{
    findings::{Findings, sums_differ},
    result::{Invariant, InvariantName},
};
use crate::{
    columns::{COST_COLUMNS, TextColumn},
    evidence::Sum,
    rollup::{Column, Rollup, to_date},
};

/// A month as one source tells it.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'r> {
    /// What the source is called, say `AWS CUR (legacy)`.
    pub name: &'r str,
    /// The roll-up of the month.
    pub rollup: &'r Rollup,
}

/// Billed and effective.
const COMPARED: usize = 2;
const NOTHING: [Sum; COMPARED] = [Sum::ZERO; COMPARED];

/// Account, service, day and currency.
type Key<'r> = (&'r str, &'r str, i32, &'r str);

/// Compares each reading of a month with the first.
pub fn same_month(readings: &[Reading]) -> Invariant {
    let mut findings = Findings::new(InvariantName::SameMonth);
    let (first, others) = match readings {
        [first, others @ ..] if !others.is_empty() => (first, others),
        _ => return findings.not_applicable("The month was delivered in one format only"),
    };
    let expected = sums(first.rollup);
    for other in others {
        let mut both = BTreeMap::<Key, _>::new();
        for (key, sums) in &expected {
            both.insert(*key, (*sums, NOTHING));
        }
        for (key, sums) in sums(other.rollup) {
            both.entry(key).or_insert((NOTHING, NOTHING)).1 = sums;
        }
        let names = (first.name, other.name);
        for (key, (expected, found)) in both {
            compare(&mut findings, names, key, expected, found);
        }
    }
    findings.finish(format!(
        "BilledCost and EffectiveCost by account, service and day in {} readings of the month",
        readings.len()
    ))
}

fn compare(
    findings: &mut Findings,
    names: (&str, &str),
    key: Key,
    expected: [Sum; COMPARED],
    found: [Sum; COMPARED],
) {
    let (account, service, day, currency) = key;
    for ((expected, found), column) in expected.into_iter().zip(found).zip(COST_COLUMNS) {
        findings.check(expected == found, || {
            let (first, other) = names;
            let (column, day) = (column.name(), to_date(day));
            let key = format!("{column} of {account}, {service}, {day} in {other} beside {first}");
            sums_differ(key, currency, expected, found, [])
        });
    }
}

fn sums(rollup: &Rollup) -> BTreeMap<Key<'_>, [Sum; COMPARED]> {
    let accounts = rollup.column(TextColumn::SubAccountId);
    let services = rollup.column(TextColumn::ServiceName);
    let currencies = Some(rollup.currency());
    let days = rollup.day_column();
    let mut sums = BTreeMap::<Key, [Sum; COMPARED]>::new();
    for row in 0..rollup.len() {
        let day = days.values[days.codes.get(row) as usize];
        let key = (
            text(accounts, row),
            text(services, row),
            day,
            text(currencies, row),
        );
        let costs = sums.entry(key).or_default();
        for (sum, amounts) in costs.iter_mut().zip(rollup.costs()) {
            sum.plus(amounts.get(row), 0);
        }
    }
    sums
}

fn text(column: Option<&Column>, row: usize) -> &str {
    column
        .and_then(|column| {
            column
                .values
                .get(column.codes.get(row) as usize)?
                .as_deref()
        })
        .unwrap_or_default()
}
