use std::borrow::Cow;

use outlay_core::MoneyError;
use serde::{Deserialize, Serialize};

use crate::amount::Exact;

/// How a file writes its numbers. `1.234` is one number in America and another in Germany: a form
/// is chosen for a file, never guessed for a value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NumberFormat {
    /// `-1234.56`, `1.2e-5`: digits, a point, nothing else.
    #[default]
    Plain,
    /// `$1,234.56`, `(5.00)`: a decimal point, groups of three parted by commas or blanks, currency
    /// signs, negative numbers in parentheses.
    Point,
    /// `1.234,56 €`: a decimal comma, groups of three parted by points or blanks, and the rest of
    /// it.
    Comma,
}

impl NumberFormat {
    /// Every form, the strictest first.
    pub(crate) const ALL: [Self; 3] = [Self::Plain, Self::Point, Self::Comma];

    /// The exact number.
    pub(crate) fn parse(self, text: &str) -> Result<Exact, MoneyError> {
        match self {
            Self::Plain => Exact::parse(text),
            Self::Point => spelled(text, '.', ','),
            Self::Comma => spelled(text, ',', '.'),
        }
    }
}

fn spelled(text: &str, point: char, group: char) -> Result<Exact, MoneyError> {
    let (negative, digits) = bare(text);
    let plain = plain(digits, point, group).ok_or(MoneyError::NotANumber)?;
    let value = Exact::parse(&plain)?;
    if !negative {
        return Ok(value);
    }
    Exact::ZERO.checked_sub(value).ok_or(MoneyError::Overflow)
}

/// Without currency signs, blanks around it, and its sign: a minus before or behind the currency,
/// the typographic one too, or parentheses.
fn bare(text: &str) -> (bool, &str) {
    const SIGNS: [char; 6] = ['$', '€', '£', '¥', '₹', '₽'];
    let outside = |c: char| c.is_whitespace() || SIGNS.contains(&c);
    let text = text.trim_matches(outside);
    if let Some(inner) = text.strip_prefix('(').and_then(|t| t.strip_suffix(')')) {
        return (true, inner.trim_matches(outside));
    }
    match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (true, rest.trim_start_matches(outside)),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// `1,234.56` as `1234.56`; `None` where groups are not of three, or signs stand inside.
fn plain(text: &str, point: char, group: char) -> Option<Cow<'_, str>> {
    let (whole, fraction) = match text.split_once(point) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let unsigned = |part: &str| part.starts_with(|c: char| c.is_ascii_digit());
    if !(unsigned(whole) || whole.is_empty() && fraction.is_some_and(unsigned)) {
        return None;
    }
    let is_group = |c: char| c == group || c == ' ' || c == '\u{a0}' || c == '\u{202f}';
    let grouped = whole.contains(is_group);
    if !grouped && point == '.' {
        return Some(Cow::Borrowed(text));
    }
    let mut digits = String::with_capacity(text.len());
    for (index, part) in whole.split(is_group).enumerate() {
        let full = if index == 0 {
            !grouped || (1..=3).contains(&part.len())
        } else {
            part.len() == 3
        };
        if !full || grouped && !part.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        digits.push_str(part);
    }
    if let Some(fraction) = fraction {
        digits.push('.');
        digits.push_str(fraction);
    }
    Some(Cow::Owned(digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(form: NumberFormat, text: &str) -> Option<String> {
        let number = form.parse(text).ok()?;
        assert!(number.residue.is_zero());
        Some(number.value.to_string())
    }

    #[test]
    fn each_form_reads_its_own() {
        use NumberFormat::{Comma, Plain, Point};
        for (form, text, expected) in [
            (Plain, "-1234.5", "-1234.5"),
            (Plain, "1.2e-5", "0.000012"),
            (Point, "$50,000.00 ", "50000"),
            (Point, "1,234,567.891", "1234567.891"),
            (Point, "1234.5", "1234.5"),
            (Point, "(5.00)", "-5"),
            (Point, "-$5", "-5"),
            (Point, "$-5", "-5"),
            (Point, "\u{2212}5", "-5"),
            (Point, "+5", "5"),
            (Point, "1 234.5", "1234.5"),
            (Point, ".5", "0.5"),
            (Point, "1.2e-5", "0.000012"),
            (Comma, "1.234,56 €", "1234.56"),
            (Comma, "1 234,56", "1234.56"),
            (Comma, "1\u{a0}234,56", "1234.56"),
            (Comma, "1.234", "1234"),
            (Comma, "-0,5", "-0.5"),
            (Comma, "12", "12"),
        ] {
            assert_eq!(read(form, text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_written_otherwise_is_refused() {
        use NumberFormat::{Comma, Plain, Point};
        for (form, text) in [
            (Plain, "1,234.5"),
            (Plain, "$5"),
            (Point, "1.234,56"),
            (Point, "12,34"),
            (Point, "1,2345"),
            (Point, ",123"),
            (Point, "1,,234"),
            (Point, "--5"),
            (Point, "(-5)"),
            (Point, ""),
            (Point, "$"),
            (Point, "5 EUR"),
            (Point, "1,234e2,000"),
            (Comma, "1,234.56"),
            (Comma, "1.23"),
            (Comma, "1,2,3"),
        ] {
            assert_eq!(read(form, text), None, "{text}");
        }
    }
}
