//! The API document, the template's routes and what clients may rely on.

use std::collections::{BTreeMap, BTreeSet};

use outlay_contract::PUBLIC_OPERATIONS;
use serde_json::Value;

use crate::{
    read, report,
    template::{FUNCTIONS, Route},
};

/// It answers 503 with what it checked, not with a problem.
const PROBE: &str = "platform-health";

/// One operation of the document.
struct Operation {
    route: Route,
    id: String,
    body: Value,
}

#[test]
fn the_checked_in_document_is_current() {
    let current = outlay_contract::text().unwrap();
    let same = current == read("frontend/openapi.json");
    assert!(
        same,
        "run `cargo xtask openapi`, then `npm run generate` in frontend/"
    );
}

#[test]
fn routes_and_operations_are_the_same() {
    let declared: BTreeMap<Route, &str> = FUNCTIONS
        .iter()
        .flat_map(|f| f.routes().into_iter().map(|r| (r, f.binary())))
        .collect();
    let documented: BTreeMap<Route, String> =
        operations().into_iter().map(|o| (o.route, o.id)).collect();
    let mut findings = Vec::new();
    for (route, binary) in &declared {
        let Route { method, path } = route;
        match documented.get(route) {
            None => findings.push(format!(
                "{method} {path} is not documented: add #[utoipa::path] to the handler of {binary} and list it in lib/contract/src/lib.rs"
            )),
            Some(id) if !is_of(id, binary) => {
                findings.push(format!("{method} {path}: operationId must be `{binary}` (or `{binary}-<form>` for a second one), is `{id}`"));
            }
            Some(_) => {}
        }
    }
    for (Route { method, path }, id) in documented
        .iter()
        .filter(|(route, _)| !declared.contains_key(route))
    {
        findings.push(format!("{method} {path} ({id}) has no route: add an HttpApi event to its function in the template"));
    }
    report(&findings);
    assert!(declared.len() > 15);
}

/// A Lambda with several operations names the others after it.
fn is_of(id: &str, binary: &str) -> bool {
    let other = FUNCTIONS.iter().any(|f| f.binary() == id && id != binary);
    !other
        && (id == binary
            || id
                .strip_prefix(binary)
                .is_some_and(|form| form.starts_with('-')))
}

#[test]
fn every_operation_has_its_own_id_and_tells_what_it_does() {
    let mut seen = BTreeSet::new();
    let mut findings = Vec::new();
    for Operation { id, body, .. } in operations() {
        if body["summary"].as_str().is_none_or(str::is_empty)
            && body["description"].as_str().is_none_or(str::is_empty)
        {
            findings.push(format!("{id}: write a doc comment on its handler"));
        }
        if !seen.insert(id.clone()) {
            findings.push(format!("{id} is the operationId of two operations"));
        }
    }
    report(&findings);
}

#[test]
fn every_operation_says_how_it_fails() {
    let mut findings = Vec::new();
    for Operation { id, body, .. } in operations() {
        let responses: Vec<(&String, &Value)> = body["responses"]
            .as_object()
            .into_iter()
            .flatten()
            .collect();
        let is_error = |status: &str| {
            status.starts_with('4') || status.starts_with('5') || status == "default"
        };
        let errors: Vec<_> = responses
            .iter()
            .filter(|(status, _)| is_error(status))
            .collect();
        if errors.is_empty() {
            findings.push(format!(
                "{id}: declare at least one error response with ProblemBody"
            ));
        }
        for (status, response) in errors {
            let problem = &response["content"]["application/problem+json"]["schema"]["$ref"];
            let is_problem = problem.as_str().is_some_and(|r| r.ends_with("/Problem"));
            if !is_problem && id != PROBE {
                findings.push(format!("{id}: {status} must have body = ProblemBody, content_type = \"application/problem+json\""));
            }
        }
    }
    report(&findings);
}

#[test]
fn every_operation_needs_a_token_unless_listed() {
    let mut findings = Vec::new();
    let mut public = BTreeSet::new();
    for Operation { id, body, .. } in operations() {
        // Where one of the ways asks for nothing, the token is optional.
        let ways = body["security"].as_array();
        let demands = ways
            .is_some_and(|all| !all.is_empty() && all.iter().all(|way| !way["bearer"].is_null()));
        let listed = PUBLIC_OPERATIONS.contains(&id.as_str());
        if demands == listed {
            findings.push(format!("{id}: either `security((\"bearer\" = []))` or an entry in PUBLIC_OPERATIONS of lib/contract/src/lib.rs"));
        }
        if !demands {
            public.insert(id);
        }
    }
    report(&findings);
    assert_eq!(
        public,
        PUBLIC_OPERATIONS.map(str::to_owned).into(),
        "PUBLIC_OPERATIONS lists an operation that is gone"
    );
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let mut references = BTreeSet::new();
    collect_references(&document, &mut references);
    assert!(references.len() > 5);
    let lost = references
        .into_iter()
        .filter(|r| document.pointer(r.trim_start_matches('#')).is_none());
    report(
        &lost
            .map(|r| format!("{r} is not in the document: derive ToSchema for it"))
            .collect::<Vec<_>>(),
    );
}

fn collect_references(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| match value.as_str() {
            Some(reference) if key == "$ref" => {
                into.insert(reference.to_owned());
            }
            _ => collect_references(value, into),
        }),
        Value::Array(items) => items.iter().for_each(|item| collect_references(item, into)),
        _ => {}
    }
}

fn document() -> Value {
    serde_json::to_value(outlay_contract::document()).unwrap()
}

fn operations() -> Vec<Operation> {
    let mut operations = Vec::new();
    for (path, methods) in document()["paths"].as_object().into_iter().flatten() {
        for (method, body) in methods.as_object().into_iter().flatten() {
            operations.push(Operation {
                route: Route {
                    method: method.to_uppercase(),
                    path: path.clone(),
                },
                id: body["operationId"].as_str().unwrap_or_default().to_owned(),
                body: body.clone(),
            });
        }
    }
    operations
}
