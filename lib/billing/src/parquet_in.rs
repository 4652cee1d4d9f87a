//! Parquet, cell by cell into the text that the row readers understand: one set of rules for all
//! formats.

mod nested;

use std::{
    collections::BTreeMap,
    fmt::Write,
    fs::File,
    panic::{AssertUnwindSafe, catch_unwind},
};

use arrow::{
    array::{Array, ArrayRef, AsArray},
    datatypes::{
        DataType, Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type,
        Decimal256Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
        TimeUnit, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
        TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
    },
};
use jiff::Timestamp;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};

use crate::{
    cells::Cells,
    csv::{MAX_CELL, MAX_COLUMNS, Span},
    detect::Detected,
    read::{Detect, start, too_wide},
    rejection::{ReadError, Rejection},
    report::{Output, ReadReport, RowSink},
    row::{FocusRow, Place},
};

/// Rows decoded at a time: what bounds memory.
const BATCH: usize = 1024;

pub(crate) fn read(
    file: File,
    file_name: &str,
    detect: Detect<'_>,
    sink: RowSink<'_>,
) -> Result<ReadReport, ReadError> {
    // The schema of the file counts, not a copy of a writer's in-memory one (dictionaries, views).
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let builder = guarded(|| ParquetRecordBatchReaderBuilder::try_new_with_options(file, options))?;
    let leaves = nested::leaves(builder.schema().fields());
    if leaves.len() > MAX_COLUMNS {
        return Err(too_wide(MAX_COLUMNS).into());
    }
    let header: Vec<String> = leaves.iter().map(|leaf| leaf.name.clone()).collect();
    let mut detected = detect(&header)?;
    let mut output = start(&detected, file_name, sink);
    for leaf in leaves.iter().filter(|leaf| !is_readable(&leaf.data_type)) {
        output.warn("unread-type", Some(&leaf.name), None, || {
            format!("A column of type {} is taken as null", leaf.data_type)
        });
    }
    let mut reader = guarded(|| builder.with_batch_size(BATCH).build())?;
    let mut record = Record::default();
    while let Some(batch) = guarded(|| reader.next().transpose())? {
        let columns = nested::columns(batch.columns());
        read_batch(
            &columns,
            batch.num_rows(),
            &header,
            &mut record,
            &mut detected,
            &mut output,
        )?;
    }
    detected.finish(&mut output);
    Ok(output.into_report(detected.listed))
}

/// The reader gives up on some damaged files with an error and on others with a panic: both mean
/// that the file is damaged.
fn guarded<T, E: std::fmt::Display>(step: impl FnOnce() -> Result<T, E>) -> Result<T, Rejection> {
    let reason = match catch_unwind(AssertUnwindSafe(step)) {
        Ok(Ok(value)) => return Ok(value),
        Ok(Err(error)) => format!(" ({error})"),
        Err(_) => String::new(),
    };
    let detail = format!("The Parquet file is damaged{reason}; write and upload it again");
    Err(Rejection::new("corrupt-parquet", detail))
}

#[derive(Default)]
struct Record {
    text: String,
    spans: Vec<Span>,
    row: FocusRow,
}

fn read_batch(
    columns: &[ArrayRef],
    rows: usize,
    header: &[String],
    record: &mut Record,
    detected: &mut Detected,
    output: &mut Output,
) -> Result<(), ReadError> {
    for index in 0..rows {
        output.report.rows_read += 1;
        let place = Place {
            row: output.report.rows_read,
            line: None,
        };
        record.text.clear();
        record.spans.clear();
        for (column, name) in columns.iter().zip(header) {
            let start = record.text.len();
            let whole = render(column.as_ref(), index, &mut record.text);
            check(whole, &record.text[start..]).map_err(|r| r.at(place).column(name))?;
            record.spans.push(Span::new(start, record.text.len()));
        }
        let cells = Cells {
            text: &record.text,
            spans: &record.spans,
            header,
            place,
        };
        detected.read(&cells, &mut record.row, output)?;
    }
    Ok(())
}

fn check(whole: Option<()>, cell: &str) -> Result<(), Rejection> {
    if whole.is_none() {
        return Err(Rejection::new("not-utf8", "The cell is not UTF-8 text"));
    }
    if cell.len() > MAX_CELL {
        return Err(Rejection::new(
            "cell-too-large",
            "The cell is larger than 1 MiB",
        ));
    }
    if cell.contains('\0') {
        return Err(Rejection::new("nul-byte", "The cell holds a NUL character"));
    }
    Ok(())
}

fn is_readable(data_type: &DataType) -> bool {
    use DataType::{
        Binary, Boolean, Date32, Date64, LargeList, LargeUtf8, List, Map, Timestamp, Utf8,
    };
    if let List(item) | LargeList(item) = data_type {
        return nested::is_list_of(item);
    }
    data_type.is_numeric() && *data_type != DataType::Float16
        || matches!(
            data_type,
            Utf8 | LargeUtf8 | Binary | Boolean | Date32 | Date64 | Timestamp(..) | Map(..)
        )
}

/// Appends a cell as text; null is nothing. `None`: bytes that are no text.
fn render(column: &dyn Array, row: usize, out: &mut String) -> Option<()> {
    if column.is_null(row) {
        return Some(());
    }
    macro_rules! write_value {
        ($kind:ty) => {
            write!(out, "{}", column.as_primitive::<$kind>().value(row))
        };
    }
    macro_rules! write_decimal {
        ($kind:ty) => {
            write!(
                out,
                "{}",
                column.as_primitive::<$kind>().value_as_string(row)
            )
        };
    }
    let written = match column.data_type() {
        DataType::Utf8 => out.write_str(column.as_string::<i32>().value(row)),
        DataType::LargeUtf8 => out.write_str(column.as_string::<i64>().value(row)),
        DataType::Binary => {
            let bytes = column.as_binary::<i32>().value(row);
            out.write_str(std::str::from_utf8(bytes).ok()?)
        }
        DataType::Boolean => write!(out, "{}", column.as_boolean().value(row)),
        // The only floats here. A bill that stores money as doubles means the shortest decimal
        // that reads back as that double, and that is what Rust prints.
        DataType::Float32 => write_value!(Float32Type),
        DataType::Float64 => write_value!(Float64Type),
        DataType::Decimal32(..) => write_decimal!(Decimal32Type),
        DataType::Decimal64(..) => write_decimal!(Decimal64Type),
        DataType::Decimal128(..) => write_decimal!(Decimal128Type),
        DataType::Decimal256(..) => write_decimal!(Decimal256Type),
        DataType::Int8 => write_value!(Int8Type),
        DataType::Int16 => write_value!(Int16Type),
        DataType::Int32 => write_value!(Int32Type),
        DataType::Int64 => write_value!(Int64Type),
        DataType::UInt8 => write_value!(UInt8Type),
        DataType::UInt16 => write_value!(UInt16Type),
        DataType::UInt32 => write_value!(UInt32Type),
        DataType::UInt64 => write_value!(UInt64Type),
        DataType::Date32 => {
            let days = i64::from(column.as_primitive::<Date32Type>().value(row));
            write_instant(Timestamp::from_second(days * 86_400).ok(), days, out)
        }
        DataType::Date64 => {
            let millis = column.as_primitive::<Date64Type>().value(row);
            write_instant(Timestamp::from_millisecond(millis).ok(), millis, out)
        }
        DataType::Timestamp(unit, _) => write_timestamp(column, *unit, row, out),
        DataType::Map(..) => return render_map(column, row, out),
        DataType::List(item) if nested::is_list_of(item) => {
            return nested::render_list(&column.as_list::<i32>().value(row), out);
        }
        DataType::LargeList(item) if nested::is_list_of(item) => {
            return nested::render_list(&column.as_list::<i64>().value(row), out);
        }
        _ => Ok(()),
    };
    written.ok()
}

/// With a zone or without, Parquet counts from the epoch in UTC.
fn write_timestamp(
    column: &dyn Array,
    unit: TimeUnit,
    row: usize,
    out: &mut String,
) -> std::fmt::Result {
    let (raw, instant) = match unit {
        TimeUnit::Second => {
            let raw = column.as_primitive::<TimestampSecondType>().value(row);
            (raw, Timestamp::from_second(raw))
        }
        TimeUnit::Millisecond => {
            let raw = column.as_primitive::<TimestampMillisecondType>().value(row);
            (raw, Timestamp::from_millisecond(raw))
        }
        TimeUnit::Microsecond => {
            let raw = column.as_primitive::<TimestampMicrosecondType>().value(row);
            (raw, Timestamp::from_microsecond(raw))
        }
        TimeUnit::Nanosecond => {
            let raw = column.as_primitive::<TimestampNanosecondType>().value(row);
            (raw, Timestamp::from_nanosecond(raw.into()))
        }
    };
    write_instant(instant.ok(), raw, out)
}

/// What is no instant is left as the number it is: the row reader rejects it with its place.
fn write_instant(instant: Option<Timestamp>, raw: i64, out: &mut String) -> std::fmt::Result {
    match instant {
        Some(instant) => write!(out, "{instant}"),
        None => write!(out, "{raw}"),
    }
}

/// A map as a JSON object, as CSV files write it.
fn render_map(column: &dyn Array, row: usize, out: &mut String) -> Option<()> {
    let entries = column.as_map().value(row);
    let (keys, values) = (entries.column(0), entries.column(1));
    let mut object = BTreeMap::new();
    for index in 0..entries.len() {
        let (mut key, mut value) = (String::new(), String::new());
        render(keys.as_ref(), index, &mut key)?;
        render(values.as_ref(), index, &mut value)?;
        object.insert(key, value);
    }
    out.push_str(&serde_json::to_string(&object).ok()?);
    Some(())
}
