use std::collections::{BTreeMap, BTreeSet};

use hashbrown::HashMap;

use super::{Amounts, Codes, Column, Days, KEY, Labels, Rollup, RollupError, day_of_second};
use crate::{
    columns::{COST_COLUMNS, TextColumn, TimeColumn},
    row::FocusRow,
    same::is_same,
    totals::{self, Costs},
};

/// Sums rows into a [`Rollup`]. Memory follows the rows of the roll-up, not the rows pushed.
#[derive(Debug, Default)]
pub struct RollupBuilder {
    tags: Vec<TagKey>,
    dropped: BTreeSet<String>,
    fixed: [Interner; KEY.len()],
    /// Key: the codes of `fixed`, then of `tags`, then the day.
    rows: HashMap<Box<[u32]>, (Costs, u32)>,
    cap: usize,
    billing_accounts: Labels,
    sub_accounts: Labels,
    /// The last account of each kind, the day and the name it was seen with.
    labelled: [(String, i32, String); 2],
    /// Reused from row to row.
    key: Vec<u32>,
}

#[derive(Debug)]
struct TagKey {
    key: String,
    values: Interner,
    /// Source rows that have it.
    covered: u64,
}

/// Numbers texts in the order in which they appear; 0 is null.
#[derive(Debug, Default)]
struct Interner {
    codes: HashMap<Box<str>, u32>,
    values: Vec<Box<str>>,
    /// Neighbouring rows mostly agree.
    last: usize,
}

impl RollupBuilder {
    /// Keeps these tag keys as dimensions, as long as they fit [`Rollup::CAP`] rows.
    pub fn new(tag_keys: impl IntoIterator<Item = String>) -> Self {
        Self {
            cap: Rollup::CAP,
            ..Self::unlimited(tag_keys.into_iter().collect())
        }
    }

    pub(super) fn unlimited(tag_keys: BTreeSet<String>) -> Self {
        let tag = |key| TagKey {
            key,
            values: Interner::default(),
            covered: 0,
        };
        Self {
            tags: tag_keys.into_iter().map(tag).collect(),
            cap: usize::MAX,
            ..Self::default()
        }
    }

    /// How many rows the roll-up has so far.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether nothing was pushed.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Adds a row. After an error the builder is of no use.
    pub fn push(&mut self, row: &FocusRow) -> Result<(), RollupError> {
        let start = row
            .time(TimeColumn::ChargePeriodStart)
            .ok_or(RollupError::NoDay)?;
        let day = day_of_second(start.as_second());
        self.key.clear();
        for (interner, column) in self.fixed.iter_mut().zip(KEY) {
            self.key.push(interner.code(row.text(column))?);
        }
        for tag in &mut self.tags {
            let value = tag_value(row, &tag.key);
            tag.covered += u64::from(value.is_some());
            self.key.push(tag.values.code(value)?);
        }
        self.key.push(day.cast_unsigned());
        self.label(row, day);
        self.add(totals::costs(row), 1)
    }

    /// Adds the rows of a roll-up that has every tag key of this builder.
    pub(super) fn push_rollup(&mut self, rollup: &Rollup) -> Result<(), RollupError> {
        let mine: BTreeSet<&str> = self.tags.iter().map(|tag| tag.key.as_str()).collect();
        let lost: Vec<String> = rollup
            .tags
            .keys()
            .filter(|key| !mine.contains(key.as_str()))
            .cloned()
            .collect();
        self.dropped.extend(lost);
        self.dropped.extend(rollup.dropped.iter().cloned());
        latest(&mut self.billing_accounts, &rollup.billing_accounts);
        latest(&mut self.sub_accounts, &rollup.sub_accounts);
        for row in 0..rollup.len() {
            self.key.clear();
            for (interner, column) in self.fixed.iter_mut().zip(&rollup.fixed) {
                self.key.push(interner.code(value(column, row))?);
            }
            let count = rollup.counts[row];
            for tag in &mut self.tags {
                let value = rollup
                    .tags
                    .get(&tag.key)
                    .and_then(|column| value(column, row));
                tag.covered += value.map_or(0, |_| u64::from(count));
                self.key.push(tag.values.code(value)?);
            }
            let day = rollup.days.values[rollup.days.codes.get(row) as usize];
            self.key.push(day.cast_unsigned());
            self.add(rollup.costs_of(row), count)?;
        }
        Ok(())
    }

    /// The roll-up in its canonical order.
    pub fn finish(self) -> Result<Rollup, RollupError> {
        let (ranks, dictionaries): (Vec<_>, Vec<_>) = {
            let interners = self
                .fixed
                .iter()
                .chain(self.tags.iter().map(|tag| &tag.values));
            let used = used_codes(self.rows.keys(), KEY.len() + self.tags.len());
            interners
                .zip(used)
                .map(|(interner, used)| interner.sorted(&used))
                .unzip()
        };
        let mut rows: Vec<(Box<[u32]>, _)> = self.rows.into_iter().collect();
        for (key, _) in &mut rows {
            for (code, ranks) in key.iter_mut().zip(&ranks) {
                *code = ranks[*code as usize];
            }
        }
        rows.sort_unstable_by(|(a, _), (b, _)| by_key(a, b));

        let mut columns = dictionaries
            .into_iter()
            .enumerate()
            .map(|(at, values)| Column {
                codes: Codes::new(rows.iter().map(|(key, _)| key[at]).collect(), values.len()),
                values,
            });
        let fixed = columns.by_ref().take(KEY.len()).collect();
        let tags: BTreeMap<_, _> = self
            .tags
            .into_iter()
            .map(|tag| tag.key)
            .zip(columns)
            .collect();
        let costs = std::array::from_fn::<_, { COST_COLUMNS.len() }, _>(|at| {
            Amounts::new(rows.iter().map(|(_, (costs, _))| costs[at]).collect())
        });
        let of_rows: Vec<i32> = rows
            .iter()
            .filter_map(|(key, _)| key.last())
            .map(|day| day.cast_signed())
            .collect();
        Ok(Rollup {
            days: days(&of_rows),
            fixed,
            dropped: self
                .dropped
                .into_iter()
                .filter(|key| !tags.contains_key(key))
                .collect(),
            tags,
            costs: costs.into(),
            counts: rows.iter().map(|(_, (_, count))| *count).collect(),
            billing_accounts: self.billing_accounts,
            sub_accounts: self.sub_accounts,
        })
    }

    fn label(&mut self, row: &FocusRow, day: i32) {
        use TextColumn::{BillingAccountId, BillingAccountName, SubAccountId, SubAccountName};
        let accounts = [
            (
                &mut self.billing_accounts,
                BillingAccountId,
                BillingAccountName,
            ),
            (&mut self.sub_accounts, SubAccountId, SubAccountName),
        ];
        for ((labels, id, name), last) in accounts.into_iter().zip(&mut self.labelled) {
            let (Some(id), Some(name)) = (row.text(id), row.text(name)) else {
                continue;
            };
            if last.0 != id || last.1 != day || last.2 != name {
                note(labels, id, day, name);
                *last = (id.to_owned(), day, name.to_owned());
            }
        }
    }

    fn add(&mut self, costs: Costs, count: u32) -> Result<(), RollupError> {
        if let Some((sums, rows)) = self.rows.get_mut(self.key.as_slice()) {
            totals::add(sums, &costs).ok_or(RollupError::Overflow)?;
            *rows = rows.checked_add(count).ok_or(RollupError::Overflow)?;
            return Ok(());
        }
        self.rows.insert(self.key.as_slice().into(), (costs, count));
        while self.rows.len() > self.cap && !self.tags.is_empty() {
            self.drop_least_covering()?;
        }
        if self.rows.len() > Rollup::MAX_ROWS {
            Err(RollupError::TooManyRows)
        } else {
            Ok(())
        }
    }

    fn drop_least_covering(&mut self) -> Result<(), RollupError> {
        let least = (self.tags.iter().enumerate())
            .min_by_key(|(_, tag)| tag.covered)
            .map(|(at, _)| at);
        let Some(at) = least else {
            return Ok(());
        };
        let tag = self.tags.remove(at);
        self.dropped.insert(tag.key);
        for (key, (costs, count)) in std::mem::take(&mut self.rows) {
            let mut key = key.into_vec();
            key.remove(KEY.len() + at);
            let (sums, rows) = self.rows.entry(key.into()).or_default();
            totals::add(sums, &costs).ok_or(RollupError::Overflow)?;
            *rows = rows.checked_add(count).ok_or(RollupError::Overflow)?;
        }
        Ok(())
    }
}

impl Interner {
    fn code(&mut self, value: Option<&str>) -> Result<u32, RollupError> {
        let Some(value) = value else {
            return Ok(0);
        };
        if self
            .values
            .get(self.last)
            .is_some_and(|last| is_same(last.as_bytes(), value.as_bytes()))
        {
            return number(self.last + 1);
        }
        let code = if let Some(&code) = self.codes.get(value) {
            code
        } else {
            let code = number(self.values.len() + 1)?;
            self.values.push(value.into());
            self.codes.insert(value.into(), code);
            code
        };
        self.last = code as usize - 1;
        Ok(code)
    }

    /// The used values in order, and the rank of each code among them.
    fn sorted(&self, used: &BTreeSet<u32>) -> (Vec<u32>, Vec<Option<Box<str>>>) {
        let text = |code: u32| (code as usize).checked_sub(1).map(|at| &self.values[at]);
        let mut order: Vec<u32> = used.iter().copied().collect();
        order.sort_unstable_by_key(|&code| text(code));
        let mut ranks = vec![0; self.values.len() + 1];
        for (rank, &code) in (0..).zip(&order) {
            ranks[code as usize] = rank;
        }
        (
            ranks,
            order.into_iter().map(|code| text(code).cloned()).collect(),
        )
    }
}

fn number(count: usize) -> Result<u32, RollupError> {
    u32::try_from(count).map_err(|_| RollupError::TooManyRows)
}

fn used_codes<'k>(
    keys: impl Iterator<Item = &'k Box<[u32]>>,
    columns: usize,
) -> Vec<BTreeSet<u32>> {
    let mut used = vec![BTreeSet::new(); columns];
    for key in keys {
        for (codes, &code) in used.iter_mut().zip(key) {
            codes.insert(code);
        }
    }
    used
}

/// By codes, then by day as the signed number it is.
fn by_key(a: &[u32], b: &[u32]) -> std::cmp::Ordering {
    let signed = |key: &[u32]| key.last().map(|day| day.cast_signed());
    let codes = |key: &[u32]| key.len().saturating_sub(1);
    a[..codes(a)]
        .cmp(&b[..codes(b)])
        .then_with(|| signed(a).cmp(&signed(b)))
}

fn days(of_rows: &[i32]) -> Days {
    let values: Vec<i32> = of_rows
        .iter()
        .copied()
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let codes = of_rows
        .iter()
        .filter_map(|day| values.binary_search(day).ok());
    let codes = codes.filter_map(|at| u32::try_from(at).ok()).collect();
    Days {
        codes: Codes::new(codes, values.len()),
        values,
    }
}

fn value(column: &Column, row: usize) -> Option<&str> {
    column.values[column.codes.get(row) as usize].as_deref()
}

fn tag_value<'r>(row: &'r FocusRow, key: &str) -> Option<&'r str> {
    let tags = row.tags();
    let at = tags.binary_search_by(|(k, _)| k.as_str().cmp(key)).ok()?;
    Some(&tags[at].1)
}

fn latest(labels: &mut Labels, others: &Labels) {
    for (id, (day, name)) in others {
        note(labels, id, *day, name);
    }
}

/// Keeps the name of the later day; of two on one day the greater text, so that order never matters.
fn note(labels: &mut Labels, id: &str, day: i32, name: &str) {
    match labels.get_mut(id) {
        None => {
            labels.insert(id.to_owned(), (day, name.to_owned()));
        }
        Some(known) if (known.0, known.1.as_str()) < (day, name) => *known = (day, name.to_owned()),
        Some(_) => {}
    }
}
