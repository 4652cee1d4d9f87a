//! ListCost = ListUnitPrice x PricingQuantity, as exactly as the source writes it.

use std::collections::BTreeMap;

use outlay_core::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    sum::{Sum, digits},
    tally::{At, SourceRow},
};
use crate::{
    amount::Exact,
    columns::{AmountColumn, TextColumn},
    row::FocusRow,
};

/// Rows whose list cost is not the exact product, by how far it is off.
///
/// To what a source rounds shows only in all of its rows: the tolerance is applied at the end.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListCosts {
    pub(crate) checked: u64,
    /// The most fractional digits of a list cost.
    pub(crate) digits: u8,
    /// By the least power of ten, in units of 10^-36, of which the difference is at most half.
    pub(crate) off: BTreeMap<u8, OffRows>,
}

/// Rows that are off by about as much, and the first of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OffRows {
    pub(crate) rows: u64,
    pub(crate) examples: Vec<OffRow>,
}

/// A row whose list cost is not the exact product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OffRow {
    pub(crate) row: SourceRow,
    pub(crate) found: Sum,
    pub(crate) expected: Sum,
    pub(crate) currency: Box<str>,
}

const EXAMPLES: usize = 3;

impl ListCosts {
    pub(crate) fn add(&mut self, row: &FocusRow, at: At) {
        let (Some(found), Some(price), Some(quantity)) = (
            row.exact(AmountColumn::ListCost),
            row.exact(AmountColumn::ListUnitPrice),
            row.exact(AmountColumn::PricingQuantity),
        ) else {
            return;
        };
        if row.text(TextColumn::ChargeClass) == Some("Correction") {
            return;
        }
        self.checked += 1;
        self.digits = digits(found, self.digits);
        let Some(power) = power_of_difference(found, price, quantity) else {
            return;
        };
        let off = self.off.entry(power).or_default();
        off.rows += 1;
        let currency = row.text(TextColumn::BillingCurrency).unwrap_or_default();
        if off.examples.len() < EXAMPLES {
            off.insert(OffRow {
                row: at.source_row(),
                found: found.into(),
                expected: product(price.value, quantity.value),
                currency: currency.into(),
            });
        }
    }

    /// Rows that rounding at the digits of this source does not explain.
    pub(crate) fn unexplained(&self) -> impl Iterator<Item = &OffRows> {
        let explained = 36_u8.saturating_sub(self.digits);
        let beyond = self.off.range(explained.saturating_add(1)..);
        beyond.map(|(_, off)| off)
    }

    pub(crate) fn join(&mut self, other: Self) {
        self.checked = self.checked.saturating_add(other.checked);
        self.digits = self.digits.max(other.digits);
        for (power, off) in other.off {
            let mine = self.off.entry(power).or_default();
            mine.rows = mine.rows.saturating_add(off.rows);
            off.examples.into_iter().for_each(|row| mine.insert(row));
        }
    }
}

impl OffRows {
    fn insert(&mut self, off: OffRow) {
        if let Err(place) = self.examples.binary_search_by(|e| e.row.cmp(&off.row)) {
            self.examples.insert(place, off);
            self.examples.truncate(EXAMPLES);
        }
    }
}

/// `None` where the product is exact; else the least power of ten, in units of 10^-36, of which the
/// difference is at most half: 26 where rounding at ten digits explains it.
fn power_of_difference(found: Exact, price: Exact, quantity: Exact) -> Option<u8> {
    let off = match difference(found, price.value, quantity.value) {
        Some(0) => return None,
        Some(off) => off.unsigned_abs(),
        None => return Some(u8::MAX),
    };
    // Factors that were rounded at 18 digits themselves are off by half a unit each.
    let rounded = !price.residue.is_zero() || !quantity.residue.is_zero();
    let slack = price.value.abs().units() + quantity.value.abs().units();
    let off = if rounded {
        off.saturating_sub(slack.unsigned_abs())
    } else {
        off
    };
    match off.saturating_mul(2) {
        0 => None,
        1 => Some(0),
        twice => u8::try_from((twice - 1).ilog10() + 1).ok(),
    }
}

/// Found less product, in units of 10^-36; `None` beyond 128 bits.
fn difference(found: Exact, price: Decimal, quantity: Decimal) -> Option<i128> {
    let found = Sum::from(found);
    let quick = price.units().checked_mul(quantity.units());
    match (quick, found.in_units_of_source()) {
        (Some(product), Some(found)) => found.checked_sub(product),
        _ => found.minus(product(price, quantity)).in_units_of_source(),
    }
}

fn product(price: Decimal, quantity: Decimal) -> Sum {
    match price.checked_mul(quantity) {
        Some((value, residue)) => Exact { value, residue }.into(),
        None => Sum::BEYOND,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn power(found: &str, price: &str, quantity: &str) -> Option<u8> {
        let exact = |text| Exact::parse(text).unwrap();
        power_of_difference(exact(found), exact(price), exact(quantity))
    }

    #[test]
    fn a_difference_is_told_by_its_power_of_ten() {
        for (found, price, quantity, expected) in [
            ("0.1", "0.05", "2", None),
            ("-0.1", "0.05", "-2", None),
            ("25000000000000000000", "5000000000", "5000000000", None),
            // 0.0000000123456 to ten digits.
            ("0.0000000123", "0.0000001", "0.123456", Some(26)),
            ("0.01", "0.05", "2", Some(36)),
            ("0.101", "0.05", "2", Some(34)),
            ("9", "0.05", "2", Some(38)),
            (
                "0",
                "99999999999999999999",
                "99999999999999999999",
                Some(u8::MAX),
            ),
            ("1", "1", "1.0000000000000000004", None),
            ("1", "1.0000000000000000004", "1.1", Some(36)),
        ] {
            assert_eq!(
                power(found, price, quantity),
                expected,
                "{found} = {price} x {quantity}"
            );
        }
    }
}
