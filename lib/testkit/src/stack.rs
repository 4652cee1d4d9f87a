//! The running local stack, as `.local/stack.json` describes it.

use std::{
    path::Path,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::Value;
use ureq::Agent;

use crate::{demo::Demo, http, http::Request};

/// Where everything is.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Stack {
    /// Origin of the web app.
    pub web_url: String,
    /// Origin of the API: the same.
    pub api_url: String,
    /// Endpoint of the emulator.
    pub aws_endpoint: String,
    /// AWS region of everything.
    pub region: String,
    /// The one bucket.
    pub bucket: String,
    /// The one table.
    pub table_name: String,
    /// Where sent mail is read.
    pub mailbox: String,
    /// The user pool whose people sign in from outside.
    pub identity_provider: IdentityProvider,
    /// The demo tenant, once it exists.
    #[serde(default)]
    pub demo: Option<Demo>,
    #[serde(skip, default = "http::agent")]
    pub(crate) agent: Agent,
}

/// The external issuer, as an operator set it up.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IdentityProvider {
    /// The user pool.
    pub pool_id: String,
    /// Our client of it.
    pub client_id: String,
    /// Where the hosted page sends people back to.
    pub callback: String,
}

/// A sent mail.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Mail {
    to: Vec<String>,
    /// Its subject.
    pub subject: String,
    /// Its plain text.
    #[serde(rename = "BodyText")]
    pub text: String,
}

impl Mail {
    /// The code that proves an address, where the mail holds one.
    pub fn code(&self) -> Option<&str> {
        let (_, rest) = self.text.split_once("Your code is ")?;
        rest.split_whitespace().next()
    }

    /// What accepts the invitation that the mail holds, if it holds one.
    pub fn invitation(&self) -> Option<&str> {
        self.text
            .split_whitespace()
            .find(|word| word.starts_with("inv_"))
    }

    /// What sets a new password, where the mail holds it.
    pub fn reset_token(&self) -> Option<&str> {
        let from = &self.text[self.text.find("rst_")?..];
        Some(from.split_whitespace().next().unwrap_or(from))
    }
}

impl Stack {
    /// The stack that a `stack.json` describes.
    pub fn open(path: &Path) -> Result<Self> {
        let text = std::fs::read(path)
            .with_context(|| format!("{}: run `cargo xtask up --detach`", path.display()))?;
        Ok(serde_json::from_slice(&text)?)
    }

    /// The stack that OUTLAY_STACK names, by default this repository's `.local/stack.json`.
    #[expect(
        clippy::disallowed_methods,
        reason = "tests have no Config; xtask tells them by the environment which stack to use"
    )]
    pub fn from_env() -> Result<Self> {
        let own = concat!(env!("CARGO_MANIFEST_DIR"), "/../../.local/stack.json");
        match std::env::var_os("OUTLAY_STACK") {
            Some(path) => Self::open(Path::new(&path)),
            None => Self::open(Path::new(own)),
        }
    }

    /// A request to a path of the API.
    pub fn request(&self, method: &str, path: &str) -> Request {
        self.request_to(method, &format!("{}{path}", self.api_url))
    }

    /// A request to any URL.
    pub fn request_to(&self, method: &str, url: &str) -> Request {
        Request::new(&self.agent, method, url)
    }

    /// The mails sent to an address, oldest first.
    pub fn mail_for(&self, address: &str) -> Result<Vec<Mail>> {
        let answer = self.request_to("GET", &self.mailbox).send()?.expect(200)?;
        let mut all = answer.json()?;
        let accounts = all["messages"].as_object_mut().context("no messages")?;
        let mut found = Vec::new();
        for mails in accounts.values_mut() {
            let mails: Vec<Mail> = serde_json::from_value(mails.take())?;
            found.extend(mails.into_iter().filter(|m| m.is_for(address)));
        }
        Ok(found)
    }
}

impl Mail {
    fn is_for(&self, address: &str) -> bool {
        self.to.iter().any(|to| to.contains(address))
    }
}

/// Asks every 150 ms until there is something; an error after `seconds`, naming what was awaited.
pub fn wait_until<T>(
    what: &str,
    seconds: u64,
    mut ask: impl FnMut() -> Result<Option<T>>,
) -> Result<T> {
    let start = Instant::now();
    loop {
        if let Some(found) = ask()? {
            return Ok(found);
        }
        if start.elapsed() > Duration::from_secs(seconds) {
            bail!("no {what} after {seconds} s");
        }
        thread::sleep(Duration::from_millis(150));
    }
}

/// Text at a JSON pointer; an error that shows the value where there is none.
pub fn text<'a>(value: &'a Value, pointer: &str) -> Result<&'a str> {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found.with_context(|| format!("no text at {pointer} in {value}"))
}
