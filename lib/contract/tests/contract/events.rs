//! `events/<function>.<case>.json`: real payloads, for tests and for `cargo lambda invoke`.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use aws_lambda_events::{s3::S3Event, sqs::SqsEvent};
use lambda_http::{RequestExt, request::RequestContext};
use outlay_messages::{CommitMessage, EndingMessage, PartMessage};
use outlay_store::Change;
use serde_json::Value;

use crate::{
    report, root,
    template::{FUNCTIONS, Function},
};

#[test]
fn every_event_is_what_its_function_receives() {
    let mut findings = Vec::new();
    for (name, payload) in files() {
        let binary = name.split('.').next().unwrap_or_default();
        let Some(function) = FUNCTIONS.iter().find(|f| f.binary() == binary) else {
            findings.push(format!(
                "events/{name}: there is no function {binary}; name it <function>.<case>.json"
            ));
            continue;
        };
        let wrong = if function.is_on_http() {
            not_http(function, &payload)
        } else if function.follows_the_table() {
            no_changes(&payload)
        } else if function.queue().is_some() {
            not_sqs(function, &payload)
        } else {
            not_json(&payload)
        };
        findings.extend(wrong.err().map(|e| format!("events/{name}: {e}")));
    }
    report(&findings);
}

#[test]
fn every_function_has_an_event() {
    let known: BTreeSet<String> = files()
        .into_keys()
        .map(|name| name.split('.').next().unwrap_or_default().to_owned())
        .collect();
    let missing = FUNCTIONS
        .iter()
        .map(Function::binary)
        .filter(|binary| !known.contains(*binary));
    report(
        &missing
            .map(|b| format!("add events/{b}.<case>.json: a real payload of {b}"))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn no_event_holds_a_secret() {
    let secret =
        |text: &str| text.contains("eyJ") || text.contains("AKIA") || text.contains("ASIA");
    let found = files().into_iter().filter(|(_, text)| secret(text));
    report(
        &found
            .map(|(name, _)| format!("events/{name} holds a token or key: put a placeholder there"))
            .collect::<Vec<_>>(),
    );
}

fn files() -> BTreeMap<String, String> {
    let entries = std::fs::read_dir(root().join("events")).expect("events/");
    let files: BTreeMap<String, String> = entries
        .map(|entry| {
            let entry = entry.unwrap();
            (
                entry.file_name().to_string_lossy().into_owned(),
                std::fs::read_to_string(entry.path()).unwrap(),
            )
        })
        .collect();
    let is_json = |name: &String| Path::new(name).extension().is_some_and(|e| e == "json");
    assert!(files.keys().all(is_json), "events/ holds JSON files only");
    files
}

fn not_http(function: &Function, payload: &str) -> Result<(), String> {
    let request = lambda_http::request::from_str(payload)
        .map_err(|e| format!("not an API Gateway v2 request: {e}"))?;
    let Some(RequestContext::ApiGatewayV2(context)) = request.request_context_ref() else {
        return Err("not an API Gateway request of payload version 2.0".into());
    };
    let key = context.route_key.clone().unwrap_or_default();
    let routes: Vec<String> = function
        .routes()
        .iter()
        .map(|r| format!("{} {}", r.method, r.path))
        .collect();
    if routes.is_empty() && key == "$default" {
        return Ok(());
    }
    if !routes.contains(&key) {
        return Err(format!(
            "routeKey is `{key}`, the routes of {} are {routes:?}",
            function.binary()
        ));
    }
    let (method, path) = key.split_once(' ').unwrap_or_default();
    let raw = request.uri().path();
    if request.method() != method || !matches(path, raw) {
        return Err(format!("{} {raw} does not match {key}", request.method()));
    }
    let parameters = request.path_parameters();
    let named = path
        .split('/')
        .filter_map(|s| s.strip_prefix('{')?.strip_suffix('}'));
    let missing: Vec<&str> = named
        .filter(|name| parameters.first(name).is_none())
        .collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(format!("pathParameters lack {missing:?}"))
    }
}

fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<_>, Vec<_>) =
        (pattern.split('/').collect(), path.split('/').collect());
    pattern.len() == path.len()
        && pattern
            .iter()
            .zip(path)
            .all(|(p, s)| p.starts_with('{') || *p == s)
}

fn not_sqs(function: &Function, payload: &str) -> Result<(), String> {
    let event: SqsEvent =
        serde_json::from_str(payload).map_err(|e| format!("not an SQS event: {e}"))?;
    if event.records.is_empty() {
        return Err("holds no record".into());
    }
    let queue = function.queue().unwrap_or_default();
    for record in event.records {
        let arn = record.event_source_arn.unwrap_or_default();
        if !arn.contains(&queue) {
            return Err(format!("eventSourceARN must be that of {queue}, is {arn}"));
        }
        let body = record.body.unwrap_or_default();
        not_message(&queue, &body).map_err(|e| format!("body is no message of {queue}: {e}"))?;
    }
    Ok(())
}

fn no_changes(payload: &str) -> Result<(), String> {
    let event: Value = serde_json::from_str(payload).map_err(|e| e.to_string())?;
    let records = event["Records"].as_array().ok_or("holds no records")?;
    for record in records {
        let change = serde_json::from_value::<Change>(record.clone());
        let change = change.map_err(|e| format!("not a change of the table: {e}"))?;
        if change.pk().is_empty() || change.sk().is_empty() {
            return Err("a change needs its keys".into());
        }
    }
    Ok(())
}

/// What a schedule or an operator sends.
fn not_json(payload: &str) -> Result<(), String> {
    let parsed = serde_json::from_str::<serde_json::Map<String, Value>>(payload);
    parsed
        .map(drop)
        .map_err(|e| format!("not a JSON object: {e}"))
}

fn not_message(queue: &str, body: &str) -> Result<(), serde_json::Error> {
    match queue {
        // What S3 sends once, when the notification is set.
        "ArrivalsQueue" if body.contains(r#""Event":"s3:TestEvent""#) => {
            serde_json::from_str::<Value>(body).map(drop)
        }
        "ArrivalsQueue" => serde_json::from_str::<S3Event>(body).map(drop),
        "PartsQueue" => serde_json::from_str::<PartMessage>(body).map(drop),
        "CommitsQueue" => serde_json::from_str::<CommitMessage>(body).map(drop),
        "OffboardingQueue" => serde_json::from_str::<EndingMessage>(body).map(drop),
        other => panic!("teach lib/contract/tests/contract/events.rs the messages of {other}"),
    }
}
