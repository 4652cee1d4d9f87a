//! Small helpers to write texts.

use std::io::Write;

use anyhow::Result;
use flate2::{Compression, GzBuilder};
use jiff::civil::Date;

/// Gzip of these bytes; the same bytes for the same input, so no time and no name in the header.
pub fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzBuilder::new().write(Vec::new(), Compression::new(6));
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

pub(super) fn push_record<'a>(out: &mut Vec<u8>, cells: impl Iterator<Item = &'a str>) {
    for (i, cell) in cells.enumerate() {
        if i > 0 {
            out.push(b',');
        }
        push_cell(out, cell);
    }
    out.push(b'\n');
}

fn push_cell(out: &mut Vec<u8>, cell: &str) {
    if cell
        .bytes()
        .any(|b| matches!(b, b',' | b'"' | b'\n' | b'\r'))
    {
        out.push(b'"');
        out.extend_from_slice(cell.replace('"', "\"\"").as_bytes());
        out.push(b'"');
    } else {
        out.extend_from_slice(cell.as_bytes());
    }
}

/// A scaled integer as a plain decimal without trailing zeros.
pub(super) fn scaled(value: i128, digits: usize) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let text = format!("{:0>width$}", value.unsigned_abs(), width = digits + 1);
    let (whole, fraction) = text.split_at(text.len() - digits);
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{fraction}")
}

/// A quantity, which is in 10^-13.
pub(super) fn quantity(value: i128) -> String {
    scaled(value, 13)
}

/// A price in 10^-10.
pub(super) fn price(value: i128) -> String {
    scaled(value, 10)
}

pub(super) fn midnight(day: Date) -> String {
    format!("{day}T00:00:00.000Z")
}
