//! The same truth in every format and compression.

use std::{collections::BTreeMap, sync::Arc};

use arrow::{
    array::{ArrayRef, Decimal128Array, Float64Array, RecordBatch, StringArray},
    datatypes::DataType,
};
use outlay_core::{BillingPeriod, Decimal};
use outlay_testkit::{
    bill::{Bill, Spelling, Totals, gzip},
    resum::Table,
};
use parquet::arrow::ArrowWriter;
use serde_json::{Value, json};

use crate::support::{CSV, answered, assert_completed, reported, sign_up, three_months};

type Costs = BTreeMap<(String, BillingPeriod), (Decimal, Decimal)>;

fn billed_and_effective(totals: BTreeMap<(String, BillingPeriod), Totals>) -> Costs {
    totals
        .into_iter()
        .map(|(key, t)| (key, (t.billed, t.effective)))
        .collect()
}

fn assert_all_four(name: &str, file: &[u8], content_type: &str, bill: &Bill) -> Value {
    let account = sign_up(name);
    let upload = account.upload(name, file, content_type).unwrap();
    assert_completed(&upload);
    let expected = bill.expected().by_period().unwrap();
    assert_eq!(reported(&upload), expected, "{name}");
    assert_eq!(answered(&account), expected, "{name}");
    upload
}

#[test]
fn the_legacy_report_in_both_spellings_gives_the_same_costs() {
    let bill = three_months();
    let expected = billed_and_effective(bill.expected().by_period().unwrap());
    for (name, spelling) in [
        ("slash.csv", Spelling::Slash),
        ("underscore.csv", Spelling::Underscore),
    ] {
        let account = sign_up("cur");
        let upload = account.upload(name, &bill.cur_csv(spelling), CSV).unwrap();
        assert_completed(&upload);
        assert_eq!(billed_and_effective(reported(&upload)), expected, "{name}");
        assert_eq!(billed_and_effective(answered(&account)), expected, "{name}");
    }
}

#[test]
fn the_legacy_report_beside_focus_is_a_cross_check_and_never_added() {
    let account = sign_up("beside");
    let bill = three_months();
    assert_completed(&account.upload("focus.csv", &bill.focus_csv(), CSV).unwrap());
    let upload = account
        .upload("cur.csv", &bill.cur_csv(Spelling::Slash), CSV)
        .unwrap();
    assert_completed(&upload);
    assert_eq!(crate::support::states(&upload), ["cross-check"; 3]);
    assert_eq!(answered(&account), bill.expected().by_period().unwrap());
}

#[test]
fn gzip_also_in_several_members() {
    let bill = three_months();
    let text = bill.focus_csv();
    assert_all_four(
        "one.csv.gz",
        &gzip(&text).unwrap(),
        "application/gzip",
        &bill,
    );
    let (first, second) = text.split_at(text.len() / 3);
    let members = [gzip(first).unwrap(), gzip(second).unwrap()].concat();
    assert_all_four("members.csv.gz", &members, "application/gzip", &bill);
}

#[test]
fn zstd() {
    let bill = three_months();
    let file = zstd::encode_all(bill.focus_csv().as_slice(), 3).unwrap();
    assert_all_four("bill.csv.zst", &file, "application/zstd", &bill);
}

#[test]
fn parquet_with_decimals() {
    let bill = three_months();
    let file = parquet(&Table::parse(&bill.focus_csv()).unwrap(), decimals);
    let upload = assert_all_four(
        "bill.parquet",
        &file,
        "application/vnd.apache.parquet",
        &bill,
    );
    assert!(
        upload["format"].as_str().unwrap().contains("FOCUS"),
        "{upload:#}"
    );
}

#[test]
fn parquet_with_doubles_means_their_shortest_decimals() {
    let mut table = Table::parse(&three_months().focus_csv()).unwrap();
    table.rows.truncate(3);
    let columns = ["BilledCost", "EffectiveCost", "ListCost", "ContractedCost"];
    for column in columns {
        let at = table.position(column).unwrap();
        for (row, cost) in table.rows.iter_mut().zip(["0.1", "0.2", "1e-7"]) {
            row[at] = cost.to_owned();
        }
    }
    let account = sign_up("doubles");
    let file = parquet(&table, doubles);
    let upload = account
        .upload("doubles.parquet", &file, "application/vnd.apache.parquet")
        .unwrap();
    assert_completed(&upload);
    let totals = reported(&upload).into_values().next().unwrap();
    let sum: Decimal = "0.3000001".parse().unwrap();
    assert_eq!((totals.billed, totals.effective), (sum, sum));
}

#[test]
fn byte_order_mark_and_windows_line_ends() {
    let bill = three_months();
    let text = String::from_utf8(bill.focus_csv()).unwrap();
    let file = format!("\u{feff}{}", text.replace('\n', "\r\n"));
    assert_all_four("windows.csv", file.as_bytes(), CSV, &bill);
}

#[test]
fn twenty_eight_digits_leave_a_residue_that_is_told() {
    let mut table = Table::parse(&three_months().focus_csv()).unwrap();
    table.rows.truncate(2);
    let at = table.position("BilledCost").unwrap();
    table.rows[0][at] = "0.1234567890123456789012345678".to_owned();
    table.rows[1][at] = "1".to_owned();
    let mut file = table.header.join(",") + "\n";
    for row in &table.rows {
        let cells: Vec<String> = row
            .iter()
            .map(|c| format!("\"{}\"", c.replace('"', "\"\"")))
            .collect();
        file += &(cells.join(",") + "\n");
    }
    let account = sign_up("residue");
    let upload = account.upload("digits.csv", file.as_bytes(), CSV).unwrap();
    assert_completed(&upload);
    let bill = &upload["bills"][0];
    assert_eq!(bill["totals"][0]["BilledCost"], "1.123456789012345679");
    let residue = bill["residues"]
        .as_array()
        .unwrap()
        .iter()
        .find(|r| r["column"] == "BilledCost");
    let expected = json!({ "column": "BilledCost", "currency": "USD", "rows": 1,
        "residue": "-0.0000000000000000000987654322" });
    assert_eq!(residue, Some(&expected), "{upload:#}");
}

/// The table as Parquet: costs by `cost`, everything else as text, empty as null.
fn parquet(table: &Table, cost: fn(&[Option<&str>]) -> ArrayRef) -> Vec<u8> {
    let columns = table.header.iter().enumerate().map(|(i, name)| {
        let cells: Vec<Option<&str>> = table
            .rows
            .iter()
            .map(|row| Some(row[i].as_str()).filter(|c| !c.is_empty()))
            .collect();
        let array = if name.ends_with("Cost") && !name.starts_with("Pricing") {
            cost(&cells)
        } else {
            Arc::new(StringArray::from(cells)) as ArrayRef
        };
        (name.as_str(), array, true)
    });
    let batch = RecordBatch::try_from_iter_with_nullable(columns).unwrap();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}

fn decimals(cells: &[Option<&str>]) -> ArrayRef {
    let units = cells
        .iter()
        .map(|c| c.map(|c| c.parse::<Decimal>().unwrap().units()));
    let array: Decimal128Array = units.collect();
    let array = array.with_precision_and_scale(38, 18).unwrap();
    assert_eq!(
        arrow::array::Array::data_type(&array),
        &DataType::Decimal128(38, 18)
    );
    Arc::new(array)
}

fn doubles(cells: &[Option<&str>]) -> ArrayRef {
    let doubles = cells.iter().map(|c| c.map(|c| c.parse::<f64>().unwrap()));
    Arc::new(doubles.collect::<Float64Array>())
}
