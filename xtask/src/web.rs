//! Builds the web app, when something it is made of changed.

use std::{
    collections::BTreeSet,
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use crate::{house::House, steps::run_quietly};

/// Folders of `frontend/` that hold no input.
const NO_INPUT: &[&str] = &[
    "node_modules",
    "dist",
    "e2e",
    "test-results",
    "playwright-report",
];

/// Builds it; gives the folder that is served.
pub(crate) fn build(house: &House) -> Result<PathBuf> {
    let frontend = house.path("frontend");
    let built = frontend.join("dist");
    install(house)?;
    let stamp = house.local().join("web.stamp");
    let inputs = fingerprint(&frontend)?;
    let same = fs::read_to_string(&stamp).is_ok_and(|before| before == inputs);
    if !(same && built.join("index.html").exists()) {
        run_quietly(npm(house).args(["run", "build"]))?;
        fs::create_dir_all(house.local())?;
        fs::write(stamp, inputs)?;
    }
    Ok(built)
}

/// Installs the packages of the lock file, when it is newer than what is installed.
pub(crate) fn install(house: &House) -> Result<()> {
    let modified =
        |file: &str| fs::metadata(house.path("frontend").join(file)).and_then(|m| m.modified());
    let lock = modified("package-lock.json").context("frontend/package-lock.json")?;
    // npm writes this file at the end of every installation.
    if modified("node_modules/.package-lock.json").is_ok_and(|installed| installed >= lock) {
        return Ok(());
    }
    println!("  npm ci");
    run_quietly(npm(house).args(["ci", "--no-audit", "--no-fund"]))?;
    Ok(())
}

/// npm in `frontend/`.
pub(crate) fn npm(house: &House) -> Command {
    let mut npm = Command::new("npm");
    npm.current_dir(house.path("frontend"));
    npm
}

/// A hash over the names and the contents of all inputs.
fn fingerprint(frontend: &Path) -> Result<String> {
    let mut files = BTreeSet::new();
    collect(frontend, &mut files)?;
    let mut hasher = DefaultHasher::new();
    for file in files {
        file.strip_prefix(frontend)?.hash(&mut hasher);
        fs::read(&file)
            .with_context(|| file.display().to_string())?
            .hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn collect(folder: &Path, files: &mut BTreeSet<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let entry = entry?;
        let name = entry.file_name();
        if NO_INPUT.iter().any(|skipped| name == *skipped) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), files)?;
        } else {
            files.insert(entry.path());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_or_renamed_input_changes_the_fingerprint_and_dist_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let file = folder.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
            fingerprint(folder.path()).unwrap()
        };
        let first = write("src/a.ts", "1");
        assert_eq!(write("dist/a.js", "1"), first);
        assert_ne!(write("src/a.ts", "2"), first);
        assert_eq!(write("src/a.ts", "1"), first);
        assert_ne!(write("src/b.ts", "1"), first);
    }
}
