//! Prints the OpenAPI document; `cargo xtask openapi` checks it in.

use std::{
    error::Error,
    io::{Write, stdout},
};

fn main() -> Result<(), Box<dyn Error>> {
    stdout().write_all(outlay_contract::text()?.as_bytes())?;
    Ok(())
}
