use outlay_core::{Decimal, MoneyError, money::Residue};

/// An amount as a source wrote it: what is stored, and what rounding left over.
/// value + residue = source, also after additions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Exact {
    /// Rounded half to even at 18 fractional digits.
    pub value: Decimal,
    /// The exact difference.
    pub residue: Residue,
}

impl Exact {
    /// Zero, with nothing left over.
    pub const ZERO: Self = Self {
        value: Decimal::ZERO,
        residue: Residue::ZERO,
    };

    /// Reads a number; see [`Decimal::parse`] for what is accepted.
    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        let (value, residue) = Decimal::parse(text.as_bytes())?;
        Ok(Self { value, residue })
    }

    /// Whether value and residue cancel each other out. After additions neither has to be zero.
    pub fn is_zero(self) -> bool {
        if self.residue.is_zero() {
            return self.value.is_zero();
        }
        negated(self.residue).is_some_and(|rest| rest.to_string() == self.value.to_string())
    }

    /// Sum; `None` beyond DECIMAL(38,18).
    pub fn checked_add(self, other: Self) -> Option<Self> {
        Some(Self {
            value: self.value.checked_add(other.value)?,
            residue: self.residue.checked_add(other.residue)?,
        })
    }

    /// Difference; `None` beyond DECIMAL(38,18).
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.checked_add(Self {
            value: -other.value,
            residue: negated(other.residue)?,
        })
    }
}

impl From<Decimal> for Exact {
    fn from(value: Decimal) -> Self {
        Self {
            value,
            residue: Residue::ZERO,
        }
    }
}

/// A residue has no negation of its own: it is written, and read with the other sign.
fn negated(residue: Residue) -> Option<Residue> {
    if residue.is_zero() {
        return Some(residue);
    }
    let text = residue.to_string();
    match text.strip_prefix('-') {
        Some(positive) => positive.parse().ok(),
        None => format!("-{text}").parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(text: &str) -> Exact {
        Exact::parse(text).unwrap()
    }

    #[test]
    fn a_difference_keeps_every_digit() {
        let rest = exact("1.00000000000000000051")
            .checked_sub(exact("0.00000000000000000002"))
            .unwrap();
        assert_eq!(rest.value.to_string(), "1.000000000000000001");
        assert_eq!(rest.residue.to_string(), "-0.00000000000000000051");
        assert_eq!(exact("5").checked_sub(exact("7")), Some(exact("-2")));
        let back = rest.checked_sub(rest).unwrap();
        assert_eq!(back, Exact::ZERO);
    }

    #[test]
    fn zero_may_be_written_in_two_parts() {
        let third = exact("0.0000000000000000004");
        let sum = third.checked_add(third).unwrap();
        let rest = sum.checked_sub(exact("0.0000000000000000008")).unwrap();
        assert_ne!(rest, Exact::ZERO);
        assert!(rest.is_zero() && Exact::ZERO.is_zero());
        assert!(!sum.is_zero() && !exact("1").is_zero());
    }
}
