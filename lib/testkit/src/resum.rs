//! Exact sums over a CSV file, apart from the product's reader: slow, small, plain.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use outlay_core::Decimal;

/// A CSV file in memory. Quoted cells may hold commas, quotes and line breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Column names.
    pub header: Vec<String>,
    /// Records, each as long as the header.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// Reads UTF-8 CSV with one header line; an error where a record is ragged.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let text = std::str::from_utf8(bytes)?;
        let mut records = records(text.trim_start_matches('\u{feff}')).into_iter();
        let header = records.next().context("no header")?;
        let rows: Vec<Vec<String>> = records.collect();
        for (i, row) in rows.iter().enumerate() {
            ensure!(row.len() == header.len(), "record {} is ragged", i + 1);
        }
        Ok(Self { header, rows })
    }

    /// Position of a column.
    pub fn position(&self, column: &str) -> Result<usize> {
        let found = self.header.iter().position(|h| h == column);
        found.with_context(|| format!("no column {column}"))
    }

    /// Exact sums of `values` for each combination of `keys`. Empty cells and `NULL` count nothing.
    pub fn sums(
        &self,
        keys: &[&str],
        values: &[&str],
    ) -> Result<BTreeMap<Vec<String>, Vec<Decimal>>> {
        let keys = self.positions(keys)?;
        let values = self.positions(values)?;
        let mut sums = BTreeMap::new();
        for row in &self.rows {
            let key: Vec<String> = keys.iter().map(|&k| row[k].clone()).collect();
            let sum = sums
                .entry(key)
                .or_insert_with(|| vec![Decimal::ZERO; values.len()]);
            for (slot, &value) in sum.iter_mut().zip(&values) {
                let amount = amount(&row[value])?;
                *slot = slot.checked_add(amount).context("a sum overflows")?;
            }
        }
        Ok(sums)
    }

    fn positions(&self, columns: &[&str]) -> Result<Vec<usize>> {
        columns.iter().map(|c| self.position(c)).collect()
    }
}

fn amount(cell: &str) -> Result<Decimal> {
    match cell {
        "" | "NULL" => Ok(Decimal::ZERO),
        text => text.parse().with_context(|| format!("amount {text}")),
    }
}

fn records(text: &str) -> Vec<Vec<String>> {
    let mut records = Vec::new();
    let mut record = Vec::new();
    let mut cell = String::new();
    let mut quoted = false;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => cell.extend(letters.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => record.push(std::mem::take(&mut cell)),
            '\r' if !quoted && letters.peek() == Some(&'\n') => {}
            '\n' if !quoted => {
                record.push(std::mem::take(&mut cell));
                records.push(std::mem::take(&mut record));
            }
            other => cell.push(other),
        }
    }
    if !cell.is_empty() || !record.is_empty() {
        record.push(cell);
        records.push(record);
    }
    records
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_line_breaks_and_a_missing_last_newline() {
        let table = Table::parse(b"k,v\r\n\"a,\"\"b\"\"\n\",1.5\r\n\"a,\"\"b\"\"\n\",NULL\r\nc,-2")
            .unwrap();
        let sums = table.sums(&["k"], &["v"]).unwrap();
        insta::assert_compact_debug_snapshot!(sums, @r#"{["a,\"b\"\n"]: [1.5], ["c"]: [-2]}"#);
    }

    #[test]
    fn ragged_records_and_amounts_in_words_are_refused() {
        assert!(Table::parse(b"a,b\n1\n").is_err());
        let table = Table::parse(b"a\none\n").unwrap();
        assert!(table.sums(&[], &["a"]).is_err());
    }
}
