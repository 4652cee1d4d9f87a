//! What must be on the machine already, and how to install it.

use std::process::Command;

use anyhow::{Result, bail};

/// A program that is called, and the command that installs it.
struct Tool {
    name: &'static str,
    command: &'static [&'static str],
    /// Lowest version that works: major and minor.
    at_least: (u32, u32),
    install: &'static str,
}

const TOOLS: &[Tool] = &[
    Tool {
        name: "Rust",
        command: &["rustc", "--version"],
        at_least: (1, 95),
        install: "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh",
    },
    Tool {
        name: "Node.js",
        command: &["node", "--version"],
        at_least: (20, 0),
        install: "sudo apt-get install -y nodejs npm   (or https://nodejs.org/en/download)",
    },
    Tool {
        name: "npm",
        command: &["npm", "--version"],
        at_least: (9, 0),
        install: "sudo apt-get install -y npm   (it comes with https://nodejs.org/en/download)",
    },
    Tool {
        name: "Python",
        command: &["python3", "--version"],
        at_least: (3, 10),
        install: "sudo apt-get install -y python3 python3-venv   (macOS: brew install python)",
    },
];

/// An error that names every missing tool with the command that installs it.
pub(crate) fn check() -> Result<()> {
    let problems: Vec<String> = TOOLS.iter().filter_map(problem).collect();
    if problems.is_empty() {
        return Ok(());
    }
    bail!(
        "this machine lacks what Outlay needs:\n{}",
        problems.join("\n")
    )
}

fn problem(tool: &Tool) -> Option<String> {
    let (major, minor) = tool.at_least;
    let wanted = format!("{} {major}.{minor} or later", tool.name);
    let found = match Command::new(tool.command[0])
        .args(&tool.command[1..])
        .output()
    {
        Ok(output) if output.status.success() => {
            String::from_utf8_lossy(&output.stdout).into_owned()
        }
        _ => {
            return Some(format!(
                "  {wanted} is missing. Install it: {}",
                tool.install
            ));
        }
    };
    if version(&found).is_some_and(|found| found >= tool.at_least) {
        return None;
    }
    Some(format!(
        "  {wanted} is needed, found {}. Install it: {}",
        found.trim(),
        tool.install
    ))
}

/// The first `major.minor` in what a tool says of itself.
fn version(text: &str) -> Option<(u32, u32)> {
    text.split_whitespace().find_map(|word| {
        let mut parts = word.trim_start_matches('v').split('.');
        Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
    })
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn versions_are_read_as_tools_print_them() {
        assert_eq!(version("v20.20.2\n"), Some((20, 20)));
        assert_eq!(version("Python 3.11.7"), Some((3, 11)));
        assert_eq!(
            version("rustc 1.95.0 (f2d3ce0bd 2026-03-21)"),
            Some((1, 95))
        );
        assert_eq!(version("something else"), None);
    }
}
