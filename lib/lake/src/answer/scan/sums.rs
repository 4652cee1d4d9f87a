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
use crate::{query::QueryError, rollup::Amounts};

/// One sum per currency, bucket and group.
#[derive(Default)]
pub(in crate::answer) struct Sums {
    pub(in crate::answer) cells: Vec<Cell>,
    /// Roll-up rows looked at.
    pub(in crate::answer) rows: u64,
    /// First day of each bucket, by its code.
    pub(in crate::answer) buckets: Vec<i32>,
    /// One per cell and metric, in units of 10^-18.
    units: Vec<i128>,
    metrics: usize,
    currencies: Names,
    groups: Vec<Names>,
    at: HashMap<Cell, usize, ByCode>,
}

/// What a sum is of, in codes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::answer) struct Cell {
    pub(in crate::answer) currency: u32,
    pub(in crate::answer) bucket: u32,
    pub(in crate::answer) group: Group,
}

/// Codes of up to three values.
pub(in crate::answer) type Group = [u32; 3];

/// Hashes what nobody outside chooses.
pub(in crate::answer) type ByCode = BuildHasherDefault<Multiply>;

impl Hash for Cell {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let pair = |a, b| (u64::from(a) << 32) | u64::from(b);
        state.write_u64(pair(self.currency, self.bucket));
        state.write_u64(pair(self.group[0], self.group[1]));
        state.write_u64(u64::from(self.group[2]));
    }
}

impl Sums {
    pub(super) fn new(scan: &Scan<'_>) -> Self {
        Self {
            groups: scan.groups.iter().map(|_| Names::default()).collect(),
            metrics: scan.metrics.len(),
            ..Self::default()
        }
    }

    /// The sums of a cell, one per metric.
    pub(in crate::answer) fn of(&self, cell: usize) -> &[i128] {
        &self.units[cell * self.metrics..(cell + 1) * self.metrics]
    }

    pub(in crate::answer) fn currency(&self, code: u32) -> &str {
        self.currencies.get(code).unwrap_or_default()
    }

    pub(in crate::answer) fn keys(&self, group: Group) -> impl Iterator<Item = Option<&str>> {
        self.groups
            .iter()
            .zip(group)
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
        let touched = cells.touched();
        self.at.reserve(touched.len());
        for (number, at) in touched {
            let (bucket, currency, group) = layout.parts(number);
            let cell = Cell {
                currency: codes.currencies.of(currency, || {
                    self.currencies.code(layout.currency[currency].as_deref())
                }),
                bucket: codes.buckets[bucket],
                group: std::array::from_fn(|dimension| match layout.groups.get(dimension) {
                    None => 0,
                    Some(values) => {
                        let value = group[dimension];
                        let names = &mut self.groups[dimension];
                        codes.groups[dimension].of(value, || code_of(names, values, value))
                    }
                }),
            };
            let position = *self.at.entry(cell).or_insert_with(|| {
                self.cells.push(cell);
                self.units.resize(self.cells.len() * self.metrics, 0);
                self.cells.len() - 1
            });
            let into = self.units[position * self.metrics..].iter_mut();
            for ((into, local), unit) in into.zip(&cells.sums).zip(&units) {
                let scaled = local[at].checked_mul(*unit).ok_or_else(overflow)?;
                *into = into.checked_add(scaled).ok_or_else(overflow)?;
            }
        }
        Ok(())
    }

    fn bucket_code(&mut self, bucket: i32) -> u32 {
        let at = self
            .buckets
            .iter()
            .rposition(|&known| known == bucket)
            .unwrap_or_else(|| {
                self.buckets.push(bucket);
                self.buckets.len() - 1
            });
        u32::try_from(at).unwrap_or(u32::MAX)
    }
}

/// The codes that one roll-up's values have among all; names are looked up once per value.
struct GlobalCodes {
    buckets: Vec<u32>,
    currencies: Memo,
    groups: Vec<Memo>,
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
            groups: layout
                .groups
                .iter()
                .map(|values| Memo(vec![None; values.len()]))
                .collect(),
        }
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
pub(in crate::answer) struct Multiply(u64);

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
