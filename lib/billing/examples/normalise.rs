//! Reads the bills at a path and prints what is in them as JSON; see the README of this crate.
//!
//!     cargo run --release -p outlay-billing --example normalise -- PATH [--out DIR] [--tags K1,K2]

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command prints"
)]

use std::{fs, path::PathBuf, process::ExitCode, time::Instant};

use outlay_billing::normalise::{Options, Summary, normalise};
use serde::Serialize;

const USAGE: &str = "\
usage: normalise PATH [--out DIR] [--tags KEY,KEY...]

PATH is a bill (CSV or Parquet, plain, gzip, zstd or zip), the manifest of a delivery, or a folder
with deliveries. Prints JSON; writes Parquet, roll-ups and the FOCUS datasets below DIR.

exit codes: 0 all read, 1 the disk failed, 2 a file is refused (`rejected` says where and why),
64 the arguments make no sense";

const DISK_FAILED: u8 = 1;
const REFUSED: u8 = 2;
const BAD_USAGE: u8 = 64;

/// The answer, with what it took.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Printed {
    #[serde(flatten)]
    summary: Summary,
    /// Most memory in use at once, in MiB; null where the system does not tell.
    peak_memory_mb: Option<u64>,
    seconds: f64,
}

fn main() -> ExitCode {
    let started = Instant::now();
    let (path, options) = match arguments(std::env::args().skip(1)) {
        Ok(Some(arguments)) => arguments,
        Ok(None) => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Err(reason) => {
            eprintln!("{reason}\n\n{USAGE}");
            return BAD_USAGE.into();
        }
    };
    let summary = match normalise(&path, &options) {
        Ok(summary) => summary,
        Err(error) => {
            eprintln!("{error}");
            return DISK_FAILED.into();
        }
    };
    for rejection in &summary.rejected {
        eprintln!("{rejection}");
    }
    let refused = !summary.rejected.is_empty();
    let printed = Printed {
        summary,
        peak_memory_mb: peak_memory_mb(),
        seconds: started.elapsed().as_secs_f64(),
    };
    match serde_json::to_string_pretty(&printed) {
        Ok(json) => println!("{json}"),
        Err(error) => {
            eprintln!("{error}");
            return DISK_FAILED.into();
        }
    }
    if refused {
        REFUSED.into()
    } else {
        ExitCode::SUCCESS
    }
}

/// What the command line asks for; `None` is a call for help.
fn arguments(
    mut given: impl Iterator<Item = String>,
) -> Result<Option<(PathBuf, Options)>, String> {
    let (mut path, mut options) = (None, Options::default());
    while let Some(argument) = given.next() {
        match argument.as_str() {
            "-h" | "--help" => return Ok(None),
            "--out" => options.out = Some(given.next().ok_or("--out needs a folder")?.into()),
            "--tags" => {
                let keys = given.next().ok_or("--tags needs tag keys")?;
                options.tag_keys = keys.split(',').map(str::to_owned).collect();
            }
            flag if flag.starts_with("--") => return Err(format!("{flag} is no option")),
            _ if path.is_some() => return Err("more than one PATH".to_owned()),
            _ => path = Some(PathBuf::from(argument)),
        }
    }
    Ok(Some((path.ok_or("PATH is missing")?, options)))
}

/// Linux keeps the peak as `VmHWM: 12345 kB`.
fn peak_memory_mb() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kib / 1024)
}
