//! Answers from roll-ups.

mod dashboard;
mod evaluate;
mod scan;
mod trends;
mod values;

use std::sync::Arc;

use jiff::{Timestamp, civil::Date};
use outlay_core::{BillingPeriod, Decimal, SourceId, VersionId};
use serde::Serialize;
use utoipa::ToSchema;

pub use dashboard::{
    Dashboard, DashboardBlock, DashboardDay, DashboardUploads, Ranked, dashboard, latest_day,
};
pub use evaluate::evaluate;
pub use trends::{Trends, TrendsBlock, TrendsMonth, trends};
pub use values::{
    DimensionInfo, DimensionKind, DimensionList, DimensionValue, DimensionValues, dimension_values,
    dimensions,
};

use crate::query::{CostQuery, Metric, QueryError};
use outlay_billing::Rollup;

/// A version's roll-up, ready to be asked.
#[derive(Debug, Clone)]
pub struct LoadedRollup {
    /// The version.
    pub version: VersionId,
    /// Where its bill came from.
    pub source: SourceId,
    /// The billing period of the bill.
    pub period: BillingPeriod,
    /// Its sums.
    pub rollup: Arc<Rollup>,
}

/// What a [`CostQuery`] is answered with: totals equal the sum of the rows, exactly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CostAnswer {
    /// The question as it was understood.
    pub query: CostQuery,
    /// One per currency, sorted by currency: currencies are never added to each other.
    pub blocks: Vec<CostBlock>,
    /// When the newest of the bills behind the answer was switched in.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    pub data_as_of: Option<Timestamp>,
    /// The metrics.
    pub cost_basis: Vec<Metric>,
    /// The versions of bills that were asked.
    pub versions: Vec<VersionUsed>,
    /// How it was answered.
    pub plan: Plan,
}

/// The answer in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CostBlock {
    /// Billing currency.
    #[schema(example = "USD")]
    pub currency: String,
    /// Sum of all rows; with cumulative granularity, of the days.
    pub totals: MetricValues,
    /// By start, then by descending total of the group; folded groups last.
    pub rows: Vec<CostRow>,
    /// How many groups there were before `top` folded the smaller ones.
    pub groups: u64,
}

/// One sum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CostRow {
    /// First day of the day, week, month or billing period; null for a total.
    #[schema(value_type = Option<String>, format = Date, required)]
    pub start: Option<Date>,
    /// One value per dimension of `groupBy`; all null where `other` is true.
    #[schema(value_type = Vec<Option<String>>)]
    pub keys: Vec<Option<String>>,
    /// Whether this is the sum of the groups that `top` left out.
    pub other: bool,
    /// The metrics that were asked for.
    pub metrics: MetricValues,
}

/// Costs by metric: those that were asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct MetricValues {
    /// What is invoiced.
    #[serde(rename = "BilledCost", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, nullable = false, example = "12.5")]
    pub billed_cost: Option<Decimal>,
    /// Amortised.
    #[serde(rename = "EffectiveCost", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, nullable = false, example = "12.5")]
    pub effective_cost: Option<Decimal>,
    /// At public prices.
    #[serde(rename = "ListCost", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, nullable = false, example = "12.5")]
    pub list_cost: Option<Decimal>,
    /// At negotiated prices.
    #[serde(rename = "ContractedCost", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, nullable = false, example = "12.5")]
    pub contracted_cost: Option<Decimal>,
}

/// A version that an answer rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VersionUsed {
    /// The version.
    #[schema(value_type = String)]
    pub id: VersionId,
    /// Where its bill came from.
    #[schema(value_type = String)]
    pub source_id: SourceId,
    /// The billing period of the bill.
    #[schema(value_type = String, example = "2026-11")]
    pub billing_period: BillingPeriod,
}

/// How a question was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Plan {
    /// `rollup`.
    pub engine: Engine,
    /// How many versions were asked.
    pub versions: u64,
    /// How many roll-up rows were looked at.
    pub rows: u64,
}

/// What answers questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Engine {
    /// The daily roll-ups.
    Rollup,
}

impl MetricValues {
    /// Values of `metrics`, given in units of 10^-18.
    fn new(metrics: &[Metric], units: &[i128]) -> Result<Self, QueryError> {
        let mut values = Self::default();
        for (metric, &units) in metrics.iter().zip(units) {
            *values.slot(*metric) = Some(Decimal::from_units(units).ok_or_else(overflow)?);
        }
        Ok(values)
    }

    /// The value of a metric, if it was asked for.
    pub fn get(&self, metric: Metric) -> Option<Decimal> {
        match metric {
            Metric::BilledCost => self.billed_cost,
            Metric::EffectiveCost => self.effective_cost,
            Metric::ListCost => self.list_cost,
            Metric::ContractedCost => self.contracted_cost,
        }
    }

    fn slot(&mut self, metric: Metric) -> &mut Option<Decimal> {
        match metric {
            Metric::BilledCost => &mut self.billed_cost,
            Metric::EffectiveCost => &mut self.effective_cost,
            Metric::ListCost => &mut self.list_cost,
            Metric::ContractedCost => &mut self.contracted_cost,
        }
    }
}

fn overflow() -> QueryError {
    QueryError::too_large("/metrics", "a sum is beyond DECIMAL(38,18)")
}

#[cfg(test)]
mod tests;
