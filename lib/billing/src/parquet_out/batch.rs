use parquet::{
    errors::ParquetError, file::writer::SerializedRowGroupWriter, schema::types::SchemaDescriptor,
};

use super::{
    chunk::{ChunkWriter, Leaf, Levels},
    values::{Values, number},
};
use crate::{
    columns::{AmountColumn, Column, TextColumn, TimeColumn},
    row::FocusRow,
};

/// Rows gathered for one row group, column by column.
pub(super) struct Batch {
    times: [Values; TimeColumn::COUNT],
    texts: [Values; TextColumn::COUNT],
    amounts: [Values; AmountColumn::COUNT],
    tags: Tags,
    rows: usize,
    bytes: usize,
}

/// The tags of all rows, one behind the other.
struct Tags {
    keys: Values,
    values: Values,
    /// Where the tags of each row end.
    ends: Vec<u32>,
}

impl Batch {
    pub(super) fn new() -> Self {
        Self {
            times: std::array::from_fn(|_| Values::of_numbers()),
            texts: std::array::from_fn(|_| Values::of_texts()),
            amounts: std::array::from_fn(|_| Values::of_numbers()),
            tags: Tags {
                keys: Values::of_texts(),
                values: Values::of_texts(),
                ends: Vec::new(),
            },
            rows: 0,
            bytes: 0,
        }
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// Memory that the rows take.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn push(&mut self, row: &FocusRow) {
        let at = self.rows;
        let mut bytes = size_of::<u32>();
        for (values, column) in self.times.iter_mut().zip(TimeColumn::ALL) {
            if let Some(time) = row.time(column) {
                bytes += values.push(at, &time.as_microsecond().to_le_bytes());
            }
        }
        for (values, column) in self.texts.iter_mut().zip(TextColumn::ALL) {
            if let Some(text) = row.text(column) {
                bytes += values.push(at, text.as_bytes());
            }
        }
        for (values, column) in self.amounts.iter_mut().zip(AmountColumn::ALL) {
            if let Some(amount) = row.amount(column) {
                bytes += values.push(at, &amount.units().to_be_bytes());
            }
        }
        let tags = self.tags.keys.codes().len();
        for (at, (key, value)) in (tags..).zip(row.tags()) {
            bytes += self.tags.keys.push(at, key.as_bytes());
            bytes += self.tags.values.push(at, value.as_bytes());
        }
        self.tags.ends.push(number(self.tags.keys.codes().len()));
        self.rows += 1;
        self.bytes += bytes;
    }

    /// Writes the rows, sorted by time and service, which is how they are asked for. The batch is
    /// empty then.
    pub(super) fn write(
        &mut self,
        schema: &SchemaDescriptor,
        chunks: &mut ChunkWriter,
        group: &mut SerializedRowGroupWriter<'_, impl std::io::Write + Send>,
    ) -> Result<(), ParquetError> {
        self.fill();
        let rows = self.order();
        let tags = self.tags.in_order(&rows);
        let leaves = Column::ALL
            .into_iter()
            .flat_map(|column| self.leaves(column, &rows, &tags));
        for (leaf, column) in leaves.zip(schema.columns()) {
            let chunk = chunks.write(&leaf, column)?;
            group.append_column(&chunk.bytes, chunk.close)?;
        }
        self.clear();
        Ok(())
    }

    /// The leaves of a column in Parquet: one, or two of a map.
    fn leaves<'v>(
        &'v self,
        column: Column,
        rows: &'v [u32],
        tags: &'v OrderedTags,
    ) -> impl Iterator<Item = Leaf<'v>> {
        let leaf = |values, order, levels| Leaf {
            values,
            order,
            levels,
            rows: self.rows,
        };
        let flat = |values| (leaf(values, rows, None), None);
        let (first, second) = match column {
            Column::Time(time) => flat(&self.times[time.index()]),
            Column::Text(text) => flat(&self.texts[text.index()]),
            Column::Amount(amount) => flat(&self.amounts[amount.index()]),
            Column::Tags => {
                let of =
                    |values, definition| leaf(values, &tags.order, Some(tags.levels(definition)));
                let values = of(&self.tags.values, &tags.values);
                (of(&self.tags.keys, &tags.keys), Some(values))
            }
        };
        std::iter::once(first).chain(second)
    }

    /// The rows by ChargePeriodStart, then ServiceName.
    fn order(&self) -> Vec<u32> {
        let times = &self.times[TimeColumn::ChargePeriodStart.index()];
        let services = &self.texts[TextColumn::ServiceName.index()];
        let time = |code| {
            let bytes = times.value(code).try_into().unwrap_or_default();
            i64::from_le_bytes(bytes)
        };
        let (times_by, services_by) = (ranks(times, time), ranks(services, |c| services.value(c)));
        let rank =
            |ranks: &[u32], code: u32| u64::from(ranks.get(code as usize).map_or(0, |r| r + 1));
        let mut keys: Vec<(u64, u32)> = (0..)
            .zip(times.codes().iter().zip(services.codes()))
            .map(|(row, (&time, &service))| {
                let key = rank(&times_by, time) << 32 | rank(&services_by, service);
                (key, row)
            })
            .collect();
        keys.sort_unstable();
        keys.into_iter().map(|(_, row)| row).collect()
    }

    /// Hands out the rows for an empty batch, which expects more of their kind.
    pub(super) fn take(&mut self, empty: Self) -> Self {
        let full = std::mem::replace(self, empty);
        for (values, before) in self.columns_mut().zip(full.columns()) {
            values.follow(before);
        }
        full
    }

    /// Rows that end with nulls are as long as the others then.
    fn fill(&mut self) {
        let rows = self.rows;
        let columns = self.times.iter_mut().chain(&mut self.texts);
        let columns = columns.chain(&mut self.amounts);
        columns.for_each(|values| values.fill(rows));
    }

    fn clear(&mut self) {
        self.columns_mut().for_each(Values::clear);
        self.tags.ends.clear();
        (self.rows, self.bytes) = (0, 0);
    }

    fn columns(&self) -> impl Iterator<Item = &Values> {
        let columns = self.times.iter().chain(&self.texts).chain(&self.amounts);
        columns.chain([&self.tags.keys, &self.tags.values])
    }

    fn columns_mut(&mut self) -> impl Iterator<Item = &mut Values> {
        let columns = self.times.iter_mut().chain(&mut self.texts);
        let tags = [&mut self.tags.keys, &mut self.tags.values];
        columns.chain(&mut self.amounts).chain(tags)
    }
}

/// The tags in the order of sorted rows, with the levels of the map's leaves. A row without tags has
/// an entry that says so.
struct OrderedTags {
    order: Vec<u32>,
    repetition: Vec<u32>,
    keys: Vec<u32>,
    values: Vec<u32>,
}

impl Tags {
    fn in_order(&self, rows: &[u32]) -> OrderedTags {
        let count = self.keys.codes().len() + rows.len();
        let entries = || Vec::with_capacity(count);
        let mut ordered = OrderedTags {
            order: entries(),
            repetition: entries(),
            keys: entries(),
            values: entries(),
        };
        for &row in rows {
            let row = row as usize;
            let start = match row {
                0 => 0,
                _ => self.ends[row - 1],
            };
            let tags = start..self.ends[row];
            if tags.is_empty() {
                ordered.push(0, EMPTY_MAP, EMPTY_MAP);
            }
            for tag in tags {
                ordered.push(u32::from(tag > start), KEY, VALUE);
                ordered.order.push(tag);
            }
        }
        ordered
    }
}

/// Definition levels of the leaves of an optional map with required keys and optional values.
const EMPTY_MAP: u32 = 1;
const KEY: u32 = 2;
const VALUE: u32 = 3;

impl OrderedTags {
    fn push(&mut self, repetition: u32, key: u32, value: u32) {
        self.repetition.push(repetition);
        self.keys.push(key);
        self.values.push(value);
    }

    fn levels<'v>(&'v self, definition: &'v [u32]) -> Levels<'v> {
        Levels {
            repetition: &self.repetition,
            definition,
        }
    }
}

/// The rank of each code among the distinct values.
fn ranks<K: Ord>(values: &Values, key: impl Fn(u32) -> K) -> Vec<u32> {
    let mut codes: Vec<u32> = (0..number(values.len())).collect();
    codes.sort_unstable_by_key(|&code| key(code));
    let mut ranks = vec![0; codes.len()];
    for (rank, code) in (0..).zip(codes) {
        ranks[code as usize] = rank;
    }
    ranks
}
