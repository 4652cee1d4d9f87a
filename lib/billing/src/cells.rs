use jiff::Timestamp;
use outlay_core::MoneyError;

use crate::{
    amount::Exact,
    csv::Span,
    rejection::{Rejection, quote},
    row::Place,
    time,
};

/// The cells of one data row, as text. A view: nothing is copied.
pub(crate) struct Cells<'r> {
    /// The record as it stands in memory.
    pub(crate) text: &'r str,
    /// Where each cell stands in it.
    pub(crate) spans: &'r [Span],
    /// Names as the file writes them.
    pub(crate) header: &'r [String],
    pub(crate) place: Place,
}

impl<'r> Cells<'r> {
    /// The text of a cell. Empty, and the bare word NULL that several exporters write, are null.
    pub(crate) fn get(&self, index: usize) -> Option<&'r str> {
        let span = self.spans.get(index)?;
        if span.start() == span.end() {
            return None;
        }
        let text = self.text.get(span.start()..span.end())?;
        (!matches!(text, "NULL" | "null")).then_some(text)
    }

    pub(crate) fn amount(&self, index: usize) -> Result<Option<Exact>, Rejection> {
        let Some(text) = self.get(index) else {
            return Ok(None);
        };
        let value = Exact::parse(text).map_err(|error| {
            let (rule, advice) = explain(error, text);
            self.reject(index, rule, format!("{} {advice}", quote(text)))
        })?;
        Ok(Some(value))
    }

    pub(crate) fn time(&self, index: usize) -> Result<Option<Timestamp>, Rejection> {
        let Some(text) = self.get(index) else {
            return Ok(None);
        };
        let instant = time::parse(text).ok_or_else(|| {
            let detail = format!(
                "{} is not a date between 1970 and 9998; write it as 2026-11-30T23:00:00Z",
                quote(text)
            );
            self.reject(index, "bad-date", detail)
        })?;
        Ok(Some(instant))
    }

    /// The text of an account id. A spreadsheet's `1.23E+11` has lost its digits: refused.
    pub(crate) fn account(&self, index: usize) -> Result<Option<&'r str>, Rejection> {
        let Some(text) = self.get(index) else {
            return Ok(None);
        };
        if is_scientific(text) {
            let detail = format!(
                "{} is an account id that a spreadsheet has shortened; export the file again and \
                 upload it without opening it in a spreadsheet",
                quote(text)
            );
            return Err(self.reject(index, "scientific-account-id", detail));
        }
        Ok(Some(text))
    }

    pub(crate) fn reject(&self, index: usize, rule: &'static str, detail: String) -> Rejection {
        let name = self.header.get(index).map_or("", String::as_str);
        Rejection::new(rule, detail).at(self.place).column(name)
    }
}

pub(crate) fn explain(error: MoneyError, text: &str) -> (&'static str, &'static str) {
    const SIGNS: [char; 6] = ['$', '€', '£', '¥', '₹', '₽'];
    match error {
        MoneyError::Separators => (
            "thousands-separator",
            "groups digits or uses a decimal comma; write digits and one decimal point, like 1234.56",
        ),
        MoneyError::Overflow => (
            "overflow",
            "has more than 20 digits before the decimal point",
        ),
        MoneyError::TooPrecise => (
            "too-precise",
            "has more than 36 digits after the decimal point",
        ),
        MoneyError::NotANumber if text.contains('\u{2212}') => (
            "bad-number",
            "uses the typographic minus U+2212; write the ASCII hyphen, like -5",
        ),
        MoneyError::NotANumber if text.contains(SIGNS) => (
            "bad-number",
            "carries a currency sign; write the number alone",
        ),
        MoneyError::NotANumber if text.starts_with('(') => (
            "bad-number",
            "writes a negative number in parentheses; write it as -5",
        ),
        MoneyError::NotANumber => ("bad-number", "is not a decimal number"),
    }
}

/// Digits, a point or none, an exponent: never an account id of any provider.
fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else {
        return false;
    };
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let signed = exponent.strip_prefix(['+', '-']);
    let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, "0"));
    // `12E34` without sign or point may be a real id of another provider.
    digits(whole)
        && digits(fraction)
        && digits(signed.unwrap_or(exponent))
        && (signed.is_some() || mantissa.contains(['.', ',']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str, read: impl Fn(&Cells) -> Option<Rejection>) -> Option<Rejection> {
        read(&Cells {
            text,
            spans: &[Span::new(0, text.len())],
            header: &["BilledCost".into()],
            place: Place {
                row: 7,
                line: Some(8),
            },
        })
    }

    #[test]
    fn a_bad_amount_names_its_place_and_the_cure() {
        for (text, rule) in [
            ("1,234.56", "thousands-separator"),
            ("1234,56", "thousands-separator"),
            ("\u{2212}5", "bad-number"),
            ("$5", "bad-number"),
            ("(5)", "bad-number"),
            ("NaN", "bad-number"),
            ("Infinity", "bad-number"),
            ("1e99", "overflow"),
            ("1e-40", "too-precise"),
        ] {
            let rejection = one(text, |c| c.amount(0).err()).unwrap();
            assert_eq!(rejection.rule, rule, "{text}");
            assert_eq!((rejection.row, rejection.line), (Some(7), Some(8)));
            assert_eq!(rejection.column.as_deref(), Some("BilledCost"));
            assert!(rejection.detail.starts_with(&quote(text)), "{rejection}");
        }
    }

    #[test]
    fn shortened_account_ids_are_told_from_real_ones() {
        for bad in ["1.23E+11", "1.23456789012E11", "1E+11", "1,23E+11"] {
            let rejection = one(bad, |c| c.account(0).err()).unwrap();
            assert_eq!(rejection.rule, "scientific-account-id", "{bad}");
        }
        for good in [
            "012345678901",
            "01A2B3-C4D5E6-F70819",
            "12E34",
            "Enterprise",
            "E",
            "8a1b2c3d",
        ] {
            assert_eq!(one(good, |c| c.account(0).err()), None, "{good}");
        }
    }

    #[test]
    fn null_has_three_spellings() {
        for text in ["", "NULL", "null"] {
            assert_eq!(one(text, |c| c.amount(0).err()), None);
        }
        assert_eq!(
            one("Null", |c| c.amount(0).err()).unwrap().rule,
            "bad-number"
        );
    }
}
