use std::{fs::File, io::Write, sync::Arc};

use arrow::{
    array::{
        ArrayRef, Date32Array, Decimal128Array, Float64Array, Int64Array, MapBuilder, RecordBatch,
        StringArray, StringBuilder, TimestampMicrosecondArray, TimestampMillisecondArray,
        TimestampNanosecondArray,
    },
    compute::concat_batches,
    datatypes::{DataType, Field, Schema},
};
use parquet::{
    arrow::ArrowWriter,
    basic::{Compression, ZstdLevel},
    data_type::{ByteArrayType, DoubleType, Int96, Int96Type},
    file::{properties::WriterProperties, writer::SerializedFileWriter},
    schema::parser::parse_message_type,
};

use super::{Bill, amount, read_input, text};
use crate::{AmountColumn as A, Input, ReadError, TextColumn as T, TimeColumn};

const OCTOBER: i64 = 1_790_812_800;

fn strings(values: &[Option<&str>]) -> ArrayRef {
    Arc::new(values.iter().copied().collect::<StringArray>())
}

/// Two rows, every physical type that bills come in.
fn batch() -> RecordBatch {
    let mut tags = MapBuilder::new(None, StringBuilder::new(), StringBuilder::new());
    tags.keys().append_value("team");
    tags.values().append_value("Data");
    tags.keys().append_value("Env");
    tags.values().append_null();
    tags.append(true).unwrap();
    tags.append(false).unwrap();
    let billed = Decimal128Array::from(vec![Some(-123_450), Some(7)])
        .with_precision_and_scale(20, 4)
        .unwrap();
    let day = i32::try_from(OCTOBER / 86_400).unwrap();
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("BilledCost", Arc::new(billed)),
        (
            "EffectiveCost",
            Arc::new(Float64Array::from(vec![Some(0.1), Some(1e-10)])),
        ),
        (
            "ListCost",
            Arc::new(Float64Array::from(vec![
                Some(0.300_000_000_000_000_04),
                None,
            ])),
        ),
        (
            "PricingQuantity",
            Arc::new(Int64Array::from(vec![Some(3), None])),
        ),
        ("BillingCurrency", strings(&[Some("USD"), Some("EUR")])),
        ("ServiceName", strings(&[Some("Queue"), None])),
        (
            "BillingPeriodStart",
            Arc::new(Date32Array::from(vec![day, day])),
        ),
        (
            "BillingPeriodEnd",
            Arc::new(TimestampNanosecondArray::from(vec![
                Some((OCTOBER + 86_400) * 1_000_000_000),
                None,
            ])),
        ),
        (
            "ChargePeriodStart",
            Arc::new(
                TimestampMicrosecondArray::from(vec![OCTOBER * 1_000_000 + 5; 2])
                    .with_timezone("UTC"),
            ),
        ),
        (
            "ChargePeriodEnd",
            Arc::new(TimestampMillisecondArray::from(vec![
                Some(OCTOBER * 1_000),
                None,
            ])),
        ),
        ("Tags", Arc::new(tags.finish())),
        ("x_Discount", Arc::new(Float64Array::from(vec![1.0, 2.0]))),
    ];
    let fields: Vec<Field> = columns
        .iter()
        .map(|(name, array)| Field::new(*name, array.data_type().clone(), true))
        .collect();
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).unwrap()
}

fn written(batch: &RecordBatch, compression: Compression) -> Vec<u8> {
    let properties = WriterProperties::builder()
        .set_compression(compression)
        .build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
    bytes
}

fn on_disk(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    std::io::Seek::rewind(&mut file).unwrap();
    file
}

fn read(bytes: &[u8]) -> Result<Bill, ReadError> {
    read_input(Input::File(on_disk(bytes)))
}

#[test]
fn every_type_becomes_what_a_csv_would_say() {
    let codecs = [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::ZSTD(ZstdLevel::default()),
    ];
    for codec in codecs {
        let bill = read(&written(&batch(), codec)).unwrap();
        let [first, second] = &bill.rows[..] else {
            panic!("{} rows", bill.rows.len());
        };
        assert_eq!(amount(first, A::BilledCost), "-12.345");
        assert_eq!(amount(first, A::EffectiveCost), "0.1");
        assert_eq!(amount(first, A::ListCost), "0.30000000000000004");
        assert_eq!(amount(first, A::PricingQuantity), "3");
        assert_eq!(amount(second, A::BilledCost), "0.0007");
        assert_eq!(amount(second, A::EffectiveCost), "0.0000000001");
        assert_eq!(amount(second, A::ListCost), "-");
        assert_eq!(text(second, T::BillingCurrency), "EUR");
        assert_eq!(text(second, T::ServiceName), "-");
        let time = |column| first.time(column).unwrap().to_string();
        assert_eq!(time(TimeColumn::BillingPeriodStart), "2026-10-01T00:00:00Z");
        assert_eq!(time(TimeColumn::BillingPeriodEnd), "2026-10-02T00:00:00Z");
        assert_eq!(
            time(TimeColumn::ChargePeriodStart),
            "2026-10-01T00:00:00.000005Z"
        );
        assert_eq!(time(TimeColumn::ChargePeriodEnd), "2026-10-01T00:00:00Z");
        assert_eq!(
            first.tags(),
            [
                ("Env".into(), String::new()),
                ("team".into(), "Data".into())
            ]
        );
        assert_eq!(second.tags(), []);
        assert_eq!((second.place.row, second.place.line), (2, None));
    }
}

#[test]
fn int96_and_strings_without_annotation_as_old_writers_left_them() {
    let schema = "message bill {
        required double BilledCost;
        required binary BillingCurrency;
        required int96 BillingPeriodStart;
        required int96 ChargePeriodStart;
    }";
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let mut bytes = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut bytes, schema, Arc::default()).unwrap();
    let mut group = writer.next_row_group().unwrap();
    // 2026-10-01 is Julian day 2,461,315.
    let mut instant = Int96::new();
    instant.set_data(0, 0, 2_461_315);
    let mut column = group.next_column().unwrap().unwrap();
    column
        .typed::<DoubleType>()
        .write_batch(&[1.5], None, None)
        .unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column
        .typed::<ByteArrayType>()
        .write_batch(&["USD".into()], None, None)
        .unwrap();
    column.close().unwrap();
    for _ in 0..2 {
        let mut column = group.next_column().unwrap().unwrap();
        column
            .typed::<Int96Type>()
            .write_batch(&[instant], None, None)
            .unwrap();
        column.close().unwrap();
    }
    group.close().unwrap();
    writer.close().unwrap();
    let bill = read(&bytes).unwrap();
    assert_eq!(
        bill.rows[0].billing_period().unwrap().to_string(),
        "2026-10"
    );
    assert_eq!(text(&bill.rows[0], T::BillingCurrency), "USD");
    assert_eq!(amount(&bill.rows[0], A::BilledCost), "1.5");
}

#[test]
fn a_bad_value_is_placed() {
    let good = batch();
    let mut columns = good.columns().to_vec();
    columns[1] = Arc::new(Float64Array::from(vec![1.0, f64::NAN]));
    let bad = RecordBatch::try_new(good.schema(), columns).unwrap();
    let two = concat_batches(&good.schema(), [&good, &bad]).unwrap();
    let Err(ReadError::Rejected(rejection)) = read(&written(&two, Compression::SNAPPY)) else {
        panic!("not rejected");
    };
    assert_eq!((rejection.rule, rejection.row), ("bad-number", Some(4)));
    assert_eq!(rejection.column.as_deref(), Some("EffectiveCost"));
}

#[test]
fn a_column_of_an_unreadable_type_is_told() {
    let good = batch();
    let index = good.schema().index_of("ServiceName").unwrap();
    let mut fields: Vec<Field> = good
        .schema()
        .fields()
        .iter()
        .map(|f| f.as_ref().clone())
        .collect();
    fields[index] = Field::new("ServiceName", DataType::FixedSizeBinary(2), true);
    let mut columns = good.columns().to_vec();
    columns[index] = arrow::array::new_null_array(&DataType::FixedSizeBinary(2), 2);
    let odd = RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).unwrap();
    let bill = read(&written(&odd, Compression::SNAPPY)).unwrap();
    let told = bill
        .report
        .warnings
        .iter()
        .find(|w| w.rule == "unread-type")
        .unwrap();
    assert_eq!(told.column.as_deref(), Some("ServiceName"));
}

#[test]
fn damaged_files_are_refused() {
    let bytes = written(&batch(), Compression::SNAPPY);
    for length in [4, 8, bytes.len() / 2, bytes.len() - 1] {
        let Err(ReadError::Rejected(rejection)) = read(&bytes[..length]) else {
            panic!("{length} bytes were taken");
        };
        assert_eq!(rejection.rule, "corrupt-parquet");
    }
    // Wherever a byte changes: a bill or a reason, never a panic.
    for at in (4..bytes.len()).step_by(37) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0xff;
        let _ = read(&damaged);
    }
}
