//! Parquet as AWS delivers it: amounts are doubles, instants are milliseconds, maps are maps, and
//! everything may be null.

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use arrow::{
    array::{
        ArrayRef, Float64Array, Float64Builder, MapBuilder, MapFieldNames, RecordBatch,
        StringArray, StringBuilder, TimestampMillisecondArray,
    },
    datatypes::{Field, Schema},
};
use jiff::Timestamp;
use parquet::{arrow::ArrowWriter, basic::Compression, file::properties::WriterProperties};

use super::table::{Column, Pairs, Value};

/// A file in snappy. An error where a double cannot hold an amount to its last digit.
pub(super) fn write<T>(columns: &[Column<T>], rows: &[T]) -> Result<Vec<u8>> {
    let arrays: Vec<ArrayRef> = columns
        .iter()
        .map(|c| array(&c.value, rows).with_context(|| c.name.to_string()))
        .collect::<Result<_>>()?;
    let fields: Vec<Field> = columns
        .iter()
        .zip(&arrays)
        .map(|(c, array)| Field::new(c.name.as_ref(), array.data_type().clone(), true))
        .collect();
    let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties))?;
    writer.write(&batch)?;
    writer.close()?;
    Ok(bytes)
}

fn array<T>(value: &Value<T>, rows: &[T]) -> Result<ArrayRef> {
    Ok(match value {
        Value::Text(text) => {
            let texts = rows.iter().map(|row| filled(text(row)));
            Arc::new(texts.collect::<StringArray>())
        }
        Value::Amount(amount) => {
            let amounts = rows.iter().map(|row| filled(amount(row)));
            let doubles = amounts.map(|text| text.as_deref().map(double).transpose());
            Arc::new(doubles.collect::<Result<Float64Array>>()?)
        }
        Value::Time(time) => {
            let times = rows.iter().map(|row| filled(time(row)));
            let instants = times.map(|text| text.as_deref().map(millisecond).transpose());
            Arc::new(instants.collect::<Result<TimestampMillisecondArray>>()?)
        }
        Value::Map(pairs) => texts_by_key(rows.iter().map(pairs))?,
        Value::AmountMap(pairs) => amounts_by_key(rows.iter().map(pairs))?,
    })
}

/// An empty text is null.
fn filled(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// The double that is written as this amount, and as no other.
fn double(text: &str) -> Result<f64> {
    let double: f64 = text.parse()?;
    ensure!(double.to_string() == text, "no double is {text}");
    Ok(double)
}

fn millisecond(text: &str) -> Result<i64> {
    Ok(text.parse::<Timestamp>()?.as_millisecond())
}

/// As Athena and Spark name the parts of a map.
fn names() -> MapFieldNames {
    MapFieldNames {
        entry: "key_value".to_owned(),
        key: "key".to_owned(),
        value: "value".to_owned(),
    }
}

fn texts_by_key(maps: impl Iterator<Item = Pairs>) -> Result<ArrayRef> {
    let mut builder = MapBuilder::new(Some(names()), StringBuilder::new(), StringBuilder::new());
    for pairs in maps {
        for (key, value) in &pairs {
            builder.keys().append_value(key);
            builder.values().append_value(value);
        }
        builder.append(!pairs.is_empty())?;
    }
    Ok(Arc::new(builder.finish()))
}

fn amounts_by_key(maps: impl Iterator<Item = Pairs>) -> Result<ArrayRef> {
    let mut builder = MapBuilder::new(Some(names()), StringBuilder::new(), Float64Builder::new());
    for pairs in maps {
        for (key, value) in &pairs {
            builder.keys().append_value(key);
            builder.values().append_value(double(value)?);
        }
        builder.append(!pairs.is_empty())?;
    }
    Ok(Arc::new(builder.finish()))
}

/// The type that a manifest gives a column.
pub(super) fn type_name<T>(column: &Column<T>) -> &'static str {
    match column.value {
        Value::Text(_) => "string",
        Value::Amount(_) => "double",
        Value::Time(_) => "timestamp",
        Value::Map(_) | Value::AmountMap(_) => "map",
    }
}
