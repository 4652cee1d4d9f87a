//! The one origin for web app and API: `xtask/local/gateway.py`, what CloudFront is in AWS.

use std::{path::Path, process::Command};

use crate::house::House;

/// The gateway on this port, serving this folder.
pub(crate) fn command(house: &House, python: &Path, port: u16, site: &Path) -> Command {
    let mut command = Command::new(python);
    command
        .arg(house.path("xtask/local/gateway.py"))
        .args(["--port", &port.to_string(), "--site"])
        .arg(site);
    command
}
