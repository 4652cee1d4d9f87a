//! What others publish about what we build with. The rules that need nobody else, such as licences, sources and pins, are
//! tests of `lib/contract` (`supply`).

use std::{
    fs,
    io::Write,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::{house::House, steps::run as run_command, test::ensure_nextest};

/// Advisories of RustSec, GitHub (npm) and PyPA in one: a question for every version that the lock files name.
const DATABASE: &str = "https://api.osv.dev/v1/querybatch";
/// What the database takes at once.
const AT_ONCE: usize = 1000;
/// Advisories that do not concern us, each with its reason.
const EXPLAINED: [(&str, &str); 0] = [];

/// A version that we use, and where it is from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Pinned {
    ecosystem: &'static str,
    name: String,
    version: String,
}

/// What was found.
pub(crate) struct Advisories {
    asked: usize,
    /// None: the database did not answer.
    findings: Option<Vec<String>>,
}

impl Advisories {
    /// In one line.
    pub(crate) fn summary(&self) -> String {
        match &self.findings {
            Some(findings) => format!("{} versions, {} advisories", self.asked, findings.len()),
            None => format!("{} versions; database not reachable", self.asked),
        }
    }

    /// An error that names every finding.
    pub(crate) fn judge(&self) -> Result<()> {
        match self.findings.as_deref() {
            None | Some([]) => Ok(()),
            Some(findings) => bail!("{}\n  {}", self.summary(), findings.join("\n  ")),
        }
    }
}

/// Licences, sources, pins and secrets.
pub(crate) fn rules(house: &House) -> Result<()> {
    ensure_nextest(house)?;
    let mut command = house.command("cargo");
    command.args(["nextest", "run", "--cargo-profile", "local", "--workspace"]);
    command.args([
        "--all-features",
        "--test",
        "contract",
        "-E",
        "test(/^supply::/)",
    ]);
    run_command(&mut command)
}

/// Asks for advisories about everything that is pinned.
pub(crate) fn advisories(house: &House) -> Result<Advisories> {
    let pinned = pinned(house)?;
    let mut findings = Some(Vec::new());
    for part in pinned.chunks(AT_ONCE) {
        let answer = ask(part)?;
        findings = match (findings, answer) {
            (Some(mut all), Some(answer)) => {
                all.extend(found(part, &answer)?);
                Some(all)
            }
            _ => None,
        };
    }
    let advisories = Advisories {
        asked: pinned.len(),
        findings,
    };
    println!("  {}", advisories.summary());
    Ok(advisories)
}

/// The database's answer; none where it cannot be reached.
fn ask(pinned: &[Pinned]) -> Result<Option<Value>> {
    let queries: Vec<Value> = pinned
        .iter()
        .map(|p| {
            json!({ "package": { "name": p.name, "ecosystem": p.ecosystem }, "version": p.version })
        })
        .collect();
    let started = Command::new("curl")
        .args([
            "--silent",
            "--fail",
            "--max-time",
            "20",
            "--data",
            "@-",
            DATABASE,
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut curl) = started else {
        return Ok(None);
    };
    let question = json!({ "queries": queries }).to_string();
    // curl may give up before it has read everything.
    let _ = curl
        .stdin
        .take()
        .context("curl has no input")?
        .write_all(question.as_bytes());
    let output = curl.wait_with_output()?;
    if !output.status.success() {
        return Ok(None);
    }
    // A proxy that answers for the database is no database.
    let answer = serde_json::from_slice::<Value>(&output.stdout).ok();
    Ok(answer.filter(|answer| answer["results"].is_array()))
}

/// Results stand in the order of the questions.
fn found(pinned: &[Pinned], answer: &Value) -> Result<Vec<String>> {
    let results = answer["results"].as_array().context("no results")?;
    if results.len() != pinned.len() {
        bail!("{} results for {} questions", results.len(), pinned.len());
    }
    let mut findings = Vec::new();
    for (pinned, result) in pinned.iter().zip(results) {
        for advisory in result["vulns"].as_array().into_iter().flatten() {
            let id = advisory["id"].as_str().unwrap_or_default();
            if !EXPLAINED.iter().any(|(explained, _)| *explained == id) {
                findings.push(format!("{} {}: {id}", pinned.name, pinned.version));
            }
        }
    }
    Ok(findings)
}

/// Everything that a lock file or a list of requirements names.
fn pinned(house: &House) -> Result<Vec<Pinned>> {
    let read = |path: &str| fs::read_to_string(house.path(path)).with_context(|| path.to_owned());
    let mut pinned = crates(&read("Cargo.lock")?);
    pinned.extend(npm(&serde_json::from_str(&read(
        "frontend/package-lock.json",
    )?)?));
    for list in ["requirements", "requirements-api", "requirements-deploy"] {
        pinned.extend(python(&read(&format!("xtask/local/{list}.txt"))?));
    }
    pinned.sort_unstable();
    pinned.dedup();
    Ok(pinned)
}

/// Crates of a registry; ours have no source.
fn crates(lock: &str) -> Vec<Pinned> {
    let packages = lock.split("[[package]]").skip(1);
    let field = |package: &str, name: &str| {
        let line = package.lines().find_map(|l| l.strip_prefix(name));
        line.map(|value| value.trim_matches(['=', ' ', '"']).to_owned())
    };
    packages
        .filter(|package| package.contains("\nsource = "))
        .filter_map(|package| {
            Some(Pinned {
                ecosystem: "crates.io",
                name: field(package, "name")?,
                version: field(package, "version")?,
            })
        })
        .collect()
}

fn npm(lock: &Value) -> Vec<Pinned> {
    let packages = lock["packages"].as_object().into_iter().flatten();
    packages
        .filter_map(|(path, package)| {
            let (_, name) = path.rsplit_once("node_modules/")?;
            Some(Pinned {
                ecosystem: "npm",
                name: name.to_owned(),
                version: package["version"].as_str()?.to_owned(),
            })
        })
        .collect()
}

fn python(list: &str) -> Vec<Pinned> {
    let lines = list.lines().filter_map(|line| line.split_once("=="));
    lines
        .map(|(name, version)| Pinned {
            ecosystem: "PyPI",
            name: normal(name.split('[').next().unwrap_or(name)),
            version: version
                .split([' ', ';'])
                .next()
                .unwrap_or(version)
                .to_owned(),
        })
        .collect()
}

/// How PyPI calls what may be written `Py_YAML`.
fn normal(name: &str) -> String {
    name.trim().to_lowercase().replace(['_', '.'], "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(pinned: &[Pinned]) -> Vec<String> {
        let text = |p: &Pinned| format!("{} {} {}", p.ecosystem, p.name, p.version);
        pinned.iter().map(text).collect()
    }

    #[test]
    fn lock_files_are_read() {
        let lock = "version = 4\n\n[[package]]\nname = \"ours\"\nversion = \"0.1.0\"\n\n[[package]]\nname = \"serde\"\n\
            version = \"1.0.2\"\nsource = \"registry+x\"\nchecksum = \"a\"\n";
        assert_eq!(texts(&crates(lock)), ["crates.io serde 1.0.2"]);
        let lock = json!({ "packages": { "": { "version": "0.1.0" },
            "node_modules/@a/b": { "version": "1.0.0" }, "node_modules/@a/b/node_modules/c": { "version": "2.0.0" } } });
        assert_eq!(texts(&npm(&lock)), ["npm @a/b 1.0.0", "npm c 2.0.0"]);
        let list = "# tools\nX_z[y]==1.2 ; python_version > '3'\n";
        assert_eq!(texts(&python(list)), ["PyPI x-z 1.2"]);
    }

    #[test]
    fn a_finding_names_what_it_is_of() {
        let pinned = python("a==1\nb==2\n");
        let answer = json!({ "results": [{}, { "vulns": [{ "id": "PYSEC-1" }] }] });
        let findings = found(&pinned, &answer).unwrap();
        assert_eq!(findings, ["b 2: PYSEC-1"]);
        assert!(found(&pinned, &json!({ "results": [{}] })).is_err());
        let advisories = |findings| Advisories { asked: 2, findings };
        assert!(advisories(Some(findings)).judge().is_err());
        assert!(advisories(Some(Vec::new())).judge().is_ok());
        assert!(advisories(None).summary().ends_with("not reachable"));
    }
}
