//! `cargo xtask fuzz [--seconds N] [TARGET]`: libFuzzer over the targets in `lib/billing/fuzz`, and what came of it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
    time::Instant,
};

use anyhow::{Context, Result, ensure};

use crate::{
    args::Args,
    house::House,
    steps::{run as run_command, step},
};

const CARGO_FUZZ: &str = "0.13.2";
/// Seconds per target where nobody says otherwise.
const SECONDS: &str = "60";
/// A target that needs more is a crash: bills are read in bounded memory.
const MEMORY_MB: &str = "1024";

/// What one target did.
struct Outcome {
    target: String,
    executions: u64,
    seconds: u64,
    peak_mb: u64,
    /// Inputs that broke a law, kept in this folder.
    crashes: usize,
}

pub(crate) fn run(house: &House, mut args: Args) -> Result<()> {
    let seconds = args.option("--seconds")?;
    let seconds = seconds.unwrap_or_else(|| SECONDS.to_owned());
    let wanted = args.next_word();
    args.done()?;
    seconds.parse::<u64>().context("--seconds takes a number")?;
    let mut targets = targets(house)?;
    targets.retain(|target| wanted.as_ref().is_none_or(|wanted| wanted == target));
    ensure!(
        !targets.is_empty(),
        "no target is called so: see lib/billing/fuzz"
    );
    let cargo_fuzz = step("cargo-fuzz", || cargo_fuzz(house))?;
    let binaries = step("instrumented build (minutes, the first time)", || {
        build(house, &cargo_fuzz)
    })?;
    let mut outcomes = Vec::new();
    for target in targets {
        outcomes.push(step(&target, || fuzz(house, &binaries, &target, &seconds))?);
    }
    report(&outcomes)
}

/// The programs of the targets, by name.
fn targets(house: &House) -> Result<Vec<String>> {
    let folder = house.path("lib/billing/fuzz/fuzz_targets");
    let mut names = Vec::new();
    for file in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
        let path = file?.path();
        names.extend(
            path.file_stem()
                .map(|name| name.to_string_lossy().into_owned()),
        );
    }
    names.sort();
    Ok(names)
}

/// The tool, installed below `.local` when it is missing.
fn cargo_fuzz(house: &House) -> Result<PathBuf> {
    let root = house.local().join("cargo-fuzz");
    let program = root.join("bin/cargo-fuzz");
    if !program.exists() {
        println!(
            "  installing cargo-fuzz {CARGO_FUZZ} into {}",
            root.display()
        );
        run_command(
            house
                .command("cargo")
                .args(["install", "cargo-fuzz", "--locked", "--version", CARGO_FUZZ])
                .arg("--root")
                .arg(&root),
        )?;
    }
    Ok(program)
}

/// Builds every target; gives the folder of the programs.
fn build(house: &House, cargo_fuzz: &Path) -> Result<PathBuf> {
    let folder = house.local().join("fuzz/target");
    run_command(
        house
            .command(cargo_fuzz)
            .args(["build", "--fuzz-dir", "lib/billing/fuzz"])
            // No unsafe code of ours: the sanitizers cost speed and find nothing that the laws do not.
            .args([
                "--sanitizer",
                "none",
                "--codegen-units",
                "16",
                "--target-dir",
            ])
            .arg(&folder)
            // The flags that instrument are not stable; the compiler is.
            .env("RUSTC_BOOTSTRAP", "1"),
    )?;
    let triples = fs::read_dir(&folder)?;
    triples
        .filter_map(|entry| Some(entry.ok()?.path().join("release")))
        .find(|release| release.join("decimal").exists())
        .context("cargo-fuzz built nothing")
}

/// Runs a target from its committed seeds and from what earlier runs found.
fn fuzz(house: &House, binaries: &Path, target: &str, seconds: &str) -> Result<Outcome> {
    let state = house.local().join("fuzz");
    let corpus = state.join("corpus").join(target);
    let crashes = state.join("crashes").join(target);
    fs::create_dir_all(&corpus)?;
    fs::create_dir_all(&crashes)?;
    let log = state.join(format!("{target}.log"));
    let start = Instant::now();
    let mut command = house.command(binaries.join(target));
    command
        .arg(&corpus)
        .arg(house.path("lib/billing/fuzz/seeds").join(target))
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-rss_limit_mb={MEMORY_MB}"))
        .arg(format!("-artifact_prefix={}/", crashes.display()))
        .args(["-timeout=20", "-max_len=4096", "-print_final_stats=1"])
        .stdin(Stdio::null())
        .stderr(fs::File::create(&log)?);
    let status = command.status()?;
    let said = fs::read_to_string(&log)?;
    let figure = |name: &str| {
        let line = said.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|value| value.trim().parse().ok())
            .unwrap_or_default()
    };
    let crashes = fs::read_dir(&crashes)?.count();
    ensure!(
        status.success() || crashes > 0,
        "{target} ended with {status}; see {}",
        log.display()
    );
    Ok(Outcome {
        target: target.to_owned(),
        executions: figure("stat::number_of_executed_units:"),
        seconds: start.elapsed().as_secs(),
        peak_mb: figure("stat::peak_rss_mb:"),
        crashes,
    })
}

fn report(outcomes: &[Outcome]) -> Result<()> {
    println!(
        "\n{:<10} {:>12} {:>8} {:>8} {:>8}",
        "target", "executions", "seconds", "peak MB", "crashes"
    );
    for o in outcomes {
        println!(
            "{:<10} {:>12} {:>8} {:>8} {:>8}",
            o.target, o.executions, o.seconds, o.peak_mb, o.crashes
        );
    }
    let crashes: usize = outcomes.iter().map(|outcome| outcome.crashes).sum();
    ensure!(
        crashes == 0,
        "{crashes} inputs broke a law: .local/fuzz/crashes"
    );
    Ok(())
}
