//! Cells that hold a list of flat records: credits and labels of the billing export. Written as
//! JSON (`TO_JSON_STRING`), or as Python prints it, which is what a data frame saved as CSV holds.

use std::borrow::Cow;

/// Most records of one cell.
const MAX_RECORDS: usize = 1_000;

/// Why a cell is no list of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RecordsError {
    /// Written otherwise.
    NoList,
    /// More than [`MAX_RECORDS`].
    TooMany,
}

/// The fields of one record: numbers as they are written, null as nothing.
pub(super) struct Record<'t> {
    fields: Vec<(Cow<'t, str>, Cow<'t, str>)>,
}

impl Record<'_> {
    pub(super) fn get(&self, key: &str) -> Option<&str> {
        let (_, value) = self.fields.iter().find(|(name, _)| name == key)?;
        Some(value).filter(|v| !v.is_empty()).map(AsRef::as_ref)
    }
}

/// Hands out each record. What was handed out before an error must not be kept.
pub(super) fn for_each<E: From<RecordsError>>(
    text: &str,
    mut take: impl FnMut(&Record) -> Result<(), E>,
) -> Result<(), E> {
    let mut scan = Scan { rest: text.trim() };
    if scan.rest == "[]" {
        return Ok(());
    }
    let list = scan.skip('[');
    let mut count = 0;
    while scan.skip('{') {
        count += 1;
        if count > MAX_RECORDS {
            return Err(RecordsError::TooMany.into());
        }
        let record = scan.record().ok_or(RecordsError::NoList)?;
        take(&record)?;
        // Printed arrays part their records by blanks alone.
        scan.skip(',');
    }
    let closed = !list || scan.skip(']');
    if !closed || !scan.rest.is_empty() || count == 0 && !list {
        return Err(RecordsError::NoList.into());
    }
    Ok(())
}

struct Scan<'t> {
    rest: &'t str,
}

impl<'t> Scan<'t> {
    /// Passes a mark and the blanks behind it.
    fn skip(&mut self, mark: char) -> bool {
        match self.rest.strip_prefix(mark) {
            Some(rest) => {
                self.rest = rest.trim_start();
                true
            }
            None => false,
        }
    }

    /// What stands between the braces, and the closing one.
    fn record(&mut self) -> Option<Record<'t>> {
        let mut fields = Vec::with_capacity(5);
        while !self.skip('}') {
            let key = self.string()?;
            if !self.skip(':') {
                return None;
            }
            fields.push((key, self.value()?));
            if !self.skip(',') && !self.rest.starts_with('}') {
                return None;
            }
        }
        Some(Record { fields })
    }

    fn value(&mut self) -> Option<Cow<'t, str>> {
        if let Some(rest) = self.rest.strip_prefix("Decimal(") {
            self.rest = rest;
            let number = self.string()?;
            return self.skip(')').then_some(number);
        }
        if self.rest.starts_with(['"', '\'']) {
            return self.string();
        }
        let end = self.rest.find([',', '}', ']', '{', '['])?;
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        match word.trim_end() {
            "null" | "None" | "nan" => Some(Cow::Borrowed("")),
            word if is_bare(word) => Some(Cow::Borrowed(word)),
            _ => None,
        }
    }

    fn string(&mut self) -> Option<Cow<'t, str>> {
        let mut chars = self.rest.char_indices();
        let (_, quote) = chars.next().filter(|(_, c)| matches!(c, '"' | '\''))?;
        let body = &self.rest[1..];
        let end = body.find([quote, '\\'])?;
        if body[end..].starts_with(quote) {
            self.rest = body[end + 1..].trim_start();
            return Some(Cow::Borrowed(&body[..end]));
        }
        self.escaped(body, quote).map(Cow::Owned)
    }

    fn escaped(&mut self, body: &'t str, quote: char) -> Option<String> {
        let mut text = String::new();
        let mut chars = body.char_indices();
        while let Some((at, c)) = chars.next() {
            if c == quote {
                self.rest = body[at + c.len_utf8()..].trim_start();
                return Some(text);
            }
            if c != '\\' {
                text.push(c);
                continue;
            }
            match chars.next()?.1 {
                'n' => text.push('\n'),
                't' => text.push('\t'),
                'r' => text.push('\r'),
                'b' => text.push('\u{8}'),
                'f' => text.push('\u{c}'),
                'x' => text.push(hex(&mut chars, 2)?),
                'u' => text.push(hex(&mut chars, 4)?),
                other => text.push(other),
            }
        }
        None
    }
}

/// A number, `true` or `False`.
fn is_bare(word: &str) -> bool {
    let bare = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'+' | b'.');
    !word.is_empty() && word.bytes().all(bare)
}

fn hex(chars: &mut std::str::CharIndices, digits: usize) -> Option<char> {
    let code = (0..digits).try_fold(0, |code, _| {
        let digit = chars.next()?.1.to_digit(16)?;
        Some(code * 16 + digit)
    })?;
    char::from_u32(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<String>, RecordsError> {
        let mut found = Vec::new();
        for_each(text, |record| {
            let fields = record.fields.iter().map(|(k, v)| format!("{k}={v}"));
            found.push(fields.collect::<Vec<_>>().join(" "));
            Ok::<(), RecordsError>(())
        })?;
        Ok(found)
    }

    #[test]
    fn records_in_json_and_as_python_prints_them() {
        for (text, expected) in [
            ("[]", vec![]),
            (" [ ] ", vec![]),
            (
                r#"[{"key":"a","value":"b"},{"key":"c","value":null}]"#,
                vec!["key=a value=b", "key=c value="],
            ),
            (
                "[{'key': 'a', 'value': \"it's\"}\n {'key': 'c', 'value': None}]",
                vec!["key=a value=it's", "key=c value="],
            ),
            (
                "[{'amount': -1.2e-05, 'id': ''}]",
                vec!["amount=-1.2e-05 id="],
            ),
            (
                "[{'amount': Decimal('-0.25'), 'ok': True}]",
                vec!["amount=-0.25 ok=True"],
            ),
            (
                r#"{"key":"a\"\\ \u00e9\n","value":"b"}"#,
                vec!["key=a\"\\ é\n value=b"],
            ),
            ("[{}]", vec![""]),
        ] {
            assert_eq!(read(text).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_list_of_flat_records_is_refused() {
        for text in [
            "",
            "x",
            "[",
            "]",
            "[{]",
            "[{}",
            "[{'a'}]",
            "[{'a':}]",
            "[{'a':1 'b':2}]",
            "[1]",
            "[{'a':{}}]",
            "[{'a':[1]}]",
            "[{'a':'b}]",
            "[{'a':'\\u12'}]",
            "[{}]x",
            "[{'a':Decimal('1'}]",
        ] {
            assert_eq!(read(text), Err(RecordsError::NoList), "{text}");
        }
        let many = format!("[{}]", "{},".repeat(1_001));
        assert_eq!(read(&many), Err(RecordsError::TooMany));
    }
}
