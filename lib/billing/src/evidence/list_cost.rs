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

/// Rows whose list cost is not the exact product, by the digits to which it was rounded if it was.
///
/// To what a source rounds shows only in all of its rows: the tolerance is applied at the end.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListCosts {
    pub(crate) checked: u64,
    /// The most fractional digits of a list cost.
    pub(crate) digits: u8,
    /// By the most digits at which rounding alone explains the difference.
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
        let Some(digits) = explained_by_rounding_at(found, price, quantity) else {
            return;
        };
        let off = self.off.entry(digits).or_default();
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

    pub(crate) fn join(&mut self, other: Self) {
        self.checked += other.checked;
        self.digits = self.digits.max(other.digits);
        for (digits, off) in other.off {
            let mine = self.off.entry(digits).or_default();
            mine.rows += off.rows;
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

/// `None` where the product is exact; else the most digits at which the list cost may have been
/// rounded.
fn explained_by_rounding_at(found: Exact, price: Exact, quantity: Exact) -> Option<u8> {
    let off = match difference(found, price.value, quantity.value) {
        Some(0) => return None,
        Some(off) => off.unsigned_abs(),
        None => return Some(0),
    };
    // Factors that were rounded at 18 digits themselves are off by half a unit each.
    let rounded = !price.residue.is_zero() || !quantity.residue.is_zero();
    let slack = price.value.abs().units() + quantity.value.abs().units();
    let off = match rounded {
        true => off.saturating_sub(slack.unsigned_abs()),
        false => off,
    };
    let twice = off.saturating_mul(2);
    let places = match twice {
        0 => return None,
        1 => 0,
        more => (more - 1).ilog10() + 1,
    };
    u8::try_from(36_u32.saturating_sub(places)).ok()
}

/// Found less product, in units of 10^-36; `None` beyond 128 bits.
fn difference(found: Exact, price: Decimal, quantity: Decimal) -> Option<i128> {
    let quick = price.units().checked_mul(quantity.units());
    match (quick, Sum::from(found).in_units_of_source()) {
        (Some(product), Some(found)) => found.checked_sub(product),
        _ => Sum::from(found)
            .minus(product(price, quantity))
            .in_units_of_source(),
    }
}

/// The exact product of two amounts.
fn product(a: Decimal, b: Decimal) -> Sum {
    let (low, high) = wide_product(a.units().unsigned_abs(), b.units().unsigned_abs());
    let product = Sum::from_units_of_source(high, low);
    if (a.units() < 0) == (b.units() < 0) {
        product
    } else {
        -product
    }
}

/// All 256 bits of a product: low, high.
fn wide_product(a: u128, b: u128) -> (u128, u128) {
    const LOW: u128 = u64::MAX as u128;
    let (a1, a0, b1, b0) = (a >> 64, a & LOW, b >> 64, b & LOW);
    let (low, middle, other, high) = (a0 * b0, a1 * b0, a0 * b1, a1 * b1);
    let carry = (low >> 64) + (middle & LOW) + (other & LOW);
    let low = (low & LOW) | (carry << 64);
    (low, high + (middle >> 64) + (other >> 64) + (carry >> 64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn explained(found: &str, price: &str, quantity: &str) -> Option<u8> {
        let exact = |text| Exact::parse(text).unwrap();
        explained_by_rounding_at(exact(found), exact(price), exact(quantity))
    }

    #[test]
    fn a_difference_is_told_by_the_digits_that_explain_it() {
        for (found, price, quantity, digits) in [
            ("0.1", "0.05", "2", None),
            ("-0.1", "0.05", "-2", None),
            ("25000000000000000000", "5000000000", "5000000000", None),
            // 0.0000000123456 to ten digits.
            ("0.0000000123", "0.0000001", "0.123456", Some(10)),
            ("0.01", "0.05", "2", Some(0)),
            ("0.101", "0.05", "2", Some(2)),
            ("0", "99999999999999999999", "99999999999999999999", Some(0)),
            ("1", "1", "1.0000000000000000004", None),
            ("1", "1.0000000000000000004", "1.1", Some(0)),
        ] {
            assert_eq!(
                explained(found, price, quantity),
                digits,
                "{found} = {price} x {quantity}"
            );
        }
    }

    #[test]
    fn products_keep_every_digit() {
        let decimal = |text: &str| text.parse::<Decimal>().unwrap();
        let small = decimal("0.000000000000000003");
        assert_eq!(
            product(small, -small).to_string(),
            "-0.000000000000000000000000000000000009"
        );
        let large = product(
            decimal("12345678901.5"),
            decimal("-2000000000.000000000000000001"),
        );
        assert_eq!(
            large.to_string(),
            "-24691357803000000000.0000000123456789015"
        );
    }

    proptest! {
        #[test]
        fn both_ways_to_multiply_agree(a in -1_000_000_000_000_i64..1_000_000_000_000, b in -1_000_000_000_000_i64..1_000_000_000_000) {
            let decimal = |n: i64| Decimal::from_units(i128::from(n) * 1_000_000).unwrap();
            let direct = decimal(a).units() * decimal(b).units();
            prop_assert_eq!(product(decimal(a), decimal(b)).in_units_of_source(), Some(direct));
        }
    }
}
