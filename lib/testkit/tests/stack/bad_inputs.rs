//! Inputs that nobody well-behaved sends, at any route: each is refused clearly, nothing is stored of it, and nothing
//! breaks. Rows that have a test of their own elsewhere (limits, platform, queries) are not here again.

use std::{collections::BTreeMap, fs};

use outlay_core::UploadId;
use outlay_testkit::{
    Account, Answer, Operator, Request,
    operator::invoke,
    proof::{Case, Operation, Who, cases, measured, operations},
};
use serde_json::{Value, json};

use crate::{
    raw, root,
    support::{problem, sign_up},
};

/// Stands in a body for what is put there as it is.
const HERE: &str = "@here@";
/// Texts that no field takes.
const BROKEN: [&str; 3] = [r#""a\u0000b""#, r#""a\ud800b""#, r#""\udc00\ud800""#];
/// Texts that some fields take: right to left, and four bytes a letter.
const STRANGE: [&str; 2] = [r#""a\u202eb\u2066c""#, r#""\ud83e\udd80\ud83e\udd80""#];
const NUMBERS: [&str; 4] = [
    "1e400",
    "9223372036854775808",
    "123456789012345678901234567890123456789",
    "NaN",
];

/// Whose calls they are, what was found, and how much was tried.
struct Bench {
    account: Account,
    other: Account,
    operator: Operator,
    bodies: Vec<(Operation, Case, Value)>,
    calls: usize,
    faults: Vec<String>,
}

type Row = fn(&mut Bench);

const ROWS: [(&str, Row); 16] = [
    ("1 tenant ids everywhere", tenants_everywhere),
    ("3 fields that are none of the caller's", fields_of_others),
    ("6 numbers beyond every type", numbers),
    ("7 broken texts", broken_texts),
    ("7 strange texts", strange_texts),
    ("8 a byte order mark", byte_order_mark),
    ("9 a body of 10 MB and a byte", large_body),
    ("10 headers of 10,241 bytes", long_headers),
    ("11 what is no base64", no_base64),
    ("12 methods nobody knows", methods),
    ("13 paths written otherwise", paths),
    ("14 cursors with a bit turned", cursors),
    ("16 a leap second", leap_second),
    ("17 another media type", media_type),
    ("19 two tokens", two_tokens),
    ("20 callers that hang up", hanging_up),
];

#[test]
fn bad_inputs_are_refused_and_store_nothing() {
    let account = sign_up("bad-inputs");
    // More than a page of one, for cursors.
    for name in ["first.csv", "second.csv"] {
        let declared = Bench::declaration(name);
        account.create_upload(&declared).unwrap();
    }
    let mut bench = Bench {
        other: sign_up("bad-inputs-other"),
        operator: Operator::make(account.stack(), "bad-inputs").unwrap(),
        bodies: bodies(),
        account,
        calls: 0,
        faults: Vec::new(),
    };
    assert!(bench.bodies.len() > 20, "{} bodies", bench.bodies.len());
    for (row, work) in ROWS {
        let (before, known) = (bench.stored(), bench.faults.len());
        work(&mut bench);
        // Strange texts are names as good as any: what takes them may keep them.
        if row != "7 strange texts" && before != bench.stored() {
            bench.faults.push("something was stored".to_owned());
        }
        for fault in &mut bench.faults[known..] {
            *fault = format!("{row}: {fault}");
        }
    }
    measured(
        "42a",
        "bad inputs are refused clearly",
        "4xx problem+json; 0 x 5xx, 0 stored",
        format!(
            "{} rows, {} requests, {} faults",
            ROWS.len(),
            bench.calls,
            bench.faults.len()
        ),
    );
    assert!(bench.faults.is_empty(), "{:#?}", bench.faults);
}

impl Bench {
    /// Keys of everything of the two companies, counters left out.
    fn stored(&self) -> Vec<String> {
        let ours = [&self.account.tenant_id, &self.other.tenant_id];
        let key = |item: Value| format!("{} | {}", item["pk"]["S"], item["sk"]["S"]);
        let mut keys: Vec<String> = root::scan(self.account.stack(), None)
            .into_iter()
            .map(key)
            .filter(|key| ours.iter().any(|id| key.contains(*id)))
            .filter(|key| {
                !["RATE", "THROTTLE", "LEASE"]
                    .iter()
                    .any(|word| key.contains(word))
            })
            .collect();
        keys.sort_unstable();
        keys
    }

    /// Makes the call as its owner; the answer must be one of these, and a problem where it is a refusal.
    fn expect(&mut self, what: &str, request: Request, statuses: &[u16]) -> Answer {
        let answer = request.send().unwrap();
        self.judge(what, &answer, |status| statuses.contains(&status));
        answer
    }

    /// The same where any refusal will do.
    fn refused(&mut self, what: &str, request: Request) {
        let answer = request.send().unwrap();
        self.judge(what, &answer, |status| (400..500).contains(&status));
    }

    fn judge(&mut self, what: &str, answer: &Answer, wanted: impl Fn(u16) -> bool) {
        self.calls += 1;
        let is_problem = answer.header("content-type") == Some("application/problem+json");
        if !wanted(answer.status) || answer.status >= 400 && !is_problem {
            self.faults.push(format!("{what}: {answer}"));
        } else if answer.status >= 400 {
            problem(answer, answer.status);
        }
    }

    fn signed(&self, method: &str, path: &str) -> Request {
        self.account.request(method, path)
    }

    /// A call of this operation with this text as its body, by somebody who may make it.
    fn call(&self, operation: &Operation, case: &Case, body: String) -> Request {
        let path = fill(&operation.path);
        let request = self.account.stack().request(&operation.method, &path);
        let request = match case.who {
            Who::Public => request,
            Who::Roles(_) => request.bearer(&self.account.token),
            Who::GlobalOwner => request.bearer(&self.operator.token),
        };
        let request = request.header("if-match", "\"1\"");
        request
            .header("content-type", "application/json")
            .body(body)
    }

    fn declaration(name: &str) -> Value {
        json!({ "fileName": name, "sizeBytes": 10, "contentType": "text/csv" })
    }
}

fn tenants_everywhere(bench: &mut Bench) {
    let (other, stack) = (bench.other.tenant_id.clone(), bench.account.stack().clone());
    let missing = outlay_core::TenantId::mint().to_string();
    let mut body = Bench::declaration("a.csv");
    body["tenantId"] = json!(missing);
    let upload = stack
        .request("POST", &format!("/v1/uploads?tenantId={other}"))
        .header("x-tenant-id", &missing)
        .bearer(&bench.account.token);
    bench.expect("query, header and body", upload.json(&body), &[400]);
    let path = format!("/v1/admin/tenants/{other}?tenantId={missing}");
    let change = bench.signed("PATCH", &path).header("x-tenant-id", &other);
    bench.expect(
        "all four",
        change.json(&json!({ "tenantId": other, "reason": "x" })),
        &[400, 403],
    );
    let list = bench
        .signed("GET", "/v1/uploads")
        .header("x-tenant-id", &other);
    let answer = bench.expect("a header alone says nothing", list, &[200]);
    assert!(!answer.to_string().contains(&other), "{answer}");
}

fn fields_of_others(bench: &mut Bench) {
    for (operation, case, body) in bench.bodies.clone() {
        for field in [
            "__proto__",
            "constructor",
            "tenant_id",
            "external_id",
            "externalId",
            "isAdmin",
        ] {
            let mut body = body.clone();
            body[field] = json!({ "role": "global_owner" });
            let request = bench.call(&operation, &case, body.to_string());
            bench.refused(&format!("{} with {field}", operation.id), request);
        }
    }
}

fn numbers(bench: &mut Bench) {
    let of_kind = |value: &Value| value.is_number();
    each_field(bench, of_kind, |bench, what, operation, case, body| {
        for number in NUMBERS {
            let request = bench.call(operation, case, put(body, number));
            bench.refused(&format!("{what} {number}"), request);
        }
        let request = bench.call(operation, case, put(body, "-0"));
        let answer = request.send().unwrap();
        bench.judge(&format!("{what} -0"), &answer, |status| status < 500);
    });
}

fn broken_texts(bench: &mut Bench) {
    each_field(
        bench,
        Value::is_string,
        |bench, what, operation, case, body| {
            // A password is its bytes, whatever they are.
            let bytes_count = what.ends_with("assword");
            for text in &BROKEN[usize::from(bytes_count)..] {
                let request = bench.call(operation, case, put(body, text));
                bench.refused(&format!("{what} {text}"), request);
            }
        },
    );
}

fn strange_texts(bench: &mut Bench) {
    each_field(
        bench,
        Value::is_string,
        |bench, what, operation, case, body| {
            // What the platform takes would be there for everybody.
            if case.who == Who::GlobalOwner {
                return;
            }
            for text in STRANGE {
                let request = bench.call(operation, case, put(body, text));
                let answer = request.send().unwrap();
                bench.judge(&format!("{what} {text}"), &answer, |status| status < 500);
            }
        },
    );
}

fn byte_order_mark(bench: &mut Bench) {
    for (operation, case, body) in bench.bodies.clone() {
        let request = bench.call(&operation, &case, format!("\u{feff}{body}"));
        bench.refused(&operation.id, request);
    }
}

/// The gateway itself refuses, before it has read it.
fn large_body(bench: &mut Bench) {
    let token = format!("Bearer {}", bench.account.token);
    let head = raw::head(
        "POST",
        "/v1/uploads",
        &[
            ("authorization", &token),
            ("content-type", "application/json"),
            ("content-length", "10485761"),
        ],
    );
    let answer = raw::ask(bench.account.stack(), head.as_bytes());
    bench.calls += 1;
    let said = answer.json().map(|body| body["message"].clone()).ok();
    if answer.status != 413 || said != Some(json!("Request Entity Too Large")) {
        bench.faults.push(answer.to_string());
    }
}

fn long_headers(bench: &mut Bench) {
    let request = bench.signed("GET", "/v1/uploads");
    bench.expect(
        "one",
        request.header("x-long", &"x".repeat(10_241)),
        &[413, 431],
    );
    let mut request = bench.signed("GET", "/v1/uploads");
    for number in 0..11 {
        request = request.header(&format!("x-long-{number}"), &"x".repeat(931));
    }
    bench.expect("many", request, &[413, 431]);
}

/// No gateway sends this: whoever may invoke the function does. Either the function refuses it, or the invocation fails,
/// which a gateway tells as its own 500; the next caller notices nothing.
fn no_base64(bench: &mut Bench) {
    let event = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../events/auth-login.password.json"
    );
    let mut event: Value = serde_json::from_slice(&fs::read(event).unwrap()).unwrap();
    event["isBase64Encoded"] = json!(true);
    for body in ["%%%", "a", "{\"email\":\"x\"}", "\u{1f980}"] {
        event["body"] = json!(body);
        let answer = invoke(bench.account.stack(), "outlay-local-auth-login", &event).unwrap();
        bench.calls += 1;
        let told = answer.json().unwrap_or_default();
        if told["statusCode"] != 400 && answer.header("x-amz-function-error").is_none() {
            bench.faults.push(format!("{body}: {answer}"));
        }
    }
    event["isBase64Encoded"] = json!(false);
    event["body"] = json!("{\"email\":\"nobody@example.com\",\"password\":\"not the password\"}");
    let answer = invoke(bench.account.stack(), "outlay-local-auth-login", &event).unwrap();
    if ![json!(401), json!(403)].contains(&answer.json().unwrap_or_default()["statusCode"]) {
        bench.faults.push(format!("the next caller: {answer}"));
    }
}

fn methods(bench: &mut Bench) {
    let token = format!("Bearer {}", bench.account.token);
    for method in ["get", "Get", "BREW", "TRACE", "PROPFIND"] {
        let head = raw::head(method, "/v1/uploads", &[("authorization", &token)]);
        let answer = raw::ask(bench.account.stack(), head.as_bytes());
        // A gateway that knows GET by another spelling calls the route that GET is.
        let is_get = method.eq_ignore_ascii_case("get");
        bench.judge(method, &answer, |status| {
            [400, 404, 405, 501].contains(&status) || is_get && status == 200
        });
    }
}

/// Where no route is, the web app's page may be: but never anything of the company.
fn paths(bench: &mut Bench) {
    let token = format!("Bearer {}", bench.account.token);
    let id = UploadId::mint();
    // A gateway that takes two slashes for one calls the route that is meant, for whom it would be called anyway.
    let twice = raw::head("GET", "//v1/uploads", &[("authorization", &token)]);
    let twice = raw::ask(bench.account.stack(), twice.as_bytes());
    bench.judge("//v1/uploads", &twice, |status| status < 500);
    for path in [
        "/v1//uploads".to_owned(),
        "/v1/uploads.".to_owned(),
        "/v1/uploads/.".to_owned(),
        "/V1/Uploads".to_owned(),
        "/v1/Uploads".to_owned(),
        "/v1/uploads/%2e%2e/members".to_owned(),
        "/v1/uploads/../members".to_owned(),
        format!("/v1/uploads/{id}%2Fconfirm"),
        format!("/v1/uploads/{id}%252F.."),
        format!("/v1/uploads/{id}%00"),
        format!("/v1/uploads/{}", id.as_str().to_uppercase()),
    ] {
        let head = raw::head("GET", &path, &[("authorization", &token)]);
        let answer = raw::ask(bench.account.stack(), head.as_bytes());
        let text = answer.to_string();
        assert!(!text.contains(&bench.account.tenant_id), "{path}: {text}");
        let page = answer
            .header("content-type")
            .is_some_and(|kind| kind.starts_with("text/html"));
        if page {
            bench.calls += 1;
        } else {
            bench.judge(&path, &answer, |status| (400..500).contains(&status));
        }
    }
}

/// A cursor is not signed: what comes of one is at most another place of the same list.
fn cursors(bench: &mut Bench) {
    for list in ["/v1/uploads?limit=1", "/v1/audit?limit=1"] {
        let page = bench
            .account
            .get(list)
            .unwrap()
            .expect(200)
            .unwrap()
            .json()
            .unwrap();
        let cursor = page["nextCursor"].as_str().unwrap().to_owned();
        for at in 0..cursor.len() {
            for bit in [1, 2, 4] {
                let mut turned = cursor.clone().into_bytes();
                turned[at] ^= bit;
                let Ok(turned) = String::from_utf8(turned) else {
                    continue;
                };
                if !turned
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
                {
                    continue;
                }
                let request = bench.signed("GET", &format!("{list}&cursor={turned}"));
                let answer = bench.expect(&turned, request, &[200, 400]);
                assert!(!answer.to_string().contains(&bench.other.tenant_id));
            }
        }
        let cut = &cursor[..cursor.len() / 2];
        let request = bench.signed("GET", &format!("{list}&cursor={cut}"));
        bench.expect("cut", request, &[400]);
    }
}

fn leap_second(bench: &mut Bench) {
    for query in [
        "from=2026-06-30T23:59:60Z",
        "from=2026-06-30T23:59:61Z",
        "from=2016-12-31T23:59:60Z&to=2017-01-01T00:00:00Z",
    ] {
        let request = bench.signed("GET", &format!("/v1/audit?{query}"));
        bench.expect(query, request, &[200, 400]);
    }
}

fn media_type(bench: &mut Bench) {
    for accepted in ["application/xml", "text/html;q=0.9", "*/*;q=0", "nonsense"] {
        let request = bench
            .signed("GET", "/v1/uploads")
            .header("accept", accepted);
        let answer = bench.expect(accepted, request, &[200, 406]);
        let kind = answer.header("content-type").unwrap_or_default().to_owned();
        assert!(kind.contains("json"), "{accepted}: {kind}");
    }
}

fn two_tokens(bench: &mut Bench) {
    let (mine, theirs) = (&bench.account.token, &bench.other.token);
    for (first, second) in [(mine, theirs), (theirs, mine), (mine, mine)] {
        let request = bench.account.stack().request("GET", "/v1/uploads");
        let request = request.bearer(first).bearer(second);
        let answer = request.send().unwrap();
        bench.calls += 1;
        // The gateway may take one of the two; it must not be told as the other's.
        if answer.status != 401 && answer.status != 400 && answer.status != 200 {
            bench.faults.push(answer.to_string());
        }
    }
}

fn hanging_up(bench: &mut Bench) {
    let stack = bench.account.stack().clone();
    let token = format!("Bearer {}", bench.account.token);
    for _ in 0..20 {
        let head = raw::head("GET", "/v1/uploads", &[("authorization", &token)]);
        drop(raw::sent(&stack, head.as_bytes()));
        let headers = [
            ("authorization", token.as_str()),
            ("content-type", "application/json"),
            ("content-length", "100"),
        ];
        let head = raw::head("POST", "/v1/uploads", &headers);
        drop(raw::sent(
            &stack,
            format!("{head}{{\"fileName\":").as_bytes(),
        ));
        bench.calls += 2;
    }
    let request = bench.signed("GET", "/v1/uploads");
    bench.expect("the next caller", request, &[200]);
}

/// Every operation with a body, and a body of the right shape.
fn bodies() -> Vec<(Operation, Case, Value)> {
    let document: Value =
        serde_json::from_str(include_str!("../../../../frontend/openapi.json")).unwrap();
    let entries: BTreeMap<&str, Case> = cases().into_iter().map(|c| (c.operation, c)).collect();
    let mut found = Vec::new();
    for operation in operations().unwrap() {
        let of_it = &document["paths"][&operation.path][operation.method.to_lowercase()];
        let schema = &of_it["requestBody"]["content"]["application/json"]["schema"];
        if !schema.is_null() {
            let case = entries[operation.id.as_str()];
            found.push((operation, case, example(&document, schema, &[])));
        }
    }
    found
}

/// A value of a schema: every property there, as short as may be. A schema within itself, as filters are, is null.
fn example(document: &Value, schema: &Value, within: &[&str]) -> Value {
    if let Some(name) = schema["$ref"].as_str() {
        if within.contains(&name) {
            return Value::Null;
        }
        let schema = document.pointer(&name[1..]).unwrap();
        return example(document, schema, &[within, &[name]].concat());
    }
    for choice in ["oneOf", "anyOf", "allOf"] {
        let choices = schema[choice].as_array().into_iter().flatten();
        if let Some(first) = choices.into_iter().find(|choice| choice["type"] != "null") {
            return example(document, first, within);
        }
    }
    if let Some(first) = schema["enum"].get(0) {
        return first.clone();
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds
            .iter()
            .find(|kind| *kind != "null")
            .cloned()
            .unwrap_or_default(),
        kind => kind.clone(),
    };
    match kind.as_str() {
        Some("object") => {
            let properties = schema["properties"].as_object().into_iter().flatten();
            properties
                .map(|(name, property)| (name.clone(), named(document, name, property, within)))
                .collect()
        }
        Some("array") => json!([example(document, &schema["items"], within)]),
        Some("integer" | "number") => json!(1),
        Some("boolean") => json!(false),
        _ => json!("text"),
    }
}

/// The value of a property, which only some texts are good for.
fn named(document: &Value, name: &str, property: &Value, within: &[&str]) -> Value {
    match name {
        "email" => json!("somebody@example.com"),
        "password" | "newPassword" => json!("a long enough pass phrase"),
        _ => example(document, property, within),
    }
}

/// Works on each field of each body whose value is of a kind: [`HERE`] stands in its place.
fn each_field(
    bench: &mut Bench,
    of_kind: fn(&Value) -> bool,
    mut work: impl FnMut(&mut Bench, &str, &Operation, &Case, &Value),
) {
    let mut tried = 0;
    for (operation, case, body) in bench.bodies.clone() {
        for (name, value) in body.as_object().unwrap() {
            if of_kind(value) {
                let mut body = body.clone();
                body[name] = json!(HERE);
                work(
                    bench,
                    &format!("{} {name}", operation.id),
                    &operation,
                    &case,
                    &body,
                );
                tried += 1;
            }
        }
    }
    assert!(tried > 0, "no field is of that kind");
}

/// The body with this text in the place of [`HERE`].
fn put(body: &Value, text: &str) -> String {
    body.to_string().replace(&format!("\"{HERE}\""), text)
}

/// A path that names nothing of anybody.
fn fill(path: &str) -> String {
    let parts = path.split('/').map(|part| match part {
        "{schedule}" => "no-such-schedule",
        _ if part.starts_with('{') => "upl_00000000000000000000000000",
        _ => part,
    });
    parts.collect::<Vec<_>>().join("/")
}
