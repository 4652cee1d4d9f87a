use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::sum::{Sum, digits};
use crate::{amount::Exact, row::Place};

/// A row of a delivered file, so that a person can look at it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SourceRow {
    /// The file, by the name under which it was read.
    #[serde(with = "shared_text")]
    pub file: Arc<str>,
    /// Data row, from 1.
    pub row: u64,
    /// Line of a text file, from 1; absent in Parquet.
    pub line: Option<u64>,
    /// What the source calls the line (identity/LineItemId), cut to 64 bytes.
    pub source_line_id: Option<Box<str>>,
}

/// Where a row that is being counted stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct At<'l> {
    pub(crate) file: &'l Arc<str>,
    pub(crate) place: Place,
    pub(crate) source_line_id: Option<&'l str>,
}

impl At<'_> {
    pub(crate) fn source_row(self) -> SourceRow {
        const MOST: usize = 64;
        let cut = |id: &str| id[..id.floor_char_boundary(MOST)].into();
        SourceRow {
            file: Arc::clone(self.file),
            row: self.place.row,
            line: self.place.line,
            source_line_id: self.source_line_id.map(cut),
        }
    }
}

/// The first few rows, by file and row: the same whatever the order in which they are seen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Examples<const MOST: usize = 3>(Vec<SourceRow>);

impl<const MOST: usize> Examples<MOST> {
    pub(crate) fn add(&mut self, at: At) {
        // Rows of a file come in order: once full, the rest is later.
        let later = |last: &SourceRow| last.file == *at.file && last.row <= at.place.row;
        if self.0.len() < MOST || !self.0.last().is_some_and(later) {
            self.insert(at.source_row());
        }
    }

    pub(crate) fn join(&mut self, other: Self) {
        other.0.into_iter().for_each(|row| self.insert(row));
    }

    pub(crate) fn rows(&self) -> &[SourceRow] {
        &self.0
    }

    fn insert(&mut self, row: SourceRow) {
        if let Err(place) = self.0.binary_search(&row) {
            self.0.insert(place, row);
            self.0.truncate(MOST);
        }
    }
}

/// Rows, their sum and the first of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tally<const MOST: usize = 3> {
    pub(crate) rows: u64,
    pub(crate) sum: Sum,
    /// The most fractional digits of an amount.
    pub(crate) digits: u8,
    pub(crate) examples: Examples<MOST>,
}

impl<const MOST: usize> Tally<MOST> {
    pub(crate) fn add(&mut self, amount: Exact, at: At) {
        self.rows += 1;
        self.sum.add(amount);
        self.digits = digits(amount, self.digits);
        self.examples.add(at);
    }

    pub(crate) fn merge(&mut self, other: Self) {
        self.rows = self.rows.saturating_add(other.rows);
        self.sum.join(other.sum);
        self.digits = self.digits.max(other.digits);
        self.examples.join(other.examples);
    }
}

mod shared_text {
    use std::sync::Arc;

    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(
        text: &Arc<str>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(text)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Arc<str>, D::Error> {
        String::deserialize(deserializer).map(Arc::from)
    }
}
