//! The spellings and hazards seen in real files, one line each: what happens to a FOCUS file. Those
//! of Parquet (doubles, int96, codecs) stand in `parquet_files`; a part that lacks columns of
//! another part is read by its own header, like any file.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};

use super::{amount, focus_file, read, text, told};
use crate::{AmountColumn as A, ReadError, TextColumn as T, TimeColumn};

const HEADER: &str = "BilledCost,BillingCurrency,BillingPeriodStart,ChargePeriodStart";
const ROW: &str = "1,USD,2026-10-01,2026-10-02";

fn gzip(text: &str) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(text.as_bytes()).unwrap();
    packed.finish().unwrap()
}

fn utf16(text: &str) -> Vec<u8> {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

/// What became of the file, in one line; warnings that every one of these bare files brings aside.
fn outcome(bytes: &[u8]) -> String {
    let bill = match read(bytes) {
        Ok(bill) => bill,
        Err(ReadError::Rejected(rejection)) => {
            let place = rejection.row.map_or("-".into(), |row| row.to_string());
            let column = rejection.column.as_deref().unwrap_or("-");
            return format!("refused: {} row {place} {column}", rejection.rule);
        }
        Err(other) => return format!("broken: {other}"),
    };
    let always = ["missing-columns", "missing-value"];
    let warnings = told(&bill, |rule| !always.contains(&rule)).join(", ");
    let rows: Vec<String> = bill
        .rows
        .iter()
        .map(|row| {
            let start = row.time(TimeColumn::ChargePeriodStart).unwrap();
            let rest = row.residue(A::BilledCost);
            format!(
                "{}{} {} {start}",
                amount(row, A::BilledCost),
                if rest.is_zero() {
                    String::new()
                } else {
                    format!(" rest {rest}")
                },
                text(row, T::BillingCurrency),
            )
        })
        .collect();
    format!("{} rows [{}] {warnings}", rows.len(), rows.join("; "))
}

/// A row with these cells.
#[rustfmt::skip]
const ROWS: &[(&str, &[(&str, &str)])] = &[
    ("bare NULL", &[("ListCost", "NULL"), ("ResourceId", "NULL")]),
    ("Usage-based", &[("ChargeFrequency", "Usage-based")]),
    ("an unknown value", &[("ChargeFrequency", "Hourly")]),
    ("time without zone", &[("ChargePeriodStart", "2026-10-02 07:30:00")]),
    ("time with offset", &[("ChargePeriodStart", "2026-10-02T01:00:00+02:00")]),
    ("time with fractions", &[("ChargePeriodStart", "2026-10-02T00:00:00.000Z")]),
    ("24:00", &[("ChargePeriodStart", "2026-10-02T24:00:00Z")]),
    ("5/1/25", &[("ChargePeriodStart", "5/1/25")]),
    ("1.0E-10", &[("BilledCost", "1.0E-10")]),
    ("21 digits", &[("BilledCost", "0.123456789012345678901")]),
    ("28 digits", &[("BilledCost", "0.0000000000000000005000000001")]),
    ("37 digits", &[("BilledCost", "1e-37")]),
    ("U+2212", &[("BilledCost", "\u{2212}5")]),
    ("thousands", &[("BilledCost", "1,234.56")]),
    ("account 1.23E+11", &[("BillingAccountId", "1.23E+11")]),
    ("a quoted newline", &[("ChargeDescription", "one\ntwo")]),
    ("usd", &[("BillingCurrency", "usd")]),
    ("a virtual currency", &[("BillingCurrency", "Tokens"), ("PricingCurrency", "tokens")]),
    ("a charge that ends early", &[("ChargePeriodEnd", "2026-10-01")]),
];

/// Whole files.
fn files() -> Vec<(&'static str, Vec<u8>)> {
    let twice = format!("{HEADER}\n{ROW}\n{ROW}\n");
    let (first, second) = twice.split_at(80);
    let wide: Vec<String> = (0..300).map(|n| format!("Column{n}")).collect();
    let wide = wide.join(",");
    let euros = ROW.replace("USD", "EUR");
    let text = |text: String| text.into_bytes();
    vec![
        ("UTF-8 BOM", [b"\xef\xbb\xbf", twice.as_bytes()].concat()),
        ("UTF-16", utf16(&twice)),
        ("CRLF", text(twice.replace('\n', "\r\n"))),
        ("a name twice", text(format!("{HEADER},Id,Id\n{ROW},1,2\n"))),
        (
            "a name in two spellings",
            text(format!("{HEADER},Billed Cost\n{ROW},2\n")),
        ),
        (
            "other columns",
            text(format!("{HEADER},x_Team,Team\n{ROW},a,b\n")),
        ),
        (
            "300 columns",
            text(format!("{HEADER},{wide}\n{ROW}{}\n", ",".repeat(300))),
        ),
        ("no bytes", Vec::new()),
        ("a header only", text(format!("{HEADER}\n"))),
        ("gzip of two members", [gzip(first), gzip(second)].concat()),
        (
            "two currencies",
            text(format!("{HEADER}\n{ROW}\n{euros}\n")),
        ),
        ("a short row", text(format!("{HEADER}\n1,USD\n"))),
        ("identical rows", text(twice.clone())),
    ]
}

#[test]
fn every_hazard_has_one_outcome() {
    let rows = ROWS
        .iter()
        .map(|(name, cells)| (*name, focus_file(cells).into_bytes()));
    let hazards = rows.chain(files());
    let lines: Vec<String> = hazards
        .map(|(name, bytes)| format!("{name}: {}", outcome(&bytes).trim_end()))
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @"
    bare NULL: 1 rows [1 USD 2026-10-02T00:00:00Z] ListCost-C-003-M ListCost x1
    Usage-based: 1 rows [1 USD 2026-10-02T00:00:00Z] respelled-value ChargeFrequency x1
    an unknown value: 1 rows [1 USD 2026-10-02T00:00:00Z] ChargeFrequency-C-003-M ChargeFrequency x1
    time without zone: 1 rows [1 USD 2026-10-02T07:30:00Z]
    time with offset: 1 rows [1 USD 2026-10-01T23:00:00Z]
    time with fractions: 1 rows [1 USD 2026-10-02T00:00:00Z]
    24:00: refused: bad-date row 1 ChargePeriodStart
    5/1/25: refused: bad-date row 1 ChargePeriodStart
    1.0E-10: 1 rows [0.0000000001 USD 2026-10-02T00:00:00Z]
    21 digits: 1 rows [0.123456789012345679 rest -0.000000000000000000099 USD 2026-10-02T00:00:00Z]
    28 digits: 1 rows [0.000000000000000001 rest -0.0000000000000000004999999999 USD 2026-10-02T00:00:00Z]
    37 digits: refused: too-precise row 1 BilledCost
    U+2212: refused: bad-number row 1 BilledCost
    thousands: refused: thousands-separator row 1 BilledCost
    account 1.23E+11: refused: scientific-account-id row 1 BillingAccountId
    a quoted newline: 1 rows [1 USD 2026-10-02T00:00:00Z]
    usd: 1 rows [1 USD 2026-10-02T00:00:00Z] respelled-value BillingCurrency x1
    a virtual currency: 1 rows [1 Tokens 2026-10-02T00:00:00Z] BillingCurrency-C-006-M BillingCurrency x1
    a charge that ends early: 1 rows [1 USD 2026-10-02T00:00:00Z] ChargePeriodEnd-C-004-M ChargePeriodEnd x1
    UTF-8 BOM: 2 rows [1 USD 2026-10-02T00:00:00Z; 1 USD 2026-10-02T00:00:00Z]
    UTF-16: 2 rows [1 USD 2026-10-02T00:00:00Z; 1 USD 2026-10-02T00:00:00Z]
    CRLF: 2 rows [1 USD 2026-10-02T00:00:00Z; 1 USD 2026-10-02T00:00:00Z]
    a name twice: refused: duplicate-header row 0 Id
    a name in two spellings: refused: duplicate-header row 0 Billed Cost
    other columns: 1 rows [1 USD 2026-10-02T00:00:00Z] unknown-columns x1
    300 columns: 1 rows [1 USD 2026-10-02T00:00:00Z] unknown-columns x300
    no bytes: refused: empty-file row - -
    a header only: 0 rows []
    gzip of two members: 2 rows [1 USD 2026-10-02T00:00:00Z; 1 USD 2026-10-02T00:00:00Z]
    two currencies: 2 rows [1 USD 2026-10-02T00:00:00Z; 1 EUR 2026-10-02T00:00:00Z]
    a short row: refused: ragged-row row 1 -
    identical rows: 2 rows [1 USD 2026-10-02T00:00:00Z; 1 USD 2026-10-02T00:00:00Z]
    ");
}
