//! The house rules as tests. Each failure says how to fix it.

mod compile_fail;
mod crates;
mod events;
mod functions;
mod glue;
mod keys;
mod openapi;
mod permissions;
mod policies;
mod policy_mutants;
mod policy_trust;
mod proof;
mod queues;
mod readmes;
mod resources;
mod supply;
mod telemetry;
mod template;
mod warm;

use std::path::{Path, PathBuf};

/// The root of the workspace.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Fails with every finding, one per line.
#[track_caller]
fn report(findings: &[String]) {
    assert!(
        findings.is_empty(),
        "\n\n{} finding(s):\n- {}\n",
        findings.len(),
        findings.join("\n- ")
    );
}
