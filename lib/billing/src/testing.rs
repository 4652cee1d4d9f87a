//! Rows for the tests of this crate and of the lake.

use crate::{AmountColumn, COST_COLUMNS, FocusRow, TextColumn, TimeColumn};
use jiff::Timestamp;
use outlay_core::Decimal;
use proptest::prelude::*;

use crate::rollup::{Rollup, RollupBuilder, RollupError};

/// A row of one of two months, three services (or none), two accounts, two currencies, some tags.
pub fn rows(max: usize) -> impl Strategy<Value = Vec<FocusRow>> {
    let cost = prop_oneof![
        any::<i64>().prop_map(i128::from),
        (-99..99_i128).prop_map(|n| n * 10_i128.pow(17))
    ];
    let texts = (0..4_usize, 0..2_usize, 0..2_usize, 0..3_usize, 0..2_usize);
    let cells = (texts, 0..61_i64, proptest::array::uniform4(cost));
    proptest::collection::vec(cells, 0..max).prop_map(|rows| {
        let make = |((service, account, currency, team, env), day, costs): (_, i64, [i128; 4])| {
            let mut row = row(
                day,
                [Some("EC2"), Some("S3"), Some("Lambda"), None][service],
            );
            row.set_text(TextColumn::SubAccountId, ["111", "222"][account]);
            row.set_text(
                TextColumn::SubAccountName,
                ["one", "two", "new one"][(account + team) % 3],
            );
            row.set_text(TextColumn::BillingCurrency, ["USD", "EUR"][currency]);
            if team > 0 {
                row.set_tag("team", ["", "a", "b"][team]);
            }
            if env > 0 {
                row.set_tag("env", "prod");
            }
            for (column, units) in COST_COLUMNS.into_iter().zip(costs) {
                row.set_amount(column, Decimal::from_units(units));
            }
            row
        };
        rows.into_iter().map(make).collect()
    })
}

/// A row of AWS account 999 on a day after 2026-09-30 (0 = 1 October), which costs 1 USD.
pub fn row(day: i64, service: Option<&str>) -> FocusRow {
    let first: Timestamp = "2026-10-01T05:00:00Z".parse().unwrap();
    let mut row = FocusRow::default();
    row.set_time(
        TimeColumn::ChargePeriodStart,
        Timestamp::from_second(first.as_second() + day * 86_400).unwrap(),
    );
    let period = if day < 31 {
        "2026-10-01T00:00:00Z"
    } else {
        "2026-11-01T00:00:00Z"
    };
    row.set_time(
        TimeColumn::BillingPeriodStart,
        period.parse::<Timestamp>().unwrap(),
    );
    row.set_text(TextColumn::XProvider, "AWS");
    row.set_text(TextColumn::XPayer, "999");
    row.set_text(TextColumn::BillingAccountId, "999");
    row.set_text(TextColumn::BillingCurrency, "USD");
    row.set_text(TextColumn::ServiceName, service.unwrap_or_default());
    for column in COST_COLUMNS {
        row.set_amount(column, Decimal::ONE);
    }
    row.set_amount(AmountColumn::ListCost, None);
    row
}

/// Tag keys that [`rows`] sets.
pub const TAGS: [&str; 2] = ["team", "env"];

/// The roll-up of rows that it takes.
pub fn rollup(rows: &[FocusRow]) -> Rollup {
    try_rollup(rows).unwrap()
}

/// The roll-up of rows, with [`TAGS`].
pub fn try_rollup(rows: &[FocusRow]) -> Result<Rollup, RollupError> {
    let mut builder = RollupBuilder::new(TAGS.map(str::to_owned));
    for row in rows {
        builder.push(row)?;
    }
    builder.finish()
}
