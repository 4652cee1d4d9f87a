//! What FOCUS demands of a single row. A violation is told with the rule's id, a count and the
//! first example; it is never a reason to refuse a bill: AWS's own exports break several.
//!
//! The ids are those of the machine-readable requirements of FOCUS 1.2; where 1.4 replaced a
//! column, its successor is checked. Two sets of FOCUS 1.4 that have no ids there are ours:
//! `json-shape` and `odd-billing-period`.
//!
//! A row is boiled down to its [`Pattern`]: which columns hold a value, and which [`Fact`]s hold.
//! What a pattern violates follows from the pattern alone, and bills have few patterns: rows are
//! counted per pattern, and only a new one is held against the table.
//!
//! [`Fact`]: facts::Fact

mod facts;
mod numbers;
mod requirement;
mod shapes;
mod table;
#[cfg(test)]
mod tests;
mod values;

use std::mem;

use self::{facts::Facts, requirement::Requirement, table::MANDATORY};
use crate::{
    report::Warning,
    row::{FocusRow, Place},
};

#[cfg(test)]
pub(crate) use self::values::fits;
pub(crate) use self::{
    table::{CONDITIONAL, REQUIREMENTS},
    values::{ALLOWED, Allowed, is_national_currency},
};

/// Counts what the rows of one file violate.
#[derive(Debug)]
pub(crate) struct Requirements {
    facts: Facts,
    patterns: Vec<Counted>,
    tallies: Vec<Tally>,
    /// Columns that held a value in some row.
    seen: u128,
}

/// What the requirements look at in a row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Pattern {
    /// Bit by [`Column::position`](crate::columns::Column::position): it holds a value.
    filled: u128,
    /// Bit by [`Fact`](facts::Fact): it holds.
    facts: u64,
}

/// A pattern, and the rows that had it since it took its slot.
#[derive(Debug, Clone, Copy, Default)]
struct Counted {
    pattern: Pattern,
    rows: u64,
}

#[derive(Debug, Clone, Default)]
struct Tally {
    count: u64,
    first: Option<(Place, String)>,
}

/// Slots for patterns: a bill has dozens, and one that loses its slot is counted first.
const SLOTS: usize = 256;

impl Default for Requirements {
    fn default() -> Self {
        Self {
            facts: Facts::default(),
            patterns: vec![Counted::default(); SLOTS],
            tallies: vec![Tally::default(); REQUIREMENTS.len()],
            seen: 0,
        }
    }
}

impl Requirements {
    /// Takes a row into account.
    pub(crate) fn check(&mut self, row: &FocusRow) {
        let filled = row.filled() & table::RELEVANT;
        let facts = self.facts.of(row, filled);
        let pattern = Pattern { filled, facts };
        let slot = pattern.slot();
        if self.patterns[slot].pattern != pattern || self.patterns[slot].rows == 0 {
            let fresh = Counted { pattern, rows: 0 };
            let previous = mem::replace(&mut self.patterns[slot], fresh);
            self.settle(previous);
            self.keep_examples(pattern, row);
        }
        self.patterns[slot].rows += 1;
    }

    /// What was violated. `listed`: the FOCUS columns that the file names in its header, as bits by
    /// [`Column::position`](crate::columns::Column::position); none in other formats.
    ///
    /// A column that the file has nowhere is not missed in every row: a conditional column because
    /// the provider may not support what it is for, any other because one word about the header
    /// says more.
    pub(crate) fn finish(mut self, listed: u128) -> Vec<Warning> {
        for counted in mem::take(&mut self.patterns) {
            self.settle(counted);
        }
        let expected = self.seen | (listed & !CONDITIONAL);
        let found = REQUIREMENTS.iter().zip(self.tallies);
        let violated = found
            .filter(|(requirement, _)| requirement.column.bit() & expected != 0)
            .filter_map(|(requirement, tally)| tally.warning(requirement));
        missing_columns(listed)
            .into_iter()
            .chain(violated)
            .collect()
    }

    fn settle(&mut self, counted: Counted) {
        if counted.rows == 0 {
            return;
        }
        self.seen |= counted.pattern.filled;
        for (requirement, tally) in REQUIREMENTS.iter().zip(&mut self.tallies) {
            if requirement.is_violated(counted.pattern) {
                tally.count += counted.rows;
            }
        }
    }

    fn keep_examples(&mut self, pattern: Pattern, row: &FocusRow) {
        for (requirement, tally) in REQUIREMENTS.iter().zip(&mut self.tallies) {
            if tally.first.is_none() && requirement.is_violated(pattern) {
                tally.first = Some((row.place, requirement.explain(row)));
            }
        }
    }
}

/// The columns that every FOCUS file has to have and this one has not, in one warning.
fn missing_columns(listed: u128) -> Option<Warning> {
    if listed == 0 {
        return None;
    }
    let missing = MANDATORY.iter().filter(|column| column.bit() & listed == 0);
    let names: Vec<&str> = missing.map(|column| column.name()).collect();
    (!names.is_empty()).then(|| Warning {
        rule: "missing-columns",
        detail: format!(
            "FOCUS demands these columns in every file: {}",
            names.join(", ")
        ),
        count: u64::try_from(names.len()).unwrap_or(u64::MAX),
        row: None,
        line: None,
        column: None,
    })
}

impl Pattern {
    fn slot(self) -> usize {
        // The halves are folded into one word, and its best mixed bits are taken.
        const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
        #[expect(clippy::cast_possible_truncation, reason = "both halves are wanted")]
        let (low, high) = (self.filled as u64, (self.filled >> 64) as u64);
        let mixed = (low ^ high.rotate_left(32)).wrapping_mul(ODD) ^ self.facts;
        let mixed = mixed.wrapping_mul(ODD) >> (u64::BITS - SLOTS.ilog2());
        usize::try_from(mixed).unwrap_or_default()
    }
}

impl Tally {
    fn warning(self, requirement: &Requirement) -> Option<Warning> {
        let (place, detail) = self.first?;
        Some(Warning {
            rule: requirement.id,
            detail,
            count: self.count,
            row: Some(place.row),
            line: place.line,
            column: Some(requirement.column.name().into()),
        })
    }
}
