//! What must not compile: `tests/compile_fail/*.rs`, each beside what must.
//!
//! A case names its error in its second line and has its wrong line under `#[cfg(wrong)]`: without that it compiles, with it
//! the compiler refuses for that reason. rustc is called on what cargo has built for this test already, so that no
//! dependency is compiled again (trybuild checks all of them anew, in minutes).

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use outlay_testkit::proof::measured;

use crate::{report, root};

const CASES: &str = "lib/contract/tests/compile_fail";

#[test]
fn what_must_not_compile_does_not() {
    let library = library();
    let out = tempfile::tempdir().unwrap();
    let mut findings = Vec::new();
    let cases = cases();
    for case in &cases {
        let name = case.file_name().unwrap().to_string_lossy();
        let text = fs::read_to_string(case).unwrap();
        let wanted = text
            .lines()
            .nth(1)
            .and_then(|line| line.strip_prefix("//! "));
        let wanted = wanted.unwrap_or_else(|| panic!("{name}: its second line names the error"));
        let right = compile(case, &library, out.path(), false);
        if !right.status.success() {
            findings.push(format!(
                "{name} does not compile without its wrong line:\n{}",
                said(&right)
            ));
        }
        let wrong = compile(case, &library, out.path(), true);
        if wrong.status.success() {
            findings.push(format!(
                "{name} compiles: the types do not hold what it says"
            ));
        } else if !said(&wrong).contains(wanted) {
            findings.push(format!("{name}: expected {wanted}, got:\n{}", said(&wrong)));
        }
    }
    let held = cases.len() - findings.len().min(cases.len());
    measured(
        "4c",
        "types refuse what isolation forbids",
        "all compile-fail cases",
        format!("{held}/{} cases", cases.len()),
    );
    assert!(cases.len() >= 12);
    report(&findings);
}

fn cases() -> Vec<PathBuf> {
    let files = fs::read_dir(root().join(CASES)).unwrap();
    let mut cases: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    cases.sort();
    cases
}

/// The newest build of this crate's library, which names every crate of the house.
fn library() -> PathBuf {
    let folder = std::env::current_exe().unwrap();
    let files = fs::read_dir(folder.parent().unwrap()).unwrap();
    let built = files.map(|file| file.unwrap().path()).filter(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("liboutlay_contract-") && path.extension() == Some(OsStr::new("rlib"))
    });
    let newest = built.max_by_key(|path| fs::metadata(path).unwrap().modified().unwrap());
    newest.expect("cargo built this crate's library beside its tests")
}

fn compile(case: &Path, library: &Path, out: &Path, wrong: bool) -> Output {
    let mut rustc = Command::new("rustc");
    rustc
        .current_dir(root())
        .args([
            "--edition",
            "2024",
            "--crate-type",
            "lib",
            "--crate-name",
            "case",
            "--emit",
            "metadata",
        ])
        .args(["--check-cfg", "cfg(wrong)", "-A", "warnings", "--extern"])
        .arg(format!("outlay_contract={}", library.display()))
        .arg("-L")
        .arg(format!(
            "dependency={}",
            library.parent().unwrap().display()
        ))
        .arg("--out-dir")
        .arg(out)
        .arg(case);
    if wrong {
        rustc.args(["--cfg", "wrong"]);
    }
    rustc.output().expect("rustc")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
