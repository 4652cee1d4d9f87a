//! CUR 2.0 as Parquet: maps, doubles, timestamps.

use std::{fs::File, sync::Arc};

use arrow::{
    array::{
        ArrayRef, Float64Array, Float64Builder, MapBuilder, RecordBatch, StringArray,
        StringBuilder, TimestampMillisecondArray,
    },
    datatypes::{Field, Schema},
};
use parquet::arrow::ArrowWriter;

use super::{Bill, amount, read_input, text, warnings};
use crate::{AmountColumn as A, Input, TextColumn as T};

const OCTOBER: i64 = 1_790_812_800_000;

fn texts(value: &str) -> ArrayRef {
    Arc::new(StringArray::from(vec![value]))
}

fn map(entries: &[(&str, &str)]) -> ArrayRef {
    let mut map = MapBuilder::new(None, StringBuilder::new(), StringBuilder::new());
    for (key, value) in entries {
        map.keys().append_value(key);
        map.values().append_value(value);
    }
    map.append(true).unwrap();
    Arc::new(map.finish())
}

fn discounts(entries: &[(&str, f64)]) -> ArrayRef {
    let mut map = MapBuilder::new(None, StringBuilder::new(), Float64Builder::new());
    for (key, value) in entries {
        map.keys().append_value(key);
        map.values().append_value(*value);
    }
    map.append(true).unwrap();
    Arc::new(map.finish())
}

fn read(columns: Vec<(&str, ArrayRef)>) -> Bill {
    let fields: Vec<Field> = columns
        .iter()
        .map(|(name, array)| Field::new(*name, array.data_type().clone(), true))
        .collect();
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    let schema = Arc::new(Schema::new(fields));
    let batch = RecordBatch::try_new(Arc::clone(&schema), arrays).unwrap();
    let file = tempfile::tempfile().unwrap();
    let mut writer = ArrowWriter::try_new(file.try_clone().unwrap(), schema, None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    rewound(file)
}

fn rewound(mut file: File) -> Bill {
    use std::io::Seek;
    file.rewind().unwrap();
    read_input(Input::File(file)).unwrap()
}

#[test]
fn maps_and_doubles_of_a_parquet_export() {
    let start: ArrayRef = Arc::new(TimestampMillisecondArray::from(vec![OCTOBER]));
    let cost = |value: f64| -> ArrayRef { Arc::new(Float64Array::from(vec![value])) };
    let bill = read(vec![
        ("bill_billing_period_start_date", Arc::clone(&start)),
        ("bill_payer_account_name", texts("Acme")),
        ("cost_category", map(&[("Unit", "Lab")])),
        (
            "discount",
            discounts(&[("edp_discount", -1e-7), ("plan", 7.0)]),
        ),
        ("line_item_currency_code", texts("USD")),
        ("line_item_line_item_type", texts("Usage")),
        ("line_item_product_code", texts("AmazonS3")),
        ("line_item_unblended_cost", cost(0.1)),
        ("line_item_usage_start_date", start),
        (
            "product",
            map(&[
                ("product_name", "Amazon Simple Storage Service"),
                ("region", "eu-west-1"),
            ]),
        ),
        (
            "resource_tags",
            map(&[("user_Name", "logs"), ("aws_createdBy", "x")]),
        ),
        ("line_item_resource_id", texts("logs-1")),
    ]);
    assert_eq!(bill.report.format.to_string(), "AWS CUR 2.0");
    let row = &bill.rows[0];
    assert_eq!(amount(row, A::BilledCost), "0.0999999");
    assert_eq!(amount(row, A::ListCost), "0.1");
    assert_eq!(text(row, T::ServiceName), "Amazon Simple Storage Service");
    assert_eq!(text(row, T::RegionId), "eu-west-1");
    assert_eq!(text(row, T::ResourceType), "bucket");
    assert_eq!(text(row, T::ResourceName), "logs");
    let tags: Vec<String> = row.tags().iter().map(|(k, v)| format!("{k}={v}")).collect();
    assert_eq!(
        tags,
        ["aws:createdBy=x", "costCategory:Unit=Lab", "user:Name=logs"]
    );
    assert_eq!(warnings(&bill), Vec::<String>::new());
}
