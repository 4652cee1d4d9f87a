//! Reads a bill from disk and prints what is in it:
//! `cargo run -p outlay-billing --features parquet --example read -- FILE`

use std::{collections::BTreeMap, error::Error, fs::File};

use outlay_billing::{COST_COLUMNS, FocusRow, Input, TextColumn, read_bill};
use outlay_core::Decimal;
use serde_json::{Value, json};

type Totals = BTreeMap<(String, String), [Decimal; COST_COLUMNS.len()]>;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: read FILE")?;
    let mut totals = Totals::new();
    let report = read_bill(Input::File(File::open(&path)?), &path, &mut |row| {
        add(&mut totals, row).ok_or_else(|| "a total overflows".into())
    })?;
    let summary = json!({
        "format": report.format,
        "rows": report.rows_written,
        "totals": totals.iter().map(total).collect::<Vec<_>>(),
        "report": report,
    });
    #[expect(clippy::print_stdout, reason = "printing is what this program is for")]
    {
        println!("{summary:#}");
    }
    Ok(())
}

fn add(totals: &mut Totals, row: &FocusRow) -> Option<()> {
    let currency = row.text(TextColumn::BillingCurrency)?.to_owned();
    let period = row.billing_period()?.to_string();
    let sums = totals.entry((currency, period)).or_default();
    for (sum, column) in sums.iter_mut().zip(COST_COLUMNS) {
        *sum = sum.checked_add(row.amount(column).unwrap_or_default())?;
    }
    Some(())
}

fn total(((currency, period), sums): (&(String, String), &[Decimal; 4])) -> Value {
    let mut line = json!({"currency": currency, "billingPeriod": period});
    for (sum, column) in sums.iter().zip(COST_COLUMNS) {
        line[column.name()] = json!(sum);
    }
    line
}
