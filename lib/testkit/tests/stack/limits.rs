//! Promises 8 and 42: one company cannot starve another, and every refusal speaks RFC 9457.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use outlay_testkit::{
    Account, Operator,
    proof::{is_measuring, measured},
    stack::wait_until,
};
use serde_json::{Value, json};

use crate::{
    deployed::Deployed,
    root,
    support::{problem, sign_up, stack},
};

const PER_ADDRESS: &str = "ADDRESS_REQUESTS_PER_MINUTE";
const LOGIN: &str = include_str!("../../../../events/auth-login.password.json");
/// What the flooding company may in a minute, for this test.
const LIMIT: usize = 60;
/// What a measurement of so few milliseconds may be off.
const NOISE_MILLIS: u128 = 2;

fn agree(account: &Account, per_minute: usize) {
    let owner = Operator::make(account.stack(), "agrees").unwrap();
    let limits = json!({ "tenantPerMinute": per_minute, "userPerMinute": per_minute });
    let terms = json!({ "profile": "full", "limits": limits });
    let answer = owner.set_terms(&account.tenant_id, &terms).unwrap();
    answer.expect(200).unwrap();
}

/// Milliseconds of each answer, which must be 200. Where they count they are spread over most of a minute: what the
/// platform does by itself then falls on them as it does on others.
fn measure(account: &Account, count: usize) -> Vec<u128> {
    let pause = Duration::from_millis(if is_measuring() { 100 } else { 0 });
    (0..count)
        .map(|_| {
            thread::sleep(pause);
            let start = Instant::now();
            account.get("/v1/uploads").unwrap().expect(200).unwrap();
            start.elapsed().as_millis()
        })
        .collect()
}

fn p95(mut millis: Vec<u128>) -> u128 {
    millis.sort_unstable();
    millis[millis.len() * 95 / 100]
}

/// Two lanes that ask ten times as often as the limit lets them in a minute, in a minute where that is measured:
/// status and wait of each answer, and how long it took. Tells when the first is refused.
fn flood(account: &Account, refused: &AtomicBool) -> (Vec<(u16, Option<u64>)>, Duration) {
    let start = Instant::now();
    let pace = if is_measuring() {
        Duration::from_mins(1) * 2 / (u32::try_from(LIMIT).unwrap() * 10)
    } else {
        Duration::ZERO
    };
    let lane = |_| {
        (0..u32::try_from(LIMIT).unwrap() * 10 / 2)
            .map(|number| {
                thread::sleep((pace * number).saturating_sub(start.elapsed()));
                let answer = account.get("/v1/uploads").unwrap();
                if answer.status == 429 {
                    problem(&answer, 429);
                    refused.store(true, Ordering::Relaxed);
                }
                let wait = answer.header("retry-after").and_then(|w| w.parse().ok());
                (answer.status, wait)
            })
            .collect::<Vec<_>>()
    };
    let all = thread::scope(|scope| {
        let lanes = [0, 1].map(|number| scope.spawn(move || lane(number)));
        lanes.map(|lane| lane.join().unwrap()).concat()
    });
    (all, start.elapsed())
}

#[test]
fn a_flood_of_one_company_is_refused_and_another_is_served() {
    let (a, b) = (sign_up("flooding"), sign_up("flooded"));
    agree(&a, LIMIT);
    let asked = if is_measuring() { 400 } else { 40 };
    measure(&b, 5);
    let mut alone = measure(&b, asked / 2);
    let refused = AtomicBool::new(false);
    let (beside, (answers, took)) = thread::scope(|scope| {
        let flood = scope.spawn(|| flood(&a, &refused));
        wait_until("the first refusal", 60, || {
            Ok(refused.load(Ordering::Relaxed).then_some(()))
        })
        .unwrap();
        (p95(measure(&b, asked)), flood.join().unwrap())
    });
    alone.extend(measure(&b, asked / 2));
    let alone = p95(alone);
    let passed = answers.iter().filter(|(status, _)| *status == 200).count();
    let minutes = usize::try_from(took.as_secs() / 60).unwrap() + 2;
    assert!(
        passed <= LIMIT * minutes,
        "{passed} passed in {minutes} minutes"
    );
    assert!(answers.iter().all(|(status, wait)| match status {
        200 => true,
        429 => wait.is_some_and(|seconds| (1..=60).contains(&seconds)),
        _ => false,
    }));
    let refused = answers.len() - passed;
    assert!(
        refused > answers.len() / 3,
        "{refused} of {} were refused",
        answers.len()
    );
    let figure = format!(
        "A asked {} times in {} s, {passed} passed (limit {LIMIT} a minute), {refused} x 429; B {} times, \
         0 x 429, p95 {alone} ms alone, {beside} ms beside the flood",
        answers.len(),
        took.as_secs(),
        2 * asked
    );
    measured(
        "8",
        "a flood starves nobody else",
        "B p95 +<= 20 %; B 0 x 429",
        figure,
    );
    // A time is a gate where nothing else runs beside it.
    if is_measuring() {
        assert!(
            beside <= alone + alone / 5 + NOISE_MILLIS,
            "{beside} ms beside the flood, {alone} ms alone"
        );
    }
}

#[test]
fn requests_without_a_token_are_counted_by_address() {
    let stack = stack();
    let wrong = json!({"email": "nobody@example.com", "password": "not the password"});
    let request = stack.request("POST", "/v1/auth/login").json(&wrong);
    problem(&request.send().unwrap(), 401);
    let counted = root::scan(&stack, None).into_iter().any(|item| {
        item["pk"]["S"].as_str().unwrap().starts_with("RATE#") && item["used"]["N"].is_string()
    });
    assert!(counted, "no count of an address");
}

/// The stack lets an address ask as often as tests do; a copy of a function asks for less.
#[test]
fn a_flood_from_one_address_is_refused() {
    const MOST: usize = 5;
    let stack = stack();
    let most = MOST.to_string();
    let login = Deployed::copy(&stack, "auth-login", &[(PER_ADDRESS, &most)]);
    let mut event: Value = serde_json::from_str(LOGIN).unwrap();
    // Counts of other runs within the minute are not its own.
    let digits = u64::try_from(jiff::Timestamp::now().as_microsecond()).unwrap();
    let address = format!(
        "2001:db8:{:x}:{:x}::1",
        (digits >> 16) & 0xffff,
        digits & 0xffff
    );
    event["requestContext"]["http"]["sourceIp"] = json!(address);
    let start = Instant::now();
    let answers: Vec<Value> = (0..MOST * 5).map(|_| login.invoke(&event)).collect();
    let minutes = usize::try_from(start.elapsed().as_secs() / 60).unwrap() + 2;
    let of = |status: u16| answers.iter().filter(move |a| a["statusCode"] == status);
    let (passed, refused) = (of(401).count(), of(429).count());
    assert_eq!(passed + refused, answers.len(), "{:#}", answers[0]);
    assert!((MOST..=MOST * minutes).contains(&passed), "{passed} passed");
    for answer in of(429) {
        let wait = answer["headers"]["retry-after"].as_str();
        let wait: u64 = wait.unwrap().parse().unwrap();
        assert!((1..=60).contains(&wait), "{answer:#}");
    }
}

/// What no answer may hold: paths, sources, names of resources, statements, stacks of calls.
const INTERNAL: [&str; 14] = [
    "arn:",
    "/work",
    "/tmp",
    ".rs:",
    "panicked",
    "RUST_BACKTRACE",
    "SELECT ",
    "dynamodb",
    "TENANT#",
    "AccessDenied",
    "aws_sdk",
    "ServiceError",
    "LeadingKeys",
    "outlay-local",
];

#[test]
fn every_error_of_every_operation_is_a_problem_that_says_nothing_internal() {
    let account = sign_up("sweep");
    let document: Value =
        serde_json::from_str(include_str!("../../../../frontend/openapi.json")).unwrap();
    let (mut operations, mut errors) = (0, 0);
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            operations += 1;
            let method = method.to_uppercase();
            let path = fill(path);
            let ask = |query: &str| account.stack().request(&method, &format!("{path}{query}"));
            let requests = [
                ask("").bearer("not.a.token"),
                ask("").header("authorization", "Basic x"),
                ask("?__proto__=1").bearer(&account.token),
                ask("?x=1&x=2").bearer(&account.token),
                ask("")
                    .bearer(&account.token)
                    .header("content-type", "application/json")
                    .body("{"),
                ask("")
                    .bearer(&account.token)
                    .json(&json!({"confirm": 1, "role": "global_owner"})),
                ask("")
                    .bearer(&account.token)
                    .header("x-long", &"x".repeat(8200)),
                ask("")
                    .bearer(&account.token)
                    .header("content-type", "application/json")
                    .body(vec![b'x'; 1_000_001]),
                ask("")
                    .bearer(&account.token)
                    .header("content-type", "application/json")
                    .body("[".repeat(10_000)),
            ];
            for request in requests {
                let answer = request.send().unwrap();
                assert!(answer.status < 500, "{method} {path}: {answer}");
                let text = String::from_utf8_lossy(&answer.body).into_owned();
                if answer.status >= 400 {
                    errors += 1;
                    problem(&answer, answer.status);
                    let leak = INTERNAL.iter().find(|word| text.contains(*word));
                    assert_eq!(leak, None, "{method} {path}: {text}");
                }
                for (name, value) in [
                    ("x-content-type-options", "nosniff"),
                    ("referrer-policy", "no-referrer"),
                    (
                        "strict-transport-security",
                        "max-age=63072000; includeSubDomains",
                    ),
                    (
                        "content-security-policy",
                        "default-src 'none'; frame-ancestors 'none'",
                    ),
                ] {
                    assert_eq!(answer.header(name), Some(value), "{method} {path}");
                }
            }
        }
    }
    measured(
        "42",
        "errors are problems and tell nothing internal",
        "100 % problem+json; 0 leaks",
        format!("{operations} operations, {errors} errors, 0 findings"),
    );
}

/// A path that names nothing of anybody.
fn fill(path: &str) -> String {
    let parts = path.split('/').map(|part| {
        if part.starts_with('{') {
            "upl_00000000000000000000000000"
        } else {
            part
        }
    });
    parts.collect::<Vec<_>>().join("/")
}

#[test]
fn pages_come_with_their_headers() {
    let answer = stack()
        .request("GET", "/")
        .send()
        .unwrap()
        .expect(200)
        .unwrap();
    let policy = answer.header("content-security-policy").unwrap();
    assert!(
        policy.contains("default-src 'self'") && policy.contains("frame-ancestors 'none'"),
        "{policy}"
    );
    assert!(!policy.contains("unsafe-eval"), "{policy}");
    assert!(
        !policy.contains('*'),
        "only origins that are known: {policy}"
    );
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
    ] {
        assert_eq!(answer.header(name), Some(value));
    }
}
