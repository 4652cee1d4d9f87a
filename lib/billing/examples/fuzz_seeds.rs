//! Writes the seeds of the fuzz targets, from this crate's own fixtures:
//! `cargo run -p outlay-billing --features parquet --example fuzz_seeds`

use std::{
    error::Error,
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use flate2::{Compression, write::GzEncoder};
use outlay_billing::{Input, PartWriter, read_bill};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const FOCUS: &str = include_str!("../test_data/focus-1.0.csv");
const CUR: &str = include_str!("../test_data/cur-slash.csv");

const DECIMALS: &[&str] = &[
    "0",
    "-0.0",
    "1234.56",
    "1.0E-10",
    "0.1234567890123456785",
    "-12.3456789012345678901234567890123456",
    "99999999999999999999.9999999999999999994",
    "100000000000000000000",
    "+5e3",
    "1,234.56",
    "99999999999999999999 -0.000000000000000001",
    "99999999999999999999 -99999999940000000001",
];

const DATES: &[&str] = &[
    "2026-10-01",
    "2026-10-01 23:59:59",
    "2026-02-28T00:00:00.123456789Z",
    "2026-05-01T02:00:00+02:00",
    "2000-02-29T12:00:00Z",
    "9998-12-31T23:59:59Z",
    "1969-12-31",
    "2026-10-01 07:00:00 UTC",
];

const MANIFESTS: &[&str] = &[
    "cur/daily/20261001-20261101/daily-Manifest.json\n{\"assemblyId\":\"a1\",\"account\":\"000000000042\",\
     \"columns\":[{\"category\":\"lineItem\",\"name\":\"UnblendedCost\"}],\"charset\":\"UTF-8\",\"compression\":\"GZIP\",\
     \"billingPeriod\":{\"start\":\"20261001T000000.000Z\",\"end\":\"20261101T000000.000Z\"},\"bucket\":\"bills\",\
     \"reportId\":\"r\",\"reportName\":\"daily\",\"reportKeys\":[\"/cur/daily/20261001-20261101/a1/daily-1.csv.gz\"]}",
    "x/daily/metadata/BILLING_PERIOD=2026-10/daily-Manifest.json\n{\"executionId\":\"e1\",\"exportArn\":\"arn\",\
     \"billingPeriod\":\"2026-10\",\"dataFiles\":[\"s3://bills/x/daily/data/BILLING_PERIOD=2026-10/daily-00001.csv.gz\"]}",
    "x/daily/metadata/BILLING_PERIOD=2026-10/t-e2/daily-Manifest.json\n{\"executionId\":\"e2\",\"dataFiles\":[\
     {\"s3Uri\":\"s3://bills/x/daily/data/BILLING_PERIOD=2026-10/t-e2/daily-00001.snappy.parquet\",\"size\":9}],\
     \"columns\":[{\"name\":\"BilledCost\",\"type\":\"double\"}]}",
    "x/daily/metadata/BILLING_PERIOD=2026-10/daily-Manifest.json\n{\"dataFiles\":[\"s3://bills/x/../secret\"]}",
];

/// Targets that take any bytes for the plan of a file.
const PLANNED: &[&str] = &["focus", "cur", "cur2", "azure", "gcp", "oci", "mapping"];

fn main() -> Result<()> {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
    let folder = |target: &str| -> Result<PathBuf> {
        let folder = seeds.join(target);
        fs::create_dir_all(&folder)?;
        Ok(folder)
    };
    for (target, texts) in [
        ("decimal", DECIMALS),
        ("date", DATES),
        ("manifest", MANIFESTS),
    ] {
        for (number, text) in (1..).zip(texts) {
            fs::write(folder(target)?.join(number.to_string()), text)?;
        }
    }
    let files = files()?;
    for (name, bytes) in &files {
        fs::write(folder("csv")?.join(name), bytes)?;
        fs::write(folder("framing")?.join(name), bytes)?;
    }
    for how in "gsZlb".chars() {
        fs::write(
            folder("framing")?.join(format!("packed-{how}")),
            format!("{how}{FOCUS}"),
        )?;
    }
    for target in PLANNED {
        for number in 1..=8 {
            fs::write(folder(target)?.join(number.to_string()), plan(number))?;
        }
    }
    for number in 1..=3 {
        let plan = plan(number);
        fs::write(folder("parquet")?.join(number.to_string()), &plan)?;
        fs::write(
            folder("rollup")?.join(number.to_string()),
            [b"r", &plan[..]].concat(),
        )?;
    }
    for number in 1..=8 {
        let plan = [b"r", &plan(number)[..]].concat();
        fs::write(folder("evidence")?.join(number.to_string()), plan)?;
    }
    written_by_us(&folder("parquet")?, &folder("rollup")?)
}

/// The fixtures, wrapped in every way.
fn files() -> Result<Vec<(&'static str, Vec<u8>)>> {
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(CUR.as_bytes())?;
    Ok(vec![
        ("focus", FOCUS.into()),
        ("cur", CUR.into()),
        ("crlf", FOCUS.replace('\n', "\r\n").into()),
        ("cr", CUR.replace('\n', "\r").into()),
        ("utf-16", utf16(&format!("\u{feff}{FOCUS}"))),
        ("gzip", gzip.finish()?),
        ("zstd", zstd::stream::encode_all(FOCUS.as_bytes(), 3)?),
    ])
}

/// Bytes for a table of some rows: mostly plausible cells (see `fuzz/src/table.rs`), always the same.
fn plan(seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    let usual = seed.is_multiple_of(2);
    // Written plainly, with all columns, five rows; then the cells.
    let mut plan = vec![0, 0, 0, 5];
    plan.extend((0..400).map(|_| if usual { next() % 12 } else { next() }));
    plan
}

/// Parquet and a roll-up of the FOCUS fixture.
fn written_by_us(parquet: &Path, rollup: &Path) -> Result<()> {
    let dir = tempfile::tempdir()?;
    let mut writer = PartWriter::new(dir.path(), ["team".to_owned()])?;
    let input = Input::Stream(Box::new(FOCUS.as_bytes()));
    read_bill(input, "focus.csv", &mut |row| Ok(writer.push(row)?))?;
    for (number, bill) in writer.finish()?.iter().enumerate() {
        fs::copy(&bill.parquet, parquet.join(format!("bill-{number}")))?;
        let file = fs::read(&bill.rollup)?;
        let inside = zstd::stream::decode_all(&file[8..])?;
        fs::write(rollup.join(format!("file-{number}")), file)?;
        fs::write(
            rollup.join(format!("inside-{number}")),
            [b"i", &inside[..]].concat(),
        )?;
    }
    Ok(())
}
