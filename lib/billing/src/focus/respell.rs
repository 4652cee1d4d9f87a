//! Values in another spelling than the specification's.

use crate::{
    columns::TextColumn,
    detect::canonical,
    rejection::quote,
    report::Output,
    requirements::{ALLOWED, Allowed, is_national_currency},
    row::FocusRow,
};

/// Brings allowed values and currency codes to the spelling of the specification, where only case
/// and punctuation differ.
pub(crate) fn respell(row: &mut FocusRow, output: &mut Output) {
    for Allowed { column, values, .. } in &ALLOWED {
        let Some(value) = row.text(*column) else {
            continue;
        };
        if values.iter().any(|(allowed, _)| *allowed == value) {
            continue;
        }
        let meant = |(allowed, _): &&(&'static str, _)| canonical(allowed) == canonical(value);
        if let Some((right, _)) = values.iter().find(meant) {
            replace(row, *column, right, output);
        }
    }
    for column in [TextColumn::BillingCurrency, TextColumn::PricingCurrency] {
        // A virtual currency stays as it is written: its name is its provider's.
        let Some(code) = row.text(column).filter(|code| is_lower(code)) else {
            continue;
        };
        let right = code.to_ascii_uppercase();
        if is_national_currency(&right) {
            replace(row, column, &right, output);
        }
    }
}

fn is_lower(code: &str) -> bool {
    code.len() == 3 && code.bytes().any(|b| b.is_ascii_lowercase())
}

fn replace(row: &mut FocusRow, column: TextColumn, right: &str, output: &mut Output) {
    let value = row.text(column).unwrap_or_default();
    let (name, place) = (column.name(), row.place);
    output.warn("respelled-value", Some(name), Some(place), || {
        format!("{} is taken as {right}", quote(value))
    });
    row.set_text(column, right);
    row.note("respelled-value");
}
