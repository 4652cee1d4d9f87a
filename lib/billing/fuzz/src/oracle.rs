//! Decimals once more, by other means: big integers in units of 10^-64.

use num_bigint::BigInt;

/// Fractional digits of an exact number here.
const SCALE: i64 = 64;

/// The number a text means; `None` when it is none, or has more digits than can be held.
pub fn number(text: &str) -> Option<BigInt> {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (negative, digits) = match mantissa.as_bytes().first()? {
        b'-' => (true, &mantissa[1..]),
        b'+' => (false, &mantissa[1..]),
        _ => (false, mantissa),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all = format!("{whole}{fraction}");
    if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // Zeros at the end are of the exponent's kind: they take no room.
    let significant = all.trim_end_matches('0');
    let zeros = i64::try_from(all.len() - significant.len()).ok()?;
    let value: BigInt = significant.parse().unwrap_or_default();
    if value == BigInt::ZERO {
        // Zero is zero, however large its exponent.
        return is_whole(exponent).then_some(value);
    }
    let exponent = small(exponent)?;
    let places = i64::try_from(fraction.len()).ok()? - exponent - zeros;
    let shift = u32::try_from(SCALE - places).ok()?;
    if shift > 400 {
        return None;
    }
    let value = value * BigInt::from(10).pow(shift);
    Some(if negative { -value } else { value })
}

fn is_whole(exponent: &str) -> bool {
    let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Units of 10^-`digits` as a number.
pub fn units(count: i128, digits: u32) -> BigInt {
    let scale = u32::try_from(SCALE).unwrap_or_default();
    BigInt::from(count) * BigInt::from(10).pow(scale - digits)
}

/// An exponent: a sign, and digits that fit.
fn small(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let value: i64 = digits
        .parse()
        .ok()
        .filter(|&value| plain && value < 1_000)?;
    Some(if text.starts_with('-') { -value } else { value })
}
