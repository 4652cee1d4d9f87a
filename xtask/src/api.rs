//! schemathesis: an outsider's tests of the API, made of its document, as two tenants that must not see each other.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result, bail};
use outlay_testkit::{Account, stack::Stack as Running};
use serde_json::{Value, json};

use crate::{args::Args, house::House, stack::Stack, steps::step, venv};

/// Of one quick run, as CI makes it.
const QUICK: (&str, &str) = ("1", "20");
/// Of the promise.
const FULL: (&str, &str) = ("1,2,3", "200");

/// How much is tried.
#[derive(Debug, Clone)]
pub(crate) struct Extent {
    seeds: Vec<u32>,
    examples: u32,
}

impl Extent {
    /// `--seeds 1,2,3 --examples 200`; without, a quick one or that of the promise.
    pub(crate) fn of(args: &mut Args, full: bool) -> Result<Self> {
        let (seeds, examples) = if full { FULL } else { QUICK };
        let seeds = args.option("--seeds")?.unwrap_or_else(|| seeds.to_owned());
        let examples = args
            .option("--examples")?
            .unwrap_or_else(|| examples.to_owned());
        Ok(Self {
            seeds: seeds
                .split(',')
                .map(str::parse)
                .collect::<Result<_, _>>()
                .context("--seeds takes numbers such as 1,2,3")?,
            examples: examples.parse().context("--examples takes a number")?,
        })
    }
}

/// What a run found.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) seeds: usize,
    pub(crate) cases: u64,
    pub(crate) failures: u64,
}

impl Outcome {
    /// In one line.
    pub(crate) fn summary(&self) -> String {
        let Self {
            seeds,
            cases,
            failures,
        } = self;
        format!("{seeds} seeds, 2 tenants, {cases} cases, {failures} failures")
    }

    /// An error where something failed.
    pub(crate) fn judge(&self) -> Result<()> {
        if self.failures > 0 {
            bail!("schemathesis: {}", self.summary());
        }
        Ok(())
    }
}

/// As [`try_all`]; a failure is an error.
pub(crate) fn run(house: &House, stack: &Stack, description: &Path, extent: &Extent) -> Result<()> {
    let outcome = try_all(house, stack, description, extent)?;
    println!("  {}", outcome.summary());
    outcome.judge()
}

/// Runs every phase with every check for each seed; what failed is on the terminal.
pub(crate) fn try_all(
    house: &House,
    stack: &Stack,
    description: &Path,
    extent: &Extent,
) -> Result<Outcome> {
    let python = step("schemathesis in .local/venv-api", || venv::api(house))?;
    let folder = stack.folder.join("api");
    fs::create_dir_all(&folder)?;
    let running = Running::open(description)?;
    fs::write(
        folder.join("schemathesis.toml"),
        configuration(house, &folder)?,
    )?;
    let mut outcome = Outcome::default();
    for seed in &extent.seeds {
        // What one seed did to its accounts must not be in the next one's way.
        fs::write(folder.join("users.json"), users(&running)?.to_string())?;
        let report = folder.join(format!("report-{seed}.json"));
        step(
            &format!("schemathesis, seed {seed}, {} examples", extent.examples),
            || {
                // Its cache is written where it stands.
                let mut command = Command::new(python.with_file_name("schemathesis"));
                command.current_dir(&folder);
                let hooks = house.path("xtask/local/schemathesis_hooks.py");
                command.env("SCHEMATHESIS_HOOKS", hooks);
                command
                    .arg("--config-file")
                    .arg(folder.join("schemathesis.toml"));
                command.arg("run").arg(house.path("frontend/openapi.json"));
                command.args(["--url", &running.api_url, "--seed", &seed.to_string()]);
                command.args(["--max-examples", &extent.examples.to_string()]);
                command.arg("--report-json-path").arg(&report);
                judge(&mut command, &report, &mut outcome)
            },
        )?;
    }
    Ok(outcome)
}

/// A failure of the API is counted; one of the tool itself is an error.
fn judge(command: &mut Command, report: &Path, outcome: &mut Outcome) -> Result<()> {
    let status = command.status().context("schemathesis")?;
    let text = fs::read(report).with_context(|| format!("schemathesis ended with {status}"))?;
    let report: Value = serde_json::from_slice(&text)?;
    let number = |pointer: &str| {
        report
            .pointer(pointer)
            .and_then(Value::as_u64)
            .unwrap_or_default()
    };
    outcome.seeds += 1;
    outcome.cases += number("/test_cases/generated");
    let failures = number("/test_cases/unique_failures") + number("/test_cases/errored");
    outcome.failures += if status.success() {
        failures
    } else {
        failures.max(1)
    };
    Ok(())
}

/// The checked-in configuration and the two users, who are peers: neither may see what the other made. They sign in again
/// shortly before their tokens end and no sooner: meanwhile wrong passwords are tried for their address too, and counted.
fn configuration(house: &House, folder: &Path) -> Result<String> {
    let settings = fs::read_to_string(house.path("xtask/local/schemathesis.toml"))?;
    let users = folder.join("users.json");
    Ok(format!(
        "{settings}\n[auth.wfc]\npath = \"{}\"\nuser = \"one\"\npeers = [\"one\", \"two\"]\nrefresh_interval = 840\n",
        users.display()
    ))
}

/// Two tenants' owners, who sign in again whenever their tokens are old.
fn users(stack: &Running) -> Result<Value> {
    let mut entries = Vec::new();
    for name in ["one", "two"] {
        let account = Account::sign_up(stack, name)?;
        let declaration =
            json!({ "fileName": "a.csv", "sizeBytes": 10, "contentType": "text/csv" });
        account.create_upload(&declaration)?;
        entries.push(json!({
            "name": name,
            "loginEndpointAuth": {
                "endpoint": "/v1/auth/login", "verb": "POST", "contentType": "application/json",
                "payloadRaw": json!({ "email": account.email, "password": account.password }).to_string(),
                "token": {
                    "extractFrom": "body", "extractSelector": "/accessToken", "sendIn": "header",
                    "sendName": "Authorization", "sendTemplate": "Bearer {token}",
                },
            },
        }));
    }
    Ok(json!({ "auth": entries }))
}
