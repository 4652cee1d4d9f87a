//! The URL form: the fields of the JSON form as parameters.

use std::collections::BTreeMap;

use jiff::civil::Date;
use outlay_core::{IdError, VersionId};

use super::{CostQuery, Filter, Granularity, Metric, QueryError, TimeAxis, parse_day, text};

/// Fields only; ranges and contradictions are the caller's to check.
pub(super) fn read(params: &[(String, String)]) -> Result<CostQuery, QueryError> {
    let mut values = BTreeMap::new();
    for (name, value) in params {
        if values.insert(name.as_str(), value.as_str()).is_some() {
            return Err(QueryError::invalid(name, "is given twice"));
        }
    }
    let mut take = |name: &str| values.remove(name);
    let query = CostQuery {
        metrics: list(take("metrics"), |part| {
            named("metrics", part, &Metric::ALL, Metric::name)
        })?,
        group_by: match take("groupBy") {
            None => Vec::new(),
            Some(text) => {
                text::parse_dimensions(text).map_err(|e| QueryError::invalid("groupBy", e))?
            }
        },
        granularity: match take("granularity") {
            None => Granularity::default(),
            Some(name) => named("granularity", name, &Granularity::ALL, Granularity::name)?,
        },
        start: day("start", take("start"))?,
        end: day("end", take("end"))?,
        time_axis: match take("timeAxis") {
            None => TimeAxis::default(),
            Some(name) => named("timeAxis", name, &TimeAxis::ALL, TimeAxis::name)?,
        },
        filter: take("filter")
            .map(|text| Filter::from_text(text, "filter"))
            .transpose()?,
        currency: take("currency").map(str::to_owned),
        top: take("top").map(top).transpose()?,
        versions: match take("versions") {
            None => None,
            some => Some(list(some, version)?),
        },
    };
    match values.keys().next() {
        None => Ok(query),
        Some(name) => Err(QueryError::invalid(*name, "unknown parameter")),
    }
}

pub(super) fn write(query: &CostQuery) -> Vec<(String, String)> {
    let mut params = Vec::new();
    let mut push = |name: &str, value: String| params.push((name.to_owned(), value));
    if query.metrics != [Metric::EffectiveCost] {
        push(
            "metrics",
            joined(query.metrics.iter().map(|metric| metric.name())),
        );
    }
    if !query.group_by.is_empty() {
        push("groupBy", text::dimensions(&query.group_by));
    }
    if query.granularity != Granularity::default() {
        push("granularity", query.granularity.name().to_owned());
    }
    push("start", query.start.to_string());
    push("end", query.end.to_string());
    if query.time_axis != TimeAxis::default() {
        push("timeAxis", query.time_axis.name().to_owned());
    }
    if let Some(filter) = &query.filter {
        push("filter", filter.to_string());
    }
    if let Some(currency) = &query.currency {
        push("currency", currency.clone());
    }
    if let Some(top) = query.top {
        push("top", top.to_string());
    }
    if let Some(versions) = &query.versions {
        push("versions", joined(versions));
    }
    params
}

fn list<T>(
    text: Option<&str>,
    part: impl Fn(&str) -> Result<T, QueryError>,
) -> Result<Vec<T>, QueryError> {
    text.map_or_else(
        || Ok(Vec::new()),
        |text| text.split(',').map(part).collect(),
    )
}

fn named<T: Copy>(
    param: &str,
    name: &str,
    all: &[T],
    name_of: fn(T) -> &'static str,
) -> Result<T, QueryError> {
    all.iter()
        .copied()
        .find(|&one| name_of(one) == name)
        .ok_or_else(|| {
            let names = joined(all.iter().map(|&one| name_of(one)));
            QueryError::invalid(param, format!("expected one of {names}"))
        })
}

fn day(param: &str, text: Option<&str>) -> Result<Date, QueryError> {
    let text = text.ok_or_else(|| QueryError::invalid(param, "is required"))?;
    parse_day(text).map_err(|detail| QueryError::invalid(param, detail))
}

fn top(text: &str) -> Result<u32, QueryError> {
    text.parse()
        .map_err(|_| QueryError::invalid("top", "expected a whole number"))
}

fn version(text: &str) -> Result<VersionId, QueryError> {
    text.parse()
        .map_err(|e: IdError| QueryError::invalid("versions", e.to_string()))
}

fn joined<T: ToString>(items: impl IntoIterator<Item = T>) -> String {
    items
        .into_iter()
        .map(|item| item.to_string())
        .collect::<Vec<_>>()
        .join(",")
}
