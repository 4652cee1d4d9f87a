//! `cargo xtask bench billing`: the transform of a wide Cost and Usage Report beside DuckDB, polars and pandas.
//!
//! The programs and the table are in `lib/billing/benches/peers`; here is what they need: a release build, a
//! Python environment of their own, and the report.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};

use crate::{args::Args, house::House, steps, steps::step, venv};

/// Rows of the report, and rounds.
const FULL: (u64, u32) = (300_000, 3);
const QUICK: (u64, u32) = (20_000, 1);

/// What of the peers takes long and is not always wanted.
struct Wanted {
    rows: u64,
    rounds: u32,
    /// Bytes of the report that shows flat memory.
    large: Option<u64>,
    focus_converter: bool,
}

pub(super) fn run(house: &House, mut args: Args) -> Result<()> {
    let (rows, rounds) = if args.flag("--quick") { QUICK } else { FULL };
    let wanted = Wanted {
        rows: number(args.option("--rows")?)?.unwrap_or(rows),
        rounds,
        large: args
            .option("--large")?
            .map(|size| bytes(&size))
            .transpose()?,
        focus_converter: args.flag("--focus-converter"),
    };
    args.done()?;
    let examples = step("release build of the transform", || build(house))?;
    let python = step("Python environment of the peers", || venv::bench(house))?;
    let folder = house.local().join("bench");
    fs::create_dir_all(&folder)?;
    let file = report(house, &examples, &folder, wanted.rows)?;
    let mut runner = house.command(&python);
    runner
        .arg(house.path("lib/billing/benches/peers/run.py"))
        .arg("--ours")
        .arg(examples.join("transform"))
        .arg("--file")
        .arg(&file)
        .arg("--out")
        .arg(folder.join("out"))
        .args(["--rounds", &wanted.rounds.to_string()]);
    if let Some(bytes) = wanted.large {
        let rows = wanted.rows * bytes / fs::metadata(&file)?.len();
        let large = report(house, &examples, &folder, rows)?;
        runner.arg("--large").arg(large);
    }
    if wanted.focus_converter {
        let python = step("Python environment of focus-converter", || {
            venv::focus_converter(house)
        })?;
        let program = python.with_file_name("focus-converter");
        runner.arg("--focus-converter").arg(program);
    }
    steps::run(&mut runner)
}

/// Builds the programs that are measured; gives their folder.
fn build(house: &House) -> Result<PathBuf> {
    let mut cargo = house.command("cargo");
    cargo.args(["build", "--release", "-p", "outlay-billing"]);
    cargo.args(["--features", "parquet", "--example", "transform"]);
    steps::run(cargo.args(["--example", "wide_cur"]))?;
    Ok(house.target.join("release/examples"))
}

/// A report of so many rows. A large one takes minutes and is made once.
fn report(house: &House, examples: &Path, folder: &Path, rows: u64) -> Result<PathBuf> {
    const MANY: u64 = 1_000_000;
    let file = folder.join(format!("wide-{rows}.csv.gz"));
    if rows > MANY && file.exists() {
        return Ok(file);
    }
    step(&format!("a report of {rows} rows"), || {
        let unfinished = file.with_extension("part");
        let mut generator = house.command(examples.join("wide_cur"));
        steps::run(generator.arg(rows.to_string()).arg(&unfinished))?;
        Ok(fs::rename(unfinished, &file)?)
    })?;
    Ok(file)
}

fn number(text: Option<String>) -> Result<Option<u64>> {
    text.map(|text| text.parse().context("--rows is a number"))
        .transpose()
}

/// `5GB`, `500MB`.
fn bytes(size: &str) -> Result<u64> {
    let digits = size.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match &size[digits.len()..] {
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        _ => 0,
    };
    ensure!(unit > 0, "--large is a size such as 500MB or 5GB");
    Ok(digits
        .parse::<u64>()
        .context("--large is a size such as 5GB")?
        * unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_a_unit() {
        assert_eq!(bytes("5GB").unwrap(), 5_000_000_000);
        assert_eq!(bytes("50MB").unwrap(), 50_000_000);
        for wrong in ["5", "GB", "5TB", "-1GB", ""] {
            assert!(bytes(wrong).is_err(), "{wrong}");
        }
    }
}
