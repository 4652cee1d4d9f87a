use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher;

/// The values of one column of a row group: each distinct one once, and a code per row.
#[derive(Debug, Default)]
pub(super) struct Values {
    /// Distinct values as Parquet's encoding PLAIN writes them, one behind the other.
    plain: Vec<u8>,
    /// Where each of them ends.
    ends: Vec<u32>,
    codes: Vec<u32>,
    nulls: usize,
    /// Texts stand behind their length; numbers have a fixed one.
    texts: bool,
    /// The column had hardly two equal values: none is looked for.
    distinct: bool,
    known: HashTable<u32>,
    hasher: DefaultHashBuilder,
    /// Neighbouring rows mostly agree.
    last: u32,
}

/// The code of null.
pub(super) const NULL: u32 = u32::MAX;

/// Bytes of the length before a text.
const LENGTH: usize = 4;

impl Values {
    pub(super) fn of_texts() -> Self {
        Self {
            texts: true,
            ..Self::default()
        }
    }

    pub(super) fn of_numbers() -> Self {
        Self::default()
    }

    /// Adds the value of the next row and returns how much memory that took.
    pub(super) fn push(&mut self, value: Option<&[u8]>) -> usize {
        let before = self.plain.len();
        let code = match value {
            None => {
                self.nulls += 1;
                NULL
            }
            Some(value) => self.code(value),
        };
        self.codes.push(code);
        size_of::<u32>() + self.plain.len() - before
    }

    /// A code per row.
    pub(super) fn codes(&self) -> &[u32] {
        &self.codes
    }

    pub(super) fn nulls(&self) -> usize {
        self.nulls
    }

    /// How many distinct values.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether hardly two values are equal, so that a dictionary would only add to them.
    pub(super) fn is_distinct(&self) -> bool {
        self.len() > 256 && self.len() * 2 > self.codes.len() - self.nulls
    }

    /// All distinct values in encoding PLAIN, by code.
    pub(super) fn dictionary(&self) -> &[u8] {
        &self.plain
    }

    /// A value in encoding PLAIN.
    pub(super) fn plain(&self, code: u32) -> &[u8] {
        let code = code as usize;
        let start = match code {
            0 => 0,
            _ => self.ends[code - 1] as usize,
        };
        &self.plain[start..self.ends[code] as usize]
    }

    /// A value.
    pub(super) fn value(&self, code: u32) -> &[u8] {
        let plain = self.plain(code);
        if self.texts { &plain[LENGTH..] } else { plain }
    }

    /// Expects rows like those of another row group.
    pub(super) fn follow(&mut self, other: &Self) {
        self.distinct = other.is_distinct();
    }

    /// Empties it and keeps its memory.
    pub(super) fn clear(&mut self) {
        self.plain.clear();
        self.ends.clear();
        self.codes.clear();
        self.known.clear();
        (self.nulls, self.last) = (0, 0);
    }

    fn code(&mut self, value: &[u8]) -> u32 {
        if !self.ends.is_empty() && is_same(self.value(self.last), value) {
            return self.last;
        }
        self.last = if self.distinct {
            self.add(value)
        } else {
            self.find_or_add(value)
        };
        self.last
    }

    fn find_or_add(&mut self, value: &[u8]) -> u32 {
        let hash = self.hasher.hash_one(value);
        if let Some(&code) = self
            .known
            .find(hash, |&code| is_same(self.value(code), value))
        {
            return code;
        }
        let code = self.add(value);
        let (plain, ends, texts, hasher) = (&self.plain, &self.ends, self.texts, &self.hasher);
        self.known.insert_unique(hash, code, |&code| {
            let code = code as usize;
            let start = if code == 0 {
                0
            } else {
                ends[code - 1] as usize
            };
            let skip = if texts { LENGTH } else { 0 };
            hasher.hash_one(&plain[start + skip..ends[code] as usize])
        });
        code
    }

    fn add(&mut self, value: &[u8]) -> u32 {
        if self.texts {
            self.plain.extend(number(value.len()).to_le_bytes());
        }
        self.plain.extend_from_slice(value);
        self.ends.push(number(self.plain.len()));
        number(self.ends.len() - 1)
    }
}

/// Equality that mostly needs no call: most cells are short, or differ where they begin or end.
fn is_same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let ends = |bytes: &[u8]| Some((*bytes.first_chunk::<8>()?, *bytes.last_chunk::<8>()?));
    match (ends(a), ends(b)) {
        (Some(a_ends), Some(b_ends)) => a_ends == b_ends && (a.len() <= 16 || a == b),
        _ => a.iter().zip(b).all(|(a, b)| a == b),
    }
}

/// A cell has at most 1 MiB, and a row group is written long before it takes 4 GiB.
pub(super) fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn codes_lead_back_to_values(
            groups in proptest::collection::vec(
                proptest::collection::vec(proptest::option::of("[ab]{0,9}"), 0..600),
                1..3,
            ),
        ) {
            let mut values = Values::of_texts();
            let mut before = Values::of_texts();
            for rows in groups {
                values.clear();
                values.follow(&before);
                for row in &rows {
                    values.push(row.as_ref().map(String::as_bytes));
                }
                let back: Vec<Option<String>> = values
                    .codes()
                    .iter()
                    .map(|&code| (code != NULL).then(|| values.value(code)))
                    .map(|value| value.map(|v| String::from_utf8(v.to_vec()).unwrap()))
                    .collect();
                prop_assert_eq!(values.nulls(), rows.iter().filter(|r| r.is_none()).count());
                prop_assert_eq!(back, rows);
                before = std::mem::replace(&mut values, Values::of_texts());
            }
        }
    }
}
