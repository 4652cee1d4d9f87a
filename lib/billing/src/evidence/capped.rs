//! Sums by key within a number of bytes: past it a family of sums says that it is not complete.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

/// Sums that can be added to others of their key.
pub(crate) trait Entry: Default {
    fn join(&mut self, other: Self);

    /// Memory it takes, near enough; told by the keys in it alone, so that a cap falls alike
    /// whatever the order in which sums are joined.
    fn bytes(&self) -> usize {
        size_of::<Self>() + EXAMPLE_BYTES
    }
}

/// What the examples of an entry take beside it.
const EXAMPLE_BYTES: usize = 256;

/// Sums by key, or nothing at all: a part of them would prove nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Capped<V> {
    Within(BTreeMap<String, V>),
    Beyond,
}

/// The most bytes of one family of sums of one bill.
pub(crate) const LIMIT: usize = 32 * 1024 * 1024;

impl<V> Default for Capped<V> {
    fn default() -> Self {
        Self::Within(BTreeMap::new())
    }
}

impl<V: Entry> Capped<V> {
    /// Adds the sums of both: associative and commutative, the cap included.
    pub(crate) fn join(&mut self, other: Self) {
        let (Self::Within(mine), Self::Within(others)) = (&mut *self, other) else {
            *self = Self::Beyond;
            return;
        };
        for (key, value) in others {
            match mine.get_mut(&key) {
                Some(known) => known.join(value),
                None => {
                    mine.insert(key, value);
                }
            }
        }
        if !self.fits() {
            *self = Self::Beyond;
        }
    }

    /// Whether what is here is within the cap.
    pub(crate) fn fits(&self) -> bool {
        match self {
            Self::Within(entries) => entries.iter().map(weight).sum::<usize>() <= LIMIT,
            Self::Beyond => true,
        }
    }

    /// The sums; `None` when there were too many.
    pub(crate) fn entries(&self) -> Option<&BTreeMap<String, V>> {
        match self {
            Self::Within(entries) => Some(entries),
            Self::Beyond => None,
        }
    }
}

fn weight<V: Entry>((key, value): (&String, &V)) -> usize {
    key.len() + value.bytes()
}

/// The texts of a key, one behind the other. Cells never hold a NUL.
pub(crate) fn key<'k>(buffer: &'k mut String, parts: &[&str]) -> &'k str {
    buffer.clear();
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            buffer.push(SEPARATOR);
        }
        buffer.push_str(part);
    }
    buffer
}

/// The texts of which a key was made; missing ones are empty.
pub(crate) fn parts<const N: usize>(key: &str) -> [&str; N] {
    let mut parts = key.split(SEPARATOR);
    std::array::from_fn(|_| parts.next().unwrap_or_default())
}

const SEPARATOR: char = '\0';

/// Memory that all tables of a reading share.
#[derive(Debug)]
pub(crate) struct Budget(usize);

impl Budget {
    pub(crate) const fn new() -> Self {
        Self(LIMIT)
    }

    pub(crate) fn take(&mut self, bytes: usize) -> bool {
        match self.0.checked_sub(bytes) {
            Some(left) => {
                self.0 = left;
                true
            }
            None => false,
        }
    }
}

/// Sums by key while rows come in. Neighbouring rows mostly share their key.
#[derive(Debug)]
pub(crate) struct Table<V> {
    entries: Vec<(Box<str>, V)>,
    index: HashMap<Box<str>, usize>,
    last: usize,
    bytes: usize,
    beyond: bool,
}

impl<V> Default for Table<V> {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            index: HashMap::new(),
            last: 0,
            bytes: 0,
            beyond: false,
        }
    }
}

impl<V: Entry> Table<V> {
    /// The sums of a key; `None` once there were too many.
    pub(crate) fn entry(&mut self, key: &str, budget: &mut Budget) -> Option<&mut V> {
        if self.beyond {
            return None;
        }
        let is_last = |(last, _): &(Box<str>, V)| **last == *key;
        if !self.entries.get(self.last).is_some_and(is_last) {
            self.last = match self.index.get(key) {
                Some(&at) => at,
                None => self.open(key, budget)?,
            };
        }
        Some(&mut self.entries[self.last].1)
    }

    /// Takes memory for something inside an entry; gives up when there is none.
    pub(crate) fn grow(&mut self, bytes: usize, budget: &mut Budget) -> Option<()> {
        if !budget.take(bytes) {
            budget.0 += self.bytes;
            *self = Self {
                beyond: true,
                ..Self::default()
            };
            return None;
        }
        self.bytes += bytes;
        Some(())
    }

    /// The sums so far.
    pub(crate) fn values(&self) -> impl Iterator<Item = &V> {
        self.entries.iter().map(|(_, value)| value)
    }

    /// The sums by key; `rename` gives each key its final form.
    pub(crate) fn finish(self, rename: impl Fn(&str) -> String) -> Capped<V> {
        if self.beyond {
            return Capped::Beyond;
        }
        let entries = self.entries.into_iter();
        Capped::Within(entries.map(|(key, value)| (rename(&key), value)).collect())
    }

    fn open(&mut self, key: &str, budget: &mut Budget) -> Option<usize> {
        let value = V::default();
        self.grow(2 * key.len() + value.bytes(), budget)?;
        let at = self.entries.len();
        self.entries.push((key.into(), value));
        self.index.insert(key.into(), at);
        Some(at)
    }
}
