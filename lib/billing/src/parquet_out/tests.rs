use std::{fs::File, path::Path};

use super::*;
use crate::{COST_COLUMNS, Column, FocusRow, TextColumn};
use crate::{
    rollup::Rollup,
    testing::{TAGS, row, rows},
};
use arrow::{
    array::{Array, AsArray, RecordBatch},
    datatypes::{Decimal128Type, TimestampMicrosecondType},
};
use outlay_core::Decimal;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use proptest::prelude::*;

fn write(dir: &Path, rows: &[FocusRow]) -> Result<Vec<PartBill>, PartError> {
    write_with(PartWriter::new(dir, TAGS.map(str::to_owned)).unwrap(), rows)
}

fn write_with(mut writer: PartWriter, rows: &[FocusRow]) -> Result<Vec<PartBill>, PartError> {
    for row in rows {
        writer.push(row)?;
    }
    writer.finish()
}

fn read(path: &Path) -> Vec<RecordBatch> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
    reader.build().unwrap().map(Result::unwrap).collect()
}

/// Sums of the four costs per currency, from the Parquet file.
fn parquet_sums(path: &Path) -> Vec<(String, [i128; 4])> {
    let mut sums = std::collections::BTreeMap::<String, [i128; 4]>::new();
    for batch in read(path) {
        let currency = batch
            .column_by_name("BillingCurrency")
            .unwrap()
            .as_string::<i32>()
            .clone();
        for (at, column) in COST_COLUMNS.into_iter().enumerate() {
            let costs = batch
                .column_by_name(column.name())
                .unwrap()
                .as_primitive::<Decimal128Type>();
            for (i, cost) in costs.iter().enumerate() {
                sums.entry(currency.value(i).to_owned()).or_default()[at] += cost.unwrap_or(0);
            }
        }
    }
    sums.into_iter().collect()
}

fn sums(totals: &[outlay_core::Totals]) -> Vec<(String, [i128; 4])> {
    let units = |t: &outlay_core::Totals| (t.currency.clone(), t.costs().map(Decimal::units));
    totals.iter().map(units).collect()
}

#[test]
fn a_row_comes_back_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let mut rows = [row(9, Some("S3")), row(1, Some("S3")), row(1, Some("EC2"))];
    rows[0].set_tag("team", "a");
    rows[0].set_tag("Cost Center", "");
    rows[0].set_text(TextColumn::SubAccountId, "012");
    rows[0].set_amount(
        COST_COLUMNS[0],
        "-12345678901234567890.123456789012345678"
            .parse::<Decimal>()
            .ok(),
    );
    let bills = write(dir.path(), &rows).unwrap();
    let batches = read(&bills[0].parquet);
    let schema = batches[0].schema();
    let names: Vec<&str> = schema.fields().iter().map(|f| f.name().as_str()).collect();
    assert_eq!(names, Column::ALL.map(Column::name));
    let services = batches[0]
        .column_by_name("ServiceName")
        .unwrap()
        .as_string::<i32>();
    assert_eq!(
        services.iter().flatten().collect::<Vec<_>>(),
        ["EC2", "S3", "S3"]
    );
    let times = batches[0].column_by_name("ChargePeriodStart").unwrap();
    let first = times.as_primitive::<TimestampMicrosecondType>().value(0);
    assert_eq!(
        first,
        "2026-10-02T05:00:00Z"
            .parse::<jiff::Timestamp>()
            .unwrap()
            .as_microsecond()
    );
    let billed = batches[0]
        .column_by_name("BilledCost")
        .unwrap()
        .as_primitive::<Decimal128Type>();
    assert_eq!(
        billed.value(2),
        -12_345_678_901_234_567_890_123_456_789_012_345_678
    );
    let account = batches[0]
        .column_by_name("SubAccountId")
        .unwrap()
        .as_string::<i32>();
    assert_eq!((account.is_null(0), account.value(2)), (true, "012"));
    let tags = batches[0].column_by_name("Tags").unwrap().as_map().value(2);
    let (keys, values) = (
        tags.column(0).as_string::<i32>(),
        tags.column(1).as_string::<i32>(),
    );
    assert_eq!((keys.value(0), values.value(0)), ("Cost Center", ""));
    assert_eq!((keys.value(1), values.value(1)), ("team", "a"));
}

#[test]
fn bills_are_told_apart_and_capped() {
    let dir = tempfile::tempdir().unwrap();
    let mut other = row(40, Some("EC2"));
    other.set_text(TextColumn::XPayer, "000");
    let bills = write(
        dir.path(),
        &[row(40, None), row(0, None), other, row(1, None)],
    )
    .unwrap();
    let seen: Vec<String> = bills
        .iter()
        .map(|b| format!("{} {} {} {}", b.provider, b.payer, b.period, b.rows))
        .collect();
    assert_eq!(
        seen,
        [
            "AWS 000 2026-11 1",
            "AWS 999 2026-10 2",
            "AWS 999 2026-11 1"
        ]
    );

    let many = |n: usize| -> Vec<FocusRow> {
        (0..n)
            .map(|i| {
                let mut row = row(0, None);
                row.set_text(TextColumn::XPayer, &i.to_string());
                row
            })
            .collect()
    };
    assert_eq!(write(dir.path(), &many(60)).unwrap().len(), 60);
    let error = write(dir.path(), &many(61)).unwrap_err();
    assert_eq!(error.rule(), Some("too-many-bills"));
    let mut nobody = row(0, None);
    nobody.set_text(TextColumn::XPayer, "");
    assert_eq!(
        write(dir.path(), &[nobody]).unwrap_err().to_string(),
        "row 0 has no BillingAccountId"
    );
    assert_eq!(write(dir.path(), &[]).unwrap().len(), 0);
}

#[test]
fn large_files_become_several_row_groups() {
    let dir = tempfile::tempdir().unwrap();
    let rows = vec![row(0, Some("EC2")); 70_000];
    let bills = write(dir.path(), &rows).unwrap();
    let file = File::open(&bills[0].parquet).unwrap();
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    assert_eq!(builder.metadata().num_row_groups(), 3);
    assert_eq!(parquet_sums(&bills[0].parquet), sums(&bills[0].totals));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// The three ways of counting agree, and short memory changes nothing but row groups.
    #[test]
    fn parquet_roll_up_and_totals_agree(rows in rows(80), max_bytes in 0..20_000_usize, max_rows in 0..30_usize) {
        let dirs = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let tight = PartWriter::new(dirs[1].path(), TAGS.map(str::to_owned)).unwrap().bounded(max_bytes, max_rows);
        let (roomy, tight) = (write(dirs[0].path(), &rows).unwrap(), write_with(tight, &rows).unwrap());
        prop_assert_eq!(roomy.iter().map(|bill| bill.rows).sum::<u64>(), rows.len() as u64);
        prop_assert_eq!(roomy.len(), tight.len());
        for (a, b) in roomy.iter().zip(&tight) {
            let rollups = [a, b].map(|bill| Rollup::decode(&std::fs::read(&bill.rollup).unwrap()).unwrap());
            prop_assert_eq!(&rollups[0], &rollups[1]);
            prop_assert_eq!(rollups[0].source_rows(), a.rows);
            prop_assert_eq!(&rollups[0].totals().unwrap(), &a.totals);
            prop_assert_eq!(parquet_sums(&a.parquet), sums(&a.totals));
            prop_assert_eq!(parquet_sums(&b.parquet), sums(&a.totals));
        }
        // Nothing put aside is left behind.
        let left = std::fs::read_dir(dirs[1].path()).unwrap().count();
        prop_assert_eq!(left, 2 * tight.len());
    }
}
