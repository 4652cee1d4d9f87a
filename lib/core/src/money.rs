//! Exact money: an i128 in units of 10^-18, the range of DECIMAL(38,18).
//!
//! Bills carry up to 28 fractional digits. What exceeds 18 is rounded half to even and its exact
//! difference is handed back as a [`Residue`], so that stored + residue = source to the last digit.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

const SCALE: i32 = 18;
const ONE: i128 = 1_000_000_000_000_000_000;
/// The largest magnitude of DECIMAL(38,18): 10^38 - 1 units.
const MAX_UNITS: i128 = 99_999_999_999_999_999_999_999_999_999_999_999_999;
/// Fractional digits a source may have; 28 is the most seen in real bills.
const MAX_SOURCE_SCALE: i32 = 36;

/// Why a text is not an exact amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not a decimal number in ASCII digits, with an optional sign, point and exponent.
    #[error("not a decimal number")]
    NotANumber,
    /// Digits grouped by commas or similar: ambiguous, so never guessed.
    #[error("thousands separators are not accepted")]
    Separators,
    /// Does not fit 20 digits before the point.
    #[error("more than 20 digits before the decimal point")]
    Overflow,
    /// More fractional digits than can be accounted for.
    #[error("more than 36 digits after the decimal point")]
    TooPrecise,
}

/// An exact amount, price or quantity with 18 fractional digits.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal(i128);

/// What rounding to 18 digits left over, exactly, in units of 10^-36.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Residue(i128);

impl Decimal {
    /// Zero.
    pub const ZERO: Self = Self(0);
    /// One.
    pub const ONE: Self = Self(ONE);

    /// From units of 10^-18; `None` beyond DECIMAL(38,18).
    pub fn from_units(units: i128) -> Option<Self> {
        (units.unsigned_abs() <= MAX_UNITS.unsigned_abs()).then_some(Self(units))
    }

    /// Units of 10^-18, as Parquet's DECIMAL(38,18) stores them.
    pub const fn units(self) -> i128 {
        self.0
    }

    /// Reads a number as bills write it: sign, digits, point, exponent. Hands back what rounding
    /// half to even at 18 digits left over.
    pub fn parse(text: &[u8]) -> Result<(Self, Residue), MoneyError> {
        parse(text)
    }

    /// Sum, or `None` beyond DECIMAL(38,18).
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).and_then(Self::from_units)
    }

    /// Difference, or `None` beyond DECIMAL(38,18).
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).and_then(Self::from_units)
    }

    /// Product, exact: what does not fit 18 fractional digits is handed back as the residue of
    /// rounding half to even. `None` beyond DECIMAL(38,18).
    pub fn checked_mul(self, other: Self) -> Option<(Self, Residue)> {
        let (a, b) = (self.0.abs(), other.0.abs());
        let fractions = (a % ONE) * (b % ONE);
        let crossed = (a / ONE)
            .checked_mul(b % ONE)?
            .checked_add((a % ONE).checked_mul(b / ONE)?)?;
        let whole = (a / ONE)
            .checked_mul(b / ONE)?
            .checked_mul(ONE)?
            .checked_add(crossed)?
            .checked_add(fractions / ONE)?;
        let (units, residue) = half_even(whole, fractions % ONE);
        let sign = self.0.signum() * other.0.signum();
        Some((Self::from_units(sign * units)?, Residue(sign * residue)))
    }

    /// Whether this is zero.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Magnitude.
    #[must_use]
    pub const fn abs(self) -> Self {
        Self(self.0.abs())
    }
}

impl std::ops::Neg for Decimal {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Residue {
    /// Nothing left over.
    pub const ZERO: Self = Self(0);

    /// Units of 10^-36.
    pub const fn units(self) -> i128 {
        self.0
    }

    /// Whether nothing was left over.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Sum; a single residue is below 10^-18, so 10^20 of them fit.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }
}

/// Sums amounts; `None` beyond DECIMAL(38,18).
pub fn sum(amounts: impl IntoIterator<Item = Decimal>) -> Option<Decimal> {
    amounts
        .into_iter()
        .try_fold(Decimal::ZERO, Decimal::checked_add)
}

fn parse(text: &[u8]) -> Result<(Decimal, Residue), MoneyError> {
    if let Some(decimal) = parse_short(text) {
        return Ok((decimal, Residue::ZERO));
    }
    parse_any(text)
}

fn parse_any(text: &[u8]) -> Result<(Decimal, Residue), MoneyError> {
    let (negative, body) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] | rest => (false, rest),
    };
    let (mantissa, exponent) = split_exponent(body)?;
    let digits = Digits::read(mantissa)?;
    let (units, residue) = digits.round(exponent)?;
    let sign = if negative { -1 } else { 1 };
    let decimal = Decimal::from_units(sign * units).ok_or(MoneyError::Overflow)?;
    Ok((decimal, Residue(sign * residue)))
}

/// At most 19 characters without exponent: what nearly every amount is. `None` says nothing: the
/// general parser decides.
fn parse_short(text: &[u8]) -> Option<Decimal> {
    const MOST: usize = 19;
    let body = text.strip_prefix(b"-").unwrap_or(text);
    if body.len() > MOST {
        return None;
    }
    let (mut digits, mut point) = (0_u64, None);
    for (at, &byte) in body.iter().enumerate() {
        match byte {
            b'0'..=b'9' => digits = digits * 10 + u64::from(byte - b'0'),
            b'.' if point.is_none() => point = Some(at),
            _ => return None,
        }
    }
    let count = body.len() - usize::from(point.is_some());
    let scale = point.map_or(0, |at| body.len() - at - 1);
    if count == 0 {
        return None;
    }
    let units = i128::from(digits) * i128::from(*UNITS.get(scale)?);
    Decimal::from_units(if body.len() < text.len() {
        -units
    } else {
        units
    })
}

/// What one in the last digit is worth in units of 10^-18, by the number of digits after the point.
const UNITS: [u64; 19] = {
    let mut units = [1; 19];
    let mut scale = 18;
    while scale > 0 {
        units[scale - 1] = units[scale] * 10;
        scale -= 1;
    }
    units
};

fn split_exponent(body: &[u8]) -> Result<(&[u8], i32), MoneyError> {
    let Some(at) = body.iter().position(|b| matches!(b, b'e' | b'E')) else {
        return Ok((body, 0));
    };
    let (sign, digits) = match &body[at + 1..] {
        [b'-', rest @ ..] => (-1, rest),
        [b'+', rest @ ..] | rest => (1, rest),
    };
    if digits.is_empty() || digits.len() > 4 {
        return Err(MoneyError::NotANumber);
    }
    let value = digits.iter().try_fold(0_i32, |n, b| {
        b.is_ascii_digit()
            .then(|| n * 10 + i32::from(b - b'0'))
            .ok_or(MoneyError::NotANumber)
    })?;
    Ok((&body[..at], sign * value))
}

/// The significant digits of a mantissa, and how many of them stand after the point.
struct Digits {
    digits: Vec<u8>,
    scale: i32,
}

impl Digits {
    fn read(mantissa: &[u8]) -> Result<Self, MoneyError> {
        let mut digits = Vec::with_capacity(mantissa.len());
        let mut scale = None;
        for &byte in mantissa {
            match byte {
                b'0'..=b'9' => {
                    digits.push(byte - b'0');
                    scale = scale.map(|s| s + 1);
                }
                b'.' if scale.is_none() => scale = Some(0),
                b',' | b'\'' | b'_' => return Err(MoneyError::Separators),
                _ => return Err(MoneyError::NotANumber),
            }
        }
        if digits.is_empty() {
            return Err(MoneyError::NotANumber);
        }
        let zeros = digits.iter().take_while(|&&d| d == 0).count();
        digits.drain(..zeros);
        let mut scale = scale.unwrap_or(0);
        while digits.last() == Some(&0) {
            digits.pop();
            scale -= 1;
        }
        Ok(Self { digits, scale })
    }

    /// Units of 10^-18 and the rest in units of 10^-36, both without sign.
    fn round(&self, exponent: i32) -> Result<(i128, i128), MoneyError> {
        if self.digits.is_empty() {
            return Ok((0, 0));
        }
        let scale = self.scale - exponent;
        if scale > MAX_SOURCE_SCALE {
            return Err(MoneyError::TooPrecise);
        }
        let count = i32::try_from(self.digits.len()).map_err(|_| MoneyError::Overflow)?;
        let before_point = count - scale;
        if before_point > 20 {
            return Err(MoneyError::Overflow);
        }
        let kept = (before_point + SCALE).clamp(0, count);
        let (whole, rest) = self.digits.split_at(kept.unsigned_abs() as usize);
        let whole = number(whole) * power(SCALE - (scale - (count - kept)));
        let rest = number(rest) * power(MAX_SOURCE_SCALE - scale.max(SCALE));
        Ok(half_even(whole, rest))
    }
}

fn number(digits: &[u8]) -> i128 {
    digits.iter().fold(0, |n, &d| n * 10 + i128::from(d))
}

fn power(exponent: i32) -> i128 {
    u32::try_from(exponent).map_or(1, |e| 10_i128.pow(e))
}

fn half_even(whole: i128, rest: i128) -> (i128, i128) {
    let up = rest > ONE / 2 || (rest == ONE / 2 && whole % 2 != 0);
    if up {
        (whole + 1, rest - ONE)
    } else {
        (whole, rest)
    }
}

fn write_scaled(f: &mut fmt::Formatter<'_>, value: i128, scale: usize) -> fmt::Result {
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let fraction = fraction.trim_end_matches('0');
    let sign = if value < 0 { "-" } else { "" };
    if fraction.is_empty() {
        write!(f, "{sign}{whole}")
    } else {
        write!(f, "{sign}{whole}.{fraction}")
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_scaled(f, self.0, 18)
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Residue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_scaled(f, self.0, 36)
    }
}

impl fmt::Debug for Residue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Exact only: a text that would need rounding is refused.
impl FromStr for Decimal {
    type Err = MoneyError;
    fn from_str(text: &str) -> Result<Self, MoneyError> {
        match Self::parse(text.as_bytes())? {
            (value, Residue::ZERO) => Ok(value),
            _ => Err(MoneyError::TooPrecise),
        }
    }
}

impl FromStr for Residue {
    type Err = MoneyError;
    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let (negative, body) = text
            .strip_prefix('-')
            .map_or((false, text), |rest| (true, rest));
        let digits = Digits::read(body.as_bytes())?;
        let missing = MAX_SOURCE_SCALE - digits.scale;
        let count = i32::try_from(digits.digits.len()).map_err(|_| MoneyError::Overflow)?;
        if missing < 0 || count + missing > 38 {
            return Err(MoneyError::TooPrecise);
        }
        let value = number(&digits.digits)
            * if digits.digits.is_empty() {
                0
            } else {
                power(missing)
            };
        Ok(Self(if negative { -value } else { value }))
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for Residue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Residue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Result<(String, String), MoneyError> {
        Decimal::parse(text.as_bytes()).map(|(d, r)| (d.to_string(), r.to_string()))
    }

    fn exact(text: &str, expected: &str) {
        assert_eq!(read(text), Ok((expected.into(), "0".into())), "{text}");
    }

    #[test]
    fn numbers_as_bills_write_them() {
        exact("0", "0");
        exact("-0.00", "0");
        exact("+1.50", "1.5");
        exact(".5", "0.5");
        exact("5.", "5");
        exact("1.0E-10", "0.0000000001");
        exact("12e3", "12000");
        exact("0000000000000000000000000000001.10", "1.1");
        exact("0e9999", "0");
        exact(
            "99999999999999999999.999999999999999999",
            "99999999999999999999.999999999999999999",
        );
    }

    #[test]
    fn beyond_18_digits_rounds_half_to_even_and_keeps_the_rest() {
        for (text, stored, rest) in [
            ("0.0000000000000000005", "0", "0.0000000000000000005"),
            (
                "0.0000000000000000015",
                "0.000000000000000002",
                "-0.0000000000000000005",
            ),
            (
                "0.0000000000000000025",
                "0.000000000000000002",
                "0.0000000000000000005",
            ),
            (
                "-0.00000000000000000151",
                "-0.000000000000000002",
                "0.00000000000000000049",
            ),
            (
                "1.0000000000000000000000000001",
                "1",
                "0.0000000000000000000000000001",
            ),
            ("1e-36", "0", "0.000000000000000000000000000000000001"),
        ] {
            assert_eq!(read(text), Ok((stored.into(), rest.into())), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_number_is_refused() {
        for bad in [
            "",
            "-",
            ".",
            "abc",
            "1.2.3",
            "NaN",
            "Infinity",
            "(5)",
            "\u{2212}5",
            "$5",
            "1e",
            "1e+",
            " 1",
            "1 ",
            "--1",
            "1e12345",
            "１",
        ] {
            assert_eq!(read(bad), Err(MoneyError::NotANumber), "{bad}");
        }
        assert_eq!(read("1,234.56"), Err(MoneyError::Separators));
        assert_eq!(read("100000000000000000000"), Err(MoneyError::Overflow));
        assert_eq!(read("1e20"), Err(MoneyError::Overflow));
        assert_eq!(
            read("99999999999999999999.9999999999999999999"),
            Err(MoneyError::Overflow)
        );
        assert_eq!(read("1e-37"), Err(MoneyError::TooPrecise));
    }

    #[test]
    fn json_is_a_string_and_never_rounds() {
        let amount: Decimal =
            serde_json::from_str("\"12345678901234567890.123456789012345678\"").unwrap();
        assert_eq!(
            serde_json::to_string(&amount).unwrap(),
            "\"12345678901234567890.123456789012345678\""
        );
        assert!(serde_json::from_str::<Decimal>("1.5").is_err());
        assert!(serde_json::from_str::<Decimal>("\"0.0000000000000000001\"").is_err());
    }

    proptest! {
        #[test]
        fn text_round_trips(units in -MAX_UNITS..=MAX_UNITS) {
            let decimal = Decimal(units);
            prop_assert_eq!(decimal.to_string().parse(), Ok(decimal));
        }

        #[test]
        fn residues_round_trip(value in -10_i128.pow(37)..10_i128.pow(37)) {
            prop_assert_eq!(Residue(value).to_string().parse(), Ok(Residue(value)));
        }

        /// stored + residue = source, checked in units of 10^-36.
        #[test]
        fn nothing_is_lost(whole in 0_i64..100, fraction in "[0-9]{1,36}", negative: bool) {
            let text = format!("{}{whole}.{fraction}", if negative { "-" } else { "" });
            let (stored, residue) = Decimal::parse(text.as_bytes()).unwrap();
            let magnitude = i128::from(whole) * 10_i128.pow(36) + format!("{fraction:0<36}").parse::<i128>().unwrap();
            let source = if negative { -magnitude } else { magnitude };
            prop_assert_eq!(stored.units() * ONE + residue.0, source);
            prop_assert!(residue.0.abs() <= ONE / 2);
        }

        #[test]
        fn any_bytes_never_panic(bytes: Vec<u8>) {
            let _ = Decimal::parse(&bytes);
        }

        #[test]
        fn both_parsers_agree(text in "[-+]?[0-9]{0,20}[.,e]?[0-9]{0,20}") {
            prop_assert_eq!(parse(text.as_bytes()), parse_any(text.as_bytes()), "{}", text);
        }
    }

    #[test]
    fn a_product_keeps_every_digit() {
        let times = |a: &str, b: &str| {
            let product = a
                .parse::<Decimal>()
                .unwrap()
                .checked_mul(b.parse().unwrap());
            product.map(|(value, rest)| format!("{value} {rest}"))
        };
        for (a, b, product) in [
            ("24.80634996", "0.1", "2.480634996 0"),
            ("-3", "0.5", "-1.5 0"),
            ("0", "-7", "0 0"),
            (
                "0.000000001",
                "0.0000000015",
                "0.000000000000000002 -0.0000000000000000005",
            ),
            ("0.000000000000000001", "-0.5", "0 -0.0000000000000000005"),
            (
                "123456789.123456789012345678",
                "-987654321.987654321098765432",
                "-121932631356500531.37158969445831428 -0.000000000000000000322511812221002896",
            ),
        ] {
            assert_eq!(times(a, b).as_deref(), Some(product), "{a} x {b}");
        }
        assert_eq!(times("10000000000", "10000000000"), None);
        assert_eq!(times("99999999999999999999", "99999999999999999999"), None);
    }
}
