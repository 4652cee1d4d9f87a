use std::{fmt, ops::Neg};

use outlay_core::Decimal;
use serde::{Deserialize, Serialize};

use crate::amount::Exact;

/// An exact sum of amounts that no bill can overflow, so that the order of additions never matters.
///
/// Stored values (units of 10^-18, 192 bits: high part, low part) and what rounding left over (units
/// of 10^-36) are summed apart: their sum is the sum of the source.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sum(i64, u128, i128);

const ONE: i128 = 1_000_000_000_000_000_000;

impl Sum {
    pub(crate) const ZERO: Self = Self(0, 0, 0);
    /// Beyond any amount.
    pub(crate) const BEYOND: Self = Self(i64::MAX / 2, 0, 0);

    /// The sum of the stored values; `None` beyond DECIMAL(38,18).
    pub fn stored(self) -> Option<Decimal> {
        self.units().and_then(Decimal::from_units)
    }

    /// The sum of the stored values alone.
    #[must_use]
    pub(crate) const fn without_residue(self) -> Self {
        Self(self.0, self.1, 0)
    }

    /// Whether stored values and residues cancel each other out.
    pub(crate) fn is_zero(self) -> bool {
        self.in_units_of_source() == Some(0)
    }

    /// Whether the sum is off zero by at most so many units of 10^-36.
    pub(crate) fn is_within(self, tolerance: u128) -> bool {
        self.in_units_of_source()
            .is_some_and(|units| units.unsigned_abs() <= tolerance)
    }

    pub(crate) fn add(&mut self, amount: Exact) {
        self.plus(amount.value.units(), amount.residue.units());
    }

    pub(crate) fn plus(&mut self, units: i128, residue: i128) {
        let high = if units < 0 { -1 } else { 0 };
        self.join(Self(high, units.cast_unsigned(), residue));
    }

    pub(crate) fn join(&mut self, other: Self) {
        let (low, carry) = self.1.overflowing_add(other.1);
        self.0 = self.0.wrapping_add(other.0).wrapping_add(i64::from(carry));
        self.1 = low;
        self.2 = self.2.wrapping_add(other.2);
    }

    #[must_use]
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.join(other);
        self
    }

    #[must_use]
    pub(crate) fn minus(self, other: Self) -> Self {
        self.and(-other)
    }

    /// Stored values in units of 10^-18, where 128 bits hold them.
    fn units(self) -> Option<i128> {
        let units = self.1.cast_signed();
        let high = if units < 0 { -1 } else { 0 };
        (self.0 == high).then_some(units)
    }

    /// Stored values and residues together, in units of 10^-36; `None` beyond 128 bits (about 170).
    pub(crate) fn in_units_of_source(self) -> Option<i128> {
        self.units()?.checked_mul(ONE)?.checked_add(self.2)
    }
}

impl From<Exact> for Sum {
    fn from(amount: Exact) -> Self {
        let mut sum = Self::ZERO;
        sum.add(amount);
        sum
    }
}

impl Neg for Sum {
    type Output = Self;
    fn neg(self) -> Self {
        let (low, carry) = (!self.1).overflowing_add(1);
        let high = (!self.0).wrapping_add(i64::from(carry));
        Self(high, low, self.2.wrapping_neg())
    }
}

/// The sum of the source, to its last digit.
impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let carried = self.units().and_then(|units| {
            let units = units.checked_add(self.2.div_euclid(ONE))?;
            Some((units, self.2.rem_euclid(ONE)))
        });
        let Some((units, rest)) = carried else {
            return f.write_str("beyond DECIMAL(38,18)");
        };
        // Written as sign and magnitude: -1 unit and a rest of 0.3 is -0.7 units.
        let (sign, units, rest) = match (units < 0, rest) {
            (false, rest) => ("", units.unsigned_abs(), rest),
            (true, 0) => ("-", units.unsigned_abs(), 0),
            (true, rest) => ("-", units.unsigned_abs() - 1, ONE - rest),
        };
        let digits = format!("{units:019}{rest:018}");
        let (whole, fraction) = digits.split_at(digits.len() - 36);
        match fraction.trim_end_matches('0') {
            "" => write!(f, "{sign}{whole}"),
            fraction => write!(f, "{sign}{whole}.{fraction}"),
        }
    }
}

/// How many fractional digits an amount has, without trailing zeros; 36 where it was rounded.
/// Answers at least `known`, which makes it cheap where most amounts have no more.
pub(crate) fn digits(amount: Exact, known: u8) -> u8 {
    const MOST: u8 = 18;
    if !amount.residue.is_zero() {
        return 36;
    }
    let units = amount.value.units();
    (known..MOST)
        .find(|&digits| divides(units, MOST - digits))
        .unwrap_or(known.max(MOST))
}

/// Whether a number ends with so many zeros. Most amounts fit 64 bits, where dividing is quick.
fn divides(units: i128, zeros: u8) -> bool {
    match u64::try_from(units.unsigned_abs()) {
        Ok(units) => units % 10_u64.pow(zeros.into()) == 0,
        Err(_) => units % 10_i128.pow(zeros.into()) == 0,
    }
}

/// Half a unit of the last of so many fractional digits, in units of 10^-36.
pub(crate) fn half_unit(digits: u8) -> u128 {
    match 36_u32.checked_sub(digits.into()) {
        None | Some(0) => 0,
        Some(zeros) => 10_u128.pow(zeros) / 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn exact(text: &str) -> Exact {
        Exact::parse(text).unwrap()
    }

    fn sum(amounts: &[&str]) -> Sum {
        amounts.iter().fold(Sum::ZERO, |mut sum, text| {
            sum.add(exact(text));
            sum
        })
    }

    #[test]
    fn every_digit_is_kept() {
        for (amounts, shown) in [
            (vec![], "0"),
            (vec!["1", "-1"], "0"),
            (vec!["-0.5"], "-0.5"),
            (vec!["1.00000000000000000051"], "1.00000000000000000051"),
            (vec!["-1.00000000000000000051"], "-1.00000000000000000051"),
            (vec!["0.0000000000000000004"; 5], "0.000000000000000002"),
            (vec!["-0.0000000000000000004"], "-0.0000000000000000004"),
            (
                vec!["10", "-0.0000000000000000004"],
                "9.9999999999999999996",
            ),
        ] {
            assert_eq!(sum(&amounts).to_string(), shown);
        }
    }

    #[test]
    fn a_sum_on_its_way_may_be_beyond_what_is_stored() {
        let most = "99999999999999999999.999999999999999999";
        let high = sum(&[most; 5]);
        assert_eq!(high.stored(), None);
        assert_eq!(high.to_string(), "beyond DECIMAL(38,18)");
        assert!(!high.is_zero() && !high.is_within(u128::MAX));
        assert!(high.minus(high).is_zero());
        let back = high.minus(sum(&[most; 4]));
        assert_eq!(back.stored().map(|d| d.to_string()).as_deref(), Some(most));
        assert_eq!((-high).and(high), Sum::ZERO);
    }

    #[test]
    fn digits_are_counted_from_what_is_known() {
        for (text, known, found) in [
            ("1", 0, 0),
            ("100.5", 0, 1),
            ("0.0000000015", 0, 10),
            ("0.0000000015", 12, 12),
            ("12345678901234567890.000000000000000001", 3, 18),
            ("0.0000000000000000015", 3, 36),
            ("0", 4, 4),
        ] {
            assert_eq!(digits(exact(text), known), found, "{text}");
        }
        assert_eq!(half_unit(36), 0);
        assert_eq!(half_unit(10), 5 * 10_u128.pow(25));
    }

    proptest! {
        #[test]
        fn sums_are_exact(amounts in prop::collection::vec(-1_000_000_000_000_i64..1_000_000_000_000, 0..20)) {
            let text = |n: i64| format!("{}{}e-24", if n < 0 { "-" } else { "" }, n.unsigned_abs());
            let texts: Vec<String> = amounts.iter().map(|n| text(*n)).collect();
            let all = sum(&texts.iter().map(String::as_str).collect::<Vec<_>>());
            prop_assert_eq!(all.in_units_of_source(), Some(i128::from(amounts.iter().sum::<i64>()) * 10_i128.pow(12)));
            prop_assert_eq!(exact(&all.to_string()), exact(&text(amounts.iter().sum())));
        }
    }
}
