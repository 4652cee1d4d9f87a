//! Promises 7 and 20 in one warm process: handlers of every class of operation over [`aws::Aws`].

mod aws;
mod people;
mod strangers;
mod tenants;

use std::collections::{BTreeMap, HashMap};

use lambda_http::{Body, Request, RequestExt};
use outlay_core::now;
use outlay_runtime::{App, Handler};
use outlay_testkit::proof::{
    hostile::{Material, corpus, raw_signature},
    measured,
};
use serde_json::{Value, json};

use self::{
    aws::Aws,
    tenants::{Company, container},
};

const COMPANIES: usize = 24;
const TASKS: usize = 64;
const REQUESTS: usize = 10_000;

/// A call: its handler, what it sends, and whether the answer shows the caller's own texts.
struct Operation {
    id: &'static str,
    handler: Handler,
    method: &'static str,
    path: &'static str,
    body: Option<fn() -> Value>,
    shows: bool,
}

/// Operations of every class: a person's account, reads of items, reads of roll-ups through the cache, changes.
const OPERATIONS: [Operation; 7] = [
    reads("auth-me", outlay_auth::me::handler, "/v1/auth/me"),
    reads(
        "uploads-list",
        outlay_uploads::list::handler,
        "/v1/uploads?limit=100",
    ),
    reads(
        "uploads-get",
        outlay_uploads::get::handler,
        "/v1/uploads/{uploadId}",
    ),
    reads(
        "costs-dimensions",
        outlay_costs::dimensions::handler,
        "/v1/costs/dimensions?dimension=ServiceName",
    ),
    reads(
        "costs-dashboard",
        outlay_costs::dashboard::handler,
        "/v1/costs/dashboard?end=2026-11-01",
    ),
    reads(
        "costs-query",
        outlay_costs::query::handler,
        "/v1/costs/query?metrics=EffectiveCost&groupBy=ServiceName&start=2026-10-01&end=2026-11-01",
    ),
    Operation {
        id: "uploads-create",
        handler: outlay_uploads::create::handler,
        method: "POST",
        path: "/v1/uploads",
        body: Some(|| json!({ "fileName": "a.csv", "sizeBytes": 10, "contentType": "text/csv" })),
        shows: false,
    },
];

const fn reads(id: &'static str, handler: Handler, path: &'static str) -> Operation {
    Operation {
        id,
        handler,
        method: "GET",
        path,
        body: None,
        shows: true,
    }
}

impl Operation {
    fn request(&self, company: &Company, token: &str) -> Request {
        let body = self
            .body
            .map_or(Body::Empty, |body| Body::Text(body().to_string()));
        let request = lambda_http::http::Request::builder()
            .method(self.method)
            .uri(self.path.replace("{uploadId}", company.upload.as_str()))
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .body(body)
            .unwrap();
        let parameters = HashMap::from([("uploadId".to_owned(), company.upload.to_string())]);
        request.with_path_parameters(parameters)
    }

    /// Status and text of the answer, headers with it.
    async fn call(&self, app: &'static App, request: Request) -> (u16, String) {
        let answer = (self.handler)(app, request).await;
        let response = answer.unwrap_or_else(|problem| problem.into_response("request"));
        let text = String::from_utf8_lossy(response.body().as_ref()).into_owned();
        (
            response.status().as_u16(),
            format!("{:?} {text}", response.headers()),
        )
    }
}

fn in_one_thread<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(work)
}

async fn companies(aws: &Aws) -> Vec<Company> {
    let mut companies = Vec::with_capacity(COMPANIES);
    for number in 0..COMPANIES {
        companies.push(Company::found(aws, number).await);
    }
    companies
}

/// What went wrong with an answer to this company.
fn fault(
    operation: &Operation,
    own: &Company,
    all: &[Company],
    (status, text): &(u16, String),
) -> Option<String> {
    let others = all.iter().filter(|other| other.tenant != own.tenant);
    let leaked = others
        .flat_map(|other| {
            [
                other.canary.as_str(),
                other.tenant.as_str(),
                other.user.as_str(),
            ]
        })
        .find(|word| text.contains(word));
    if let Some(leaked) = leaked {
        return Some(format!(
            "{}: {leaked} of another tenant in {text}",
            operation.id
        ));
    }
    let right = (200..300).contains(status) && (!operation.shows || text.contains(&own.canary));
    (!right).then(|| format!("{}: {status} {text}", operation.id))
}

/// A number that looks like chance, and is the same in every run.
fn scattered(turn: usize) -> usize {
    turn.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33
}

#[test]
fn ten_thousand_interleaved_requests_in_one_process_mix_nothing() {
    let (faults, mixed, calls) = in_one_thread(async {
        let aws = Aws::new();
        let companies: &'static [Company] = companies(&aws).await.leak();
        let tokens: &'static [String] = companies
            .iter()
            .map(|c| c.token(&aws))
            .collect::<Vec<_>>()
            .leak();
        let app = container(&aws);
        let tasks = (0..TASKS).map(|task| {
            tokio::spawn(async move {
                let mut faults = Vec::new();
                for turn in (task..REQUESTS).step_by(TASKS) {
                    let operation = &OPERATIONS[scattered(turn) % OPERATIONS.len()];
                    let at = scattered(turn + REQUESTS) % companies.len();
                    let request = operation.request(&companies[at], &tokens[at]);
                    let answer = operation.call(app, request).await;
                    faults.extend(fault(operation, &companies[at], companies, &answer));
                }
                faults
            })
        });
        let mut faults = Vec::new();
        for task in tasks.collect::<Vec<_>>() {
            faults.extend(task.await.unwrap());
        }
        (faults, aws.mixed(), aws.calls())
    });
    measured(
        "7",
        "a warm container never mixes tenants",
        "10,000 requests, 0 mixes",
        format!(
            "{REQUESTS} requests of {TASKS} tasks for {COMPANIES} tenants, {} calls to AWS ({} sessions): {} mixes",
            calls.values().sum::<usize>(),
            calls["sts"],
            faults.len() + mixed.len()
        ),
    );
    assert!(
        mixed.is_empty(),
        "{}:\n{}",
        mixed.len(),
        mixed[..mixed.len().min(5)].join("\n")
    );
    assert!(
        faults.is_empty(),
        "{}:\n{}",
        faults.len(),
        faults[..faults.len().min(5)].join("\n")
    );
}

#[test]
fn a_session_of_another_tenant_would_be_seen() {
    in_one_thread(async {
        let aws = Aws::new();
        let [own, other] = [Company::found(&aws, 1).await, Company::found(&aws, 2).await];
        assert_eq!(aws.mixed(), Vec::<String>::new());
        let operation = &OPERATIONS[1];
        let answer = operation
            .call(container(&aws), operation.request(&own, &own.token(&aws)))
            .await;
        assert_eq!(fault(operation, &own, &[], &answer), None);
        let all = [own, other];
        assert!(
            fault(operation, &all[1], &all, &answer).is_some(),
            "an answer to another is a fault"
        );
        aws.ask_as("ASIA.ten_other.none", &all[0].tenant).await;
        assert_eq!(aws.mixed().len(), 1);
    });
}

#[test]
fn hostile_tokens_cause_no_call() {
    let (families, dead, after, before) = in_one_thread(async {
        let (aws, stranger) = (Aws::new(), Aws::new());
        let company = Company::found(&aws, 1).await;
        let app = container(&aws);
        let good = company.token(&aws);
        for operation in &OPERATIONS {
            let (status, text) = operation
                .call(app, operation.request(&company, &good))
                .await;
            assert!(
                (200..300).contains(&status),
                "{}: {status} {text}",
                operation.id
            );
        }
        let before = aws.calls();
        let (header, claims) = company.token_parts(&aws);
        let sign = |message: &[u8]| raw_signature(&aws.sign(message)).unwrap().to_vec();
        let sign_otherwise =
            |message: &[u8]| raw_signature(&stranger.sign(message)).unwrap().to_vec();
        let corpus = corpus(&Material {
            header,
            claims,
            sign: &sign,
            sign_otherwise: &sign_otherwise,
            public_point: aws.public_point(),
            refresh: "rt1.AAAA.BBBB".to_owned(),
            now: now().as_second(),
        });
        let mut dead: BTreeMap<&str, usize> = BTreeMap::new();
        for (name, tokens) in &corpus {
            for token in tokens {
                for operation in &OPERATIONS {
                    let (status, text) = operation
                        .call(app, operation.request(&company, token))
                        .await;
                    assert_eq!(status, 401, "{name} at {}: {text}", operation.id);
                    *dead.entry(name).or_default() += 1;
                }
            }
        }
        (corpus.len(), dead, aws.calls(), before)
    });
    let downstream: usize = after.values().sum::<usize>() - before.values().sum::<usize>();
    measured(
        "20a",
        "hostile tokens cause no call to AWS",
        "25/25 -> 401, 0 downstream calls",
        format!(
            "{}/{families} families, {} calls of {} operations -> 401, {downstream} downstream calls",
            dead.len(),
            dead.values().sum::<usize>(),
            OPERATIONS.len()
        ),
    );
    assert_eq!(before, after);
    assert_eq!(families, 25);
}
