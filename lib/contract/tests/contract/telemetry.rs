//! `LogLevel=trace` is for our own crates. The runtime of Lambda traces whole events: a real process, handed a sign-in by
//! a runtime API that is played here, must not log what is in it.

use std::{
    env,
    io::{BufRead, BufReader, Read, Seek, Write},
    net::{TcpListener, TcpStream},
    process::Command,
};

use serde_json::{Value, json};

use crate::read;

const PASSWORD: &str = "correct-horse-battery-staple";
const TOKEN: &str = "eyJhbGciOiJFUzI1NiJ9.e30.c2lnbmF0dXJl";
const COOKIE: &str = "rt1.cmVmcmVzaA.c2VjcmV0";
const ADDRESS: &str = "ada.lovelace@example.com";

/// The test itself, by which a second process of it becomes the function.
const THIS: &str = "telemetry::the_finest_log_of_a_sign_in_holds_no_secret";

#[test]
fn the_finest_log_of_a_sign_in_holds_no_secret() {
    if is_the_function() {
        outlay_runtime::http(outlay_auth::login::handler);
        return;
    }
    let log = log_of_a_sign_in("trace");
    assert!(
        log.contains("request failed") || log.contains("request refused"),
        "the sign-in was not handled: {log}"
    );
    for secret in [PASSWORD, TOKEN, COOKIE, ADDRESS] {
        assert!(!log.contains(secret), "{log}");
    }
}

/// Hands one sign-in to the function and takes what it wrote. Nothing of AWS is there, so it fails: 503.
fn log_of_a_sign_in(level: &str) -> String {
    let api = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = api.local_addr().unwrap().to_string();
    let mut log = tempfile::tempfile().unwrap();
    let mut function = Command::new(env::current_exe().unwrap())
        .args(["--exact", THIS, "--nocapture"])
        .env_clear()
        .envs(variables(level))
        .env("AWS_LAMBDA_RUNTIME_API", address)
        .stdout(log.try_clone().unwrap())
        .stderr(log.try_clone().unwrap())
        .spawn()
        .unwrap();
    serve_one(&api, &sign_in().to_string());
    function.kill().unwrap();
    function.wait().unwrap();
    log.rewind().unwrap();
    let mut text = String::new();
    log.read_to_string(&mut text).unwrap();
    text
}

/// Whether this process is the one that a test has started to be the function.
#[expect(
    clippy::disallowed_methods,
    reason = "what tells a function that it is one"
)]
fn is_the_function() -> bool {
    env::var_os("AWS_LAMBDA_RUNTIME_API").is_some()
}

fn variables(level: &str) -> Vec<(&'static str, String)> {
    let role = "arn:aws:iam::000000000000:role/data";
    [
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "none"),
        ("AWS_SECRET_ACCESS_KEY", "none"),
        // Nobody listens there.
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:9"),
        ("AWS_MAX_ATTEMPTS", "1"),
        ("AWS_LAMBDA_FUNCTION_NAME", "login"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "1"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512"),
        ("AWS_LAMBDA_LOG_GROUP_NAME", "login"),
        ("AWS_LAMBDA_LOG_STREAM_NAME", "login"),
        ("TABLE_NAME", "table"),
        ("REGISTRY_ROLE_ARN", role),
        ("SIGNING_KEY_IDS", "key"),
        ("REFRESH_KEY_ID", "key"),
        ("TOKEN_ISSUER", "urn:outlay:test"),
        ("ADDRESS_REQUESTS_PER_MINUTE", "300"),
        ("LOG_LEVEL", level),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .into()
}

fn sign_in() -> Value {
    let mut event: Value = serde_json::from_str(&read("events/auth-login.password.json")).unwrap();
    event["body"] = json!({ "email": ADDRESS, "password": PASSWORD })
        .to_string()
        .into();
    event["cookies"] = json!([format!("__Secure-outlay-refresh={COOKIE}")]);
    event["headers"]["authorization"] = format!("Bearer {TOKEN}").into();
    event
}

/// The runtime API: hands over one event, and returns when it was answered. Each connection serves one request.
fn serve_one(api: &TcpListener, event: &str) {
    let mut handed_over = false;
    for connection in api.incoming() {
        let mut connection = connection.unwrap();
        if asked(&mut connection).starts_with("POST") {
            return;
        }
        assert!(!handed_over, "it asks again before it has answered");
        handed_over = true;
        write!(
            connection,
            "HTTP/1.1 200 OK\r\nlambda-runtime-aws-request-id: 1\r\nlambda-runtime-deadline-ms: 4000000000000\r\n\
             lambda-runtime-invoked-function-arn: arn:aws:lambda:us-east-1:000000000000:function:login\r\n\
             content-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{event}",
            event.len()
        )
        .unwrap();
    }
}

/// The first line of a request, which is read to its end.
fn asked(connection: &mut TcpStream) -> String {
    let mut reader = BufReader::new(connection);
    let (mut first, mut length) = (String::new(), 0);
    reader.read_line(&mut first).unwrap();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let line = line.trim().to_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    reader.read_exact(&mut vec![0; length]).unwrap();
    first
}
