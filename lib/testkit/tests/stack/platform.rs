//! Health, unknown paths, inquiries, and the habits of every answer.

use outlay_core::UploadId;
use outlay_testkit::stack::wait_until;
use serde_json::{Value, json};

use crate::support::{problem, sign_up, slug, stack};

#[test]
fn health_tells_what_was_checked() {
    let answer = stack()
        .request("GET", "/v1/platform/health")
        .send()
        .unwrap()
        .expect(200)
        .unwrap();
    let health = answer.json().unwrap();
    assert_eq!(health["status"], "ok", "{health:#}");
    let checks = health["checks"].as_array().unwrap();
    assert!(!checks.is_empty());
    assert!(
        checks
            .iter()
            .all(|c| c["status"] == "ok" && c["millis"].is_u64()),
        "{health:#}"
    );
    assert!(health["version"].is_string());
}

#[test]
fn unknown_paths_and_methods_are_problems() {
    let account = sign_up("unknown");
    for (method, path) in [
        ("GET", "/v1/nothing"),
        ("GET", "/v1"),
        ("GET", "/v1/costs"),
        ("POST", "/v1/costs/query/more"),
    ] {
        let answer = account.request(method, path).send().unwrap();
        assert_eq!(slug(&answer, 404), "no-such-route", "{method} {path}");
    }
    for (method, path, allow) in [
        ("PATCH", "/v1/uploads", "GET, POST"),
        ("PUT", "/v1/auth/login", "POST"),
        ("DELETE", "/v1/costs/trends", "GET"),
        // A wing answers so too.
        ("DELETE", "/v1/inquiries", "POST"),
    ] {
        let answer = account.request(method, path).send().unwrap();
        assert_eq!(slug(&answer, 405), "method-not-allowed", "{method} {path}");
        assert_eq!(answer.header("allow"), Some(allow), "{method} {path}");
    }
}

#[test]
fn every_refusal_is_a_problem_of_the_house() {
    let account = sign_up("refusal");
    let stack = account.stack();
    let missing = UploadId::mint();
    for path in [
        "/v1/auth/me",
        "/v1/uploads",
        "/v1/costs/dashboard",
        "/v1/costs/trends",
        "/v1/costs/dimensions",
    ] {
        problem(&stack.request("GET", path).send().unwrap(), 401);
        problem(&account.get(&format!("{path}?__proto__=1")).unwrap(), 400);
    }
    problem(
        &account.get(&format!("/v1/uploads/{missing}")).unwrap(),
        404,
    );
    for (method, path) in [
        ("POST", "/v1/uploads".to_owned()),
        ("GET", format!("/v1/uploads/{missing}")),
        ("POST", format!("/v1/uploads/{missing}/confirm")),
        ("DELETE", format!("/v1/uploads/{missing}")),
        ("POST", "/v1/costs/query".to_owned()),
    ] {
        let request = account.request(method, &format!("{path}?colour=red"));
        problem(&request.send().unwrap(), 400);
    }
    for not_an_id in [
        "x",
        "upl_",
        "ten_0",
        "%2e%2e",
        "upl_00000000000000000000000000%23",
    ] {
        problem(
            &account.get(&format!("/v1/uploads/{not_an_id}")).unwrap(),
            404,
        );
    }
    for limit in ["0", "-1", "1000000000", "x", ""] {
        problem(
            &account.get(&format!("/v1/uploads?limit={limit}")).unwrap(),
            400,
        );
    }
    for body in [
        "",
        "{",
        "[]",
        "null",
        "\"x\"",
        "{\"fileName\":1}",
        "{\"fileName\":\"a\",\"fileName\":\"b\"}",
    ] {
        let request = account
            .request("POST", "/v1/uploads")
            .header("content-type", "application/json");
        problem(&request.body(body).send().unwrap(), 400);
    }
    let declare = |size: Value| {
        let body = json!({ "fileName": "a.csv", "sizeBytes": size, "contentType": "text/csv" });
        account.post("/v1/uploads", &body).unwrap()
    };
    problem(&declare(json!(0)), 400);
    problem(&declare(json!(-1)), 400);
    problem(&declare(json!(60_000_000_000_u64)), 413);
}

#[test]
fn two_requests_have_two_ids() {
    let stack = stack();
    let ask = || {
        let answer = stack.request("GET", "/v1/nothing").send().unwrap();
        problem(&answer, 404)["requestId"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_ne!(ask(), ask());
}

#[test]
fn an_inquiry_is_stored_and_mailed() {
    let stack = stack();
    let marker = UploadId::mint().to_string();
    let body = json!({ "name": "Grace", "email": "grace@example.com",
        "message": format!("Can you read our bills? {marker}") });
    let answer = stack
        .request("POST", "/v1/inquiries")
        .json(&body)
        .send()
        .unwrap();
    let answer = answer.expect(202).unwrap().json().unwrap();
    assert!(answer["id"].as_str().unwrap().starts_with("inq_"));
    let mail = wait_until("mail of the inquiry", 20, || {
        let mails = stack.mail_for("hello@outlay.example")?;
        Ok(mails.into_iter().find(|m| m.text.contains(&marker)))
    });
    assert!(mail.unwrap().text.contains("grace@example.com"));
    let nameless = stack
        .request("POST", "/v1/inquiries")
        .json(&json!({ "message": "hi" }))
        .send()
        .unwrap();
    problem(&nameless, 400);
}
