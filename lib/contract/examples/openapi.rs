//! Writes `frontend/openapi.json`: `cargo run -p outlay-contract --example openapi`.

use std::{error::Error, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../frontend/openapi.json");
    fs::write(path, outlay_contract::text()?)?;
    Ok(())
}
