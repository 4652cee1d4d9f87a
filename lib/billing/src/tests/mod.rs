//! Whole files through `read_bill`.

mod archives;
mod azure_files;
mod bills;
mod cur2;
#[cfg(feature = "parquet")]
mod cur2_parquet;
mod cur_columns;
mod cur_discounts;
mod cur_refunds;
mod cur_table;
mod encodings;
mod focus_files;
mod focus_hazards;
mod focus_model;
mod framing;
mod gcp_files;
mod invariants;
mod laws;
mod manifests;
mod mapped_files;
#[cfg(feature = "parquet")]
mod normalise;
mod oci_files;
#[cfg(feature = "parquet")]
mod parquet_files;
#[cfg(feature = "parquet")]
mod parquet_nested;
mod provider_files;
mod real_files;

use crate::{
    AmountColumn, FocusRow, Input, ReadError, ReadReport, Rejection, TextColumn,
    invariants::{InvariantStatus, Known, check},
    read_bill,
};

struct Bill {
    report: ReadReport,
    rows: Vec<FocusRow>,
}

fn read(bytes: &[u8]) -> Result<Bill, ReadError> {
    read_input(Input::Stream(Box::new(bytes)))
}

fn read_input(input: Input) -> Result<Bill, ReadError> {
    let mut rows = Vec::new();
    let report = read_bill(input, "bill", &mut |row| {
        rows.push(row.clone());
        Ok(())
    })?;
    Ok(Bill { report, rows })
}

fn accept(bytes: impl AsRef<[u8]>) -> Bill {
    let bill = read(bytes.as_ref()).unwrap();
    let report = &bill.report;
    assert_eq!(report.rows_written, bill.rows.len() as u64);
    assert_eq!(
        report.rows_read - report.rows_folded - report.rows_left_out + report.rows_added,
        report.rows_written
    );
    assert_nothing_lost(report);
    bill
}

/// The evidence of a reading says that its rows hold what the source says.
fn assert_nothing_lost(report: &ReadReport) {
    assert_eq!(
        report.evidence.is_empty(),
        report.rows_read == 0,
        "{report:?}"
    );
    for evidence in &report.evidence {
        let rows_and_sums = &check(evidence, &Known::default())[0];
        assert_eq!(
            rows_and_sums.status,
            InvariantStatus::Held,
            "{rows_and_sums:?}"
        );
    }
}

fn reject(bytes: impl AsRef<[u8]>) -> Rejection {
    match read(bytes.as_ref()) {
        Err(ReadError::Rejected(rejection)) => rejection,
        Err(other) => panic!("not a rejection: {other}"),
        Ok(bill) => panic!("accepted with {:?}", bill.report),
    }
}

/// A FOCUS file of one row, with some cells set.
fn focus_file(cells: &[(&str, &str)]) -> String {
    let mut all = vec![
        ("BilledCost", "1"),
        ("BillingCurrency", "USD"),
        ("BillingPeriodStart", "2026-10-01T00:00:00Z"),
        ("ChargePeriodStart", "2026-10-02T00:00:00Z"),
    ];
    for &(name, value) in cells {
        match all.iter_mut().find(|(n, _)| *n == name) {
            Some(cell) => cell.1 = value,
            None => all.push((name, value)),
        }
    }
    csv_of(&[all])
}

/// Rows of named cells as CSV; the first row names the columns.
fn csv_of(rows: &[Vec<(&str, &str)>]) -> String {
    let quoted = |cell: &str| format!("\"{}\"", cell.replace('"', "\"\""));
    let line = |cells: Vec<String>| cells.join(",") + "\n";
    let header = line(rows[0].iter().map(|(name, _)| quoted(name)).collect());
    rows.iter().fold(header, |csv, row| {
        csv + &line(row.iter().map(|(_, value)| quoted(value)).collect())
    })
}

/// What the reading found odd, without the requirements of FOCUS that rows violate.
fn warnings(bill: &Bill) -> Vec<String> {
    told(bill, |rule| !is_requirement(rule))
}

/// The requirements of FOCUS that rows violate.
fn violations(bill: &Bill) -> Vec<String> {
    told(bill, is_requirement)
}

/// Ids of the specification begin with the name of a column or an attribute.
fn is_requirement(rule: &str) -> bool {
    rule.starts_with(|c: char| c.is_ascii_uppercase())
}

fn told(bill: &Bill, of_interest: impl Fn(&str) -> bool) -> Vec<String> {
    let warnings = bill.report.warnings.iter();
    let mut found: Vec<String> = warnings
        .filter(|w| of_interest(w.rule))
        .map(|w| match &w.column {
            Some(column) => format!("{} {column} x{}", w.rule, w.count),
            None => format!("{} x{}", w.rule, w.count),
        })
        .collect();
    found.sort();
    found
}

/// All that a bill's rows hold.
fn shown(bill: &Bill) -> String {
    format!("{:?}", bill.rows)
}

fn text(row: &FocusRow, column: TextColumn) -> &str {
    row.text(column).unwrap_or("-")
}

fn amount(row: &FocusRow, column: AmountColumn) -> String {
    row.amount(column).map_or("-".into(), |a| a.to_string())
}
