//! The file of a roll-up: magic, format version, then zstd over the columns.
//!
//! Numbers are little-endian. Wide numbers are written plane by plane (all lowest bytes, then all
//! second ones, ...), which zstd packs about twice as tightly. Every length is checked against what
//! is there before memory is taken for it.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Read,
};

use super::{
    Amounts, Codes, Column, Days, KEY, Labels, Rollup, RollupError, column::MAX_ZEROS, is_decimal,
};
use crate::columns::COST_COLUMNS;

const MAGIC: &[u8; 6] = b"outrol";
const FORMAT: u16 = 1;
/// Level 3 halves the file against none for about 1 ms per 10,000 rows.
const LEVEL: i32 = 3;
/// What a file may unpack to: a million rows with some tags.
const MAX_UNPACKED: u64 = 256 * 1024 * 1024;
/// Days a roll-up may name: the years 1 to 9999.
const DAYS: std::ops::RangeInclusive<i32> = -719_162..=2_932_896;

impl Rollup {
    /// The bytes of its file: the same for equal roll-ups.
    pub fn encode(&self) -> Result<Vec<u8>, RollupError> {
        let mut packed = MAGIC.to_vec();
        packed.extend(FORMAT.to_le_bytes());
        let body = zstd::bulk::compress(&unpacked(self)?, LEVEL);
        packed.extend(body.map_err(|_| RollupError::Damaged("cannot compress"))?);
        Ok(packed)
    }

    /// Reads its file. Anything else is refused; memory stays below what the file unpacks to, and
    /// that below 256 MB.
    pub fn decode(bytes: &[u8]) -> Result<Self, RollupError> {
        let body = bytes
            .strip_prefix(MAGIC)
            .ok_or(RollupError::Damaged("not a roll-up file"))?;
        let body = body
            .strip_prefix(&FORMAT.to_le_bytes())
            .ok_or(RollupError::Damaged("unknown format version"))?;
        let unpacked =
            zstd::Decoder::with_buffer(body).map_err(|_| RollupError::Damaged("not zstd"))?;
        let mut reader = Reader(unpacked.take(MAX_UNPACKED));
        let rollup = reader.rollup()?;
        reader.end()?;
        Ok(rollup)
    }
}

fn unpacked(rollup: &Rollup) -> Result<Vec<u8>, RollupError> {
    let mut out = Vec::with_capacity(rollup.bytes());
    put_len(&mut out, rollup.len())?;
    put_len(&mut out, rollup.days.values.len())?;
    put_planes(&mut out, &rollup.days.values, i32::to_le_bytes);
    put_codes(&mut out, &rollup.days.codes);
    for column in &rollup.fixed {
        put_column(&mut out, column)?;
    }
    put_len(&mut out, rollup.tags.len())?;
    for (key, column) in &rollup.tags {
        put_text(&mut out, key)?;
        put_column(&mut out, column)?;
    }
    put_len(&mut out, rollup.dropped.len())?;
    for key in &rollup.dropped {
        put_text(&mut out, key)?;
    }
    for amounts in &rollup.costs {
        put_amounts(&mut out, amounts);
    }
    put_planes(&mut out, &rollup.counts, u32::to_le_bytes);
    for labels in [&rollup.billing_accounts, &rollup.sub_accounts] {
        put_len(&mut out, labels.len())?;
        for (id, (day, name)) in labels {
            put_text(&mut out, id)?;
            out.extend(day.to_le_bytes());
            put_text(&mut out, name)?;
        }
    }
    Ok(out)
}

fn put_len(out: &mut Vec<u8>, len: usize) -> Result<(), RollupError> {
    let len = u32::try_from(len).map_err(|_| RollupError::TooManyRows)?;
    out.extend(len.to_le_bytes());
    Ok(())
}

fn put_text(out: &mut Vec<u8>, text: &str) -> Result<(), RollupError> {
    put_len(out, text.len())?;
    out.extend(text.as_bytes());
    Ok(())
}

fn put_column(out: &mut Vec<u8>, column: &Column) -> Result<(), RollupError> {
    put_len(out, column.values.len())?;
    out.push(u8::from(column.values.first().is_some_and(Option::is_none)));
    for value in column.values.iter().flatten() {
        put_text(out, value)?;
    }
    put_codes(out, &column.codes);
    Ok(())
}

fn put_codes(out: &mut Vec<u8>, codes: &Codes) {
    match codes {
        Codes::U8(codes) => out.extend(codes),
        Codes::U16(codes) => put_planes(out, codes, u16::to_le_bytes),
        Codes::U32(codes) => put_planes(out, codes, u32::to_le_bytes),
    }
}

fn put_amounts(out: &mut Vec<u8>, amounts: &Amounts) {
    match amounts {
        Amounts::Narrow { zeros, values } => {
            out.push(*zeros);
            put_planes(out, values, i64::to_le_bytes);
        }
        Amounts::Wide(values) => {
            out.push(WIDE);
            put_planes(out, values, i128::to_le_bytes);
        }
    }
}

/// Stands where narrow amounts have their zeros.
const WIDE: u8 = u8::MAX;

/// All first bytes, then all second ones, and so on.
fn put_planes<T: Copy, const N: usize>(out: &mut Vec<u8>, numbers: &[T], bytes: fn(T) -> [u8; N]) {
    for plane in 0..N {
        out.extend(numbers.iter().map(|&number| bytes(number)[plane]));
    }
}

struct Reader<R>(R);

impl<R: Read> Reader<R> {
    fn rollup(&mut self) -> Result<Rollup, RollupError> {
        let rows = self.len()?;
        if rows > Rollup::MAX_ROWS {
            return Err(RollupError::Damaged("too many rows"));
        }
        let days = self.days(rows)?;
        let fixed = KEY
            .iter()
            .map(|_| self.column(rows))
            .collect::<Result<_, _>>()?;
        let mut tags = BTreeMap::new();
        for _ in 0..self.len()? {
            tags.insert(self.text()?, self.column(rows)?);
        }
        let mut dropped = BTreeSet::new();
        for _ in 0..self.len()? {
            dropped.insert(self.text()?);
        }
        let costs = COST_COLUMNS
            .iter()
            .map(|_| self.amounts(rows))
            .collect::<Result<_, _>>()?;
        let counts = self
            .numbers(rows)?
            .into_iter()
            .map(u32::from_le_bytes)
            .collect();
        let (billing_accounts, sub_accounts) = (self.labels()?, self.labels()?);
        Ok(Rollup {
            days,
            fixed,
            tags,
            dropped,
            costs,
            counts,
            billing_accounts,
            sub_accounts,
        })
    }

    fn days(&mut self, rows: usize) -> Result<Days, RollupError> {
        let distinct = self.len()?;
        let values: Vec<i32> = self
            .numbers(distinct)?
            .into_iter()
            .map(i32::from_le_bytes)
            .collect();
        if !strictly_sorted(&values) || !values.iter().all(|day| DAYS.contains(day)) {
            return Err(RollupError::Damaged("days out of order or range"));
        }
        Ok(Days {
            codes: self.codes(rows, values.len())?,
            values,
        })
    }

    fn column(&mut self, rows: usize) -> Result<Column, RollupError> {
        let distinct = self.len()?;
        let nulls = match self.byte()? {
            nulls @ 0..=1 => usize::from(nulls),
            _ => return Err(RollupError::Damaged("bad null flag")),
        };
        if distinct > rows || nulls > distinct {
            return Err(RollupError::Damaged("more values than rows"));
        }
        let mut values: Vec<Option<Box<str>>> = vec![None; nulls];
        for _ in nulls..distinct {
            values.push(Some(self.text()?.into_boxed_str()));
        }
        if !strictly_sorted(&values) {
            return Err(RollupError::Damaged("values out of order"));
        }
        Ok(Column {
            codes: self.codes(rows, distinct)?,
            values,
        })
    }

    fn codes(&mut self, rows: usize, distinct: usize) -> Result<Codes, RollupError> {
        let codes = if u8::try_from(distinct).is_ok() {
            Codes::U8(self.bytes(rows)?)
        } else if u16::try_from(distinct).is_ok() {
            Codes::U16(
                self.numbers(rows)?
                    .into_iter()
                    .map(u16::from_le_bytes)
                    .collect(),
            )
        } else {
            Codes::U32(
                self.numbers(rows)?
                    .into_iter()
                    .map(u32::from_le_bytes)
                    .collect(),
            )
        };
        match codes.largest() {
            Some(code) if code as usize >= distinct => {
                Err(RollupError::Damaged("a code without a value"))
            }
            _ => Ok(codes),
        }
    }

    fn amounts(&mut self, rows: usize) -> Result<Amounts, RollupError> {
        let zeros = self.byte()?;
        let amounts = if zeros == WIDE {
            Amounts::Wide(
                self.numbers(rows)?
                    .into_iter()
                    .map(i128::from_le_bytes)
                    .collect(),
            )
        } else if zeros <= MAX_ZEROS {
            let values = self
                .numbers(rows)?
                .into_iter()
                .map(i64::from_le_bytes)
                .collect();
            Amounts::Narrow { zeros, values }
        } else {
            return Err(RollupError::Damaged("bad scale"));
        };
        if (0..rows).all(|row| is_decimal(amounts.get(row))) {
            Ok(amounts)
        } else {
            Err(RollupError::Damaged("an amount beyond DECIMAL(38,18)"))
        }
    }

    fn labels(&mut self) -> Result<Labels, RollupError> {
        let mut labels = Labels::new();
        for _ in 0..self.len()? {
            let id = self.text()?;
            let day = self
                .numbers(1)?
                .first()
                .copied()
                .map_or(0, i32::from_le_bytes);
            labels.insert(id, (day, self.text()?));
        }
        Ok(labels)
    }

    /// `count` numbers of N bytes, written plane by plane.
    fn numbers<const N: usize>(&mut self, count: usize) -> Result<Vec<[u8; N]>, RollupError> {
        let planes = self.bytes(count.saturating_mul(N))?;
        let mut numbers = vec![[0; N]; count];
        for (at, plane) in planes.chunks(count.max(1)).enumerate() {
            for (number, byte) in numbers.iter_mut().zip(plane) {
                number[at] = *byte;
            }
        }
        Ok(numbers)
    }

    fn text(&mut self) -> Result<String, RollupError> {
        let len = self.len()?;
        String::from_utf8(self.bytes(len)?).map_err(|_| RollupError::Damaged("not UTF-8"))
    }

    fn len(&mut self) -> Result<usize, RollupError> {
        let mut bytes = [0; 4];
        self.0.read_exact(&mut bytes).map_err(|_| CUT)?;
        Ok(u32::from_le_bytes(bytes) as usize)
    }

    fn byte(&mut self) -> Result<u8, RollupError> {
        let mut byte = [0; 1];
        self.0.read_exact(&mut byte).map_err(|_| CUT)?;
        Ok(byte[0])
    }

    /// Grows as bytes arrive, so a lying length takes no memory.
    fn bytes(&mut self, count: usize) -> Result<Vec<u8>, RollupError> {
        let mut bytes = Vec::with_capacity(count.min(64 * 1024));
        let wanted = u64::try_from(count).unwrap_or(u64::MAX);
        let read = self
            .0
            .by_ref()
            .take(wanted)
            .read_to_end(&mut bytes)
            .map_err(|_| CUT)?;
        if read == count { Ok(bytes) } else { Err(CUT) }
    }

    fn end(&mut self) -> Result<(), RollupError> {
        match self.0.read(&mut [0]) {
            Ok(0) => Ok(()),
            _ => Err(RollupError::Damaged("bytes after the end")),
        }
    }
}

const CUT: RollupError = RollupError::Damaged("cut short or corrupt");

fn strictly_sorted<T: Ord>(values: &[T]) -> bool {
    values.windows(2).all(|pair| pair[0] < pair[1])
}
