use std::collections::BTreeMap;

use jiff::{Timestamp, ToSpan};
use outlay_core::{BillingPeriod, Decimal};
use serde::Serialize;
use utoipa::ToSchema;

use super::{LoadedRollup, evaluate};
use crate::query::{CostQuery, Granularity, Metric, QueryError, TimeAxis};

/// The four costs of each billing period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Trends {
    /// When the newest of the bills was switched in.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    pub data_as_of: Option<Timestamp>,
    /// One per currency, sorted by currency.
    pub blocks: Vec<TrendsBlock>,
}

/// The trend in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TrendsBlock {
    /// Billing currency.
    #[schema(example = "USD")]
    pub currency: String,
    /// Billing periods with a bill in this currency, oldest first.
    pub months: Vec<TrendsMonth>,
}

/// The four costs of a billing period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TrendsMonth {
    /// The billing period.
    #[serde(rename = "billingPeriod")]
    #[schema(value_type = String, example = "2026-11")]
    pub billing_period: BillingPeriod,
    /// What is invoiced.
    #[serde(rename = "BilledCost")]
    #[schema(value_type = String, example = "12.5")]
    pub billed_cost: Decimal,
    /// Amortised.
    #[serde(rename = "EffectiveCost")]
    #[schema(value_type = String, example = "12.5")]
    pub effective_cost: Decimal,
    /// At public prices.
    #[serde(rename = "ListCost")]
    #[schema(value_type = String, example = "12.5")]
    pub list_cost: Decimal,
    /// At negotiated prices.
    #[serde(rename = "ContractedCost")]
    #[schema(value_type = String, example = "12.5")]
    pub contracted_cost: Decimal,
}

/// The last `months` billing periods up to the newest bill, 120 at most. `data_as_of` is the caller's
/// to set.
pub fn trends(rollups: &[LoadedRollup], months: u32) -> Result<Trends, QueryError> {
    let Some(latest) = rollups.iter().map(|loaded| loaded.period).max() else {
        return Ok(Trends {
            data_as_of: None,
            blocks: Vec::new(),
        });
    };
    let start = latest
        .end()
        .saturating_sub(i64::from(months.clamp(1, 120)).months());
    let query = CostQuery {
        metrics: Metric::ALL.to_vec(),
        granularity: Granularity::Month,
        time_axis: TimeAxis::Billing,
        ..CostQuery::between(start, latest.end())
    };
    let answer = evaluate(&query, rollups)?;
    let mut blocks: BTreeMap<String, Vec<TrendsMonth>> = BTreeMap::new();
    for block in answer.blocks {
        let months = block.rows.into_iter().filter_map(|row| {
            Some(TrendsMonth {
                billing_period: BillingPeriod::of(row.start?).ok()?,
                billed_cost: row.metrics.billed_cost?,
                effective_cost: row.metrics.effective_cost?,
                list_cost: row.metrics.list_cost?,
                contracted_cost: row.metrics.contracted_cost?,
            })
        });
        blocks.insert(block.currency, months.collect());
    }
    let blocks = blocks
        .into_iter()
        .map(|(currency, months)| TrendsBlock { currency, months });
    Ok(Trends {
        data_as_of: None,
        blocks: blocks.collect(),
    })
}
