use jiff::Timestamp;
use outlay_core::{BillingPeriod, Decimal, money::Residue};

use crate::{
    amount::Exact,
    columns::{AmountColumn, TextColumn, TimeColumn},
};

/// One FOCUS 1.4 row. A reader fills the same row again and again: after the first few rows nothing
/// is allocated.
#[derive(Debug, Clone, Default)]
pub struct FocusRow {
    /// Where the row stands in its file.
    pub place: Place,
    /// All texts of the row, one behind the other.
    buffer: String,
    texts: Spans,
    amounts: [Option<Decimal>; AmountColumn::COUNT],
    residues: [Residue; AmountColumn::COUNT],
    times: [Option<Timestamp>; TimeColumn::COUNT],
    /// Sorted by key up to `tag_count`; what lies behind keeps its memory for later rows.
    tags: Vec<(String, String)>,
    tag_count: usize,
}

/// Where a row stands in its file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Place {
    /// Data row, from 1; 0 is the header.
    pub row: u64,
    /// Line of a text file, from 1; absent in Parquet.
    pub line: Option<u64>,
}

/// Start and end of each text in the buffer: small, because every row goes through all of them.
#[derive(Debug, Clone)]
struct Spans([(u32, u32); TextColumn::COUNT]);

impl Default for Spans {
    fn default() -> Self {
        Self([NO_TEXT; TextColumn::COUNT])
    }
}

/// An empty text is null.
const NO_TEXT: (u32, u32) = (0, 0);

impl FocusRow {
    /// The text of a column; `None` is null. Never empty.
    pub fn text(&self, column: TextColumn) -> Option<&str> {
        let (start, end) = self.texts.0[column.index()];
        if start == end {
            return None;
        }
        self.buffer.get(start as usize..end as usize)
    }

    /// The amount of a column; `None` is null.
    pub fn amount(&self, column: AmountColumn) -> Option<Decimal> {
        self.amounts[column.index()]
    }

    /// What rounding the amount of a column left over: stored + residue = source.
    pub fn residue(&self, column: AmountColumn) -> Residue {
        self.residues[column.index()]
    }

    /// The amount of a column with its residue; `None` is null.
    pub fn exact(&self, column: AmountColumn) -> Option<Exact> {
        let value = self.amount(column)?;
        let residue = self.residue(column);
        Some(Exact { value, residue })
    }

    /// The instant of a column; `None` is null.
    pub fn time(&self, column: TimeColumn) -> Option<Timestamp> {
        self.times[column.index()]
    }

    /// The tags, sorted by key; keys are verbatim, case and all.
    pub fn tags(&self) -> &[(String, String)] {
        &self.tags[..self.tag_count]
    }

    /// The columns that hold a value, each with its bit. Of ours (`x_`) and of the tags none.
    pub(crate) fn filled(&self) -> u128 {
        let times = self.times.iter().map(Option::is_some);
        let texts = self.texts.0.iter().map(|span| span.0 != span.1);
        let amounts = self.amounts.iter().map(Option::is_some);
        let mut bits = 0;
        for (position, filled) in times.chain(texts).chain(amounts).enumerate() {
            bits |= u128::from(filled) << position;
        }
        bits
    }

    /// The billing period, from `BillingPeriodStart`. Always there in a row that a reader hands out.
    pub fn billing_period(&self) -> Option<BillingPeriod> {
        let start = self.time(TimeColumn::BillingPeriodStart)?;
        BillingPeriod::containing(start).ok()
    }

    /// Empties the row and keeps its memory.
    pub fn clear(&mut self) {
        self.place = Place::default();
        self.buffer.clear();
        self.texts = Spans::default();
        self.amounts = [None; AmountColumn::COUNT];
        self.residues = [Residue::ZERO; AmountColumn::COUNT];
        self.times = [None; TimeColumn::COUNT];
        self.tag_count = 0;
    }

    /// Sets a text; an empty one is null.
    pub fn set_text(&mut self, column: TextColumn, value: &str) {
        let start = self.buffer.len();
        self.buffer.push_str(value);
        self.texts.0[column.index()] = span(start, self.buffer.len());
    }

    /// Gives a column the text of another one, null included.
    pub fn copy_text(&mut self, from: TextColumn, to: TextColumn) {
        self.texts.0[to.index()] = self.texts.0[from.index()];
    }

    /// Makes a text null.
    pub fn clear_text(&mut self, column: TextColumn) {
        self.texts.0[column.index()] = NO_TEXT;
    }

    /// Adds a decision taken for this row to `x_Notes`: a kebab-case word, once.
    pub fn note(&mut self, word: &str) {
        let notes = self.text(TextColumn::XNotes).unwrap_or_default();
        if notes.split(' ').any(|known| known == word) {
            return;
        }
        let (from, to) = self.texts.0[TextColumn::XNotes.index()];
        let start = self.buffer.len();
        if from != to {
            self.buffer.extend_from_within(from as usize..to as usize);
            self.buffer.push(' ');
        }
        self.buffer.push_str(word);
        self.texts.0[TextColumn::XNotes.index()] = span(start, self.buffer.len());
    }

    /// Sets an amount that needed no rounding, or makes it null.
    pub fn set_amount(&mut self, column: AmountColumn, value: impl Into<Option<Decimal>>) {
        self.set_exact(column, value.into().map(Exact::from));
    }

    /// Sets an amount and what rounding left over, or makes both nothing.
    pub fn set_exact(&mut self, column: AmountColumn, value: impl Into<Option<Exact>>) {
        let value = value.into();
        self.amounts[column.index()] = value.map(|v| v.value);
        self.residues[column.index()] = value.map_or(Residue::ZERO, |v| v.residue);
    }

    /// Sets an instant, or makes it null.
    pub fn set_time(&mut self, column: TimeColumn, value: impl Into<Option<Timestamp>>) {
        self.times[column.index()] = value.into();
    }

    /// Drops all tags.
    pub fn clear_tags(&mut self) {
        self.tag_count = 0;
    }

    /// Adds a tag at its place; a later value of the same key replaces the earlier one.
    pub fn set_tag(&mut self, key: &str, value: &str) {
        let in_order = self
            .tags()
            .last()
            .is_none_or(|(last, _)| last.as_str() < key);
        let place = if in_order {
            Err(self.tag_count)
        } else {
            self.tags().binary_search_by(|(k, _)| k.as_str().cmp(key))
        };
        match place {
            Ok(at) => replace(&mut self.tags[at].1, value),
            Err(at) => {
                if self.tags.len() == self.tag_count {
                    self.tags.push(Default::default());
                }
                let (k, v) = &mut self.tags[self.tag_count];
                replace(k, key);
                replace(v, value);
                self.tags[at..=self.tag_count].rotate_right(1);
                self.tag_count += 1;
            }
        }
    }
}

/// A row is far below 4 GiB: a cell has at most 1 MiB. One beyond would be null, not wrong.
fn span(start: usize, end: usize) -> (u32, u32) {
    match (u32::try_from(start), u32::try_from(end)) {
        (Ok(start), Ok(end)) => (start, end),
        _ => NO_TEXT,
    }
}

fn replace(text: &mut String, with: &str) {
    text.clear();
    text.push_str(with);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cleared_row_is_empty_and_can_be_filled_again() {
        let mut row = FocusRow::default();
        for round in ["first", "2nd"] {
            row.clear();
            assert_eq!(row.text(TextColumn::ServiceName), None);
            assert_eq!(row.tags(), []);
            row.set_text(TextColumn::ServiceName, "old");
            row.set_text(TextColumn::ServiceName, round);
            row.copy_text(TextColumn::ServiceName, TextColumn::XServiceCode);
            row.set_text(TextColumn::RegionId, "");
            row.set_amount(AmountColumn::BilledCost, Decimal::ONE);
            assert_eq!(row.text(TextColumn::ServiceName), Some(round));
            assert_eq!(row.text(TextColumn::XServiceCode), Some(round));
            assert_eq!(row.text(TextColumn::RegionId), None);
            assert_eq!(row.amount(AmountColumn::BilledCost), Some(Decimal::ONE));
            assert_eq!(row.amount(AmountColumn::ListCost), None);
        }
    }

    #[test]
    fn tags_are_sorted_and_verbatim_and_the_last_value_wins() {
        let mut row = FocusRow::default();
        for (key, value) in [("team", "a"), ("Team", "b"), ("app", ""), ("team", "c")] {
            row.set_tag(key, value);
        }
        let tags: Vec<_> = row.tags().iter().map(|(k, v)| format!("{k}={v}")).collect();
        assert_eq!(tags, ["Team=b", "app=", "team=c"]);
        row.clear();
        row.set_tag("x", "y");
        assert_eq!(row.tags(), [("x".into(), "y".into())]);
    }

    #[test]
    fn notes_are_words_each_once() {
        let mut row = FocusRow::default();
        for word in ["net-basis", "split", "net-basis", "net"] {
            row.note(word);
        }
        assert_eq!(row.text(TextColumn::XNotes), Some("net-basis split net"));
        row.clear();
        assert_eq!(row.text(TextColumn::XNotes), None);
    }

    #[test]
    fn the_billing_period_follows_its_start() {
        let mut row = FocusRow::default();
        assert_eq!(row.billing_period(), None);
        let start: Timestamp = "2026-10-31T23:59:59Z".parse().unwrap();
        row.set_time(TimeColumn::BillingPeriodStart, start);
        assert_eq!(row.billing_period(), "2026-10".parse().ok());
    }
}
