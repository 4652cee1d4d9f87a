//! Builds the functions: for this machine (the local stack), or for Lambda.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::{args::Args, house::House, steps::run, steps::step};

/// Builds every function for this machine with the `local` profile; gives the folder of the binaries.
pub(crate) fn functions(house: &House) -> Result<PathBuf> {
    let mut cargo = house.command("cargo");
    // The whole workspace, as its tests are built: of other packages together, dependencies have other features.
    cargo.args(["build", "--profile", "local", "--workspace"]);
    run(cargo.args(["--all-features", "--bins"]))?;
    Ok(house.target.join("local"))
}

/// `cargo xtask build`: release binaries for arm64 Lambda, all of them or one.
pub(crate) fn release(house: &House, mut args: Args) -> Result<()> {
    let bin = args.option("--bin")?;
    args.done()?;
    step("release binaries for arm64 Lambda", || {
        let mut cargo = house.command("cargo");
        cargo.args(["lambda", "build", "--release", "--arm64"]);
        match &bin {
            Some(bin) => cargo.args(["--bin", bin]),
            None => cargo.arg("--bins"),
        };
        run(&mut cargo).context("is cargo-lambda there? pip install cargo-lambda ziglang")
    })?;
    println!("{}", house.target.join("lambda").display());
    Ok(())
}

/// Builds one function for this machine with a profile; gives the binary.
pub(crate) fn one(house: &House, bin: &str, profile: &str) -> Result<PathBuf> {
    let mut cargo = house.command("cargo");
    run(cargo.args(["build", "--profile", profile, "--bin", bin]))?;
    Ok(house.target.join(profile).join(bin))
}
