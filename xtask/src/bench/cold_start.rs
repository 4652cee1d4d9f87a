//! `cargo xtask bench cold-start`: how long a function takes from spawn to its first poll, and its idle memory.
//!
//! The counterpart is a stub of the Lambda Runtime API on this machine: nothing of AWS, and nothing of the emulator,
//! is in the figures.

use std::{
    fs,
    io::{BufRead, BufReader},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};

use crate::{args::Args, build, house::House, steps::step};

const RUNS: usize = 30;
const PATIENCE: Duration = Duration::from_secs(10);
/// What a function reads from its environment; nothing is called, so the values need no meaning.
const ENVIRONMENT: &[(&str, &str)] = &[
    ("AWS_REGION", "us-east-1"),
    ("AWS_ACCESS_KEY_ID", "none"),
    ("AWS_SECRET_ACCESS_KEY", "none"),
    ("AWS_LAMBDA_FUNCTION_NAME", "bench"),
    ("AWS_LAMBDA_FUNCTION_VERSION", "1"),
    ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
    ("AWS_LAMBDA_LOG_GROUP_NAME", "bench"),
    ("AWS_LAMBDA_LOG_STREAM_NAME", "bench"),
    ("TABLE_NAME", "table"),
    ("BUCKET_NAME", "bucket"),
    (
        "TENANT_READ_ROLE_ARN",
        "arn:aws:iam::000000000000:role/read",
    ),
    (
        "TENANT_WRITE_ROLE_ARN",
        "arn:aws:iam::000000000000:role/write",
    ),
    (
        "REGISTRY_ROLE_ARN",
        "arn:aws:iam::000000000000:role/registry",
    ),
    ("PUBLIC_ROLE_ARN", "arn:aws:iam::000000000000:role/public"),
    (
        "INQUIRIES_ROLE_ARN",
        "arn:aws:iam::000000000000:role/inquiries",
    ),
    ("SIGNING_KEY_IDS", "00000000-0000-0000-0000-000000000000"),
    ("REFRESH_KEY_ID", "00000000-0000-0000-0000-000000000000"),
    ("TOKEN_ISSUER", "urn:outlay:bench"),
    ("MAIL_FROM", "no-reply@outlay.example"),
    ("INQUIRY_TO", "hello@outlay.example"),
    ("PARTS_QUEUE_URL", "http://127.0.0.1/000000000000/parts"),
    ("COMMITS_QUEUE_URL", "http://127.0.0.1/000000000000/commits"),
    ("ACCESS_TOKEN_SECONDS", "900"),
    ("VERIFY_CODE_SECONDS", "600"),
    ("RETRY_BASE_SECONDS", "5"),
    ("LOG_LEVEL", "info"),
];

/// One start.
struct Start {
    to_first_poll: Duration,
    /// Resident memory while it waits for an event.
    idle_kb: u64,
}

pub(super) fn run(house: &House, mut args: Args) -> Result<()> {
    let bin = args
        .option("--bin")?
        .unwrap_or_else(|| "costs-query".to_owned());
    let profile = args
        .option("--profile")?
        .unwrap_or_else(|| "release".to_owned());
    args.done()?;
    let binary = step(&format!("{profile} build of {bin}"), || {
        build::one(house, &bin, &profile)
    })?;
    let mut starts = Vec::with_capacity(RUNS);
    for _ in 0..RUNS {
        starts.push(start(&binary)?);
    }
    report(&binary, starts)
}

fn report(binary: &Path, mut starts: Vec<Start>) -> Result<()> {
    starts.sort_by_key(|start| start.to_first_poll);
    let micros = |at: usize| {
        starts
            .get(at)
            .map_or(0, |start| start.to_first_poll.as_micros())
    };
    let idle = starts
        .iter()
        .map(|start| start.idle_kb)
        .max()
        .unwrap_or_default();
    println!(
        "spawn to first poll, {RUNS} starts: min {} us, median {} us, max {} us",
        micros(0),
        micros(RUNS / 2),
        micros(RUNS - 1)
    );
    println!("idle memory (resident, largest): {idle} kB");
    println!("binary: {} kB", fs::metadata(binary)?.len() / 1000);
    Ok(())
}

/// Spawns the binary against a fresh stub and waits for its first poll.
fn start(binary: &Path) -> Result<Start> {
    let stub = TcpListener::bind(("127.0.0.1", 0))?;
    let address = stub.local_addr()?;
    let mut command = Command::new(binary);
    command
        .env_clear()
        .envs(ENVIRONMENT.iter().copied())
        .env("AWS_LAMBDA_RUNTIME_API", address.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    let spawned = Instant::now();
    let mut child = command
        .spawn()
        .with_context(|| binary.display().to_string())?;
    let measured = first_poll(&stub, &mut child, spawned).and_then(|(to_first_poll, _poll)| {
        thread::sleep(Duration::from_millis(100));
        Ok(Start {
            to_first_poll,
            idle_kb: resident_kb(child.id())?,
        })
    });
    child.kill()?;
    child.wait()?;
    measured
}

/// Waits until the function asks for its first event. Its connection is given back: closed, it would
/// end the runtime before the memory is read.
fn first_poll(
    stub: &TcpListener,
    child: &mut Child,
    spawned: Instant,
) -> Result<(Duration, TcpStream)> {
    stub.set_nonblocking(true)?;
    loop {
        match stub.accept() {
            Ok((connection, _)) => {
                connection.set_nonblocking(false)?;
                let mut request = String::new();
                BufReader::new(&connection).read_line(&mut request)?;
                let elapsed = spawned.elapsed();
                ensure!(
                    request.contains("/runtime/invocation/next"),
                    "the first request was {request}"
                );
                return Ok((elapsed, connection));
            }
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error.into()),
        }
        if let Some(status) = child.try_wait()? {
            bail!("the function ended before its first poll: {status}");
        }
        ensure!(spawned.elapsed() < PATIENCE, "no poll after {PATIENCE:?}");
        thread::sleep(Duration::from_micros(50));
    }
}

fn resident_kb(pid: u32) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))
        .context("memory is read from /proc (Linux)")?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .context("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}
