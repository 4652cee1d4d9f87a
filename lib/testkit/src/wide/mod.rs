//! A wide legacy Cost and Usage Report of any length, to measure with: 195 columns, most of them
//! empty in any one row, as in real reports. Deterministic, written as it is drawn.

mod catalogue;
mod columns;
mod company;
mod draw;
mod line;

use std::io::{self, Write};

use draw::Month;

/// Writes a report of one month, its header and this many rows.
pub fn write_wide_cur(rows: u64, seed: u64, out: &mut impl Write) -> io::Result<()> {
    const HOURS: u64 = 720;
    const BLOCK: usize = 256 * 1024;
    let header: Vec<&str> = columns::names().collect();
    out.write_all(header.join(",").as_bytes())?;
    out.write_all(b"\n")?;
    let mut month = Month::new(seed);
    let mut text = Vec::with_capacity(2 * BLOCK);
    for row in 0..rows {
        month.draw(row * HOURS / rows, &mut text);
        if text.len() >= BLOCK {
            out.write_all(&text)?;
            text.clear();
        }
    }
    out.write_all(&text)
}

#[cfg(test)]
mod tests;
