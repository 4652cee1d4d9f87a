//! `cargo xtask up`: from a fresh clone to a working URL, and again to the same URL with what changed.

use std::{path::PathBuf, thread, time::Duration, time::Instant};

use anyhow::{Context, Result, bail};
use jiff::civil::Date;
use serde_json::Value;

use crate::{
    args::Args,
    build, demo,
    house::House,
    process,
    stack::{Purpose, Stack},
    steps::step,
    tools, venv, web,
};

/// What was asked for.
struct Options {
    detach: bool,
    fresh: bool,
    /// The demo bill ends on the day before; none: no demo tenant.
    demo_as_of: Option<Date>,
}

/// What is built before a stack can stand.
pub(crate) struct Parts {
    pub(crate) python: PathBuf,
    pub(crate) binaries: PathBuf,
    pub(crate) site: PathBuf,
}

pub(crate) fn run(house: &House, args: Args) -> Result<()> {
    let options = options(args)?;
    let start = Instant::now();
    let mut stack = Stack::of(house, Purpose::Work);
    let was_running = stack.is_running();
    if was_running && options.fresh {
        bail!(
            "Outlay is running on {}; `cargo xtask down` first, then `up --fresh`",
            stack.web_url()
        );
    }
    if was_running {
        println!(
            "Outlay is already running on {}; bringing it up to date",
            stack.web_url()
        );
    } else {
        // One of the two may have died alone.
        stack.stop();
    }
    step("prerequisites", tools::check)?;
    let parts = build_parts(house)?;
    if options.fresh {
        step("forget the old state", || stack.forget())?;
    }
    if !was_running {
        step("emulator", || stack.start_emulator(house, &parts.python))?;
    }
    step("deploy template.yaml", || {
        stack.deploy(house, &parts.python, &parts.binaries)
    })?;
    if !was_running {
        step("web app and API on one origin", || {
            stack.start_gateway(house, &parts.python, &parts.site)
        })?;
    }
    let login = load_demo(&stack, options.demo_as_of)?;
    println!(
        "\nready in {:.1} s\n{}",
        start.elapsed().as_secs_f32(),
        greeting(&stack, &login)
    );
    stack.save();
    if was_running || options.detach {
        process::release_all();
        println!("`cargo xtask down` stops it.");
        return Ok(());
    }
    println!(
        "Ctrl-C stops it; the state is kept in {}.",
        stack.folder.display()
    );
    wait_until_one_ends()
}

/// Tools, functions and web app: what every stack needs first.
pub(crate) fn build_parts(house: &House) -> Result<Parts> {
    Ok(Parts {
        python: step("tools in .local/venv", || venv::local(house))?,
        binaries: step("functions (the first time takes minutes)", || {
            build::functions(house)
        })?,
        site: step("web app", || web::build(house))?,
    })
}

fn options(mut args: Args) -> Result<Options> {
    let as_of = args.option("--as-of")?;
    let no_demo = args.flag("--no-demo");
    let options = Options {
        detach: args.flag("--detach"),
        fresh: args.flag("--fresh"),
        demo_as_of: (!no_demo)
            .then(|| demo::date_or_today(as_of.as_deref()))
            .transpose()?,
    };
    args.done()?;
    Ok(options)
}

/// Describes the stack, loads the demo through its API, and describes it again with the login.
fn load_demo(stack: &Stack, as_of: Option<Date>) -> Result<Value> {
    let before = stack.described_demo();
    let path = stack.write_description(&before)?;
    let Some(as_of) = as_of else {
        return Ok(before);
    };
    let login = step("demo tenant", || demo::load(&path, as_of))
        .context("the stack runs, but the product refused the demo; see .local/logs, or begin anew with --fresh")?;
    stack.write_description(&login)?;
    Ok(login)
}

fn greeting(stack: &Stack, login: &Value) -> String {
    let url = stack.web_url();
    match (login["email"].as_str(), login["password"].as_str()) {
        (Some(email), Some(password)) => format!("  {url}\n  sign in as {email} / {password}\n"),
        _ => format!("  {url}\n"),
    }
}

fn wait_until_one_ends() -> Result<()> {
    while !process::one_has_ended() {
        thread::sleep(Duration::from_millis(300));
    }
    bail!("a process of the local stack ended by itself; see .local/logs")
}
