//! Cells that hold a JSON object of texts: tags, product attributes, discounts.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize,
    de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor},
};
use serde_json::{Value, value::RawValue};

use crate::{cells::Cells, rejection::Rejection};

/// Most entries of one cell.
pub(crate) const MAX_ENTRIES: usize = 1_000;

/// Why a cell is no map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MapError {
    /// Not one JSON object. Entries before the fault have been handed out.
    NoObject,
    /// More than [`MAX_ENTRIES`].
    TooManyEntries,
}

/// Hands out each key and value as it stands: of a number every digit. Nested values are handed out
/// as JSON writes them, null as nothing. Allocates only for keys with escapes and for nested values.
pub(crate) fn for_each(text: &str, mut take: impl FnMut(&str, &str)) -> Result<(), MapError> {
    let text = text.trim();
    if text == "{}" {
        return Ok(());
    }
    let mut entries = Entries {
        take: &mut take,
        count: 0,
    };
    let mut json = serde_json::Deserializer::from_str(text);
    let read = json.deserialize_map(&mut entries).and_then(|()| json.end());
    match read {
        Ok(()) => Ok(()),
        Err(_) if entries.count > MAX_ENTRIES => Err(MapError::TooManyEntries),
        Err(_) => Err(MapError::NoObject),
    }
}

/// The rejection of a cell with more than [`MAX_ENTRIES`].
pub(crate) fn too_many(cells: &Cells, index: usize) -> Rejection {
    let detail = format!(
        "The cell has more than {MAX_ENTRIES} entries; AWS allows 50 tags a resource, Azure 50, \
         Google 64"
    );
    cells.reject(index, "too-many-tags", detail)
}

struct Entries<'t, F> {
    take: &'t mut F,
    count: usize,
}

impl<'de, F: FnMut(&str, &str)> Visitor<'de> for &mut Entries<'_, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<(), M::Error> {
        while let Some(key) = map.next_key_seed(Key)? {
            self.count += 1;
            if self.count > MAX_ENTRIES {
                return Err(M::Error::custom("too many entries"));
            }
            let take = &mut *self.take;
            map.next_value_seed(Entry { key: &key, take })?;
        }
        Ok(())
    }
}

struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E: Error>(self, key: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(key))
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(key.to_owned()))
    }
}

/// The value of a key.
struct Entry<'t, F> {
    key: &'t str,
    take: &'t mut F,
}

impl<'de, F: FnMut(&str, &str)> DeserializeSeed<'de> for Entry<'_, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        let written = <&RawValue>::deserialize(json)?.get();
        let value = value(written).map_err(D::Error::custom)?;
        (self.take)(self.key, &value);
        Ok(())
    }
}

/// A number is not read: as a double it would lose digits, and some are money.
fn value(written: &str) -> serde_json::Result<Cow<'_, str>> {
    match written.as_bytes().first() {
        Some(b'"') => Key.deserialize(&mut serde_json::Deserializer::from_str(written)),
        Some(b'{' | b'[') => {
            let nested: Value = serde_json::from_str(written)?;
            Ok(Cow::Owned(nested.to_string()))
        }
        Some(b'n') => Ok(Cow::Borrowed("")),
        _ => Ok(Cow::Borrowed(written)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<String>, MapError> {
        let mut entries = Vec::new();
        for_each(text, |key, value| entries.push(format!("{key}={value}"))).map(|()| entries)
    }

    #[test]
    fn entries_come_as_they_stand() {
        let text = r#" {"b":"x","A":"","user_Team":"a\"b\u00e9","k\ney":null,"n":1.5,"t":true,
            "o":{"z":[1,"2"]},"b":"y"} "#;
        assert_eq!(
            read(text).unwrap(),
            [
                "b=x",
                "A=",
                "user_Team=a\"bé",
                "k\ney=",
                "n=1.5",
                "t=true",
                "o={\"z\":[1,\"2\"]}",
                "b=y"
            ]
        );
        assert_eq!(read("{}"), Ok(Vec::new()));
        assert_eq!(read("{ }"), Ok(Vec::new()));
    }

    #[test]
    fn numbers_keep_every_digit() {
        assert_eq!(
            read(r#"{"a":-0.123456789012345678,"b":123456789012345678901,"c":1.50}"#).unwrap(),
            [
                "a=-0.123456789012345678",
                "b=123456789012345678901",
                "c=1.50"
            ]
        );
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for text in [
            "",
            "[]",
            "\"a\"",
            "1",
            "{\"a\":}",
            "{\"a\":\"b\"",
            "{1:2}",
            "{}{}",
            "{a=b}",
        ] {
            assert_eq!(read(text), Err(MapError::NoObject), "{text}");
        }
        let deep = format!("{{\"a\":{}", "[".repeat(100_000));
        assert_eq!(read(&deep), Err(MapError::NoObject));
    }

    #[test]
    fn a_thousand_entries_and_not_one_more() {
        let map = |count: usize| {
            let entries: Vec<String> = (0..count).map(|n| format!("\"k{n}\":\"v\"")).collect();
            format!("{{{}}}", entries.join(","))
        };
        assert_eq!(read(&map(1_000)).unwrap().len(), 1_000);
        assert_eq!(read(&map(1_001)), Err(MapError::TooManyEntries));
        assert_eq!(read(&map(100_000)), Err(MapError::TooManyEntries));
    }
}
