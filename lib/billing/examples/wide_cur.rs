//! Writes a wide legacy Cost and Usage Report to measure with:
//! `cargo run --release -p outlay-billing --example wide_cur -- ROWS OUT.csv.gz [--seed N] [--level N]`

use std::{
    env,
    error::Error,
    fs::File,
    io::{BufWriter, Write},
};

use flate2::{Compression, GzBuilder};
use outlay_testkit::write_wide_cur;

const USAGE: &str = "usage: wide_cur ROWS OUT.csv.gz [--seed N] [--level N]";

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = env::args().skip(1).collect();
    let [rows, path, options @ ..] = words.as_slice() else {
        return Err(USAGE.into());
    };
    let (mut seed, mut level) = (1, 6);
    for option in options.chunks(2) {
        match option {
            [name, value] if name == "--seed" => seed = value.parse()?,
            [name, value] if name == "--level" => level = value.parse()?,
            _ => return Err(USAGE.into()),
        }
    }
    let file = BufWriter::new(File::create(path)?);
    let mut gzip = GzBuilder::new().write(file, Compression::new(level));
    write_wide_cur(rows.parse()?, seed, &mut gzip)?;
    gzip.finish()?.flush()?;
    Ok(())
}
