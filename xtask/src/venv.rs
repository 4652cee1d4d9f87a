//! Python environments with exact pins, made anew when the pins change.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use crate::{house::House, steps::run_quietly};

/// The environment of the local stack; gives its Python.
pub(crate) fn local(house: &House) -> Result<PathBuf> {
    let pins = fs::read_to_string(house.path("xtask/local/requirements.txt"))?;
    ensure(&house.local().join("venv"), &pins)
}

/// The environment of `deploy-check`; gives its Python.
pub(crate) fn deploy(house: &House) -> Result<PathBuf> {
    let pins = fs::read_to_string(house.path("xtask/local/requirements-deploy.txt"))?;
    ensure(&house.local().join("venv-deploy"), &pins)
}

/// The environment of the tests from outside; gives its Python.
pub(crate) fn api(house: &House) -> Result<PathBuf> {
    let pins = fs::read_to_string(house.path("xtask/local/requirements-api.txt"))?;
    ensure(&house.local().join("venv-api"), &pins)
}

/// The environment of the peers of `bench billing`; gives its Python.
pub(crate) fn bench(house: &House) -> Result<PathBuf> {
    let pins = fs::read_to_string(house.path("lib/billing/benches/peers/requirements.txt"))?;
    ensure(&house.local().join("bench-venv"), &pins)
}

/// focus-converter wants an old polars, so it has an environment of its own; gives its Python.
pub(crate) fn focus_converter(house: &House) -> Result<PathBuf> {
    let pins = fs::read_to_string(house.path("lib/billing/benches/peers/requirements-focus.txt"))?;
    ensure(&house.local().join("bench-venv-focus"), &pins)
}

fn ensure(venv: &Path, pins: &str) -> Result<PathBuf> {
    let python = venv.join("bin/python");
    // Written last, so an installation that broke off is made anew.
    let stamp = venv.join("installed-pins.txt");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == pins) && python.exists() {
        return Ok(python);
    }
    println!("  installing into {} (about a minute)", venv.display());
    run_quietly(
        Command::new("python3")
            .args(["-m", "venv", "--clear"])
            .arg(venv),
    )
    .context("python3 cannot make environments: sudo apt-get install -y python3-venv")?;
    let wanted = venv.join("wanted-pins.txt");
    fs::write(&wanted, pins)?;
    run_quietly(
        Command::new(&python)
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "-r",
            ])
            .arg(&wanted),
    )?;
    fs::rename(wanted, stamp)?;
    Ok(python)
}
