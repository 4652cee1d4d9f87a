//! The typed question about costs: the explorer's URL, the saved view and the REST body are all this.

mod dimension;
mod error;
mod filter;
mod json;
mod lexer;
mod params;
mod text;

use std::collections::BTreeSet;

use jiff::{ToSpan, civil::Date};
use outlay_billing::AmountColumn;
use outlay_core::VersionId;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

pub use dimension::{Dimension, UnknownDimension};
pub use error::{QueryError, QueryErrorKind};
pub use filter::{Filter, Operator, Test};

/// A question about costs.
///
/// As JSON it has these fields; as URL parameters the same names, with lists separated by commas and
/// the filter in its text form:
///
/// `?metrics=EffectiveCost&groupBy=ServiceName,tag:team&granularity=day&start=2026-10-01&end=2026-11-01`
///
/// # The text form of a filter
///
/// ```text
/// filter    = all { "or" all }
/// all       = one { "and" one }
/// one       = "not" one | "(" filter ")" | test
/// test      = dimension ( ( "=" | "!=" ) string
///                       | [ "not" ] "in" list
///                       | [ "not" ] "contains" some
///                       | ( "starts" | "ends" ) "with" some
///                       | "is" [ "not" ] "null" )
/// dimension = a FOCUS column name | "tag:" key
/// key       = one or more of A-Z a-z 0-9 _ - . : / @ + | string
/// some      = string | list
/// list      = "(" string { "," string } ")"
/// string    = a JSON string, in double quotes
/// ```
///
/// Example: `ServiceName in ("Amazon EC2","Amazon S3") and not (ChargeCategory = "Tax" or tag:"cost
/// center" is null)`. Words of the grammar may be written in any case; names, keys and values are
/// compared exactly. Several values mean any of them. Logic has two values: a null is in no list and
/// contains nothing, so `!=`, `not in` and `not contains` hold for it. A filter has at most 8 KB,
/// 32 levels and 1,000 values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CostQuery {
    /// Which costs; `["EffectiveCost"]` unless told. The first one ranks the groups.
    #[schema(min_items = 1, max_items = 4)]
    #[serde(default)]
    pub metrics: Vec<Metric>,
    /// Up to three dimensions.
    #[schema(value_type = Vec<String>, max_items = 3, example = json!(["ServiceName", "tag:team"]))]
    #[serde(default)]
    pub group_by: Vec<Dimension>,
    /// How time is divided; `total` unless told.
    #[serde(default)]
    pub granularity: Granularity,
    /// First day, UTC.
    #[schema(value_type = String, format = Date)]
    pub start: Date,
    /// The day after the last one, UTC; at most ten years after `start`.
    #[schema(value_type = String, format = Date)]
    pub end: Date,
    /// Which time places a row; `charge` unless told.
    #[serde(default)]
    pub time_axis: TimeAxis,
    /// Which rows count; all unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<Filter>,
    /// Only this billing currency. Currencies are never added to each other.
    #[schema(example = "USD", min_length = 1, max_length = 64)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// Keep this many groups per currency, the largest by the first metric, and fold the others.
    #[schema(minimum = 1, maximum = 1000)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub top: Option<u32>,
    /// Only these versions; the primary active ones unless told.
    #[schema(value_type = Option<Vec<String>>, min_items = 1, max_items = 1000)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub versions: Option<Vec<VersionId>>,
}

/// A FOCUS cost column.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
pub enum Metric {
    /// What is invoiced.
    BilledCost,
    /// Amortised: upfront and recurring fees spread over the usage that they cover.
    EffectiveCost,
    /// At public prices.
    ListCost,
    /// At negotiated prices, before commitments.
    ContractedCost,
}

/// How an answer divides time.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Granularity {
    /// Not at all.
    #[default]
    Total,
    /// By hour; needs the rows themselves.
    Hour,
    /// By day.
    Day,
    /// By week, from Monday.
    Week,
    /// By calendar month or, on the billing axis, by billing period.
    Month,
    /// By day, each day with all days before it.
    Cumulative,
}

/// Which time places a row. Corrections of an invoiced period differ between the two.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum TimeAxis {
    /// The day the charge begins.
    #[default]
    Charge,
    /// The billing period that holds the charge; total and month only.
    Billing,
}

impl CostQuery {
    /// The fields of a question, as JSON and the URL name them.
    pub const FIELDS: [&'static str; 10] = [
        "metrics",
        "groupBy",
        "granularity",
        "start",
        "end",
        "timeAxis",
        "filter",
        "currency",
        "top",
        "versions",
    ];

    /// The largest number of groups that `top` may ask for.
    pub const MAX_TOP: u32 = 1000;

    /// A question with nothing but its time range: EffectiveCost, in total.
    pub fn between(start: Date, end: Date) -> Self {
        Self {
            metrics: vec![Metric::EffectiveCost],
            group_by: Vec::new(),
            granularity: Granularity::Total,
            start,
            end,
            time_axis: TimeAxis::Charge,
            filter: None,
            currency: None,
            top: None,
            versions: None,
        }
    }

    /// Reads the JSON form. The error's pointer is a JSON pointer into `value`.
    pub fn from_json(value: &serde_json::Value) -> Result<Self, QueryError> {
        json::query(value)?.checked("/")
    }

    /// Reads the URL form, from decoded names and values. The error's pointer is the parameter's name.
    pub fn from_params(params: &[(String, String)]) -> Result<Self, QueryError> {
        params::read(params)?.checked("")
    }

    /// The URL form, not yet percent-encoded, without what has its default. Reading it gives this back.
    pub fn to_params(&self) -> Vec<(String, String)> {
        params::write(self)
    }

    /// The question as it is answered, or what is wrong with it. `prefix` stands before a field's name.
    fn checked(mut self, prefix: &str) -> Result<Self, QueryError> {
        let fail = |field: &str, detail: &str| {
            Err(QueryError::invalid(format!("{prefix}{field}"), detail))
        };
        if self.metrics.is_empty() {
            self.metrics.push(Metric::EffectiveCost);
        }
        if has_duplicates(&self.metrics) {
            return fail("metrics", "names a metric twice");
        }
        if self.group_by.len() > 3 {
            return fail("groupBy", "has more than 3 dimensions");
        }
        if has_duplicates(&self.group_by) {
            return fail("groupBy", "names a dimension twice");
        }
        if !(1970..=9998).contains(&self.start.year()) {
            return fail("start", "is outside the years 1970 to 9998");
        }
        if self.end <= self.start {
            return fail("end", "must be after start: the end is exclusive");
        }
        if self.end > self.start.saturating_add(10.years()) {
            return fail("end", "is more than ten years after start");
        }
        if self.time_axis == TimeAxis::Billing
            && !matches!(self.granularity, Granularity::Total | Granularity::Month)
        {
            let detail = "the billing axis knows total and month: a billing period has no days";
            return fail("granularity", detail);
        }
        if self
            .currency
            .as_ref()
            .is_some_and(|c| c.is_empty() || c.len() > 64)
        {
            return fail("currency", "must have 1 to 64 characters");
        }
        if self.top.is_some_and(|top| top == 0 || top > Self::MAX_TOP) {
            return fail("top", "must be from 1 to 1000");
        }
        if self
            .versions
            .as_ref()
            .is_some_and(|v| v.is_empty() || v.len() > 1000)
        {
            return fail("versions", "must name 1 to 1000 versions");
        }
        Ok(self)
    }
}

/// A day and nothing more: jiff alone would also take a date with a time.
fn parse_day(text: &str) -> Result<Date, &'static str> {
    let day = text
        .parse()
        .ok()
        .filter(|_| text.len() == "2026-11-30".len());
    day.ok_or("expected a day such as 2026-11-30")
}

fn has_duplicates<T: Ord>(items: &[T]) -> bool {
    items.iter().collect::<BTreeSet<_>>().len() < items.len()
}

impl<'de> Deserialize<'de> for CostQuery {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        Self::from_json(&value).map_err(serde::de::Error::custom)
    }
}

impl Metric {
    /// Every metric, in the order in which totals are written.
    pub const ALL: [Self; 4] = [
        Self::BilledCost,
        Self::EffectiveCost,
        Self::ListCost,
        Self::ContractedCost,
    ];

    /// The FOCUS name.
    pub const fn name(self) -> &'static str {
        self.column().name()
    }

    /// The column that it sums.
    pub const fn column(self) -> AmountColumn {
        match self {
            Self::BilledCost => AmountColumn::BilledCost,
            Self::EffectiveCost => AmountColumn::EffectiveCost,
            Self::ListCost => AmountColumn::ListCost,
            Self::ContractedCost => AmountColumn::ContractedCost,
        }
    }

    /// Position in `ALL`.
    pub(crate) const fn index(self) -> usize {
        self as usize
    }
}

impl Granularity {
    const ALL: [Self; 6] = [
        Self::Total,
        Self::Hour,
        Self::Day,
        Self::Week,
        Self::Month,
        Self::Cumulative,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Total => "total",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Cumulative => "cumulative",
        }
    }
}

impl TimeAxis {
    const ALL: [Self; 2] = [Self::Charge, Self::Billing];

    const fn name(self) -> &'static str {
        match self {
            Self::Charge => "charge",
            Self::Billing => "billing",
        }
    }
}

#[cfg(test)]
mod tests;
