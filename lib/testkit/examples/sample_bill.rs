//! Writes the web app's sample bill: `cargo run --profile local -p outlay-testkit --example sample_bill`.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use outlay_testkit::sample;

fn main() -> Result<()> {
    let path = Path::new(sample::PATH);
    fs::create_dir_all(path.parent().context("no folder")?)?;
    fs::write(path, sample::file()?).with_context(|| format!("write {}", path.display()))
}
