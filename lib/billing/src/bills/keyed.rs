use std::collections::HashMap;

use crate::rejection::Rejection;

/// Sums by the texts that they have in common. A row like the one before allocates nothing.
#[derive(Debug)]
pub(super) struct Keyed<V> {
    /// What is summed, for people.
    what: &'static str,
    at: HashMap<Box<[u8]>, usize>,
    entries: Vec<V>,
    /// Reused from row to row.
    key: Vec<u8>,
    last_key: Vec<u8>,
    last: usize,
}

impl<V> Keyed<V> {
    /// Most sums of a bill. AWS bills have a handful of invoices a month and a few thousand
    /// commitments.
    const MAX: usize = 100_000;

    pub(super) fn new(what: &'static str) -> Self {
        Self {
            what,
            at: HashMap::new(),
            entries: Vec::new(),
            key: Vec::new(),
            last_key: Vec::new(),
            last: usize::MAX,
        }
    }

    /// The sum of these texts, made where there is none yet.
    pub(super) fn entry(
        &mut self,
        texts: &[Option<&str>],
        make: impl FnOnce() -> V,
    ) -> Result<&mut V, Rejection> {
        self.key.clear();
        for text in texts {
            // The length first: two lists of texts never give the same bytes.
            let length = text.map_or(usize::MAX, str::len);
            self.key.extend_from_slice(&length.to_le_bytes());
            self.key
                .extend_from_slice(text.unwrap_or_default().as_bytes());
        }
        if self.last == usize::MAX || self.key != self.last_key {
            self.last = match self.at.get(self.key.as_slice()) {
                Some(&at) => at,
                None => self.insert(self.key.as_slice().into(), make())?,
            };
            std::mem::swap(&mut self.key, &mut self.last_key);
        }
        Ok(&mut self.entries[self.last])
    }

    /// Adds the sums of other rows.
    pub(super) fn merge(
        &mut self,
        other: Self,
        mut add: impl FnMut(&mut V, V) -> Result<(), Rejection>,
    ) -> Result<(), Rejection> {
        let mut keys: Vec<(Box<[u8]>, usize)> = other.at.into_iter().collect();
        keys.sort_by_key(|(_, at)| *at);
        for ((key, _), value) in keys.into_iter().zip(other.entries) {
            match self.at.get(&key) {
                Some(&at) => add(&mut self.entries[at], value)?,
                None => {
                    self.insert(key, value)?;
                }
            }
        }
        Ok(())
    }

    /// The sums in an order that does not depend on that of the rows.
    pub(super) fn sorted(&self) -> Vec<&V>
    where
        V: Ord,
    {
        let mut entries: Vec<&V> = self.entries.iter().collect();
        entries.sort();
        entries
    }

    fn insert(&mut self, key: Box<[u8]>, value: V) -> Result<usize, Rejection> {
        let at = self.entries.len();
        if at == Self::MAX {
            let detail = format!("More than {} {} in one bill", Self::MAX, self.what);
            return Err(Rejection::new("too-many-combinations", detail));
        }
        self.entries.push(value);
        self.at.insert(key, at);
        Ok(at)
    }
}
