//! A bill is read, and what holds of every reading is asserted.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    io,
};

use num_bigint::BigInt;
use outlay_billing::{
    AmountColumn, COST_COLUMNS, Container, FocusRow, Input, ReadError, ReadReport, Rejection,
    RowSink, TextColumn, TimeColumn, read_bill,
};

use super::oracle;

/// What a reading gave.
pub struct Bill {
    pub report: ReadReport,
    /// One number per row, which tells rows apart.
    pub prints: Vec<u64>,
    /// Exact sums of the cost columns, from the rows.
    pub costs: [BigInt; COST_COLUMNS.len()],
}

/// Reads a file that is in memory.
pub fn read(bytes: &[u8]) -> Result<Bill, Rejection> {
    read_input(Input::Stream(Box::new(bytes)), &mut |_| ())
}

/// Reads a file twice, whole and in pieces: both give the same. How far a damaged stream can be
/// unpacked before its damage shows depends on the pieces; that it is refused does not.
pub fn check(bytes: &[u8]) -> Result<Bill, Rejection> {
    let whole = read(bytes);
    let size = 1 + bytes.len() % 61;
    let pieces = Input::Stream(Box::new(Pieces { bytes, size }));
    let in_pieces = read_input(pieces, &mut |_| ());
    let packed = Container::of(bytes) != Container::Plain;
    if !(packed && whole.is_err() && in_pieces.is_err()) {
        assert_same(&whole, &in_pieces);
    }
    whole
}

/// Reads any input.
pub fn read_input(input: Input, each: &mut dyn FnMut(&FocusRow)) -> Result<Bill, Rejection> {
    read_by(|sink| read_bill(input, "bill.csv", sink), each)
}

/// Reads in any way; a source in memory never fails, so every error is a rejection.
pub fn read_by(
    read: impl FnOnce(RowSink<'_>) -> Result<ReadReport, ReadError>,
    each: &mut dyn FnMut(&FocusRow),
) -> Result<Bill, Rejection> {
    let mut prints = Vec::new();
    let mut costs = [const { BigInt::ZERO }; COST_COLUMNS.len()];
    let result = read(&mut |row| {
        check_row(row);
        prints.push(fingerprint(row, |_| true));
        for (sum, column) in costs.iter_mut().zip(COST_COLUMNS) {
            *sum += cost(row, column);
        }
        each(row);
        Ok(())
    });
    let report = match result {
        Ok(report) => report,
        Err(ReadError::Rejected(rejection)) => {
            check_rejection(&rejection);
            return Err(rejection);
        }
        Err(other) => panic!("not a rejection: {other:?}"),
    };
    let bill = Bill {
        report,
        prints,
        costs,
    };
    check_report(&bill);
    Ok(bill)
}

/// Both were read alike, or refused alike.
pub fn assert_same(one: &Result<Bill, Rejection>, other: &Result<Bill, Rejection>) {
    match (one, other) {
        (Ok(one), Ok(other)) => {
            assert_eq!(one.prints, other.prints);
            assert_eq!(format!("{:?}", one.report), format!("{:?}", other.report));
        }
        (Err(one), Err(other)) => assert_eq!(one, other),
        (Ok(_), Err(rejection)) | (Err(rejection), Ok(_)) => {
            panic!("accepted once, refused once: {rejection:?}")
        }
    }
}

/// A number for what a row says in the columns that are wanted.
pub fn fingerprint(row: &FocusRow, wanted: impl Fn(&str) -> bool) -> u64 {
    let mut hasher = DefaultHasher::new();
    for column in TextColumn::ALL {
        if wanted(column.name()) {
            row.text(column).hash(&mut hasher);
        }
    }
    for column in AmountColumn::ALL {
        if wanted(column.name()) {
            row.amount(column).hash(&mut hasher);
        }
    }
    for column in TimeColumn::ALL {
        row.time(column).hash(&mut hasher);
    }
    row.tags().hash(&mut hasher);
    hasher.finish()
}

/// Stored + residue of a cost, exactly.
fn cost(row: &FocusRow, column: AmountColumn) -> BigInt {
    let Some(amount) = row.amount(column) else {
        return BigInt::ZERO;
    };
    let residue = row.residue(column);
    let mut sum = oracle::units(amount.units(), 18);
    if !residue.is_zero() {
        sum += oracle::number(&residue.to_string()).expect("a residue prints as a number");
    }
    sum
}

fn check_row(row: &FocusRow) {
    assert!(row.billing_period().is_some(), "no billing period");
    assert!(
        row.text(TextColumn::BillingCurrency).is_some(),
        "no currency"
    );
    assert!(
        row.amount(AmountColumn::BilledCost).is_some(),
        "no billed cost"
    );
    for column in TextColumn::ALL {
        let text = row.text(column).unwrap_or("x");
        assert!(
            !text.is_empty() && !text.contains('\0'),
            "{}",
            column.name()
        );
    }
    assert!(row.tags().is_sorted_by(|(a, _), (b, _)| a < b), "tags");
}

fn check_report(bill: &Bill) {
    let report = &bill.report;
    assert_eq!(report.rows_written, bill.prints.len() as u64);
    assert_eq!(
        report.rows_read + report.rows_added,
        report.rows_written + report.rows_folded + report.rows_left_out
    );
    for warning in &report.warnings {
        check_words(warning.rule, &warning.detail, warning.column.as_deref());
        assert!(warning.count > 0);
    }
}

fn check_rejection(rejection: &Rejection) {
    check_words(
        rejection.rule,
        &rejection.detail,
        rejection.column.as_deref(),
    );
}

/// What is said to people is short and printable, whatever the file holds.
fn check_words(rule: &str, detail: &str, column: Option<&str>) {
    // Ours are in kebab case; the requirements of FOCUS keep their ids.
    let kebab = |c: char| c.is_ascii_alphanumeric() || c == '-';
    assert!(!rule.is_empty() && rule.chars().all(kebab), "{rule}");
    // A list of unread columns names twenty, each as the header spells it.
    assert!(
        !detail.is_empty() && detail.len() < 8_000,
        "{rule}: {}",
        detail.len()
    );
    assert!(!detail.contains(char::is_control), "{detail:?}");
    assert!(
        column.is_none_or(|name| name.chars().count() <= 80),
        "{column:?}"
    );
}

/// Gives the bytes in pieces.
struct Pieces<'a> {
    bytes: &'a [u8],
    size: usize,
}

impl io::Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let size = self.size.min(buffer.len());
        self.bytes.read(&mut buffer[..size])
    }
}
