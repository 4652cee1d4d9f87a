//! The sums of all roll-ups.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hash, Hasher},
};

use super::{
    Scan,
    cells::LocalCells,
    layout::{GroupValues, Layout},
    overflow,
};
use crate::query::QueryError;
use outlay_billing::rollup::Amounts;

/// Sums by currency, group and bucket.
#[derive(Default)]
pub(in crate::answer) struct Sums {
    pub(in crate::answer) groups: Vec<Group>,
    /// Roll-up rows looked at.
    pub(in crate::answer) rows: u64,
    /// First day of each bucket, by its code.
    pub(in crate::answer) buckets: Vec<i32>,
    /// Bucket code of each cell.
    cells: Vec<usize>,
    /// One per cell and metric, in units of 10^-18.
    units: Vec<i128>,
    metrics: usize,
    currencies: Names,
    names: Vec<Names>,
    at: HashMap<GroupKey, usize, ByCode>,
}

/// A group of one currency. It has a cell for each bucket of each roll-up that it occurs in.
pub(in crate::answer) struct Group {
    key: GroupKey,
    /// One per metric.
    pub(in crate::answer) total: Vec<i128>,
    pub(in crate::answer) cells: Vec<usize>,
}

/// Codes of a currency and of up to three values.
#[derive(Clone, Copy, PartialEq, Eq)]
struct GroupKey {
    currency: u32,
    values: [u32; 3],
}

/// Hashes what nobody outside chooses.
pub(super) type ByCode = BuildHasherDefault<Multiply>;

impl Hash for GroupKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let [a, b, c] = self.values;
        let pair = |a, b| (u64::from(a) << 32) | u64::from(b);
        state.write_u64(pair(self.currency, a));
        state.write_u64(pair(b, c));
    }
}

impl Sums {
    pub(super) fn new(scan: &Scan<'_>) -> Self {
        Self {
            names: scan.groups.iter().map(|_| Names::default()).collect(),
            metrics: scan.metrics.len(),
            ..Self::default()
        }
    }

    /// The bucket code of a cell, and its sums, one per metric.
    pub(in crate::answer) fn cell(&self, cell: usize) -> (usize, &[i128]) {
        (
            self.cells[cell],
            &self.units[cell * self.metrics..(cell + 1) * self.metrics],
        )
    }

    pub(in crate::answer) fn currency(&self, group: &Group) -> &str {
        self.currencies.get(group.key.currency).unwrap_or_default()
    }

    pub(in crate::answer) fn keys(&self, group: &Group) -> impl Iterator<Item = Option<&str>> {
        self.names
            .iter()
            .zip(group.key.values)
            .map(|(names, code)| names.get(code))
    }

    /// Adds the cells of one roll-up.
    pub(super) fn add(
        &mut self,
        layout: &Layout<'_>,
        cells: &LocalCells,
        columns: &[&Amounts],
    ) -> Result<(), QueryError> {
        let units: Vec<i128> = columns.iter().map(|column| unit(column)).collect();
        let mut codes = GlobalCodes::new(self, layout);
        let mut last = None;
        for (number, at) in cells.touched() {
            let (bucket, currency, values) = layout.parts(number);
            // Buckets are the lowest digit: cells of one group follow each other.
            let group = match last {
                Some((known, group)) if known == (currency, values) => group,
                _ => {
                    let key = codes.key(self, layout, currency, values);
                    self.group(key)
                }
            };
            last = Some(((currency, values), group));
            self.groups[group].cells.push(self.cells.len());
            self.cells.push(codes.buckets[bucket]);
            let totals = self.groups[group].total.iter_mut();
            for ((total, local), unit) in totals.zip(&cells.sums).zip(&units) {
                let scaled = local[at].checked_mul(*unit).ok_or_else(overflow)?;
                *total = total.checked_add(scaled).ok_or_else(overflow)?;
                self.units.push(scaled);
            }
        }
        Ok(())
    }

    fn group(&mut self, key: GroupKey) -> usize {
        *self.at.entry(key).or_insert_with(|| {
            self.groups.push(Group {
                key,
                total: vec![0; self.metrics],
                cells: Vec::new(),
            });
            self.groups.len() - 1
        })
    }

    fn bucket_code(&mut self, bucket: i32) -> usize {
        self.buckets
            .iter()
            .rposition(|&known| known == bucket)
            .unwrap_or_else(|| {
                self.buckets.push(bucket);
                self.buckets.len() - 1
            })
    }
}

/// The codes that one roll-up's values have among all; names are looked up once per value.
struct GlobalCodes {
    buckets: Vec<usize>,
    currencies: Memo,
    values: Vec<Memo>,
}

impl GlobalCodes {
    fn new(sums: &mut Sums, layout: &Layout<'_>) -> Self {
        Self {
            buckets: layout
                .buckets
                .iter()
                .map(|&bucket| sums.bucket_code(bucket))
                .collect(),
            currencies: Memo(vec![None; layout.currency.len()]),
            values: layout
                .groups
                .iter()
                .map(|values| Memo(vec![None; values.len()]))
                .collect(),
        }
    }

    fn key(
        &mut self,
        sums: &mut Sums,
        layout: &Layout<'_>,
        currency: usize,
        values: [usize; 3],
    ) -> GroupKey {
        let name = layout.currency[currency].as_deref();
        let mut key = GroupKey {
            currency: self.currencies.of(currency, || sums.currencies.code(name)),
            values: [0; 3],
        };
        let dimensions = layout
            .groups
            .iter()
            .zip(&mut self.values)
            .zip(&mut sums.names);
        for ((code, value), ((of, memo), names)) in
            key.values.iter_mut().zip(values).zip(dimensions)
        {
            *code = memo.of(value, || code_of(names, of, value));
        }
        key
    }
}

struct Memo(Vec<Option<u32>>);

impl Memo {
    fn of(&mut self, value: usize, code: impl FnOnce() -> u32) -> u32 {
        *self.0[value].get_or_insert_with(code)
    }
}

fn code_of(names: &mut Names, values: &GroupValues<'_>, value: usize) -> u32 {
    match values {
        GroupValues::Column(values) => names.code(values[value].as_deref()),
        GroupValues::Period(period) => names.code(Some(&period.to_string())),
    }
}

fn unit(column: &Amounts) -> i128 {
    match column {
        Amounts::Narrow { zeros, .. } => 10_i128.pow(u32::from(*zeros)),
        Amounts::Wide(_) => 1,
    }
}

/// Numbers the names of all roll-ups; 0 is null.
#[derive(Default)]
struct Names {
    codes: HashMap<String, u32>,
    names: Vec<String>,
}

impl Names {
    fn code(&mut self, name: Option<&str>) -> u32 {
        let Some(name) = name else {
            return 0;
        };
        if let Some(&code) = self.codes.get(name) {
            return code;
        }
        self.names.push(name.to_owned());
        let code = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.codes.insert(name.to_owned(), code);
        code
    }

    fn get(&self, code: u32) -> Option<&str> {
        self.names
            .get((code as usize).checked_sub(1)?)
            .map(String::as_str)
    }
}

/// Hashes cell numbers, which nobody outside chooses, by one multiplication.
#[derive(Default)]
pub(super) struct Multiply(u64);

impl Hasher for Multiply {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(u64::from(byte));
        }
    }

    fn write_u64(&mut self, number: u64) {
        let mixed = (self.0 ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ (mixed >> 32);
    }
}
