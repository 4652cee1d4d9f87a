use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use crate::same::is_same;

/// The values of one column of a row group: each distinct one once, and a code per row.
#[derive(Debug, Default)]
pub(super) struct Values {
    /// Distinct values as Parquet's encoding PLAIN writes them, one behind the other.
    plain: Vec<u8>,
    /// Where each of them ends.
    ends: Vec<u32>,
    /// A code per row; the nulls after the last value are added at the end.
    codes: Vec<u32>,
    nulls: usize,
    /// Texts stand behind their length; numbers have a fixed one.
    texts: bool,
    /// The column had hardly two equal values: none is looked for.
    distinct: bool,
    known: HashTable<u32>,
    hasher: DefaultHashBuilder,
    /// Neighbouring rows mostly agree: the code of the last value, and where it stands.
    last: u32,
    last_at: (usize, usize),
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

    /// Sets the value of a row behind all others, null in the rows between; returns how much
    /// memory that took.
    pub(super) fn push(&mut self, row: usize, value: &[u8]) -> usize {
        let before = self.plain.len();
        self.fill(row);
        let code = self.code(value);
        self.codes.push(code);
        size_of::<u32>() + self.plain.len() - before
    }

    /// Makes the rows up to here null that have no value.
    pub(super) fn fill(&mut self, rows: usize) {
        if self.codes.len() < rows {
            self.nulls += rows - self.codes.len();
            self.codes.resize(rows, NULL);
        }
    }

    /// A code per row, as far as they are filled.
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

    /// Empties it, keeps its memory and expects more rows of their kind.
    pub(super) fn clear(&mut self) {
        self.distinct = self.is_distinct();
        self.plain.clear();
        self.ends.clear();
        self.codes.clear();
        self.known.clear();
        (self.nulls, self.last, self.last_at) = (0, 0, (0, 0));
    }

    fn code(&mut self, value: &[u8]) -> u32 {
        let (start, end) = self.last_at;
        if !self.ends.is_empty() && is_same(&self.plain[start..end], value) {
            return self.last;
        }
        self.last = if self.distinct {
            self.add(value)
        } else {
            self.find_or_add(value)
        };
        let end = self.ends[self.last as usize] as usize;
        self.last_at = (end - value.len(), end);
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
                for (at, row) in rows.iter().enumerate() {
                    if let Some(text) = row {
                        values.push(at, text.as_bytes());
                    }
                }
                values.fill(rows.len());
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
