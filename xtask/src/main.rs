//! The chores of the house. `cargo xtask help` lists them; each has a file here.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line tool speaks to its terminal"
)]

mod api;
mod args;
mod bench;
mod bootstrap_owner;
mod build;
mod demo;
mod deploy_check;
mod down;
mod fuzz;
mod gateway;
mod house;
mod import_users;
mod invoke;
mod new_route;
mod openapi;
mod process;
mod prove;
mod simulation;
mod stack;
mod steps;
mod supply;
mod test;
mod tools;
mod up;
mod venv;
mod web;

use std::process::ExitCode;

use args::Args;
use house::House;

const HELP: &str = "\
cargo xtask <chore>

  up [--detach] [--fresh] [--no-demo] [--as-of DATE]
                      everything: tools, functions, web app, emulator, deployment, demo tenant
  down                stops what `up --detach` left running; its state is kept
  test [--only unit|web|supply|stack|api|e2e] [--seeds 1,2] [--examples N] [--long]
                      everything that CI runs; `api` is schemathesis, with --long three seeds and 200 examples
  prove [--quick] [--seeds 1,2] [--examples N]
                      the proof of isolation as one table (docs/PROOF.md); --quick leaves schemathesis and other tests out
  build [--bin NAME]  release binaries of the functions for arm64 Lambda (needs cargo-lambda)
  openapi [--check]   writes frontend/openapi.json from the types, or checks it
  demo [--out DIR] [--as-of DATE]
                      loads the demo bill into the running stack, or writes its files to a folder
  bootstrap-owner --email ADDRESS [--another] [--stage STAGE --origin URL [--region REGION]]
                      a one-time link that makes a global owner: of the running stack, or of a deployed one
  import-users --tenant ID --file FILE [--stage STAGE [--region REGION]]
                      people of another system with their bcrypt hashes, a JSON object a line (functions/admin/README.md)
  new-route DOMAIN ROUTE METHOD PATH
                      the skeleton of a route, by docs/adding-a-route.md
  deploy-check        sam validate --lint, and sam build of one function
  bench cold-start [--bin NAME] [--profile release]
                      spawn to first poll, idle memory and size of a function
  bench billing [--quick] [--rows N] [--large SIZE] [--focus-converter]
                      the transform of a wide Cost and Usage Report beside DuckDB, polars and pandas
  fuzz [--seconds N] [TARGET]
                      libFuzzer over the targets of lib/billing, a table of what came of it
  help                this page
";

fn main() -> ExitCode {
    process::stop_all_on_signal();
    match run(Args::of_process()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            process::stop_all();
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut args: Args) -> anyhow::Result<()> {
    let chore = args.next_word();
    let house = House::find()?;
    match chore.as_deref() {
        Some("up") => up::run(&house, args),
        Some("down") => down::run(&house, &args),
        Some("test") => test::run(&house, args),
        Some("build") => build::release(&house, args),
        Some("prove") => prove::run(&house, args),
        Some("openapi") => openapi::run(&house, args),
        Some("demo") => demo::run(&house, args),
        Some("new-route") => new_route::run(&house, args),
        Some("deploy-check") => deploy_check::run(&house, &args),
        Some("bootstrap-owner") => bootstrap_owner::run(&house, args),
        Some("import-users") => import_users::run(&house, args),
        Some("fuzz") => fuzz::run(&house, args),
        Some("bench") => bench::run(&house, args),
        None | Some("help" | "--help" | "-h") => {
            print!("{HELP}");
            Ok(())
        }
        Some(unknown) => anyhow::bail!("no chore is called `{unknown}`\n\n{HELP}"),
    }
}
