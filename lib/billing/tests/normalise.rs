//! The command `normalise` as a process: what it prints and how it ends.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

const GOOD: &str = "\
BilledCost,BillingCurrency,BillingPeriodStart,ChargePeriodStart,BillingAccountId,ProviderName
1.5,USD,2026-10-01T00:00:00Z,2026-10-02T00:00:00Z,0001,AWS
";

/// Cargo builds examples beside the tests of their package.
fn executable() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let profile = test.parent().and_then(Path::parent).unwrap();
    let path = profile.join("examples/normalise");
    assert!(path.exists(), "build the example first: {}", path.display());
    path
}

/// Exit code, JSON of stdout, stderr.
fn run(arguments: &[&str]) -> (Option<i32>, Value, String) {
    let output = Command::new(executable()).args(arguments).output().unwrap();
    let json = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let errors = String::from_utf8(output.stderr).unwrap();
    (output.status.code(), json, errors)
}

#[test]
fn exit_codes_and_what_is_printed() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = dir.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let good = write("good.csv", GOOD);
    let bad = write("bad.csv", &GOOD.replace("1.5", "\"1,5\""));
    let out = dir.path().join("out");

    let (code, json, errors) = run(&[&good, "--out", out.to_str().unwrap(), "--tags", "a,b"]);
    assert_eq!((code, errors.as_str()), (Some(0), ""));
    assert_eq!(json["totals"]["USD"]["BilledCost"], "1.5");
    assert_eq!(json["rows"]["read"], 1);
    assert!(json["seconds"].as_f64().is_some_and(|s| s > 0.0));
    assert!(cfg!(not(target_os = "linux")) || json["peakMemoryMb"].as_u64().is_some_and(|m| m > 0));
    assert!(json.get("rejected").is_none());
    assert!(out.join("AWS/0001/2026-10/cost-and-usage.parquet").exists());

    let (code, json, errors) = run(&[&bad]);
    assert_eq!(code, Some(2));
    let rejected = &json["rejected"][0];
    assert_eq!(rejected["rule"], "thousands-separator");
    assert_eq!(
        (&rejected["row"], &rejected["column"]),
        (&1.into(), &"BilledCost".into())
    );
    assert_eq!(rejected["file"].as_str(), Some(bad.as_str()));
    assert!(errors.starts_with(&bad), "{errors}");

    let (code, json, errors) = run(&[dir.path().join("none.csv").to_str().unwrap()]);
    assert_eq!((code, json), (Some(1), Value::Null));
    assert!(errors.contains("none.csv"), "{errors}");

    for arguments in [
        &[][..],
        &[&good, "--what"],
        &[&good, "--out"],
        &[&good, &good],
    ] {
        let (code, _, errors) = run(arguments);
        assert_eq!(code, Some(64), "{arguments:?}");
        assert!(errors.contains("usage: normalise PATH"), "{errors}");
    }
    assert_eq!(run(&["--help"]).0, Some(0));
}
