//! `cargo xtask openapi`: the checked-in OpenAPI document, from the types.

use std::fs;

use anyhow::{Result, bail};

use crate::{args::Args, house::House, steps::run_quietly, steps::step};

pub(crate) fn run(house: &House, mut args: Args) -> Result<()> {
    let check = args.flag("--check");
    args.done()?;
    let path = house.path("frontend/openapi.json");
    let document = step("openapi.json from the types", || {
        run_quietly(house.command("cargo").args([
            "run",
            "--quiet",
            "--profile",
            "local",
            "--all-features",
            "--example",
            "openapi",
        ]))
    })?;
    if fs::read_to_string(&path).is_ok_and(|checked_in| checked_in == document) {
        println!("{} is up to date", path.display());
        return Ok(());
    }
    if check {
        bail!(
            "{} differs from the types: run `cargo xtask openapi` and commit it",
            path.display()
        );
    }
    fs::write(&path, document)?;
    println!(
        "{} written; now `npm run generate` in frontend/",
        path.display()
    );
    Ok(())
}
