//! Where things are.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};
use serde_json::Value;

/// The repository, and cargo's view of it.
#[derive(Debug)]
pub(crate) struct House {
    /// The repository's folder.
    pub(crate) root: PathBuf,
    /// Where cargo puts what it builds.
    pub(crate) target: PathBuf,
}

impl House {
    /// The repository around the working folder, by what cargo says of it.
    pub(crate) fn find() -> Result<Self> {
        let here = std::env::current_dir()?;
        let is_root = |folder: &&Path| folder.join("xtask/Cargo.toml").exists();
        let root = here
            .ancestors()
            .find(is_root)
            .context("this is not inside the repository")?;
        let output = Command::new("cargo")
            .args([
                "metadata",
                "--no-deps",
                "--offline",
                "--format-version",
                "1",
            ])
            .current_dir(root)
            .output()
            .context("cargo metadata")?;
        anyhow::ensure!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let metadata: Value = serde_json::from_slice(&output.stdout)?;
        Ok(Self {
            root: root.to_owned(),
            target: metadata["target_directory"]
                .as_str()
                .context("no target directory")?
                .into(),
        })
    }

    /// The state of the local stack; git ignores it.
    pub(crate) fn local(&self) -> PathBuf {
        self.root.join(".local")
    }

    /// A folder or file of the repository.
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// A command that runs in the repository's folder.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        command
    }
}
