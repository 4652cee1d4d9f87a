//! Promise 47: what we build with is licensed, pinned and from where we think; and nothing secret is checked in. What
//! others publish about it is asked for by `cargo xtask test --only supply`.

mod licences;
mod secrets;

use std::{
    collections::{BTreeMap, BTreeSet},
    process::Command,
};

use cargo_metadata::{MetadataCommand, Package};
use outlay_testkit::proof::measured;
use serde_json::Value;

use crate::{read, report, root};

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";
/// Rustls with AWS-LC is the one TLS stack, hyper 1 the one HTTP stack.
const BANNED: [&str; 7] = [
    "openssl",
    "openssl-sys",
    "native-tls",
    "boring",
    "curl-sys",
    "reqwest",
    "isahc",
];
/// Of these there is one version. `http` has two: the SDK of AWS still speaks 0.2 inside.
const ONCE: [&str; 10] = [
    "aws-lc-rs",
    "aws-lc-sys",
    "h2",
    "hyper",
    "hyper-rustls",
    "hyper-util",
    "rustls",
    "rustls-webpki",
    "tokio",
    "tokio-rustls",
];

/// Everything that is linked on Linux, ours with it.
fn crates() -> Vec<Package> {
    let targets = ["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"];
    let mut options = vec!["--locked".to_owned()];
    options.extend(targets.map(|target| format!("--filter-platform={target}")));
    let metadata = MetadataCommand::new()
        .current_dir(root())
        .other_options(options)
        .exec();
    metadata.expect("cargo metadata").packages
}

fn npm() -> BTreeMap<String, Value> {
    let lock: Value = serde_json::from_str(&read("frontend/package-lock.json")).unwrap();
    let packages = lock["packages"].as_object().unwrap();
    let installed = packages.iter().filter(|(path, _)| !path.is_empty());
    installed
        .map(|(path, package)| (path.clone(), package.clone()))
        .collect()
}

/// Paths of everything that is checked in.
pub(crate) fn files() -> Vec<String> {
    let listed = Command::new("git")
        .args(["ls-files", "-z"])
        .current_dir(root())
        .output();
    let listed = String::from_utf8(listed.expect("git ls-files").stdout).unwrap();
    let paths: Vec<String> = listed
        .split('\0')
        .filter(|path| !path.is_empty())
        .map(str::to_owned)
        .collect();
    assert!(paths.len() > 300, "{} files", paths.len());
    paths
}

#[test]
fn everything_is_licensed_pinned_and_from_where_we_think() {
    let (crates, npm) = (crates(), npm());
    let lists = requirements();
    let mut findings = Vec::new();
    findings.extend(crates.iter().filter_map(fault_of_crate));
    findings.extend(more_than_once(&crates));
    findings.extend(
        npm.iter()
            .filter_map(|(path, package)| fault_of_npm(path, package)),
    );
    let pins: Vec<(&str, &str)> = lists
        .iter()
        .flat_map(|(path, text)| pins(text).map(move |pin| (path.as_str(), pin)))
        .collect();
    let loose = pins.iter().filter(|(_, pin)| !is_exact(pin));
    findings.extend(loose.map(|(path, pin)| format!("{path}: `{pin}`: pin it with `==`")));
    assert!(crates.len() > 300 && npm.len() > 100 && pins.len() > 30);
    measured(
        "47",
        "supplies are licensed, pinned and from where we think",
        "0 unresolved",
        format!(
            "{} crates, {} npm packages, {} Python packages, {} findings",
            crates.len(),
            npm.len(),
            pins.len(),
            findings.len()
        ),
    );
    report(&findings);
}

fn fault_of_crate(package: &Package) -> Option<String> {
    let named = format!("{} {}", package.name, package.version);
    let source = package.source.as_ref().map(|source| source.repr.as_str());
    if source.is_some_and(|source| source != CRATES_IO) {
        return Some(format!("{named} comes from {source:?}: use crates.io"));
    }
    if BANNED.contains(&package.name.as_str()) {
        return Some(format!(
            "{named} is a second TLS or HTTP stack: leave it out"
        ));
    }
    if source.is_some() && !package.license.as_deref().is_some_and(licences::is_allowed) {
        let licence = &package.license;
        return Some(format!(
            "{named} is licensed {licence:?}: leave it out, or allow it in supply/licences.rs"
        ));
    }
    let wild = package.dependencies.iter().find(|d| {
        source.is_none() && d.path.is_none() && d.req == cargo_metadata::semver::VersionReq::STAR
    });
    wild.map(|d| format!("{named} takes any version of {}: name one", d.name))
}

fn more_than_once(crates: &[Package]) -> Vec<String> {
    let mut versions: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for package in crates {
        let of_it = versions.entry(package.name.as_str()).or_default();
        of_it.insert(package.version.to_string());
    }
    let several = ONCE.iter().filter_map(|name| {
        let found = versions.get(name)?;
        (found.len() > 1).then(|| format!("{name} is linked in {found:?}: bring it to one version"))
    });
    several.collect()
}

/// A package is what its hash says. What only other machines install has none where the lock was made on this one: it is
/// optional and of one system, and `npm ci` takes it from the registry's own list.
fn fault_of_npm(path: &str, package: &Value) -> Option<String> {
    if package["link"] == true {
        return Some(format!("{path} is a link: take it in as a package"));
    }
    // Whoever installs has a registry set up; an address of one would be another's.
    if let Some(resolved) = package["resolved"].as_str() {
        return Some(format!(
            "{path} comes from {resolved}: name no address in the lock"
        ));
    }
    let version = package["version"].as_str().unwrap_or_default();
    if version.is_empty() || !version.starts_with(|c: char| c.is_ascii_digit()) {
        return Some(format!(
            "{path} has the version {version:?}: name an exact one"
        ));
    }
    let elsewhere =
        package["optional"] == true && (package["os"].is_array() || package["cpu"].is_array());
    let hash = package["integrity"].as_str();
    let is_locked = hash.map_or(elsewhere, |hash| hash.starts_with("sha512-"));
    if !is_locked {
        return Some(format!(
            "{path} has no SHA-512: run `npm install --package-lock-only` in frontend"
        ));
    }
    let licence = package["license"].as_str();
    (!elsewhere && !licence.is_some_and(licences::is_allowed_in_the_web_app)).then(|| {
        format!("{path} is licensed {licence:?}: leave it out, or allow it in supply/licences.rs")
    })
}

/// Lists of Python packages.
fn requirements() -> Vec<(String, String)> {
    let is_list = |path: &&String| {
        let name = path.rsplit('/').next().unwrap_or(path);
        name.starts_with("requirements") && name.strip_suffix(".txt").is_some()
    };
    let lists: Vec<(String, String)> = files()
        .iter()
        .filter(is_list)
        .map(|path| (path.clone(), read(path)))
        .collect();
    assert!(lists.len() >= 3);
    lists
}

fn pins(list: &str) -> impl Iterator<Item = &str> {
    let lines = list.lines().map(str::trim);
    lines.filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// `name==1.2.3`, and nothing that leaves a choice.
fn is_exact(pin: &str) -> bool {
    let pin = pin.split([';', '#', ' ']).next().unwrap_or(pin);
    pin.split_once("==").is_some_and(|(name, version)| {
        !name.is_empty()
            && version.starts_with(|c: char| c.is_ascii_digit())
            && !version.contains(['*', ',', '<', '>', '='])
    })
}

#[test]
fn what_is_loose_banned_or_from_elsewhere_is_seen() {
    assert!(is_exact("a==1.2.3") && is_exact("a[b]==1 ; python_version > '3'"));
    for loose in [
        "a",
        "a>=1",
        "a==1.*",
        "a==1,<2",
        "a~=1",
        "-e .",
        "git+https://x",
    ] {
        assert!(!is_exact(loose), "{loose}");
    }
    let good = serde_json::json!({ "version": "1.0.0", "integrity": "sha512-x", "license": "MIT" });
    assert_eq!(fault_of_npm("a", &good), None);
    for (field, value) in [
        ("integrity", "sha1-x"),
        ("resolved", "https://evil.example/a.tgz"),
        ("version", "file:../a"),
        ("license", "AGPL-3.0"),
    ] {
        let mut bad = good.clone();
        bad[field] = value.into();
        assert!(fault_of_npm("a", &bad).is_some(), "{field}");
    }
}

#[test]
fn nothing_secret_is_checked_in() {
    let mut findings = Vec::new();
    for path in files() {
        let Ok(bytes) = std::fs::read(root().join(&path)) else {
            continue;
        };
        let text = String::from_utf8_lossy(&bytes);
        findings.extend(
            secrets::found_in(&text)
                .map(|what| format!("{path}: {what}: take it out, and end what it opens")),
        );
    }
    report(&findings);
}
