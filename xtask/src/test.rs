//! `cargo xtask test`: everything that CI runs, in the order in which it fails soonest.

use std::{env, fs, path::Path, process::Command, time::Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{
    args::Args,
    house::House,
    process,
    stack::{Purpose, Stack},
    steps::{run as run_command, run_quietly, step},
    tools, up, web,
};

const NEXTEST: &str = "0.9.143";

/// A part of the tests that can be run alone.
const PARTS: &[&str] = &["unit", "web", "stack", "e2e"];

pub(crate) fn run(house: &House, mut args: Args) -> Result<()> {
    let only = args.option("--only")?;
    // No test of this slice takes long; the flag is understood so that its name is settled.
    let _long = args.flag("--long");
    args.done()?;
    if let Some(only) = &only
        && !PARTS.contains(&only.as_str())
    {
        bail!("--only takes one of {}", PARTS.join(", "));
    }
    let wanted = |part: &str| only.as_deref().is_none_or(|only| only == part);
    let start = Instant::now();
    step("prerequisites", tools::check)?;
    if wanted("unit") {
        rust(house)?;
    }
    if wanted("web") {
        web_app(house)?;
    }
    if wanted("stack") || wanted("e2e") {
        on_a_stack(house, wanted("stack"), wanted("e2e"))?;
    }
    println!("\nall passed in {:.0} s", start.elapsed().as_secs_f32());
    Ok(())
}

fn rust(house: &House) -> Result<()> {
    step("format", || {
        run_command(house.command("cargo").args(["fmt", "--all", "--check"]))
    })?;
    step("clippy", || {
        run_command(house.command("cargo").args([
            "clippy",
            "--quiet",
            "--profile",
            "local",
            "--workspace",
            "--all-targets",
            "--all-features",
            "--",
            "-D",
            "warnings",
        ]))
    })?;
    step("cargo-nextest", || ensure_nextest(house))?;
    step("unit, property and contract tests", || {
        run_command(house.command("cargo").args([
            "nextest",
            "run",
            "--cargo-profile",
            "local",
            "--workspace",
            "--all-features",
            "--status-level",
            "fail",
        ]))
    })
}

fn web_app(house: &House) -> Result<()> {
    step("packages of the web app", || web::install(house))?;
    for script in ["lint", "typecheck", "test"] {
        step(&format!("web: npm run {script}"), || {
            run_command(web::npm(house).args(["run", "--silent", script]))
        })?;
    }
    Ok(())
}

/// Starts a stack of its own, runs the tests that need one, and stops it whatever came of them.
fn on_a_stack(house: &House, stack_tests: bool, browser_tests: bool) -> Result<()> {
    let browser = browser_tests
        .then(|| step("Chromium", chromium))
        .transpose()?;
    if stack_tests {
        step("cargo-nextest", || ensure_nextest(house))?;
        step("the function that asks for too much", || probe(house))?;
    }
    let parts = up::build_parts(house)?;
    let mut stack = Stack::of(house, Purpose::Test);
    stack.stop();
    stack.forget()?;
    step("emulator for the tests", || {
        stack.start_emulator(house, &parts.python)
    })?;
    step("deploy template.yaml", || {
        stack.deploy(house, &parts.python, &parts.binaries)
    })?;
    step("web app and API on one origin", || {
        stack.start_gateway(house, &parts.python, &parts.site)
    })?;
    let description = stack.write_description(&Value::Null)?;
    if stack_tests {
        step("stack tests", || {
            run_command(
                house
                    .command("cargo")
                    .args([
                        "nextest",
                        "run",
                        "--profile",
                        "stack",
                        "--cargo-profile",
                        "local",
                        "-p",
                        "outlay-testkit",
                        "--test",
                        "stack",
                        "--status-level",
                        "fail",
                    ])
                    .env("OUTLAY_STACK", &description),
            )
        })
        .with_context(|| format!("logs: {}", stack.folder.join("logs").display()))?;
    }
    if let Some(browser) = browser {
        step("browser tests", || {
            browser_run(house, &stack, &description, &browser)
        })
        .with_context(|| format!("logs: {}", stack.folder.join("logs").display()))?;
    }
    step("stop the stack of the tests", || {
        process::stop_all();
        Ok(())
    })
}

/// Stack tests create functions of this example (lib/testkit/probes); `cargo test --test` builds none.
fn probe(house: &House) -> Result<()> {
    run_command(house.command("cargo").args([
        "build",
        "--profile",
        "local",
        "-p",
        "outlay-testkit",
        "--example",
        "isolation-probe",
    ]))
}

fn browser_run(house: &House, stack: &Stack, description: &Path, browser: &str) -> Result<()> {
    run_command(
        web::npm(house)
            .args(["run", "--silent", "e2e"])
            .env("OUTLAY_WEB_URL", stack.web_url())
            .env("OUTLAY_STACK", description)
            .env(
                "OUTLAY_MAILBOX",
                format!("{}/_ministack/ses/messages", stack.aws_endpoint()),
            )
            .env("OUTLAY_CHROMIUM", browser),
    )
}

fn ensure_nextest(house: &House) -> Result<()> {
    let mut version = house.command("cargo");
    if run_quietly(version.args(["nextest", "--version"])).is_ok() {
        return Ok(());
    }
    println!("  installing cargo-nextest {NEXTEST} (minutes, once)");
    run_command(house.command("cargo").args([
        "install",
        "cargo-nextest",
        "--locked",
        "--version",
        NEXTEST,
    ]))
}

/// The path of Chromium, installed from the distribution when it is missing.
fn chromium() -> Result<String> {
    if let Some(found) = find_chromium() {
        return Ok(found);
    }
    println!("  installing chromium with apt-get");
    let root = run_quietly(Command::new("id").arg("-u"))?.trim() == "0";
    let install =
        "apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium";
    let shell = if root {
        install.to_owned()
    } else {
        format!("sudo sh -c '{install}'")
    };
    run_quietly(Command::new("sh").args(["-c", &shell]))
        .context("Chromium is needed for the browser tests: sudo apt-get install -y chromium")?;
    find_chromium().context("chromium was installed but is not on the PATH")
}

#[expect(
    clippy::disallowed_methods,
    reason = "a chore has no Config; PATH says where programs are"
)]
fn find_chromium() -> Option<String> {
    let path = env::var_os("PATH")?;
    let folders: Vec<_> = env::split_paths(&path).collect();
    ["chromium", "chromium-browser", "google-chrome"]
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|file| fs::metadata(file).is_ok_and(|found| found.is_file()))
        .map(|file| file.to_string_lossy().into_owned())
}
