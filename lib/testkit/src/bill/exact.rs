//! The generator's own arithmetic: plain integers, so that it shares no mistake with the product.

use std::{fmt, iter::Sum};

use anyhow::{Context, Result, ensure};
use outlay_core::{Decimal, money::Residue};

use super::text::scaled;

/// An exact amount of money in units of 10^-24.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Amount(i128);

/// Units of 10^-24 in one unit of DECIMAL(38,18).
const STORED: i128 = 1_000_000;
const CENT: i128 = 10_i128.pow(22);

impl Amount {
    pub(super) const ZERO: Self = Self(0);

    /// A quantity in 10^-13 at a price in 10^-10: nothing is rounded.
    pub(super) fn priced(quantity: i128, price: i128) -> Result<Self> {
        let cost = quantity.checked_mul(price).and_then(|c| c.checked_mul(10));
        cost.map(Self).context("a cost overflows")
    }

    /// A price in 10^-10 for so many whole units.
    pub(super) const fn of_price(price: i128, times: i128) -> Self {
        Self(price * times * 10_i128.pow(14))
    }

    pub(super) const fn cents(cents: i128) -> Self {
        Self(cents * CENT)
    }

    /// A percentage of this; an error where it has more digits than we carry.
    pub(super) fn percent(self, percent: i128) -> Result<Self> {
        let hundredfold = self.0 * percent;
        ensure!(hundredfold % 100 == 0, "{percent} % of {self} is too long");
        Ok(Self(hundredfold / 100))
    }

    /// A percentage of this in whole cents, half a cent up.
    pub(super) const fn percent_in_cents(self, percent: i128) -> Self {
        Self::cents((self.0 * percent + 50 * CENT).div_euclid(100 * CENT))
    }

    pub(super) const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// How much of something at this price in 10^-10 it buys, in 10^-13 and whole steps.
    pub(super) fn buys(self, price: i128, step: i128) -> i128 {
        self.0 / (price * 10) / step * step
    }

    /// What DECIMAL(38,18) holds of it: rounded half to even.
    pub(super) fn stored(self) -> Result<Decimal> {
        Decimal::from_units(self.rounded().0).context("an amount overflows")
    }

    /// What rounding leaves over: stored + residue = this.
    pub(super) fn residue(self) -> Self {
        Self(self.rounded().1)
    }

    pub(super) fn as_residue(self) -> Result<Residue> {
        self.to_string().parse().context("a residue overflows")
    }

    fn rounded(self) -> (i128, i128) {
        let (whole, rest) = (self.0.div_euclid(STORED), self.0.rem_euclid(STORED));
        let up = rest > STORED / 2 || (rest == STORED / 2 && whole % 2 != 0);
        if up {
            (whole + 1, rest - STORED)
        } else {
            (whole, rest)
        }
    }
}

impl std::ops::Add for Amount {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl std::ops::Sub for Amount {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl std::ops::Neg for Amount {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Sum for Amount {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, |sum, amount| sum + amount)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&scaled(self.0, 24))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(units: i128) -> (String, String) {
        let amount = Amount(units);
        let residue = amount.residue().as_residue().unwrap();
        (amount.stored().unwrap().to_string(), residue.to_string())
    }

    #[test]
    fn eighteen_digits_are_stored_half_to_even_and_the_rest_is_kept() {
        let text = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(
            stored(1_500_000),
            text("0.000000000000000002", "-0.0000000000000000005")
        );
        assert_eq!(
            stored(2_500_000),
            text("0.000000000000000002", "0.0000000000000000005")
        );
        assert_eq!(
            stored(-1_500_000),
            text("-0.000000000000000002", "0.0000000000000000005")
        );
        assert_eq!(
            stored(-2_400_000),
            text("-0.000000000000000002", "-0.0000000000000000004")
        );
    }

    #[test]
    fn prices_percentages_and_cents_are_exact() {
        // 24 hours at 0.192.
        let day = Amount::priced(24 * 10_i128.pow(13), 1_920_000_000).unwrap();
        assert_eq!(day.to_string(), "4.608");
        assert_eq!(day, Amount::of_price(1_920_000_000, 24));
        assert_eq!(day.percent(-6).unwrap().to_string(), "-0.27648");
        assert_eq!(day.percent_in_cents(8).to_string(), "0.37");
        assert_eq!((-day).percent_in_cents(8).to_string(), "-0.37");
        assert_eq!(
            day.buys(1_920_000_000, 10_i128.pow(9)),
            24 * 10_i128.pow(13)
        );
        assert!(Amount(1).percent(1).is_err());
    }
}
