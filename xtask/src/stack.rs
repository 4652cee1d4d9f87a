//! One local stack: its folder, ports and processes, and what it writes down about itself.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::{gateway, house::House, process, steps::run_quietly};

const REGION: &str = "us-east-1";
/// Preferred ports: of the web app and of the emulator. Taken ones are replaced.
const PORTS: (u16, u16) = (8080, 4566);
const READY: Duration = Duration::from_mins(1);

/// What a stack is for: it decides its folder and its parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// `cargo xtask up`: kept in `.local`.
    Work,
    /// `cargo xtask test`: kept apart in `.local/test`, short lifetimes.
    Test,
}

/// A stack on this machine, running or not.
#[derive(Debug)]
pub(crate) struct Stack {
    /// Its folder.
    pub(crate) folder: PathBuf,
    purpose: Purpose,
    web_port: u16,
    emulator_port: u16,
    emulator_pid: u32,
    gateway_pid: u32,
}

impl Stack {
    /// The stack of this purpose, as its last run left it.
    pub(crate) fn of(house: &House, purpose: Purpose) -> Self {
        let folder = match purpose {
            Purpose::Work => house.local(),
            Purpose::Test => house.local().join("test"),
        };
        let left = read_json(&folder.join("processes.json")).unwrap_or_default();
        let number = |name: &str| left[name].as_u64().unwrap_or_default();
        Self {
            folder,
            purpose,
            web_port: u16::try_from(number("webPort")).unwrap_or_default(),
            emulator_port: u16::try_from(number("emulatorPort")).unwrap_or_default(),
            emulator_pid: u32::try_from(number("emulatorPid")).unwrap_or_default(),
            gateway_pid: u32::try_from(number("gatewayPid")).unwrap_or_default(),
        }
    }

    /// Whether both of its processes run.
    pub(crate) fn is_running(&self) -> bool {
        process::is_ours(self.emulator_pid) && process::is_ours(self.gateway_pid)
    }

    /// Forgets every item, object and mail.
    pub(crate) fn forget(&self) -> Result<()> {
        for name in ["state", "stack.json", "deployment.json"] {
            let path = self.folder.join(name);
            if path.is_dir() {
                fs::remove_dir_all(&path)?;
            } else if path.exists() {
                fs::remove_file(&path)?;
            }
        }
        Ok(())
    }

    /// Starts the emulator and waits until it answers.
    pub(crate) fn start_emulator(&mut self, house: &House, python: &Path) -> Result<()> {
        let preferred = match self.purpose {
            Purpose::Work => (or(self.web_port, PORTS.0), or(self.emulator_port, PORTS.1)),
            Purpose::Test => (0, 0),
        };
        self.emulator_port = free_port(preferred.1)?;
        self.web_port = free_port(preferred.0)?;
        let log = self.folder.join("logs/emulator.log");
        self.emulator_pid = process::start(&mut self.emulator_command(house, python)?, &log)?;
        self.write_processes()?;
        wait_for(&format!("{}/_ministack/health", self.aws_endpoint()), &log)
    }

    /// Deploys template.yaml with these binaries; says whether anything had changed.
    pub(crate) fn deploy(&self, house: &House, python: &Path, binaries: &Path) -> Result<bool> {
        let parameters = read_json(&house.path("xtask/local/parameters.json"))?;
        let parameters = match self.purpose {
            Purpose::Work => &parameters["work"],
            Purpose::Test => &parameters["test"],
        };
        let printed = run_quietly(
            Command::new(python)
                .arg(house.path("xtask/local/deploy.py"))
                .arg("--template")
                .arg(house.path("template.yaml"))
                .arg("--binaries")
                .arg(binaries)
                .arg("--packages")
                .arg(self.folder.join("functions"))
                .args([
                    "--endpoint",
                    &self.aws_endpoint(),
                    "--web",
                    &self.web_url(),
                    "--parameters",
                    &parameters.to_string(),
                ])
                .arg("--out")
                .arg(self.folder.join("deployment.json")),
        )?;
        Ok(printed.contains("deployed"))
    }

    /// Starts the one origin for web app and API, and waits until it answers.
    pub(crate) fn start_gateway(
        &mut self,
        house: &House,
        python: &Path,
        site: &Path,
    ) -> Result<()> {
        let log = self.folder.join("logs/gateway.log");
        let mut command = gateway::command(house, python, self.web_port, site);
        command
            .args([
                "--endpoint-port",
                &self.emulator_port.to_string(),
                "--deployment",
            ])
            .arg(self.folder.join("deployment.json"));
        self.gateway_pid = process::start(&mut command, &log)?;
        self.write_processes()?;
        wait_for(&format!("{}/", self.web_url()), &log)
    }

    /// Writes stack.json, for tests and for whoever works with the stack; gives its path.
    pub(crate) fn write_description(&self, demo: &Value) -> Result<PathBuf> {
        let deployment = read_json(&self.folder.join("deployment.json"))?;
        let description = json!({
            "webUrl": self.web_url(),
            "apiUrl": self.web_url(),
            "awsEndpoint": self.aws_endpoint(),
            "region": REGION,
            "bucket": deployment["bucket"],
            "tableName": deployment["tableName"],
            "mailbox": format!("{}/_ministack/ses/messages", self.aws_endpoint()),
            "identityProvider": deployment["identityProvider"],
            "demo": demo,
        });
        let path = self.folder.join("stack.json");
        write_json(&path, &description)?;
        Ok(path)
    }

    /// The `demo` of the last stack.json; null where there is none.
    pub(crate) fn described_demo(&self) -> Value {
        read_json(&self.folder.join("stack.json"))
            .map_or(Value::Null, |mut found| found["demo"].take())
    }

    /// Asks the emulator to write its state now, so that a power cut loses little.
    pub(crate) fn save(&self) {
        process::save_state(self.emulator_pid);
    }

    /// Stops what an earlier run left; the gateway first.
    pub(crate) fn stop(&self) {
        process::stop(self.gateway_pid);
        process::stop(self.emulator_pid);
    }

    /// Origin of the web app and of the API.
    pub(crate) fn web_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.web_port)
    }

    /// Endpoint of the emulator. The address and not `localhost`: path-style S3 follows from it.
    pub(crate) fn aws_endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.emulator_port)
    }

    /// The launcher with a clean environment: functions inherit it.
    fn emulator_command(&self, house: &House, python: &Path) -> Result<Command> {
        let state = self.folder.join("state");
        let folders = [state.join("services"), state.join("s3"), state.join("tmp")];
        for folder in &folders {
            fs::create_dir_all(folder)?;
        }
        let mut command = Command::new(python);
        command
            .arg(house.path("xtask/local/launch.py"))
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("HOME", &state)
            .env("STATE_DIR", &folders[0])
            .env("S3_DATA_DIR", &folders[1])
            .env("TMPDIR", &folders[2])
            .env("PERSIST_STATE", "1")
            .env("S3_PERSIST", "1")
            .env("AUTH", "true")
            .env("BIND_HOST", "127.0.0.1")
            .env("MINISTACK_HOST", "127.0.0.1")
            .env("MINISTACK_REGION", REGION)
            .env("GATEWAY_PORT", self.emulator_port.to_string())
            .env("AWS_ENDPOINT_URL", self.aws_endpoint())
            .env("IOT_MTLS_ENABLED", "0")
            .env("SFTP_ENABLED", "0")
            .env("PYTHONDONTWRITEBYTECODE", "1");
        Ok(command)
    }

    fn write_processes(&self) -> Result<()> {
        let processes = json!({
            "emulatorPid": self.emulator_pid,
            "emulatorPort": self.emulator_port,
            "gatewayPid": self.gateway_pid,
            "webPort": self.web_port,
        });
        write_json(&self.folder.join("processes.json"), &processes)
    }
}

fn or(port: u16, preferred: u16) -> u16 {
    if port == 0 { preferred } else { port }
}

/// The preferred port if nobody listens on it, else any.
fn free_port(preferred: u16) -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", preferred))
        .or_else(|_| TcpListener::bind(("127.0.0.1", 0)))
        .context("no free port")?;
    Ok(listener.local_addr()?.port())
}

fn wait_for(url: &str, log: &Path) -> Result<()> {
    let deadline = Instant::now() + READY;
    while ureq::get(url).call().is_err() {
        if process::one_has_ended() || Instant::now() > deadline {
            bail!(
                "{url} does not answer; the end of {}:\n{}",
                log.display(),
                tail(log)
            );
        }
        thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

fn tail(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(20)..].join("\n")
}

pub(crate) fn read_json(path: &Path) -> Result<Value> {
    let text = fs::read(path).with_context(|| path.display().to_string())?;
    serde_json::from_slice(&text).with_context(|| path.display().to_string())
}

fn write_json(path: &Path, value: &Value) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    // Renamed into place, so that a reader never sees half of it.
    let half = path.with_extension("json.tmp");
    fs::write(&half, format!("{value:#}\n"))?;
    fs::rename(half, path).with_context(|| path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_replaced() {
        let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        assert_ne!(free_port(port).unwrap(), port);
        drop(taken);
        assert_eq!(free_port(port).unwrap(), port);
    }

    #[test]
    fn the_description_has_the_promised_keys() {
        let folder = tempfile::tempdir().unwrap();
        let stack = Stack {
            folder: folder.path().to_owned(),
            purpose: Purpose::Work,
            web_port: 8080,
            emulator_port: 4566,
            emulator_pid: 0,
            gateway_pid: 0,
        };
        let deployment = json!({"bucket": "b", "tableName": "t", "apis": []});
        write_json(&folder.path().join("deployment.json"), &deployment).unwrap();
        let path = stack.write_description(&json!({"email": "a@b"})).unwrap();
        let written = read_json(&path).unwrap();
        let keys: Vec<&String> = written.as_object().unwrap().keys().collect();
        let promised = [
            "apiUrl",
            "awsEndpoint",
            "bucket",
            "demo",
            "identityProvider",
            "mailbox",
            "region",
            "tableName",
            "webUrl",
        ];
        let mut keys: Vec<&str> = keys.into_iter().map(String::as_str).collect();
        keys.sort_unstable();
        assert_eq!(keys, promised);
        assert_eq!(stack.described_demo(), json!({"email": "a@b"}));
    }
}
