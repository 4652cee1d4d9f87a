//! BigQuery exports nested columns to Parquet: structs, and lists of structs.

use std::{fs::File, sync::Arc};

use arrow::{
    array::{
        ArrayRef, Float64Array, Float64Builder, ListBuilder, RecordBatch, StringArray,
        StringBuilder, StructArray, StructBuilder,
    },
    buffer::NullBuffer,
    datatypes::{DataType, Field, Fields},
};
use parquet::arrow::ArrowWriter;

use super::{Bill, amount, read_input, text, warnings};
use crate::{AmountColumn as A, Input, TextColumn as T};

fn strings(values: [&str; 2]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

fn record(fields: Vec<(&str, ArrayRef)>, nulls: Option<NullBuffer>) -> ArrayRef {
    let (names, arrays): (Vec<_>, Vec<_>) = fields.into_iter().unzip();
    let fields: Fields = names
        .iter()
        .zip(&arrays)
        .map(|(name, array)| Field::new(*name, array.data_type().clone(), true))
        .collect();
    Arc::new(StructArray::new(fields, arrays, nulls))
}

/// Two credits in the first row, none in the second.
fn credits() -> ArrayRef {
    let fields: Fields = vec![
        Field::new("name", DataType::Utf8, true),
        Field::new("amount", DataType::Float64, true),
        Field::new("type", DataType::Utf8, true),
    ]
    .into();
    let mut list = ListBuilder::new(StructBuilder::from_fields(fields, 2));
    for (name, amount, kind) in [
        ("Sustained \"use\"", -0.1, "SUSTAINED_USAGE_DISCOUNT"),
        ("Trial", -1e-7, "PROMOTION"),
    ] {
        let item = list.values();
        item.field_builder::<StringBuilder>(0)
            .unwrap()
            .append_value(name);
        item.field_builder::<Float64Builder>(1)
            .unwrap()
            .append_value(amount);
        item.field_builder::<StringBuilder>(2)
            .unwrap()
            .append_value(kind);
        item.append(true);
    }
    list.append(true);
    list.append(true);
    Arc::new(list.finish())
}

fn read(batch: &RecordBatch) -> Bill {
    let path = tempfile::NamedTempFile::new().unwrap().into_temp_path();
    let file = File::create(&path).unwrap();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), None).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
    read_input(Input::File(File::open(&path).unwrap())).unwrap()
}

#[test]
fn a_billing_export_as_bigquery_writes_it() {
    let month = record(vec![("month", strings(["202609", "202609"]))], None);
    let service = record(
        vec![("description", strings(["Cloud Storage", "Cloud Storage"]))],
        None,
    );
    let project = record(
        vec![("id", strings(["quay", "hidden"]))],
        Some(NullBuffer::from(vec![true, false])),
    );
    let costs = Float64Array::from(vec![0.3, 2e-6]);
    let batch = RecordBatch::try_from_iter(vec![
        ("billing_account_id", strings(["B", "B"])),
        ("invoice", month),
        ("service", service),
        ("project", project),
        (
            "usage_start_time",
            strings(["2026-09-04 03:00:00 UTC", "2026-09-04 03:00:00 UTC"]),
        ),
        ("cost", Arc::new(costs) as ArrayRef),
        ("currency", strings(["EUR", "EUR"])),
        ("credits", credits()),
    ])
    .unwrap();
    let bill = read(&batch);
    assert_eq!(bill.report.format.family(), "gcp");
    assert_eq!(warnings(&bill), Vec::<String>::new());
    let billed: Vec<String> = bill.rows.iter().map(|r| amount(r, A::BilledCost)).collect();
    assert_eq!(billed, ["0.2", "-0.0000001", "0.000002"]);
    assert_eq!(text(&bill.rows[0], T::ServiceName), "Cloud Storage");
    assert_eq!(text(&bill.rows[0], T::SubAccountId), "quay");
    // What a null struct holds is null.
    assert_eq!(text(&bill.rows[2], T::SubAccountId), "-");
    assert_eq!(text(&bill.rows[1], T::ChargeCategory), "Credit");
    assert_eq!(bill.rows[0].billing_period(), "2026-09".parse().ok());
}
