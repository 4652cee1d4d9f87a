use std::collections::BTreeMap;

use jiff::{Timestamp, ToSpan, civil::Date};
use outlay_core::{BillingPeriod, Decimal};
use serde::Serialize;
use utoipa::ToSchema;

use super::{CostAnswer, LoadedRollup, MetricValues, evaluate};
use crate::query::{CostQuery, Dimension, Granularity, Metric, QueryError};

/// The first page: this month so far, the last one, and where the money goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Dashboard {
    /// When the newest of the bills was switched in.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    pub data_as_of: Option<Timestamp>,
    /// The newest billing period with a bill.
    #[schema(value_type = Option<String>, example = "2026-11", required)]
    pub latest_period: Option<BillingPeriod>,
    /// One per currency, sorted by currency.
    pub blocks: Vec<DashboardBlock>,
    /// The caller's uploads.
    pub uploads: DashboardUploads,
}

/// How many uploads there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct DashboardUploads {
    /// All of them.
    pub total: u64,
}

/// The dashboard in one currency. Effective and billed cost, by the day of the charge.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DashboardBlock {
    /// Billing currency.
    #[schema(example = "USD")]
    pub currency: String,
    /// From the first of the month to the end asked for: later charges of the month are not in it.
    pub month_to_date: MetricValues,
    /// The whole month before.
    pub previous_month: MetricValues,
    /// As many days of the month before.
    pub previous_month_to_date: MetricValues,
    /// Of the month to date, largest first.
    pub top_services: Vec<Ranked>,
    /// Sub-accounts of the month to date, largest first, with their latest names.
    pub top_accounts: Vec<Ranked>,
    /// Of the month to date, largest first.
    pub top_regions: Vec<Ranked>,
    /// Every day of the last 90 from the first to the last with a charge.
    pub daily: Vec<DashboardDay>,
}

/// One value of a dimension with its cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Ranked {
    /// The value.
    #[schema(required)]
    pub key: Option<String>,
    /// Its name for people, where it has one.
    #[schema(required)]
    pub label: Option<String>,
    /// Amortised cost.
    #[serde(rename = "EffectiveCost")]
    #[schema(value_type = String, example = "12.5")]
    pub effective_cost: Decimal,
}

/// One day with its cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DashboardDay {
    /// The day.
    #[schema(value_type = String, format = Date)]
    pub start: Date,
    /// Amortised cost.
    #[serde(rename = "EffectiveCost")]
    #[schema(value_type = String, example = "12.5")]
    pub effective_cost: Decimal,
}

const METRICS: [Metric; 2] = [Metric::EffectiveCost, Metric::BilledCost];
const TOP: usize = 10;
const DAYS: i32 = 90;

/// The last day with a charge, of all roll-ups: what a dashboard without an end shows up to, at most.
pub fn latest_day(rollups: &[LoadedRollup]) -> Option<Date> {
    rollups
        .iter()
        .filter_map(|loaded| loaded.rollup.days())
        .map(|(_, last)| last)
        .max()
}

/// The dashboard of the month that holds the day before `end`. `data_as_of` and `uploads` are the
/// caller's to set.
pub fn dashboard(rollups: &[LoadedRollup], end: Date) -> Result<Dashboard, QueryError> {
    let months = Months::before(end);
    let mut blocks = BTreeMap::new();
    daily(rollups, end, &months, &mut blocks)?;
    for (from, to, slot) in months.sums() {
        let answer = ask(rollups, from, to, |_| ())?;
        for block in answer.blocks {
            *slot(self::block(&mut blocks, &block.currency)) = block.totals;
        }
    }
    for (dimension, slot) in tops() {
        let ranked = |query: &mut CostQuery| query.group_by = vec![dimension.clone()];
        let answer = ask(rollups, months.this, end, ranked)?;
        for block in answer.blocks {
            let top = block.rows.into_iter().take(TOP).map(|row| {
                let key = row.keys.into_iter().next().flatten();
                Ranked {
                    label: label(rollups, &dimension, key.as_deref()),
                    key,
                    effective_cost: row.metrics.effective_cost.unwrap_or_default(),
                }
            });
            *slot(self::block(&mut blocks, &block.currency)) = top.collect();
        }
    }
    Ok(Dashboard {
        data_as_of: None,
        latest_period: rollups.iter().map(|loaded| loaded.period).max(),
        blocks: blocks.into_values().collect(),
        uploads: DashboardUploads::default(),
    })
}

/// First days of the month that ends at `end` and of the one before, and where its same part ends.
struct Months {
    this: Date,
    previous: Date,
    previous_to_date: Date,
    end: Date,
}

type Slot<T> = fn(&mut DashboardBlock) -> &mut T;

impl Months {
    fn before(end: Date) -> Self {
        let this = end.saturating_sub(1.day()).first_of_month();
        let previous = this.saturating_sub(1.month());
        let days = this.until(end).map_or(0, |span| span.get_days());
        let previous_to_date = previous.saturating_add(days.days()).min(this);
        Self {
            this,
            previous,
            previous_to_date,
            end,
        }
    }

    fn sums(&self) -> [(Date, Date, Slot<MetricValues>); 3] {
        [
            (self.this, self.end, |block| &mut block.month_to_date),
            (self.previous, self.this, |block| &mut block.previous_month),
            (self.previous, self.previous_to_date, |block| {
                &mut block.previous_month_to_date
            }),
        ]
    }
}

fn tops() -> [(Dimension, Slot<Vec<Ranked>>); 3] {
    [
        (Dimension::ServiceName, |block| &mut block.top_services),
        (Dimension::SubAccountId, |block| &mut block.top_accounts),
        (Dimension::RegionId, |block| &mut block.top_regions),
    ]
}

fn ask(
    rollups: &[LoadedRollup],
    start: Date,
    end: Date,
    change: impl FnOnce(&mut CostQuery),
) -> Result<CostAnswer, QueryError> {
    let mut query = CostQuery {
        metrics: METRICS.to_vec(),
        ..CostQuery::between(start, end)
    };
    change(&mut query);
    evaluate(&query, rollups)
}

fn daily(
    rollups: &[LoadedRollup],
    end: Date,
    months: &Months,
    blocks: &mut BTreeMap<String, DashboardBlock>,
) -> Result<(), QueryError> {
    let start = end.saturating_sub(DAYS.days()).min(months.this);
    let answer = ask(rollups, start, end, |query| {
        query.granularity = Granularity::Day;
    })?;
    for found in answer.blocks {
        let costs: BTreeMap<Date, Decimal> = (found.rows.into_iter())
            .filter_map(|row| Some((row.start?, row.metrics.effective_cost?)))
            .collect();
        let (Some((&first, _)), Some((&last, _))) =
            (costs.first_key_value(), costs.last_key_value())
        else {
            continue;
        };
        let days = std::iter::successors(Some(first), |day| day.tomorrow().ok());
        block(blocks, &found.currency).daily = days
            .take_while(|day| *day <= last)
            .map(|day| DashboardDay {
                start: day,
                effective_cost: costs.get(&day).copied().unwrap_or_default(),
            })
            .collect();
    }
    Ok(())
}

/// The block of a currency; a new one has zeros where nothing was charged.
fn block<'b>(
    blocks: &'b mut BTreeMap<String, DashboardBlock>,
    currency: &str,
) -> &'b mut DashboardBlock {
    blocks.entry(currency.to_owned()).or_insert_with(|| {
        let nothing = MetricValues {
            effective_cost: Some(Decimal::ZERO),
            billed_cost: Some(Decimal::ZERO),
            ..MetricValues::default()
        };
        DashboardBlock {
            currency: currency.to_owned(),
            month_to_date: nothing.clone(),
            previous_month: nothing.clone(),
            previous_month_to_date: nothing,
            ..DashboardBlock::default()
        }
    })
}

/// The latest name that a roll-up of the newest billing period knows.
pub(super) fn label(
    rollups: &[LoadedRollup],
    dimension: &Dimension,
    key: Option<&str>,
) -> Option<String> {
    let key = key?;
    let name = |loaded: &&LoadedRollup| match dimension {
        Dimension::SubAccountId => loaded.rollup.sub_account_name(key).is_some(),
        Dimension::BillingAccountId => loaded.rollup.billing_account_name(key).is_some(),
        _ => false,
    };
    let newest = rollups
        .iter()
        .filter(name)
        .max_by_key(|loaded| loaded.period)?;
    let name = match dimension {
        Dimension::SubAccountId => newest.rollup.sub_account_name(key),
        _ => newest.rollup.billing_account_name(key),
    };
    name.map(str::to_owned)
}
