//! A table of named columns over any kind of row, and its CSV.

use std::borrow::Cow;

use super::text::push_record;

/// A column: its name, and what it says of a row.
pub(super) struct Column<T> {
    pub(super) name: Cow<'static, str>,
    pub(super) value: Value<T>,
}

/// What a column says of a row, by the type that Parquet gives it. An empty text is null.
pub(super) enum Value<T> {
    Text(Box<dyn Fn(&T) -> String>),
    /// A decimal.
    Amount(fn(&T) -> String),
    /// RFC 3339 in UTC, with milliseconds.
    Time(fn(&T) -> String),
    Map(fn(&T) -> Pairs),
    /// Values are decimals.
    AmountMap(fn(&T) -> Pairs),
}

/// The entries of a map, in the order in which they are written.
pub(super) type Pairs = Vec<(String, String)>;

pub(super) fn text<T: 'static>(
    name: impl Into<Cow<'static, str>>,
    value: impl Fn(&T) -> String + 'static,
) -> Column<T> {
    let name = name.into();
    let value = Value::Text(Box::new(value));
    Column { name, value }
}

pub(super) fn amount<T>(name: &'static str, value: fn(&T) -> String) -> Column<T> {
    let name = name.into();
    let value = Value::Amount(value);
    Column { name, value }
}

pub(super) fn time<T>(name: &'static str, value: fn(&T) -> String) -> Column<T> {
    let name = name.into();
    let value = Value::Time(value);
    Column { name, value }
}

pub(super) fn map<T>(name: &'static str, value: fn(&T) -> Pairs) -> Column<T> {
    let name = name.into();
    let value = Value::Map(value);
    Column { name, value }
}

/// A column that nothing is known of.
pub(super) fn blank<T: 'static>(name: &'static str) -> Column<T> {
    text(name, |_| String::new())
}

impl<T> Column<T> {
    /// The cell as CSV has it: maps are JSON objects, and those without entries are nothing.
    fn cell(&self, row: &T) -> String {
        match &self.value {
            Value::Text(value) => value(row),
            Value::Amount(value) | Value::Time(value) => value(row),
            Value::Map(value) => object(&value(row), true),
            Value::AmountMap(value) => object(&value(row), false),
        }
    }
}

fn object(pairs: &[(String, String)], quoted: bool) -> String {
    if pairs.is_empty() {
        return String::new();
    }
    let json = |text: &str| serde_json::Value::from(text).to_string();
    let value = |text: &str| if quoted { json(text) } else { text.to_owned() };
    let entries = pairs
        .iter()
        .map(|(k, v)| format!("{}:{}", json(k), value(v)));
    format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
}

/// A CSV file with one header line.
pub(super) fn csv<'a, T: 'a>(
    columns: &[Column<T>],
    rows: impl IntoIterator<Item = &'a T>,
) -> Vec<u8> {
    let mut out = Vec::new();
    push_record(&mut out, columns.iter().map(|c| c.name.as_ref()));
    for row in rows {
        let cells: Vec<String> = columns.iter().map(|c| c.cell(row)).collect();
        push_record(&mut out, cells.iter().map(String::as_str));
    }
    out
}
