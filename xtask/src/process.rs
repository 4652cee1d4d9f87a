//! Processes that outlive the call that starts them: each in its own group, stopped as a group.

use std::{
    fs::{self, File},
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};

/// The emulator saves its state when it is asked to end; 13 months of bills take a few seconds.
const GRACE: Duration = Duration::from_secs(30);

/// What this process started and must stop when it ends.
static STARTED: Mutex<Vec<Child>> = Mutex::new(Vec::new());

fn started() -> MutexGuard<'static, Vec<Child>> {
    STARTED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ctrl-C, SIGTERM and SIGHUP stop every started process, and then this one.
pub(crate) fn stop_all_on_signal() {
    let handled = ctrlc::set_handler(|| {
        if !started().is_empty() {
            println!("\nstopping; the state is kept");
        }
        stop_all();
        std::process::exit(130);
    });
    if let Err(error) = handled {
        eprintln!("Ctrl-C will not stop the local stack cleanly: {error}");
    }
}

/// Starts a command in a group of its own, its output in a log file; gives its id.
pub(crate) fn start(command: &mut Command, log: &Path) -> Result<u32> {
    if let Some(folder) = log.parent() {
        fs::create_dir_all(folder)?;
    }
    let output = File::create(log).with_context(|| log.display().to_string())?;
    let child = command
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output)
        .process_group(0)
        .spawn()?;
    let pid = child.id();
    started().push(child);
    Ok(pid)
}

/// Stops what this process started, the last first.
pub(crate) fn stop_all() {
    let mut children = started();
    while let Some(mut child) = children.pop() {
        let pid = child.id();
        signal("TERM", &pid.to_string());
        let deadline = Instant::now() + GRACE;
        while Instant::now() < deadline && matches!(child.try_wait(), Ok(None)) {
            thread::sleep(Duration::from_millis(50));
        }
        kill_group(pid);
        // Reaps it; it has ended by now.
        let _ = child.wait();
    }
}

/// Lets what was started run on after this process.
pub(crate) fn release_all() {
    started().clear();
}

/// Whether one of the started processes has ended.
pub(crate) fn one_has_ended() -> bool {
    started()
        .iter_mut()
        .any(|child| !matches!(child.try_wait(), Ok(None)))
}

/// Stops a process of an earlier run, if `pid` still is one of ours.
pub(crate) fn stop(pid: u32) {
    if !is_ours(pid) {
        return;
    }
    signal("TERM", &pid.to_string());
    let deadline = Instant::now() + GRACE;
    while Instant::now() < deadline && is_ours(pid) {
        thread::sleep(Duration::from_millis(50));
    }
    kill_group(pid);
}

/// Asks the emulator to write its state now.
pub(crate) fn save_state(pid: u32) {
    signal("USR1", &pid.to_string());
}

/// Whether `pid` runs and is one of the programs in `xtask/local`: ids are used again.
pub(crate) fn is_ours(pid: u32) -> bool {
    let pid = pid.to_string();
    let Ok(output) = Command::new("ps")
        .args(["-ww", "-o", "command=", "-p", &pid])
        .output()
    else {
        return signal("0", &pid);
    };
    String::from_utf8_lossy(&output.stdout).contains("xtask/local/")
}

/// Functions are children of the emulator: none may stay when it is gone.
fn kill_group(pid: u32) {
    signal("KILL", &format!("-{pid}"));
}

/// The shell's own `kill`: no unsafe code, and no program that a small image may lack.
fn signal(name: &str, target: &str) -> bool {
    Command::new("sh")
        .args([
            "-c",
            "kill -s \"$1\" -- \"$2\" 2>/dev/null",
            "sh",
            name,
            target,
        ])
        .status()
        .is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_ends_with_its_leader() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let script = "sleep 60 & echo $!; wait";
        start(Command::new("sh").args(["-c", script]), &log).unwrap();
        let grandchild = loop {
            let text = fs::read_to_string(&log).unwrap();
            if text.ends_with('\n') {
                break text.trim().to_owned();
            }
            thread::sleep(Duration::from_millis(5));
        };
        assert!(signal("0", &grandchild));
        stop_all();
        let gone = (0..200).any(|_| {
            thread::sleep(Duration::from_millis(10));
            !signal("0", &grandchild) || is_zombie(&grandchild)
        });
        assert!(gone, "the grandchild {grandchild} still runs");
        assert!(started().is_empty());
    }

    fn is_zombie(pid: &str) -> bool {
        let output = Command::new("ps")
            .args(["-o", "stat=", "-p", pid])
            .output()
            .unwrap();
        String::from_utf8_lossy(&output.stdout).starts_with('Z')
    }

    #[test]
    fn a_stranger_is_never_stopped() {
        assert!(!is_ours(1));
    }
}
