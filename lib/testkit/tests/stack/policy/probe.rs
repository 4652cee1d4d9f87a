//! The probe as a function of the stack: created under an execution role, invoked, removed.

use std::{env, fs, path::PathBuf};

use base64::{Engine, prelude::BASE64_STANDARD};
use outlay_core::UploadId;
use outlay_testkit::{Answer, Request, Stack};
use serde_json::{Value, json};

const FUNCTIONS: &str = "/2015-03-31/functions";
/// The emulator's root user; it looks at the key id alone.
const ROOT: &str = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/lambda/aws4_request, \
    SignedHeaders=host, Signature=none";

/// Every function of the deployed template, as Lambda describes it.
pub(crate) fn functions(stack: &Stack) -> Vec<Value> {
    let listed = send(lambda(
        stack,
        "GET",
        &format!("{FUNCTIONS}/?MaxItems=10000"),
    ));
    let all = listed.json().unwrap()["Functions"].take();
    let all: Vec<Value> = serde_json::from_value(all).unwrap();
    let name = |function: &Value| function["FunctionName"].as_str().unwrap().to_owned();
    all.into_iter()
        .filter(|f| !name(f).contains("-probe-"))
        .collect()
}

/// A function that runs the probe under one execution role, until it is dropped.
pub(super) struct Probe<'a> {
    stack: &'a Stack,
    path: String,
}

impl<'a> Probe<'a> {
    pub(super) fn under(stack: &'a Stack, role: &str) -> Self {
        let name = format!("outlay-probe-{}", UploadId::mint());
        let code = BASE64_STANDARD.encode(package(&binary()));
        let body = json!({
            "FunctionName": name, "Role": role, "Runtime": "provided.al2023", "Handler": "bootstrap",
            "Timeout": 60, "MemorySize": 256, "Code": { "ZipFile": code },
        });
        let path = format!("{FUNCTIONS}/{name}");
        send(lambda(stack, "POST", FUNCTIONS).json(&body));
        Self { stack, path }
    }

    /// What the session's opening and each call gave: `allowed`, `denied`, or what else went wrong.
    pub(super) fn ask(&self, session: &Value, calls: &[Value]) -> (String, Vec<String>) {
        let event = json!({
            "table": self.stack.table_name, "bucket": self.stack.bucket,
            "session": session, "calls": calls,
        });
        let path = format!("{}/invocations", self.path);
        let answer = send(lambda(self.stack, "POST", &path).json(&event));
        let failed = answer.header("x-amz-function-error").is_some();
        assert!(!failed, "the probe failed: {answer}");
        let found = answer.json().unwrap();
        let calls = serde_json::from_value(found["calls"].clone()).unwrap();
        (found["session"].as_str().unwrap().to_owned(), calls)
    }
}

impl Drop for Probe<'_> {
    fn drop(&mut self) {
        // A probe that stays behind harms nothing; a panic while unwinding would hide the test's own.
        let _left = lambda(self.stack, "DELETE", &self.path).send();
    }
}

fn lambda(stack: &Stack, method: &str, path: &str) -> Request {
    let url = format!("{}{path}", stack.aws_endpoint);
    stack.request_to(method, &url).header("authorization", ROOT)
}

fn send(request: Request) -> Answer {
    let answer = request.send().unwrap();
    assert!((200..300).contains(&answer.status), "{answer}");
    answer
}

/// Cargo puts examples beside the folder of the test binaries.
fn binary() -> PathBuf {
    let test = env::current_exe().unwrap();
    let profile = test.parent().and_then(|deps| deps.parent()).unwrap();
    let binary = profile.join("examples").join("isolation-probe");
    let build = "cargo build --profile local -p outlay-testkit --example isolation-probe";
    assert!(
        fs::exists(&binary).unwrap(),
        "no {}: {build}",
        binary.display()
    );
    binary
}

/// A zip with one stored file, a `bootstrap` that runs the binary where it lies, as `cargo xtask up`
/// packs functions.
fn package(binary: &std::path::Path) -> Vec<u8> {
    let script = format!("#!/bin/sh\nexec '{}'\n", binary.display());
    let (name, data) = (b"bootstrap".as_slice(), script.as_bytes());
    let mut crc = flate2::Crc::new();
    crc.update(data);
    let size = u32::try_from(data.len()).unwrap();
    let name_size = u16::try_from(name.len()).unwrap();

    // What both headers say: version 2.0, no flags, stored, 1980-01-01, sums, sizes, no extras.
    let mut entry = shorts(&[20, 0, 0, 0, 0x21]);
    entry.extend(words(&[crc.sum(), size, size]));
    entry.extend(shorts(&[name_size, 0]));

    let local = [b"PK\x03\x04", entry.as_slice(), name, data].concat();
    // Made on Unix as version 2.0; executable; at the beginning of the archive.
    let made = shorts(&[0x0314]);
    let (no_comment, place) = (shorts(&[0, 0, 0]), words(&[0o100_755 << 16, 0]));
    let central = [
        b"PK\x01\x02",
        made.as_slice(),
        &entry,
        &no_comment,
        &place,
        name,
    ]
    .concat();
    let lengths = [&central, &local].map(|part| u32::try_from(part.len()).unwrap());
    let counts = shorts(&[0, 0, 1, 1]);
    let end = [
        b"PK\x05\x06",
        counts.as_slice(),
        &words(&lengths),
        &shorts(&[0]),
    ]
    .concat();
    [local, central, end].concat()
}

fn shorts(values: &[u16]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}

fn words(values: &[u32]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}
