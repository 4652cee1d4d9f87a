//! What a test of the proof measured, for `cargo xtask prove`.

use std::{fs, path::PathBuf};

use serde::Serialize;

/// A promise, its target and what was found.
#[derive(Debug, Clone, Serialize)]
pub struct Figure {
    /// Number of the promise, and a letter where it has several figures.
    pub promise: &'static str,
    /// What is promised.
    pub what: &'static str,
    /// The gate.
    pub target: &'static str,
    /// What was measured.
    pub measured: String,
}

/// Notes a figure: on the terminal, and as a file in the folder that OUTLAY_PROOF names.
#[expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "tests have no Config; xtask tells them by the environment where figures go"
)]
pub fn measured(
    promise: &'static str,
    what: &'static str,
    target: &'static str,
    measured: impl Into<String>,
) {
    let figure = Figure {
        promise,
        what,
        target,
        measured: measured.into(),
    };
    println!(
        "promise {promise}: {what}: {} (target: {target})",
        figure.measured
    );
    let Some(folder) = std::env::var_os("OUTLAY_PROOF").map(PathBuf::from) else {
        return;
    };
    let written = fs::create_dir_all(&folder).and_then(|()| {
        fs::write(
            folder.join(format!("{promise}.json")),
            serde_json::json!(figure).to_string(),
        )
    });
    assert!(written.is_ok(), "{}: {written:?}", folder.display());
}
