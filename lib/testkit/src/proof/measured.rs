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

/// Whether `cargo xtask prove` runs the test: what takes long is measured then.
pub fn is_measuring() -> bool {
    folder().is_some()
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests have no Config; xtask tells them by the environment where figures go"
)]
fn folder() -> Option<PathBuf> {
    std::env::var_os("OUTLAY_PROOF").map(PathBuf::from)
}

/// Notes a figure: on the terminal, and as a file in the folder that OUTLAY_PROOF names.
#[expect(clippy::print_stdout, reason = "the figure of a test")]
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
    let Some(folder) = folder() else {
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
