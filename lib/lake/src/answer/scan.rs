//! Sums over roll-ups: one pass over columns of codes, no text touched per row.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
    ops::Range,
};

use outlay_core::BillingPeriod;

use super::{LoadedRollup, overflow};
use crate::{
    query::{Dimension, Filter, Metric, QueryError},
    rollup::{Amounts, Codes, Rollup, to_day},
};

/// What to sum.
pub(super) struct Scan<'q> {
    pub(super) groups: &'q [Dimension],
    pub(super) metrics: &'q [Metric],
    pub(super) filter: Option<&'q Filter>,
    pub(super) currency: Option<&'q str>,
    pub(super) place: Place<'q>,
}

/// Where in time rows go; `None` is outside.
#[derive(Clone, Copy)]
pub(super) enum Place<'q> {
    /// By the day of the charge: the bucket of each day.
    Charge(&'q dyn Fn(i32) -> Option<i32>),
    /// By the billing period of the version: the bucket of its first day.
    Billing(&'q dyn Fn(i32) -> Option<i32>),
}

/// One sum per currency, bucket and group.
#[derive(Default)]
pub(super) struct Sums {
    pub(super) cells: Vec<Cell>,
    /// Roll-up rows looked at.
    pub(super) rows: u64,
    currencies: Names,
    groups: Vec<Names>,
    at: HashMap<CellKey, usize>,
}

pub(super) struct Cell {
    key: CellKey,
    /// First day of the bucket.
    pub(super) bucket: i32,
    /// One per metric, in units of 10^-18.
    pub(super) sums: Vec<i128>,
}

/// Currency, bucket and up to three group codes.
type CellKey = [u32; 5];

impl Sums {
    pub(super) fn currency(&self, cell: &Cell) -> &str {
        self.currencies.get(cell.key[0]).unwrap_or_default()
    }

    /// Identifies the group of a cell among the cells of its currency.
    pub(super) fn group(cell: &Cell) -> [u32; 3] {
        [cell.key[2], cell.key[3], cell.key[4]]
    }

    pub(super) fn keys(&self, group: [u32; 3]) -> Vec<Option<String>> {
        (self.groups.iter().zip(group))
            .map(|(names, code)| names.get(code).map(str::to_owned))
            .collect()
    }
}

/// Sums every roll-up. Null currencies and values are groups of their own.
pub(super) fn scan(scan: &Scan<'_>, rollups: &[LoadedRollup]) -> Result<Sums, QueryError> {
    let mut sums = Sums {
        groups: scan.groups.iter().map(|_| Names::default()).collect(),
        ..Sums::default()
    };
    for loaded in rollups {
        scan_one(scan, loaded, &mut sums)?;
    }
    Ok(sums)
}

const BLOCK: usize = 2048;
/// Above this many possible cells a roll-up is summed by hash: 4 MB of sums per metric.
const MAX_DENSE: u64 = 1 << 18;

fn scan_one(scan: &Scan<'_>, loaded: &LoadedRollup, sums: &mut Sums) -> Result<(), QueryError> {
    let rollup = &*loaded.rollup;
    let Some(layout) = Layout::of(scan, loaded) else {
        return Ok(());
    };
    let mask = Mask::of(scan, loaded, &layout);
    if matches!(mask, Mask::Constant(false)) {
        return Ok(());
    }
    sums.rows += rollup.len() as u64;
    let columns: Vec<&Amounts> = scan
        .metrics
        .iter()
        .map(|&metric| rollup.amounts(metric))
        .collect();
    let mut cells = LocalCells::new(layout.cells(), columns.len());
    let (mut rows, mut slots) = (Vec::with_capacity(BLOCK), Vec::with_capacity(BLOCK));
    for start in (0..rollup.len()).step_by(BLOCK) {
        let block = start..rollup.len().min(start + BLOCK);
        mask.select(block, &mut rows);
        layout.slots(&rows, &mut slots);
        cells.resolve(&mut slots);
        cells.add(&columns, &rows, &slots)?;
    }
    fold(scan, &layout, &cells, &columns, sums)
}

/// How the cells of one roll-up are numbered: a mixed-radix number of bucket, currency and groups.
struct Layout<'r> {
    buckets: Vec<i32>,
    /// Bucket of each day code; `None` is outside. Absent on the billing axis.
    bucket_of_day: Option<Vec<Option<u32>>>,
    /// Each with its stride and number of values.
    digits: Vec<Digit<'r>>,
    days: &'r Codes,
    currency: &'r [Option<Box<str>>],
    groups: Vec<GroupValues<'r>>,
}

struct Digit<'r> {
    codes: &'r Codes,
    /// What each code adds to the number of the cell.
    adds: Vec<u64>,
}

enum GroupValues<'r> {
    Column(&'r [Option<Box<str>>]),
    Period(BillingPeriod),
}

impl GroupValues<'_> {
    fn len(&self) -> u64 {
        match self {
            Self::Column(values) => values.len() as u64,
            Self::Period(_) => 1,
        }
    }
}

impl<'r> Layout<'r> {
    /// `None` where no row can be inside.
    fn of(scan: &Scan<'_>, loaded: &'r LoadedRollup) -> Option<Self> {
        let rollup = &*loaded.rollup;
        let days = rollup.day_column();
        let (buckets, bucket_of_day) = match scan.place {
            Place::Billing(bucket) => (vec![bucket(to_day(loaded.period.start()))?], None),
            Place::Charge(bucket) => {
                let of_days: Vec<Option<i32>> =
                    days.values.iter().map(|&day| bucket(day)).collect();
                let mut buckets: Vec<i32> = of_days.iter().flatten().copied().collect();
                buckets.dedup();
                let number = |b: i32| u32::try_from(buckets.binary_search(&b).ok()?).ok();
                let of_days = of_days.into_iter().map(|b| b.and_then(number)).collect();
                (buckets, Some(of_days))
            }
        };
        if buckets.is_empty() || rollup.is_empty() {
            return None;
        }
        let mut layout = Self {
            buckets,
            bucket_of_day,
            digits: Vec::new(),
            days: &days.codes,
            currency: &rollup.currency().values,
            groups: Vec::new(),
        };
        layout.number(scan, loaded, rollup)?;
        Some(layout)
    }

    fn number(&mut self, scan: &Scan<'_>, loaded: &LoadedRollup, rollup: &'r Rollup) -> Option<()> {
        let mut stride = 1;
        if let Some(of_day) = self
            .bucket_of_day
            .as_ref()
            .filter(|_| self.buckets.len() > 1)
        {
            let adds = of_day
                .iter()
                .map(|bucket| u64::from(bucket.unwrap_or(0)))
                .collect();
            self.digits.push(Digit {
                codes: self.days,
                adds,
            });
        }
        stride *= self.buckets.len() as u64;
        let mut digit = |digits: &mut Vec<Digit<'r>>, codes, values: u64| -> Option<()> {
            if values > 1 {
                digits.push(Digit {
                    codes,
                    adds: (0..values).map(|code| code * stride).collect(),
                });
            }
            stride = stride.checked_mul(values)?;
            Some(())
        };
        digit(
            &mut self.digits,
            &rollup.currency().codes,
            self.currency.len() as u64,
        )?;
        for group in scan.groups {
            if *group == Dimension::BillingPeriod {
                self.groups.push(GroupValues::Period(loaded.period));
                continue;
            }
            let column = rollup.column(group)?;
            digit(&mut self.digits, &column.codes, column.values.len() as u64)?;
            self.groups.push(GroupValues::Column(&column.values));
        }
        Some(())
    }

    fn cells(&self) -> u64 {
        let groups: u64 = self.groups.iter().map(GroupValues::len).product();
        self.buckets.len() as u64 * self.currency.len() as u64 * groups
    }

    /// The number of the cell of each row.
    fn slots(&self, rows: &[usize], slots: &mut Vec<u64>) {
        slots.clear();
        slots.resize(rows.len(), 0);
        for digit in &self.digits {
            match digit.codes {
                Codes::U8(codes) => add_digit(codes, &digit.adds, rows, slots),
                Codes::U16(codes) => add_digit(codes, &digit.adds, rows, slots),
                Codes::U32(codes) => add_digit(codes, &digit.adds, rows, slots),
            }
        }
    }

    /// Bucket, currency and group codes of a cell, by the numbering above.
    fn parts(&self, mut cell: u64) -> (i32, Option<&str>, Vec<usize>) {
        let mut digit = |values: u64| {
            let code = usize::try_from(cell % values).unwrap_or_default();
            cell /= values;
            code
        };
        let bucket = self.buckets[digit(self.buckets.len() as u64)];
        let currency = self.currency[digit(self.currency.len() as u64)].as_deref();
        (
            bucket,
            currency,
            self.groups.iter().map(|group| digit(group.len())).collect(),
        )
    }
}

fn add_digit<C: Copy + Into<u32>>(codes: &[C], adds: &[u64], rows: &[usize], slots: &mut [u64]) {
    for (slot, &row) in slots.iter_mut().zip(rows) {
        *slot += adds[codes[row].into() as usize];
    }
}

/// Which rows of a roll-up count. Tests are answered once per value of their column.
enum Mask<'r> {
    Constant(bool),
    Values { codes: &'r Codes, pass: Vec<bool> },
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
}

impl<'r> Mask<'r> {
    fn of(scan: &Scan<'_>, loaded: &'r LoadedRollup, layout: &Layout<'r>) -> Self {
        let mut parts = Vec::new();
        if let Some(of_day) = &layout.bucket_of_day {
            parts.push(Self::values(
                layout.days,
                of_day.iter().map(Option::is_some).collect(),
            ));
        }
        if let Some(currency) = scan.currency {
            let column = loaded.rollup.currency();
            let pass = column
                .values
                .iter()
                .map(|value| value.as_deref() == Some(currency))
                .collect();
            parts.push(Self::values(&column.codes, pass));
        }
        if let Some(filter) = scan.filter {
            parts.push(Self::of_filter(filter, loaded));
        }
        Self::all(parts)
    }

    fn of_filter(filter: &Filter, loaded: &'r LoadedRollup) -> Self {
        match filter {
            Filter::And { and } => {
                Self::all(and.iter().map(|f| Self::of_filter(f, loaded)).collect())
            }
            Filter::Or { or } => Self::any(or.iter().map(|f| Self::of_filter(f, loaded)).collect()),
            Filter::Not { not } => match Self::of_filter(not, loaded) {
                Self::Constant(value) => Self::Constant(!value),
                other => Self::Not(Box::new(other)),
            },
            Filter::Test(test) => match loaded.rollup.column(&test.dimension) {
                Some(column) => {
                    let pass = column
                        .values
                        .iter()
                        .map(|value| test.passes(value.as_deref()));
                    Self::values(&column.codes, pass.collect())
                }
                None => Self::Constant(test.passes(Some(&loaded.period.to_string()))),
            },
        }
    }

    fn values(codes: &'r Codes, pass: Vec<bool>) -> Self {
        match pass.first() {
            None => Self::Constant(false),
            Some(&first) if pass.iter().all(|&p| p == first) => Self::Constant(first),
            Some(_) => Self::Values { codes, pass },
        }
    }

    fn all(mut parts: Vec<Self>) -> Self {
        if parts
            .iter()
            .any(|part| matches!(part, Self::Constant(false)))
        {
            return Self::Constant(false);
        }
        parts.retain(|part| !matches!(part, Self::Constant(true)));
        if parts.is_empty() {
            Self::Constant(true)
        } else {
            Self::All(parts)
        }
    }

    fn any(mut parts: Vec<Self>) -> Self {
        if parts
            .iter()
            .any(|part| matches!(part, Self::Constant(true)))
        {
            return Self::Constant(true);
        }
        parts.retain(|part| !matches!(part, Self::Constant(false)));
        if parts.is_empty() {
            Self::Constant(false)
        } else {
            Self::Any(parts)
        }
    }

    /// The rows of a block that count.
    fn select(&self, block: Range<usize>, rows: &mut Vec<usize>) {
        rows.clear();
        if let Self::Constant(true) = self {
            rows.extend(block);
            return;
        }
        let passes = self.passes(&block);
        rows.extend(
            block
                .zip(passes)
                .filter_map(|(row, passes)| passes.then_some(row)),
        );
    }

    fn passes(&self, block: &Range<usize>) -> Vec<bool> {
        match self {
            Self::Constant(value) => vec![*value; block.len()],
            Self::Values { codes, pass } => match codes {
                Codes::U8(codes) => look_up(&codes[block.clone()], pass),
                Codes::U16(codes) => look_up(&codes[block.clone()], pass),
                Codes::U32(codes) => look_up(&codes[block.clone()], pass),
            },
            Self::All(parts) => combine(parts, block, |a, b| a & b),
            Self::Any(parts) => combine(parts, block, |a, b| a | b),
            Self::Not(part) => part
                .passes(block)
                .into_iter()
                .map(|passes| !passes)
                .collect(),
        }
    }
}

fn look_up<C: Copy + Into<u32>>(codes: &[C], pass: &[bool]) -> Vec<bool> {
    codes
        .iter()
        .map(|&code| pass[code.into() as usize])
        .collect()
}

fn combine(parts: &[Mask<'_>], block: &Range<usize>, with: fn(bool, bool) -> bool) -> Vec<bool> {
    let mut parts = parts.iter().map(|part| part.passes(block));
    let mut passes = parts.next().unwrap_or_default();
    for part in parts {
        for (a, b) in passes.iter_mut().zip(part) {
            *a = with(*a, b);
        }
    }
    passes
}

/// The sums of one roll-up, before scaling.
struct LocalCells {
    /// Cell number to position, where there are too many cells for positions to be numbers.
    sparse: Option<HashMap<u64, u64, BuildHasherDefault<Multiply>>>,
    hit: Vec<bool>,
    /// One list per metric.
    sums: Vec<Vec<i128>>,
}

impl LocalCells {
    fn new(cells: u64, metrics: usize) -> Self {
        let dense = cells <= MAX_DENSE;
        let len = if dense {
            usize::try_from(cells).unwrap_or_default()
        } else {
            0
        };
        Self {
            sparse: (!dense).then(HashMap::default),
            hit: vec![false; len],
            sums: vec![vec![0; len]; metrics],
        }
    }

    /// Turns cell numbers into positions.
    fn resolve(&mut self, slots: &mut [u64]) {
        if let Some(positions) = &mut self.sparse {
            for slot in slots {
                let next = positions.len() as u64;
                *slot = *positions.entry(*slot).or_insert(next);
            }
            self.hit.resize(positions.len(), true);
            for sums in &mut self.sums {
                sums.resize(positions.len(), 0);
            }
        } else {
            for &slot in &*slots {
                self.hit[index(slot)] = true;
            }
        }
    }

    fn add(
        &mut self,
        columns: &[&Amounts],
        rows: &[usize],
        slots: &[u64],
    ) -> Result<(), QueryError> {
        for (sums, column) in self.sums.iter_mut().zip(columns) {
            match column {
                // A million 64-bit numbers cannot exceed 128 bits.
                Amounts::Narrow { values, .. } => {
                    for (&row, &slot) in rows.iter().zip(slots) {
                        sums[index(slot)] += i128::from(values[row]);
                    }
                }
                Amounts::Wide(values) => {
                    for (&row, &slot) in rows.iter().zip(slots) {
                        let sum = &mut sums[index(slot)];
                        *sum = sum.checked_add(values[row]).ok_or_else(overflow)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Every cell that a row fell into: its number and its position.
    fn touched(&self) -> Vec<(u64, usize)> {
        let mut touched: Vec<(u64, usize)> = match &self.sparse {
            Some(positions) => positions
                .iter()
                .map(|(&cell, &at)| (cell, index(at)))
                .collect(),
            None => (0..)
                .zip(0..self.hit.len())
                .filter(|&(_, at)| self.hit[at])
                .collect(),
        };
        touched.sort_unstable();
        touched
    }
}

fn index(slot: u64) -> usize {
    usize::try_from(slot).unwrap_or(usize::MAX)
}

/// Adds the cells of one roll-up to those of all.
fn fold(
    scan: &Scan<'_>,
    layout: &Layout<'_>,
    cells: &LocalCells,
    columns: &[&Amounts],
    sums: &mut Sums,
) -> Result<(), QueryError> {
    let units: Vec<i128> = columns.iter().map(|column| unit(column)).collect();
    for (cell, at) in cells.touched() {
        let (bucket, currency, codes) = layout.parts(cell);
        let mut key: CellKey = [0; 5];
        key[0] = sums.currencies.code(currency);
        key[1] = bucket.cast_unsigned();
        let names = sums.groups.iter_mut().zip(layout.groups.iter().zip(&codes));
        for (part, (names, (values, &code))) in key[2..].iter_mut().zip(names) {
            *part = match values {
                GroupValues::Column(values) => names.code(values[code].as_deref()),
                GroupValues::Period(period) => names.code(Some(&period.to_string())),
            };
        }
        let position = *sums.at.entry(key).or_insert_with(|| {
            sums.cells.push(Cell {
                key,
                bucket,
                sums: vec![0; scan.metrics.len()],
            });
            sums.cells.len() - 1
        });
        let into = sums.cells[position].sums.iter_mut();
        for ((into, local), unit) in into.zip(&cells.sums).zip(&units) {
            let scaled = local[at].checked_mul(*unit).ok_or_else(overflow)?;
            *into = into.checked_add(scaled).ok_or_else(overflow)?;
        }
    }
    Ok(())
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
struct Multiply(u64);

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
