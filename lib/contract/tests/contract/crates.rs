//! The arrows between crates: who may know whom.

use std::{collections::BTreeSet, process::Command};

use cargo_metadata::{DependencyKind, MetadataCommand, Package};

use crate::{read, report, root, template::FUNCTIONS};

/// Layers from the bottom; a crate may use what lies below its own.
const LAYERS: [&[&str]; 6] = [
    &["core"],
    &["billing"],
    &["store", "lake", "cloud", "messages", "operations"],
    &["http", "identity"],
    &["runtime"],
    &[
        "admin",
        "audit",
        "auth",
        "costs",
        "ingest",
        "inquiries",
        "members",
        "offboarding",
        "platform",
        "tenants",
        "tokens",
        "uploads",
    ],
];
/// Tests and tools: they may use anything, nothing may use them but as a dev-dependency.
const TOOLS: [&str; 3] = ["contract", "testkit", "xtask"];
/// Each SDK has one owner; `runtime` builds the clients.
const SDK_OWNERS: [(&str, &str); 8] = [
    ("aws-sdk-dynamodb", "store"),
    ("aws-sdk-s3", "lake"),
    ("aws-sdk-sqs", "messages"),
    ("aws-sdk-sesv2", "messages"),
    ("aws-sdk-kms", "identity"),
    ("aws-sdk-sts", "cloud"),
    ("aws-sdk-cloudwatchlogs", "operations"),
    ("aws-sdk-lambda", "operations"),
];

#[test]
fn arrows_point_downwards() {
    let mut findings = Vec::new();
    for package in members() {
        let from = short(&package.name);
        if TOOLS.contains(&from) {
            continue;
        }
        let Some(layer) = layer(from) else {
            findings.push(format!(
                "{from} has no layer: give it one in lib/contract/tests/contract/crates.rs"
            ));
            continue;
        };
        for to in normal_dependencies(&package) {
            let Some(to) = to.strip_prefix("outlay-") else {
                continue;
            };
            if layer_of_dependency(to).is_none_or(|below| below >= layer) {
                findings.push(format!(
                    "{from} -> {to} points the wrong way: move what {from} needs down to a crate below both, or into {from}"
                ));
            }
        }
    }
    report(&findings);
}

#[test]
fn each_sdk_has_one_owner() {
    let mut findings = Vec::new();
    for package in members() {
        let user = short(&package.name);
        for sdk in normal_dependencies(&package)
            .iter()
            .filter(|d| d.starts_with("aws-sdk-"))
        {
            let owner = SDK_OWNERS
                .iter()
                .find(|(name, _)| name == sdk)
                .map(|(_, owner)| *owner);
            match owner {
                None => findings.push(format!(
                    "{sdk} has no owner: name one in lib/contract/tests/contract/crates.rs"
                )),
                Some(owner) if user != owner && user != "runtime" && !TOOLS.contains(&user) => {
                    findings.push(format!(
                        "{user} uses {sdk}: call lib/{owner}, which owns it"
                    ));
                }
                Some(_) => {}
            }
        }
    }
    report(&findings);
}

#[test]
fn core_and_billing_know_neither_aws_nor_async() {
    let mut findings = Vec::new();
    for package in ["outlay-core", "outlay-billing"] {
        for found in closure(package, &["--all-features"]) {
            let banned = ["aws-", "aws_", "lambda_", "tokio", "futures", "async-"];
            if banned.iter().any(|b| found.starts_with(b)) {
                findings.push(format!("{package} reaches {found}: take it out, or move the code to lake, store or a function"));
            }
        }
    }
    report(&findings);
}

#[test]
fn parquet_stays_out_of_api_functions() {
    let domains: BTreeSet<&str> = FUNCTIONS
        .iter()
        .filter(|f| f.is_on_http())
        .filter_map(|f| f.binary().split('-').next())
        .collect();
    assert!(domains.contains("costs"));
    let mut findings = Vec::new();
    for domain in domains {
        for found in closure(&format!("outlay-{domain}"), &[]) {
            if found == "parquet" || found.starts_with("arrow") {
                findings.push(format!(
                    "outlay-{domain} reaches {found}: use outlay-billing without its feature `parquet`"
                ));
            }
        }
    }
    report(&findings);
}

#[test]
fn workers_do_read_parquet() {
    assert!(
        closure("outlay-ingest", &[]).contains("parquet"),
        "the closure of ingest is not seen whole"
    );
}

/// What tests alone ask of a crate would compile it, and everything above it, a second time (docs/adr/0025).
#[test]
fn nothing_is_compiled_once_more_for_the_tests() {
    let with_tests = features("normal,build,dev");
    let findings: Vec<String> = features("normal,build")
        .difference(&with_tests)
        .map(|found| {
            format!(
                "{found} has more features in tests: ask for them in lib/contract/Cargo.toml too"
            )
        })
        .collect();
    report(&findings);
}

#[test]
fn versions_stand_in_the_root_manifest_only() {
    let mut findings = Vec::new();
    for package in members() {
        let path = package
            .manifest_path
            .strip_prefix(root().canonicalize().unwrap())
            .unwrap()
            .to_string();
        findings.extend(own_versions(&read(&path)).into_iter().map(|line| {
            format!("{path}: `{line}`: put the version under [workspace.dependencies] and say `workspace = true`")
        }));
        if !read(&path).contains("[lints]\nworkspace = true") {
            findings.push(format!("{path}: add `[lints]` with `workspace = true`"));
        }
    }
    report(&findings);
}

#[test]
fn a_version_in_a_member_is_seen() {
    let manifest = "[package]\nversion = \"1\"\n[dependencies]\na.workspace = true\nb = { workspace = true, features = [\"x\"] }\nc = \"1\"\n\n[dev-dependencies.d]\nversion = \"2\"\n";
    assert_eq!(own_versions(manifest), ["c = \"1\"", "version = \"2\""]);
}

/// Lines of dependency sections that do not inherit from the workspace.
fn own_versions(manifest: &str) -> Vec<String> {
    let mut inside = false;
    let mut found = Vec::new();
    for line in manifest.lines().map(str::trim) {
        if line.starts_with('[') {
            inside = line.contains("dependencies");
        } else if inside
            && line.contains('=')
            && !line.starts_with('#')
            && !line.contains("workspace = true")
        {
            let continues = line.starts_with("features") || line.starts_with("optional");
            if !continues {
                found.push(line.to_owned());
            }
        }
    }
    found
}

fn members() -> Vec<Package> {
    let metadata = MetadataCommand::new()
        .current_dir(root())
        .no_deps()
        .exec()
        .expect("cargo metadata");
    assert!(metadata.packages.len() > 10);
    metadata.packages
}

fn normal_dependencies(package: &Package) -> Vec<&str> {
    let normal = package
        .dependencies
        .iter()
        .filter(|d| d.kind == DependencyKind::Normal);
    normal.map(|d| d.name.as_str()).collect()
}

fn short(package: &str) -> &str {
    package.strip_prefix("outlay-").unwrap_or(package)
}

fn layer(name: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&name))
}

fn layer_of_dependency(name: &str) -> Option<usize> {
    layer(name).filter(|_| !TOOLS.contains(&name))
}

/// Names of everything that a package links, with the features that it asks for itself.
fn closure(package: &str, options: &[&str]) -> BTreeSet<String> {
    let mut arguments = vec!["--edges", "normal", "--format", "{p}", "--package", package];
    arguments.extend(options);
    tree(&arguments)
        .iter()
        .filter_map(|line| line.split(' ').next())
        .map(str::to_owned)
        .collect()
}

/// Crates from elsewhere and their features, as a build of the whole workspace has them.
fn features(edges: &str) -> BTreeSet<String> {
    let whole = ["--workspace", "--all-features", "--format", "{p} [{f}]"];
    let mut crates = tree(&[&whole[..], &["--edges", edges]].concat());
    crates.retain(|line| !line.starts_with("outlay-"));
    crates
}

/// Lines of `cargo tree`, each once.
fn tree(arguments: &[&str]) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--prefix", "none"])
        .args(arguments)
        .current_dir(root())
        .output()
        .expect("cargo tree");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    let once = lines.lines().map(|line| line.trim_end_matches(" (*)"));
    once.map(str::to_owned).collect()
}
