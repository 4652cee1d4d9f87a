//! Promises 20 and 23: what tokens that are not good, or not any more, come to.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};

use jiff::Timestamp;
use outlay_core::now;
use outlay_testkit::proof::{
    Attacker, Kind, Who, cases,
    hostile::{Material, corpus, jwk, malleated, raw_signature},
    measured,
};
use serde_json::json;

use super::{
    aws::Aws,
    in_one_thread,
    operations::{OPERATIONS, Operation, REFUSING},
    tenants::{Company, container, container_at},
};

/// How many key ids are made up.
const MADE_UP: usize = 10_000;

fn all() -> impl Iterator<Item = &'static Operation> {
    OPERATIONS.iter().chain(&REFUSING)
}

fn kind_of(operation: &Operation) -> Kind {
    let found = cases()
        .into_iter()
        .find(|case| case.operation == operation.id);
    found.unwrap().kind
}

#[test]
fn every_permission_is_tried() {
    let tried: BTreeSet<&str> = all().map(Operation::permission).collect();
    let asked: BTreeSet<&str> = cases()
        .iter()
        .filter(|case| case.who != Who::Public)
        .map(|case| case.permission)
        .collect();
    let left: Vec<&&str> = asked.difference(&tried).collect();
    assert!(
        left.is_empty(),
        "add an operation of {left:?} to warm/operations.rs"
    );
}

#[test]
fn hostile_tokens_cause_no_call() {
    let (families, dead, after, before, followed) = in_one_thread(async {
        let (aws, stranger) = (Aws::new(), Aws::new());
        let company = Company::found(&aws, 1).await;
        let app = container(&aws);
        let good = company.token(&aws);
        for operation in all() {
            let (status, text) = operation
                .call(app, operation.request(&company, &good))
                .await;
            let wanted = if REFUSING.iter().any(|o| o.id == operation.id) {
                status != 401 && (400..500).contains(&status)
            } else {
                (200..300).contains(&status)
            };
            assert!(wanted, "{}: {status} {text}", operation.id);
        }
        let before = aws.calls();
        let (header, claims) = company.token_parts(&aws);
        let sign = |message: &[u8]| raw_signature(&aws.sign(message)).unwrap().to_vec();
        let sign_otherwise =
            |message: &[u8]| raw_signature(&stranger.sign(message)).unwrap().to_vec();
        let shown = json!({ "keys": [jwk(&stranger.public_point())] });
        let attacker = Attacker::listen(shown.to_string()).unwrap();
        let corpus = corpus(&Material {
            header,
            claims,
            sign: &sign,
            sign_otherwise: &sign_otherwise,
            other_point: stranger.public_point(),
            attacker: attacker.url.clone(),
            public_point: aws.public_point(),
            refresh: "rt1.AAAA.BBBB".to_owned(),
            now: now().as_second(),
        });
        let mut dead: BTreeMap<&str, usize> = BTreeMap::new();
        for (name, tokens) in &corpus {
            for token in tokens {
                for operation in all() {
                    let (status, text) = operation
                        .call(app, operation.request(&company, token))
                        .await;
                    assert_eq!(status, 401, "{name} at {}: {text}", operation.id);
                    *dead.entry(name).or_default() += 1;
                }
            }
        }
        (corpus.len(), dead, aws.calls(), before, attacker.asked())
    });
    let downstream: usize = after.values().sum::<usize>() - before.values().sum::<usize>();
    measured(
        "20a",
        "hostile tokens cause no call to AWS",
        "25/25 -> 401, 0 downstream calls",
        format!(
            "{}/{families} families, {} calls of {} operations -> 401, {downstream} downstream calls, {followed} to the attacker",
            dead.len(),
            dead.values().sum::<usize>(),
            all().count()
        ),
    );
    assert_eq!(before, after);
    assert_eq!((families, followed), (25, 0));
}

/// The twin of a signature verifies as well: what was ended must be known by what it is, and not by its text.
#[test]
fn the_twin_of_a_signature_opens_nothing_more() {
    let (compared, refused) = in_one_thread(async {
        let aws = Aws::new();
        let company = Company::found(&aws, 1).await;
        let token = company.token(&aws);
        let twin = malleated(&token);
        assert_ne!(token, twin);
        let app = container(&aws);
        let mut compared = 0;
        for operation in all() {
            let (of_token, _) = operation
                .call(app, operation.request(&company, &token))
                .await;
            let (of_twin, _) = operation
                .call(app, operation.request(&company, &twin))
                .await;
            assert_eq!(of_token, of_twin, "{}", operation.id);
            compared += 1;
        }
        company.sign_out(&aws).await;
        let app = container(&aws);
        let mut refused = 0;
        for operation in all().filter(|operation| kind_of(operation) == Kind::Change) {
            for token in [&token, &twin] {
                let (status, text) = operation
                    .call(app, operation.request(&company, token))
                    .await;
                let wanted = if operation.id == "admin-tenants-list" {
                    403
                } else {
                    401
                };
                assert_eq!(status, wanted, "{}: {text}", operation.id);
                refused += 1;
            }
        }
        (compared, refused)
    });
    measured(
        "20b",
        "the twin of a signature opens nothing more",
        "as the token; refused once the session has ended",
        format!(
            "{compared} operations answer both alike; {refused} changes of an ended session refused"
        ),
    );
}

#[test]
fn made_up_key_ids_cost_nothing() {
    let cost = in_one_thread(async {
        let aws = Aws::new();
        let company = Company::found(&aws, 1).await;
        let app = container(&aws);
        let operation = &OPERATIONS[0];
        let good = company.token(&aws);
        let (status, text) = operation
            .call(app, operation.request(&company, &good))
            .await;
        assert_eq!(status, 200, "{text}");
        let before = aws.calls();
        for number in 0..MADE_UP {
            let kid = json!(format!("made-up-{number}"));
            let token = company.token_with(&aws, |header, _| header["kid"] = kid);
            let (status, _) = operation
                .call(app, operation.request(&company, &token))
                .await;
            assert_eq!(status, 401);
        }
        let (status, _) = operation
            .call(app, operation.request(&company, &good))
            .await;
        assert_eq!(status, 200, "a known id is answered all the while");
        let more = aws.calls();
        (more["kms"] - before["kms"], before["kms"])
    });
    measured(
        "20c",
        "made-up key ids cost no fetch",
        "<= 1 fetch in 10 s",
        format!(
            "{MADE_UP} unknown ids: {} fetches more than the {} of the start",
            cost.0, cost.1
        ),
    );
    assert_eq!(cost.0, 0);
}

/// Seconds by which the containers of this test are ahead.
static AHEAD: AtomicI64 = AtomicI64::new(0);

fn ahead() -> Timestamp {
    now() + Duration::from_secs(AHEAD.load(Ordering::SeqCst).unsigned_abs())
}

#[test]
fn reads_end_with_the_token() {
    let reads: Vec<&Operation> = OPERATIONS
        .iter()
        .filter(|operation| kind_of(operation) == Kind::Read)
        .collect();
    in_one_thread(async {
        let aws = Aws::new();
        let company = Company::found(&aws, 1).await;
        let app = container_at(&aws, ahead);
        let token = company.token(&aws);
        company.sign_out(&aws).await;
        for (seconds, believed) in [(0, true), (880, true), (901, false), (3600, false)] {
            AHEAD.store(seconds, Ordering::SeqCst);
            for operation in &reads {
                let (status, text) = operation
                    .call(app, operation.request(&company, &token))
                    .await;
                let answered = (200..300).contains(&status);
                assert!(
                    answered == believed,
                    "{} after {seconds} s: {status} {text}",
                    operation.id
                );
                assert!(answered || status == 401, "{}: {status}", operation.id);
            }
        }
    });
    measured(
        "23c",
        "reads end with the token, whatever was taken from its owner",
        "<= 15 min",
        format!(
            "{} reads of an ended session: answered after 880 s at most, 401 after 901 s",
            reads.len()
        ),
    );
}
