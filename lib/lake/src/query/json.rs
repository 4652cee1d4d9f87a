//! The JSON forms, read by hand so that every error names its place.

use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{CostQuery, Filter, Operator, QueryError, Test, parse_day};

/// Fields only; ranges and contradictions are the caller's to check.
pub(super) fn query(value: &Value) -> Result<CostQuery, QueryError> {
    let fields = object(value, "")?;
    known(fields, "", &CostQuery::FIELDS)?;
    let filter = match fields.get("filter") {
        None | Some(Value::Null) => None,
        Some(filter) => Some(Filter::from_json(filter, "/filter")?),
    };
    Ok(CostQuery {
        metrics: optional(fields, "metrics")?.unwrap_or_default(),
        group_by: optional(fields, "groupBy")?.unwrap_or_default(),
        granularity: optional(fields, "granularity")?.unwrap_or_default(),
        start: day(fields, "start")?,
        end: day(fields, "end")?,
        time_axis: optional(fields, "timeAxis")?.unwrap_or_default(),
        filter,
        currency: optional(fields, "currency")?,
        top: optional(fields, "top")?,
        versions: optional(fields, "versions")?,
    })
}

/// A filter of at most `depth` levels.
pub(super) fn filter(value: &Value, pointer: &str, depth: usize) -> Result<Filter, QueryError> {
    if depth == 0 {
        return Err(QueryError::invalid(
            pointer,
            "the filter is nested more than 32 levels deep",
        ));
    }
    let fields = object(value, pointer)?;
    if let Some(parts) = fields.get("and") {
        known(fields, pointer, &["and"])?;
        return Ok(Filter::And {
            and: list(parts, &format!("{pointer}/and"), depth)?,
        });
    }
    if let Some(parts) = fields.get("or") {
        known(fields, pointer, &["or"])?;
        return Ok(Filter::Or {
            or: list(parts, &format!("{pointer}/or"), depth)?,
        });
    }
    if let Some(part) = fields.get("not") {
        known(fields, pointer, &["not"])?;
        let not = filter(part, &format!("{pointer}/not"), depth - 1)?;
        return Ok(Filter::Not { not: Box::new(not) });
    }
    test(fields, pointer).map(Filter::Test)
}

fn list(parts: &Value, pointer: &str, depth: usize) -> Result<Vec<Filter>, QueryError> {
    let parts = parts
        .as_array()
        .filter(|parts| parts.len() >= 2)
        .ok_or_else(|| QueryError::invalid(pointer, "expected a list of at least two filters"))?;
    (parts.iter().enumerate())
        .map(|(i, part)| filter(part, &format!("{pointer}/{i}"), depth - 1))
        .collect()
}

fn test(fields: &Map<String, Value>, pointer: &str) -> Result<Test, QueryError> {
    known(fields, pointer, &["dimension", "operator", "values"])?;
    let operator = required(fields, pointer, "operator")?;
    let values: Vec<String> = match fields.get("values") {
        None => Vec::new(),
        Some(values) => typed(values, &format!("{pointer}/values"))?,
    };
    let takes_none = matches!(operator, Operator::IsNull | Operator::IsNotNull);
    if takes_none != values.is_empty() {
        let detail = if takes_none {
            "isNull and isNotNull take no values"
        } else {
            "expected at least one value"
        };
        return Err(QueryError::invalid(format!("{pointer}/values"), detail));
    }
    Ok(Test {
        dimension: required(fields, pointer, "dimension")?,
        operator,
        values,
    })
}

fn object<'v>(value: &'v Value, pointer: &str) -> Result<&'v Map<String, Value>, QueryError> {
    value
        .as_object()
        .ok_or_else(|| QueryError::invalid(pointer, "expected an object"))
}

fn known(fields: &Map<String, Value>, pointer: &str, names: &[&str]) -> Result<(), QueryError> {
    match fields.keys().find(|name| !names.contains(&name.as_str())) {
        None => Ok(()),
        Some(name) => {
            let name = name.replace('~', "~0").replace('/', "~1");
            let detail = format!("unknown field; expected {}", names.join(", "));
            Err(QueryError::invalid(format!("{pointer}/{name}"), detail))
        }
    }
}

fn required<T: DeserializeOwned>(
    fields: &Map<String, Value>,
    pointer: &str,
    name: &str,
) -> Result<T, QueryError> {
    let pointer = format!("{pointer}/{name}");
    let value = fields
        .get(name)
        .ok_or_else(|| QueryError::invalid(&pointer, "is required"))?;
    typed(value, &pointer)
}

fn day(fields: &Map<String, Value>, name: &str) -> Result<Date, QueryError> {
    let text: String = required(fields, "", name)?;
    parse_day(&text).map_err(|detail| QueryError::invalid(format!("/{name}"), detail))
}

fn optional<T: DeserializeOwned>(
    fields: &Map<String, Value>,
    name: &str,
) -> Result<Option<T>, QueryError> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => typed(value, &format!("/{name}")).map(Some),
    }
}

fn typed<T: DeserializeOwned>(value: &Value, pointer: &str) -> Result<T, QueryError> {
    T::deserialize(value).map_err(|e| QueryError::invalid(pointer, e.to_string()))
}
