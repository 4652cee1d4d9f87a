//! `cargo xtask prove`: the proof of isolation, each promise with its target and what was measured, as one table.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path, time::Instant};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::{
    api::{self, Extent},
    args::Args,
    house::House,
    steps::{run as run_command, step},
    supply,
    test::{FreshStack, ensure_nextest},
    tools,
};

/// What a test wrote down (`outlay_testkit::proof::measured`).
#[derive(Debug, Deserialize)]
struct Figure {
    promise: String,
    what: String,
    target: String,
    measured: String,
}

/// The tests without a stack that are part of the proof: of `lib/contract`, and of what sign-in is built of.
const IN_PROCESS: &str = "binary(contract) & test(/^(compile_fail|keys|policies|policy_mutants|proof|supply|warm)::/) \
    | package(outlay-identity) & test(/^(passwords|oidc)::/) | package(outlay-auth) & test(/^rotation/)";
const ON_THE_STACK: &str = "test(/^(proof|isolation)::/)";
const ASKING_TOO_MUCH: &str = "test(/^policy::/)";

pub(crate) fn run(house: &House, mut args: Args) -> Result<()> {
    let quick = args.flag("--quick");
    let extent = Extent::of(&mut args, true)?;
    args.done()?;
    let start = Instant::now();
    let folder = house.local().join("proof");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    step("prerequisites", tools::check)?;
    step("cargo-nextest", || ensure_nextest(house))?;
    let mut proof = Proof {
        folder: &folder,
        house,
        failures: Vec::new(),
        figures: Vec::new(),
    };
    proof.part(
        "types, keys, policies, passwords, supplies and one process",
        || in_process(house, &folder),
    );
    proof.advisories();
    let fresh = FreshStack::start(house, true)?;
    // What roles used shows only where every route was used: the whole of the stack tests.
    let tests = if quick {
        ON_THE_STACK.to_owned()
    } else {
        format!("not {ASKING_TOO_MUCH}")
    };
    proof.part("the matrix and its kin on the stack", || {
        fresh.tests(house, &tests, Some(&folder))
    });
    if !quick {
        proof.recorded_use(&fresh);
    }
    proof.part("policies refuse what code gets wrong", || {
        fresh.tests(house, ASKING_TOO_MUCH, Some(&folder))
    });
    proof.simulation(&fresh);
    if !quick {
        proof.try_from_outside(&fresh, &extent);
    }
    FreshStack::stop()?;
    if !quick {
        proof.demand_all()?;
    }
    proof.conclude(start)
}

struct Proof<'a> {
    folder: &'a Path,
    house: &'a House,
    failures: Vec<String>,
    figures: Vec<Figure>,
}

impl Proof<'_> {
    /// A part that fails is told at the end: the other figures are wanted all the same.
    fn part(&mut self, name: &str, work: impl FnOnce() -> Result<()>) {
        if let Err(error) = step(name, work) {
            println!("  FAILED");
            self.failures.push(format!("{name}: {error:#}"));
        }
    }

    fn recorded_use(&mut self, fresh: &FreshStack) {
        let mut measured = String::new();
        let house = self.house;
        self.part("what roles may, and what they did", || {
            let found = fresh.recorded_use(house)?;
            measured = found.summary();
            found.judge()
        });
        self.figure(
            "5a",
            "roles hold what is used and no more",
            "0 never used, 0 asked for in vain",
            measured,
        );
    }

    fn advisories(&mut self) {
        let mut measured = String::new();
        let house = self.house;
        self.part("advisories", || {
            let found = supply::advisories(house)?;
            measured = found.summary();
            found.judge()
        });
        self.figure(
            "47a",
            "no advisory concerns what is built with",
            "0 findings, where the database answers",
            measured,
        );
    }

    fn simulation(&mut self, fresh: &FreshStack) {
        let mut measured = String::new();
        let house = self.house;
        self.part("a second evaluator of the policies", || {
            let found = fresh.simulation(house)?;
            measured = found.summary();
            found.judge()
        });
        self.figure(
            "4i",
            "the same before a second evaluator (iam-simulate)",
            "8/8 denied, 8/8 allowed; 6/6 mutants",
            measured,
        );
    }

    fn try_from_outside(&mut self, fresh: &FreshStack, extent: &Extent) {
        let mut measured = String::new();
        let house = self.house;
        self.part("schemathesis", || {
            let outcome = api::try_all(house, &fresh.stack, &fresh.description, extent)?;
            measured = outcome.summary();
            outcome.judge()
        });
        self.figure(
            "41",
            "the API is its OpenAPI",
            "all checks and phases, 2 tenants, 3 seeds, >= 200 examples: 0 failures",
            measured,
        );
    }

    fn figure(&mut self, promise: &str, what: &str, target: &str, measured: String) {
        self.figures.push(Figure {
            promise: promise.to_owned(),
            what: what.to_owned(),
            target: target.to_owned(),
            measured: if measured.is_empty() {
                "not measured".to_owned()
            } else {
                measured
            },
        });
    }

    /// Every promise of docs/PROOF.md must have been measured.
    fn demand_all(&mut self) -> Result<()> {
        let promises = fs::read_to_string(self.house.path("docs/PROOF.md"))?;
        for promise in promised(&promises) {
            let by_xtask = self.figures.iter().any(|figure| figure.promise == promise);
            if !by_xtask && !self.folder.join(format!("{promise}.json")).exists() {
                let missing = format!("promise {promise} of docs/PROOF.md was not measured");
                self.failures.push(missing);
            }
        }
        Ok(())
    }

    fn conclude(mut self, start: Instant) -> Result<()> {
        for file in fs::read_dir(self.folder).context("no test wrote a figure")? {
            self.figures
                .push(serde_json::from_slice(&fs::read(file?.path())?)?);
        }
        println!("\n{}", table(&self.figures));
        for (name, promise) in [("matrix", "1"), ("schemathesis", "41")] {
            let found = self.figures.iter().find(|f| f.promise == promise);
            println!("{name}: {}", found.map_or("not run", |f| &f.measured));
        }
        println!("the whole proof: {:.0} s", start.elapsed().as_secs_f32());
        if self.failures.is_empty() {
            return Ok(());
        }
        bail!(
            "{} part(s) failed:\n{}",
            self.failures.len(),
            self.failures.join("\n")
        )
    }
}

fn in_process(house: &House, folder: &Path) -> Result<()> {
    let mut command = house.command("cargo");
    command.args([
        "nextest",
        "run",
        "--cargo-profile",
        "local",
        "--workspace",
        "--all-features",
        "--lib",
        "--test",
        "contract",
    ]);
    command.args(["--status-level", "fail", "-E", IN_PROCESS]);
    run_command(command.env("OUTLAY_PROOF", folder))
}

/// The numbers in the first column of the table of promises.
fn promised(document: &str) -> impl Iterator<Item = &str> {
    let rows = document.lines().filter_map(|line| line.strip_prefix("| "));
    let cells = rows.filter_map(|row| row.split(" |").next());
    let numbers = cells.flat_map(|cell| cell.split(", "));
    numbers.filter(|number| number.starts_with(|c: char| c.is_ascii_digit()))
}

/// By number of the promise; the last column is not padded.
fn table(figures: &[Figure]) -> String {
    let key = |promise: &str| {
        let digits = promise.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        (
            digits.parse::<u32>().unwrap_or(u32::MAX),
            promise.to_owned(),
        )
    };
    let sorted: BTreeMap<(u32, String), &Figure> =
        figures.iter().map(|f| (key(&f.promise), f)).collect();
    let mut text = String::from("| promise | what | target | measured |\n|---|---|---|---|\n");
    for Figure {
        promise,
        what,
        target,
        measured,
    } in sorted.into_values()
    {
        let _ = writeln!(text, "| {promise} | {what} | {target} | {measured} |");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn promises_are_read_from_the_document() {
        let document = "| promise | what |\n|---|---|\n| 1, 1a | x |\n| 20 | y |\ntext\n";
        assert_eq!(promised(document).collect::<Vec<_>>(), ["1", "1a", "20"]);
    }

    #[test]
    fn promises_stand_in_their_order() {
        let figure = |promise: &str| Figure {
            promise: promise.to_owned(),
            what: "w".to_owned(),
            target: "t".to_owned(),
            measured: "m".to_owned(),
        };
        let text = table(&["20", "3", "20a"].map(figure));
        let order: Vec<&str> = text
            .lines()
            .skip(2)
            .filter_map(|line| line.split(' ').nth(1))
            .collect();
        assert_eq!(order, ["3", "20", "20a"]);
    }
}
