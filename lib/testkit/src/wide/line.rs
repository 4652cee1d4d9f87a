use super::columns::{PIECES, PRODUCT, PRODUCT_AT, TAGS, TAGS_AT};

/// One line in the making: pieces of text by column. It is cleared and filled again.
pub(super) struct Line {
    text: Vec<u8>,
    pieces: [(usize, usize); PIECES],
}

/// A number in 10^-10 of its unit: what AWS writes has no more digits.
pub(super) type Tiny = i64;

/// One.
pub(super) const UNIT: Tiny = 10_000_000_000;

impl Line {
    pub(super) fn new() -> Self {
        Self {
            text: Vec::new(),
            pieces: [(0, 0); PIECES],
        }
    }

    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.pieces = [(0, 0); PIECES];
    }

    /// A text without comma, quote and line feed, or one that is quoted already.
    pub(super) fn set(&mut self, piece: usize, text: &str) {
        let start = self.text.len();
        self.text.extend_from_slice(text.as_bytes());
        self.pieces[piece] = (start, self.text.len());
    }

    /// A number, as Java writes a double.
    pub(super) fn number(&mut self, piece: usize, value: Tiny) {
        let start = self.text.len();
        push_number(&mut self.text, value);
        self.pieces[piece] = (start, self.text.len());
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        for (at, &(start, end)) in self.pieces.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            out.extend_from_slice(&self.text[start..end]);
            // A piece that nobody set is so many empty cells.
            let missing = match at {
                PRODUCT_AT if start == end => PRODUCT.len() - 1,
                TAGS_AT if start == end => TAGS.len() - 1,
                _ => 0,
            };
            out.extend(std::iter::repeat_n(b',', missing));
        }
        out.push(b'\n');
    }
}

/// Some cells with commas between them, quoted where they must be.
pub(super) fn cells(values: &[String]) -> String {
    let quoted: Vec<String> = values.iter().map(|value| cell(value)).collect();
    quoted.join(",")
}

/// A cell, quoted where it must be.
pub(super) fn cell(value: &str) -> String {
    if value.contains([',', '"', '\n']) {
        format!("\"{}\"", value.replace('"', "\"\""))
    } else {
        value.to_owned()
    }
}

/// `0.0116`, `12.0`, and below a thousandth `4.0E-7`.
pub(super) fn push_number(out: &mut Vec<u8>, value: Tiny) {
    const LEAST_PLAIN: u64 = UNIT.unsigned_abs() / 1000;
    if value < 0 {
        out.push(b'-');
    }
    let value = value.unsigned_abs();
    let mut buffer = [b'0'; 20];
    let mut from = buffer.len();
    let mut rest = value;
    while rest > 0 || from > buffer.len() - 11 {
        from -= 1;
        buffer[from] = b'0' + u8::try_from(rest % 10).unwrap_or(0);
        rest /= 10;
    }
    let digits = &buffer[from..];
    if value == 0 || value >= LEAST_PLAIN {
        let (whole, fraction) = digits.split_at(digits.len() - 10);
        out.extend_from_slice(whole);
        push_fraction(out, fraction);
        return;
    }
    let leading = digits.iter().take_while(|digit| **digit == b'0').count();
    out.push(digits[leading]);
    push_fraction(out, &digits[leading + 1..]);
    out.extend_from_slice(format!("E-{leading}").as_bytes());
}

/// The point and what follows it: at least one digit, and no zeros behind.
fn push_fraction(out: &mut Vec<u8>, digits: &[u8]) {
    let zeros = digits.iter().rev().take_while(|d| **d == b'0').count();
    out.push(b'.');
    match &digits[..digits.len() - zeros] {
        [] => out.push(b'0'),
        some => out.extend_from_slice(some),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_aws_writes_them() {
        for (value, text) in [
            (0, "0.0"),
            (UNIT, "1.0"),
            (-12 * UNIT, "-12.0"),
            (116_000_000, "0.0116"),
            (10_000_000, "0.001"),
            (9_999_999, "9.999999E-4"),
            (4000, "4.0E-7"),
            (52, "5.2E-9"),
            (-1, "-1.0E-10"),
            (123_456_789 * UNIT + 1, "123456789.0000000001"),
        ] {
            let mut out = Vec::new();
            push_number(&mut out, value);
            assert_eq!(String::from_utf8(out).unwrap(), text);
        }
    }
}
