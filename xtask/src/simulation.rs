//! The policies of the deployed data roles before a second evaluator (`xtask/local/iam`).

use std::{
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::{house::House, steps::run_quietly};

/// What the simulation found.
#[derive(Debug, Deserialize)]
pub(crate) struct Simulation {
    roles: usize,
    decisions: usize,
    faults: Vec<String>,
    mutants: usize,
    survivors: Vec<String>,
}

impl Simulation {
    /// Simulates the roles of the stack behind this endpoint.
    pub(crate) fn run(house: &House, python: &Path, endpoint: &str) -> Result<Self> {
        let folder = house.path("xtask/local/iam");
        if !folder.join("node_modules/.package-lock.json").exists() {
            run_quietly(Command::new("npm").current_dir(&folder).args([
                "ci",
                "--no-audit",
                "--no-fund",
            ]))?;
        }
        let mut roles = Command::new(python)
            .arg(house.path("xtask/local/roles.py"))
            .arg(endpoint)
            .stdout(Stdio::piped())
            .spawn()
            .context("roles.py")?;
        let piped = roles.stdout.take().context("roles.py has no output")?;
        let output = Command::new("node")
            .current_dir(&folder)
            .arg("simulate.mjs")
            .stdin(piped)
            .output()
            .context("node")?;
        roles.wait()?;
        if !output.status.success() {
            bail!("simulate.mjs: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(serde_json::from_slice(&output.stdout)?)
    }

    /// In one line.
    pub(crate) fn summary(&self) -> String {
        format!(
            "{} roles, {} decisions, {} otherwise than they must; {}/{} seeded faults seen",
            self.roles,
            self.decisions,
            self.faults.len(),
            self.mutants - self.survivors.len(),
            self.mutants
        )
    }

    /// An error that names every difference.
    pub(crate) fn judge(&self) -> Result<()> {
        let differences: Vec<&str> = self
            .faults
            .iter()
            .chain(&self.survivors)
            .map(String::as_str)
            .collect();
        if self.roles == 2 && differences.is_empty() {
            return Ok(());
        }
        bail!("{}\n  {}", self.summary(), differences.join("\n  "));
    }
}
