//! `cargo xtask deploy-check`: what AWS's own tools say of the template, and one function built for Lambda.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result};

use crate::{
    args::Args,
    house::House,
    steps::{run_quietly, step},
    venv,
};

const FUNCTION: &str = "PlatformHealthFunction";

pub(crate) fn run(house: &House, args: &Args) -> Result<()> {
    args.done()?;
    let python = step("sam, cargo-lambda and zig in .local/venv-deploy", || {
        venv::deploy(house)
    })?;
    let bin = python.parent().context("a Python has a folder")?;
    step("Rust for arm64", || {
        run_quietly(
            house
                .command("rustup")
                .args(["target", "add", "aarch64-unknown-linux-gnu"]),
        )
    })?;
    step("sam validate --lint", || {
        for template in templates(house)? {
            run_quietly(sam(house, bin).args(["validate", "--lint", "--template", &template]))?;
        }
        Ok(())
    })?;
    step(&format!("sam build {FUNCTION}"), || {
        run_quietly(sam(house, bin).args(["build", FUNCTION]))
    })?;
    let bootstrap = house
        .path(".aws-sam/build")
        .join(FUNCTION)
        .join("bootstrap");
    let size = fs::metadata(&bootstrap)
        .with_context(|| bootstrap.display().to_string())?
        .len();
    println!("  {} ({} kB)", bootstrap.display(), size / 1000);
    Ok(())
}

/// template.yaml and the SAM templates it nests.
fn templates(house: &House) -> Result<Vec<String>> {
    let mut found = vec!["template.yaml".to_owned()];
    for entry in fs::read_dir(house.path("cfn"))? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            found.push(format!("cfn/{name}"));
        }
    }
    Ok(found)
}

fn sam(house: &House, bin: &Path) -> Command {
    let mut command = house.command(bin.join("sam"));
    command
        .env("PATH", path_with(bin))
        .env("SAM_CLI_TELEMETRY", "0")
        // sam looks for what cargo-lambda built in the repository's own target folder.
        .env_remove("CARGO_TARGET_DIR")
        .env("AWS_DEFAULT_REGION", "us-east-1");
    command
}

/// The PATH with the environment's programs first: sam looks for cargo-lambda and zig there.
#[expect(
    clippy::disallowed_methods,
    reason = "a chore has no Config; PATH says where programs are"
)]
fn path_with(bin: &Path) -> String {
    format!(
        "{}:{}",
        bin.display(),
        std::env::var("PATH").unwrap_or_default()
    )
}
