//! `cargo xtask test`: everything that CI runs, in the order in which it fails soonest.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::Value;

use crate::{
    api::{self, Extent},
    args::Args,
    house::House,
    process,
    simulation::Simulation,
    stack::{Purpose, Stack},
    steps::{run as run_command, run_quietly, step},
    supply, tools, up, web,
};

const NEXTEST: &str = "0.9.143";

/// A part of the tests that can be run alone.
const PARTS: &[&str] = &["unit", "web", "supply", "stack", "api", "e2e"];

pub(crate) fn run(house: &House, mut args: Args) -> Result<()> {
    let only = args.option("--only")?;
    let long = args.flag("--long");
    let extent = Extent::of(&mut args, long)?;
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
    if wanted("supply") {
        step("advisories", || supply::advisories(house)?.judge())?;
    }
    if only.as_deref() == Some("supply") {
        step("licences, sources, pins and secrets", || {
            supply::rules(house)
        })?;
    }
    if wanted("stack") || wanted("api") || wanted("e2e") {
        on_a_stack(house, &wanted, &extent)?;
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
fn on_a_stack(house: &House, wanted: &dyn Fn(&str) -> bool, extent: &Extent) -> Result<()> {
    let browser = wanted("e2e")
        .then(|| step("Chromium", chromium))
        .transpose()?;
    let fresh = FreshStack::start(house, wanted("stack"))?;
    if wanted("stack") {
        fresh.all_tests(house)?;
    }
    if wanted("api") {
        api::run(house, &fresh.stack, &fresh.description, extent)?;
    }
    if let Some(browser) = browser {
        step("browser tests", || {
            browser_run(house, &fresh.stack, &fresh.description, &browser)
        })
        .with_context(|| fresh.logs())?;
    }
    FreshStack::stop()
}

/// A stack that nothing has happened to.
pub(crate) struct FreshStack {
    pub(crate) stack: Stack,
    pub(crate) description: PathBuf,
    python: PathBuf,
}

impl FreshStack {
    /// Builds and deploys; with what the stack tests need, when they are wanted.
    pub(crate) fn start(house: &House, with_tests: bool) -> Result<Self> {
        if with_tests {
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
        Ok(Self {
            stack,
            description,
            python: parts.python,
        })
    }

    /// Every stack test. Those that ask for too much on purpose come last: what roles used is compared before.
    pub(crate) fn all_tests(&self, house: &House) -> Result<()> {
        let asking_too_much = "test(/^policy::/)";
        step("stack tests", || {
            self.tests(house, &format!("not {asking_too_much}"), None)
        })?;
        step("what roles may, and what they did", || {
            self.recorded_use(house).and_then(|found| found.judge())
        })?;
        step("a second evaluator of the policies", || {
            self.simulation(house).and_then(|found| found.judge())
        })?;
        step("policies refuse what code gets wrong", || {
            self.tests(house, asking_too_much, None)
        })
    }

    /// The stack tests that this filter of nextest names; figures go to a folder.
    pub(crate) fn tests(&self, house: &House, filter: &str, figures: Option<&Path>) -> Result<()> {
        let mut command = house.command("cargo");
        command.args([
            "nextest",
            "run",
            "--profile",
            "stack",
            "--cargo-profile",
            "local",
        ]);
        command.args([
            "--workspace",
            "--all-features",
            "--test",
            "stack",
            "--status-level",
            "fail",
        ]);
        command
            .args(["-E", filter])
            .env("OUTLAY_STACK", &self.description);
        if let Some(folder) = figures {
            command.env("OUTLAY_PROOF", folder);
        }
        run_command(&mut command).with_context(|| self.logs())
    }

    /// The policies of its data roles before a second evaluator.
    pub(crate) fn simulation(&self, house: &House) -> Result<Simulation> {
        Simulation::run(house, &self.python, &self.stack.aws_endpoint())
    }

    /// What roles may and what they did since the stack was started.
    pub(crate) fn recorded_use(&self, house: &House) -> Result<RecordedUse> {
        let recorded = self
            .stack
            .folder
            .join("state/services/recorded-calls.jsonl");
        let printed = run_quietly(
            Command::new(&self.python)
                .arg(house.path("xtask/local/recorded_use.py"))
                .args(["--endpoint", &self.stack.aws_endpoint(), "--recorded"])
                .arg(recorded),
        )?;
        Ok(serde_json::from_str(&printed)?)
    }

    /// Where its logs are, and which functions did not start, or ended before they answered (`additions/last_words.py`).
    pub(crate) fn logs(&self) -> String {
        let folder = self.stack.folder.join("logs");
        let log = fs::read_to_string(folder.join("emulator.log")).unwrap_or_default();
        let words = log
            .lines()
            .filter(|line| line.contains("[last words]") || line.contains("execution error"));
        let words: Vec<&str> = words.collect();
        format!("logs: {}\n{}", folder.display(), words.join("\n"))
    }

    pub(crate) fn stop() -> Result<()> {
        step("stop the stack of the tests", || {
            process::stop_all();
            Ok(())
        })
    }
}

/// What `recorded_use.py` found.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RecordedUse {
    roles: usize,
    allowed: usize,
    used: usize,
    by_lambda: usize,
    unused: Vec<String>,
    refused: Vec<String>,
}

impl RecordedUse {
    /// In one line.
    pub(crate) fn summary(&self) -> String {
        format!(
            "{} roles, {} permissions: {} used, {} used by Lambda itself, {} never used, {} asked for in vain",
            self.roles,
            self.allowed,
            self.used,
            self.by_lambda,
            self.unused.len(),
            self.refused.len()
        )
    }

    /// An error that names every difference.
    pub(crate) fn judge(&self) -> Result<()> {
        let differences: Vec<&str> = self
            .unused
            .iter()
            .chain(&self.refused)
            .map(String::as_str)
            .collect();
        if differences.is_empty() {
            return Ok(());
        }
        bail!("{}\n  {}", self.summary(), differences.join("\n  "));
    }
}

/// Stack tests create functions of this example (lib/testkit/probes); `cargo test --test` builds none.
fn probe(house: &House) -> Result<()> {
    run_command(house.command("cargo").args([
        "build",
        "--profile",
        "local",
        "--workspace",
        "--all-features",
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

pub(crate) fn ensure_nextest(house: &House) -> Result<()> {
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
