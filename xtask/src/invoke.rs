//! Functions that have no route: invoked in a stack by whom IAM lets.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{
    args::Args,
    house::House,
    stack::{Purpose, Stack, read_json},
    venv,
};

/// A deployed stack, or the local one that runs.
pub(crate) struct Target {
    stage: Option<String>,
    region: Option<String>,
}

impl Target {
    /// `--stage` and `--region`.
    pub(crate) fn of(args: &mut Args) -> Result<Self> {
        let (stage, region) = (args.option("--stage")?, args.option("--region")?);
        if let Some(stage) = &stage
            && !["dev", "staging", "prod"].contains(&stage.as_str())
        {
            bail!("--stage takes dev, staging or prod; without it the local stack is meant");
        }
        Ok(Self { stage, region })
    }

    /// Where its web app is, as the option says, or as the local stack does.
    pub(crate) fn origin(&self, house: &House, told: Option<String>) -> Result<String> {
        if self.stage.is_some() {
            return told.context(
                "--origin is missing: where the web app is, such as https://costs.example.com",
            );
        }
        Ok(local(house)?["webUrl"].as_str().unwrap_or_default().into())
    }

    /// What the function answers. The event goes through a pipe: others on this machine see command lines.
    pub(crate) fn invoke(&self, house: &House, function: &str, event: &Value) -> Result<Value> {
        let stage = self.stage.as_deref().unwrap_or("local");
        let mut command = Command::new(venv::local(house)?);
        command.arg(house.path("xtask/local/invoke.py"));
        command.args(["--function", &format!("outlay-{stage}-{function}")]);
        let mut region = self.region.clone();
        if self.stage.is_none() {
            let stack = local(house)?;
            let told = |name: &str| stack[name].as_str().unwrap_or_default().to_owned();
            command.args(["--endpoint", &told("awsEndpoint")]);
            region = Some(told("region"));
        }
        if let Some(region) = region {
            command.args(["--region", &region]);
        }
        let pipe = Stdio::piped;
        let mut child = command
            .stdin(pipe())
            .stdout(pipe())
            .stderr(pipe())
            .spawn()?;
        let mut input = child.stdin.take().context("no pipe")?;
        input.write_all(event.to_string().as_bytes())?;
        drop(input);
        let output = child.wait_with_output()?;
        if !output.status.success() {
            bail!("{}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(serde_json::from_slice(&output.stdout)?)
    }
}

fn local(house: &House) -> Result<Value> {
    read_json(&Stack::of(house, Purpose::Work).folder.join("stack.json"))
}
