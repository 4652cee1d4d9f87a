//! A bill on its way into the lake, as the platform's worker does it, to measure with:
//! `cargo run --release -p outlay-billing --features parquet --example transform -- FILE OUT
//! [--tag KEY]... [--stop-after inflate|map]`
//!
//! FILE holds one bill. Writes into OUT, which must exist: `rows.parquet`, `rows.rollup`, and what the
//! roll-up says as `daily.csv` and `tags.csv`. Prints the report as JSON.

use std::{
    env,
    error::Error,
    fmt::Write as _,
    fs::{self, File},
    io::{self, BufReader, BufWriter, Write as _},
    path::{Path, PathBuf},
};

use flate2::bufread::MultiGzDecoder;
use outlay_billing::{
    COST_COLUMNS, FocusRow, Input, PartWriter, ReadReport, Rollup, SinkError, read_bill,
    rollup::{Column, KEY, to_date},
};
use outlay_core::Decimal;
use serde_json::json;

type Failure = Box<dyn Error>;

const USAGE: &str = "usage: transform FILE OUT [--tag KEY]... [--stop-after inflate|map]";

struct Work {
    file: PathBuf,
    out: PathBuf,
    tag_keys: Vec<String>,
    stop: Stop,
}

/// Where the work ends: to see what each stage takes.
enum Stop {
    Inflate,
    Map,
    Write,
}

fn main() -> Result<(), Failure> {
    let work = Work::asked(env::args().skip(1))?;
    let summary = match work.stop {
        Stop::Inflate => json!({"bytes": inflate(&work.file)?}),
        Stop::Map => json!({"report": read(&work, &mut |_| Ok(()))?}),
        Stop::Write => write(&work)?,
    };
    #[expect(clippy::print_stdout, reason = "printing is what this program is for")]
    {
        println!("{summary}");
    }
    Ok(())
}

impl Work {
    fn asked(mut words: impl Iterator<Item = String>) -> Result<Self, Failure> {
        let mut next = || words.next();
        let mut work = Self {
            file: next().ok_or(USAGE)?.into(),
            out: next().ok_or(USAGE)?.into(),
            tag_keys: Vec::new(),
            stop: Stop::Write,
        };
        while let Some(option) = next() {
            match (option.as_str(), next().ok_or(USAGE)?) {
                ("--tag", key) => work.tag_keys.push(key),
                ("--stop-after", stage) if stage == "inflate" => work.stop = Stop::Inflate,
                ("--stop-after", stage) if stage == "map" => work.stop = Stop::Map,
                _ => return Err(USAGE.into()),
            }
        }
        Ok(work)
    }
}

fn inflate(file: &Path) -> io::Result<u64> {
    let packed = BufReader::with_capacity(128 * 1024, File::open(file)?);
    io::copy(&mut MultiGzDecoder::new(packed), &mut io::sink())
}

fn read(
    work: &Work,
    sink: &mut dyn FnMut(&FocusRow) -> Result<(), SinkError>,
) -> Result<ReadReport, Failure> {
    let name = work.file.to_string_lossy();
    let input = Input::File(File::open(&work.file)?);
    Ok(read_bill(input, &name, sink)?)
}

fn write(work: &Work) -> Result<serde_json::Value, Failure> {
    let mut writer = PartWriter::new(&work.out, work.tag_keys.iter().cloned())?;
    let report = read(work, &mut |row| writer.push(row).map_err(Into::into))?;
    let bills = writer.finish()?;
    let [bill] = bills.as_slice() else {
        return Err(format!("{} bills in the file, not one", bills.len()).into());
    };
    fs::rename(&bill.parquet, work.out.join("rows.parquet"))?;
    fs::rename(&bill.rollup, work.out.join("rows.rollup"))?;
    let rollup = Rollup::decode(&fs::read(work.out.join("rows.rollup"))?)?;
    write_daily(&rollup, &work.out.join("daily.csv"))?;
    write_tags(&rollup, &work.out.join("tags.csv"))?;
    let dropped: Vec<&str> = rollup.dropped_tag_keys().collect();
    Ok(json!({"report": report, "rollupRows": rollup.len(), "droppedTagKeys": dropped}))
}

/// The roll-up row by row: day, fixed dimensions, tags, the four costs.
fn write_daily(rollup: &Rollup, path: &Path) -> Result<(), Failure> {
    let keys: Vec<&str> = rollup.tag_keys().collect();
    let columns: Vec<&Column> = KEY
        .iter()
        .filter_map(|&key| rollup.column(key))
        .chain(keys.iter().filter_map(|key| rollup.tag_column(key)))
        .collect();
    let names: Vec<&str> = KEY.iter().map(|key| key.name()).chain(keys).collect();
    let mut file = BufWriter::new(File::create(path)?);
    writeln!(file, "Day,{},{}", names.join(","), cost_names())?;
    let mut line = String::new();
    for row in 0..rollup.len() {
        line.clear();
        push_day(&mut line, rollup, row)?;
        for column in &columns {
            line.push(',');
            push_cell(&mut line, value(column, row));
        }
        for amounts in rollup.costs() {
            push_amount(&mut line, amounts.get(row))?;
        }
        line.push('\n');
        file.write_all(line.as_bytes())?;
    }
    Ok(file.flush()?)
}

/// The four costs by day, currency, tag key and tag value.
fn write_tags(rollup: &Rollup, path: &Path) -> Result<(), Failure> {
    let mut sums = std::collections::BTreeMap::<_, [i128; COST_COLUMNS.len()]>::new();
    let days = rollup.day_column();
    for (key, column) in rollup
        .tag_keys()
        .filter_map(|key| Some((key, rollup.tag_column(key)?)))
    {
        for row in 0..rollup.len() {
            let day = days.values[days.codes.get(row) as usize];
            let at = (key, day, value(rollup.currency(), row), value(column, row));
            let sum = sums.entry(at).or_default();
            for (sum, amounts) in sum.iter_mut().zip(rollup.costs()) {
                *sum = sum.checked_add(amounts.get(row)).ok_or("a sum overflows")?;
            }
        }
    }
    let mut file = BufWriter::new(File::create(path)?);
    writeln!(file, "Day,TagKey,BillingCurrency,TagValue,{}", cost_names())?;
    for ((key, day, currency, tag), costs) in sums {
        let mut line = to_date(day).to_string();
        for text in [Some(key), currency, tag] {
            line.push(',');
            push_cell(&mut line, text);
        }
        for cost in costs {
            push_amount(&mut line, cost)?;
        }
        writeln!(file, "{line}")?;
    }
    Ok(file.flush()?)
}

fn cost_names() -> String {
    COST_COLUMNS
        .map(outlay_billing::AmountColumn::name)
        .join(",")
}

fn value(column: &Column, row: usize) -> Option<&str> {
    column.values[column.codes.get(row) as usize].as_deref()
}

fn push_day(line: &mut String, rollup: &Rollup, row: usize) -> std::fmt::Result {
    let days = rollup.day_column();
    write!(
        line,
        "{}",
        to_date(days.values[days.codes.get(row) as usize])
    )
}

/// Null is an empty cell.
fn push_cell(line: &mut String, text: Option<&str>) {
    let text = text.unwrap_or_default();
    if text.contains([',', '"', '\n']) {
        line.push('"');
        line.push_str(&text.replace('"', "\"\""));
        line.push('"');
    } else {
        line.push_str(text);
    }
}

fn push_amount(line: &mut String, units: i128) -> Result<(), Failure> {
    let amount = Decimal::from_units(units).ok_or("a sum overflows")?;
    Ok(write!(line, ",{amount}")?)
}
