//! Files that are no bills: the place is named, and no total changes.

use outlay_testkit::{Account, bill::gzip};
use serde_json::Value;

use crate::support::{CSV, answered, loaded, three_months};

const GZIP: &str = "application/gzip";

/// The lines of a bill, header first.
fn lines() -> Vec<String> {
    let text = String::from_utf8(three_months().focus_csv()).unwrap();
    text.lines().map(str::to_owned).collect()
}

/// The file with one data row changed; data rows count from 1.
fn with_row(row: usize, change: impl FnOnce(&str) -> String) -> Vec<u8> {
    let mut lines = lines();
    lines[row] = change(&lines[row]);
    (lines.join("\n") + "\n").into_bytes()
}

fn refused(account: &Account, name: &str, bytes: &[u8], content_type: &str) -> Value {
    let before = answered(account);
    let upload = account.upload(name, bytes, content_type).unwrap();
    assert_eq!(upload["status"], "failed", "{name}: {upload:#}");
    let failure = upload["failure"].clone();
    assert_eq!(failure["file"], name);
    for field in ["rule", "detail"] {
        assert!(
            failure[field].as_str().is_some_and(|t| !t.is_empty()),
            "{failure:#}"
        );
    }
    assert_eq!(answered(account), before, "{name} changed a total");
    failure
}

#[test]
fn a_bad_date() {
    let (account, _) = loaded("date");
    let file = with_row(3, |line| {
        line.replacen("-02T00:00:00.000Z", "-32T00:00:00.000Z", 1)
    });
    let failure = refused(&account, "date.csv", &file, CSV);
    assert_eq!(
        (&failure["row"], &failure["column"]),
        (&3.into(), &"ChargePeriodEnd".into())
    );
}

#[test]
fn a_bad_number() {
    let (account, _) = loaded("number");
    for (cost, row) in [
        ("12.3.4", 2),
        ("1,234.56", 5),
        ("NaN", 7),
        ("\u{2212}5", 9),
        ("1e400", 4),
    ] {
        let file = with_row(row, |line| {
            let mut cells: Vec<&str> = line.split(',').collect();
            let quoted = format!("\"{cost}\"");
            cells[1] = &quoted;
            cells.join(",")
        });
        let failure = refused(&account, "number.csv", &file, CSV);
        assert_eq!(
            (&failure["row"], &failure["column"]),
            (&row.into(), &"BilledCost".into()),
            "{cost}"
        );
    }
}

#[test]
fn a_ragged_row() {
    let (account, _) = loaded("ragged");
    let file = with_row(6, |line| line.rsplit_once(',').unwrap().0.to_owned());
    let failure = refused(&account, "ragged.csv", &file, CSV);
    assert_eq!(
        (&failure["row"], &failure["rule"]),
        (&6.into(), &"ragged-row".into())
    );
}

#[test]
fn text_that_is_not_utf8() {
    let (account, _) = loaded("utf8");
    let mut file = three_months().focus_csv();
    let third = file
        .iter()
        .enumerate()
        .filter(|(_, b)| **b == b'\n')
        .nth(2)
        .unwrap()
        .0;
    let word = b"Amazon Web Services";
    let at = third
        + file[third..]
            .windows(word.len())
            .position(|w| w == word)
            .unwrap();
    file[at] = 0xff;
    let failure = refused(&account, "latin.csv", &file, CSV);
    assert_eq!(
        (&failure["row"], &failure["column"]),
        (&3.into(), &"InvoiceIssuerName".into())
    );
}

#[test]
fn gzip_cut_in_half() {
    let (account, _) = loaded("cut");
    let file = gzip(&three_months().focus_csv()).unwrap();
    refused(&account, "cut.csv.gz", &file[..file.len() / 2], GZIP);
}

#[test]
fn what_is_no_bill_at_all() {
    let (account, _) = loaded("nobill");
    refused(&account, "notes.csv", b"name,colour\napple,green\n", CSV);
    refused(
        &account,
        "page.csv",
        b"<!doctype html><title>Sign in</title>",
        CSV,
    );
    let twice = with_row(0, |header| header.replacen("ListCost", "BilledCost", 1));
    refused(&account, "twice.csv", &twice, CSV);
}
