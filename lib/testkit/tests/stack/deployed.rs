//! Functions that tests deploy themselves: one of the stack's with another environment, or a binary of their own.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

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

/// A function of a test, until it is dropped.
pub(crate) struct Deployed<'a> {
    stack: &'a Stack,
    pub(crate) name: String,
}

impl<'a> Deployed<'a> {
    /// A binary under an execution role.
    pub(crate) fn new(stack: &'a Stack, role: &str, binary: &Path, environment: &Value) -> Self {
        let name = format!("outlay-probe-{}", UploadId::mint());
        let code = BASE64_STANDARD.encode(package(binary));
        let body = json!({
            "FunctionName": name, "Role": role, "Runtime": "provided.al2023", "Handler": "bootstrap",
            "Timeout": 60, "MemorySize": 512, "Code": { "ZipFile": code },
            "Environment": { "Variables": environment },
        });
        send(lambda(stack, "POST", FUNCTIONS).json(&body));
        Self { stack, name }
    }

    /// A function of the stack once more, some of its variables changed.
    pub(crate) fn copy(stack: &'a Stack, binary: &str, changes: &[(&str, &str)]) -> Self {
        let name = format!("outlay-local-{binary}");
        let all = functions(stack);
        let original = all.iter().find(|f| f["FunctionName"] == name.as_str());
        let original = original.unwrap_or_else(|| panic!("no function {name}"));
        let mut environment = original["Environment"]["Variables"].clone();
        for (variable, value) in changes {
            environment[*variable] = json!(value);
        }
        let role = original["Role"].as_str().unwrap();
        Self::new(stack, role, &profile().join(binary), &environment)
    }

    /// What it answers.
    pub(crate) fn invoke(&self, event: &Value) -> Value {
        let path = format!("{FUNCTIONS}/{}/invocations", self.name);
        let answer = send(lambda(self.stack, "POST", &path).json(event));
        let failed = answer.header("x-amz-function-error").is_some();
        assert!(!failed, "{} failed: {answer}", self.name);
        answer.json().unwrap()
    }
}

impl Drop for Deployed<'_> {
    fn drop(&mut self) {
        let path = format!("{FUNCTIONS}/{}", self.name);
        // One that stays behind harms nothing; a panic while unwinding would hide the test's own.
        let _left = lambda(self.stack, "DELETE", &path).send();
    }
}

/// Where the binaries of the stack lie: the test's own is one folder below.
pub(crate) fn profile() -> PathBuf {
    let test = env::current_exe().unwrap();
    let profile = test.parent().and_then(Path::parent).unwrap();
    profile.to_owned()
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

/// A zip with one stored file, a `bootstrap` that runs the binary where it lies, as `cargo xtask up`
/// packs functions.
fn package(binary: &Path) -> Vec<u8> {
    assert!(
        fs::exists(binary).unwrap(),
        "no {}: `cargo xtask test` builds it",
        binary.display()
    );
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
