//! Measures questions over 12 months of full roll-ups: `cargo run --release -p outlay-lake --example scan`.
#![expect(clippy::print_stdout, reason = "a measurement prints its figures")]

use std::{sync::Arc, time::Instant};

use jiff::{Timestamp, ToSpan, civil::Date};
use outlay_billing::{COST_COLUMNS, FocusRow, Rollup, RollupBuilder, TextColumn, TimeColumn};
use outlay_core::{BillingPeriod, Decimal, SourceId, VersionId};
use outlay_lake::{
    answer::{LoadedRollup, dashboard, evaluate},
    query::CostQuery,
};

type Outcome = Result<(), Box<dyn std::error::Error>>;

const ROUNDS: usize = 200;

fn main() -> Outcome {
    let months: Vec<LoadedRollup> = (1..=12).map(month).collect::<Result<_, _>>()?;
    let rows: usize = months.iter().map(|month| month.rollup.len()).sum();
    let bytes: usize = months.iter().map(|month| month.rollup.bytes()).sum();
    println!(
        "{} months, {rows} roll-up rows, {} MB in memory",
        months.len(),
        bytes >> 20
    );
    let started = Instant::now();
    let file = months[0].rollup.encode()?;
    let encoded = started.elapsed();
    let started = Instant::now();
    Rollup::decode(&file)?;
    println!(
        "one month: {} KB, encode {encoded:?}, decode {:?}",
        file.len() >> 10,
        started.elapsed()
    );
    for (name, params) in QUESTIONS {
        let query = question(params)?;
        measure(name, || evaluate(&query, &months).map(|_| ()))?;
    }
    let end = Date::constant(2027, 1, 1);
    measure("dashboard", || dashboard(&months, end).map(|_| ()))
}

const QUESTIONS: [(&str, &[(&str, &str)]); 7] = [
    ("total", &[]),
    (
        "services by month",
        &[("groupBy", "ServiceName"), ("granularity", "month")],
    ),
    (
        "top services by day",
        &[
            ("groupBy", "ServiceName"),
            ("granularity", "day"),
            ("top", "9"),
        ],
    ),
    (
        "top accounts and services by day",
        &[
            ("groupBy", "SubAccountId,ServiceName"),
            ("granularity", "day"),
            ("top", "9"),
        ],
    ),
    (
        "top accounts and services by day, 4 metrics",
        &[
            ("groupBy", "SubAccountId,ServiceName"),
            ("granularity", "day"),
            ("top", "9"),
            (
                "metrics",
                "BilledCost,EffectiveCost,ListCost,ContractedCost",
            ),
        ],
    ),
    (
        "filtered",
        &[
            ("groupBy", "RegionId"),
            ("granularity", "month"),
            (
                "filter",
                r#"ServiceName contains ("1","2") and not (ChargeCategory = "Tax" or SubAccountId in ("7","8"))"#,
            ),
        ],
    ),
    (
        "three dimensions",
        &[
            ("groupBy", "SubAccountId,ServiceName,RegionId"),
            ("top", "9"),
        ],
    ),
];

fn question(params: &[(&str, &str)]) -> Result<CostQuery, Box<dyn std::error::Error>> {
    let range = [("start", "2026-01-01"), ("end", "2027-01-01")];
    let pairs = range
        .iter()
        .chain(params)
        .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
    Ok(CostQuery::from_params(&pairs.collect::<Vec<_>>())?)
}

fn measure<E>(name: &str, mut run: impl FnMut() -> Result<(), E>) -> Outcome
where
    E: std::error::Error + 'static,
{
    let mut times = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let started = Instant::now();
        run()?;
        times.push(started.elapsed());
    }
    times.sort_unstable();
    println!(
        "{name}: best {:?}, median {:?}, p99 {:?}",
        times[0],
        times[ROUNDS / 2],
        times[ROUNDS * 99 / 100]
    );
    Ok(())
}

/// A month of 150,000 rows: 5,000 combinations of account, service, region and category a day.
fn month(number: i8) -> Result<LoadedRollup, Box<dyn std::error::Error>> {
    let start = Date::new(2026, number, 1)?;
    let mut builder = RollupBuilder::new([]);
    let mut row = FocusRow::default();
    for day in 0..30_i32 {
        let day = start
            .checked_add(day.days())?
            .to_zoned(jiff::tz::TimeZone::UTC)?
            .timestamp();
        for combination in 0..5000_u32 {
            fill(&mut row, day, combination);
            builder.push(&row)?;
        }
    }
    Ok(LoadedRollup {
        version: VersionId::mint(),
        source: SourceId::mint(),
        period: BillingPeriod::of(start)?,
        rollup: Arc::new(builder.finish()?),
    })
}

fn fill(row: &mut FocusRow, day: Timestamp, n: u32) {
    row.clear();
    row.set_time(TimeColumn::ChargePeriodStart, day);
    row.set_text(TextColumn::BillingCurrency, "USD");
    row.set_text(TextColumn::BillingAccountId, "999");
    row.set_text(TextColumn::SubAccountId, &(n % 50).to_string());
    row.set_text(TextColumn::ServiceName, &format!("service {}", n / 50 % 20));
    row.set_text(TextColumn::RegionId, &format!("region {}", n / 1000));
    row.set_text(
        TextColumn::ChargeCategory,
        if n.is_multiple_of(97) { "Tax" } else { "Usage" },
    );
    for (at, column) in (1..).zip(COST_COLUMNS) {
        let units = i128::from(n) * at * 1_234_567 + i128::from(day.as_second());
        row.set_amount(column, Decimal::from_units(units * 100_000_000));
    }
}
