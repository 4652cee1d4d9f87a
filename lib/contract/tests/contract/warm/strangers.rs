//! Whoever has proved nothing costs us little, and pushes nobody out (docs/adr/0023).

use aws_lambda_events::apigw::ApiGatewayV2httpRequestContext;
use lambda_http::{Request, RequestExt, http::HeaderMap, request::RequestContext};
use outlay_core::{TenantId, TokenId};
use outlay_http::{Body, Response};
use outlay_identity::AddressedSecret;
use outlay_runtime::{App, Handler};

use super::{
    OPERATIONS, Operation,
    aws::Aws,
    in_one_thread,
    tenants::{Company, edge, operator, reader},
};

/// What an address may in a minute, for these tests.
const LIMIT: usize = 60;
const INVENTIONS: usize = 1000;

/// `uploads-list`, as the gateway hands it over from an address.
fn request(company: &Company, token: &str, address: &str) -> Request {
    from(lists().request(company, token), address)
}

fn lists() -> &'static Operation {
    let named = OPERATIONS.iter().find(|o| o.id == "uploads-list");
    named.expect("an operation of that name")
}

fn from(request: Request, address: &str) -> Request {
    let mut context = ApiGatewayV2httpRequestContext::default();
    context.http.source_ip = Some(address.to_owned());
    request.with_request_context(RequestContext::ApiGatewayV2(context))
}

async fn answer(handler: Handler, app: &'static App, request: Request) -> Response<Body> {
    let answer = handler(app, request).await;
    answer.unwrap_or_else(|problem| problem.into_response("request"))
}

fn invented() -> String {
    let secret = AddressedSecret::mint(&TenantId::mint(), &TokenId::mint());
    secret.unwrap().reveal()
}

fn waits(headers: &HeaderMap) -> bool {
    let after = headers.get("retry-after").and_then(|w| w.to_str().ok());
    let seconds = after.and_then(|w| w.parse::<u64>().ok());
    seconds.is_some_and(|seconds| (1..=60).contains(&seconds))
}

/// Status of each answer to these tokens; every 429 says how long to wait.
async fn statuses(
    app: &'static App,
    company: &Company,
    tokens: impl Iterator<Item = String>,
    address: &str,
) -> Vec<u16> {
    let mut all = Vec::new();
    for token in tokens {
        let request = request(company, &token, address);
        let response = answer(lists().handler, app, request).await;
        let status = response.status().as_u16();
        assert!(status != 429 || waits(response.headers()), "{response:?}");
        all.push(status);
    }
    all
}

fn count(all: &[u16], status: u16) -> usize {
    all.iter().filter(|s| **s == status).count()
}

#[test]
fn invented_tokens_cost_no_more_than_an_address_may_ask() {
    in_one_thread(async {
        let aws = Aws::new();
        let company = Company::found(&aws, 1).await;
        let app = reader(&aws, LIMIT);
        let before = aws.calls();
        let tokens = (0..INVENTIONS).map(|_| invented());
        let all = statuses(app, &company, tokens, "192.0.2.1").await;
        let (looked_up, refused) = (count(&all, 401), count(&all, 429));
        assert_eq!((looked_up, refused), (LIMIT, INVENTIONS - LIMIT));
        let sessions = aws.calls()["sts"] - before.get("sts").copied().unwrap_or_default();
        assert_eq!(sessions, LIMIT + 1, "one session is for counting");
        let tokens = std::iter::once(invented());
        let elsewhere = statuses(app, &company, tokens, "192.0.2.2").await;
        assert_eq!(elsewhere, [401], "another address has its own count");
    });
}

#[test]
fn whom_a_container_knows_is_served_beside_a_flood_and_costs_no_call() {
    in_one_thread(async {
        let aws = Aws::new();
        let company = Company::found(&aws, 1).await;
        let (app, token) = (reader(&aws, 601), company.program(&aws).await);
        let address = "192.0.2.1";
        let known = || std::iter::once(token.clone());
        assert_eq!(statuses(app, &company, known(), address).await, [200]);
        let first = aws.calls();
        assert_eq!(statuses(app, &company, known(), address).await, [200]);
        let before = aws.calls();
        let own = before["dynamodb"] - first["dynamodb"];
        assert_eq!(before["sts"], first["sts"]);
        let inventions = (0..700).map(|_| invented());
        let all = statuses(app, &company, inventions, address).await;
        assert_eq!((count(&all, 401), count(&all, 429)), (600, 100));
        let before = aws.calls();
        assert_eq!(statuses(app, &company, known(), address).await, [200]);
        let after = aws.calls();
        assert_eq!(after["sts"], before["sts"], "its sessions are still there");
        assert_eq!(
            after["dynamodb"],
            before["dynamodb"] + own,
            "the handler's own questions alone"
        );
    });
}

#[test]
fn bad_access_tokens_are_counted_too() {
    in_one_thread(async {
        let aws = Aws::new();
        let company = Company::found(&aws, 1).await;
        let app = reader(&aws, LIMIT);
        let good = company.token(&aws);
        let bad = (0..LIMIT * 3).map(|_| format!("{good}x"));
        let all = statuses(app, &company, bad, "2001:db8::1").await;
        assert_eq!((count(&all, 401), count(&all, 429)), (LIMIT, LIMIT * 2));
        let same = std::iter::once(good);
        let neighbour = statuses(app, &company, same, "2001:db8::2").await;
        assert_eq!(neighbour, [200], "who proves something is counted by name");
    });
}

#[test]
fn a_global_owner_asks_as_often_as_anybody() {
    in_one_thread(async {
        let aws = Aws::new();
        let company = Company::found(&aws, 1).await;
        let (app, token) = (operator(&aws, LIMIT), company.owner(&aws).await);
        let mut all = Vec::new();
        for _ in 0..LIMIT * 2 {
            let asked = request(&company, &token, "192.0.2.1");
            let (mut parts, _) = asked.into_parts();
            parts.uri = "/v1/admin/config".parse().unwrap();
            let asked = Request::from_parts(parts, Body::Empty);
            let response = answer(outlay_admin::config_get::handler, app, asked).await;
            let status = response.status().as_u16();
            assert!(status != 429 || waits(response.headers()));
            all.push(status);
        }
        assert_eq!((count(&all, 200), count(&all, 429)), (LIMIT, LIMIT));
    });
}

#[test]
fn a_function_without_a_role_counts_by_itself() {
    in_one_thread(async {
        let aws = Aws::new();
        let app = edge(&aws, LIMIT);
        let mut all = Vec::new();
        for _ in 0..LIMIT * 3 {
            let request = from(Request::new(Body::Empty), "192.0.2.1");
            let response = answer(outlay_platform::fallback::handler, app, request).await;
            let status = response.status().as_u16();
            assert!(status != 429 || waits(response.headers()));
            all.push(status);
        }
        assert_eq!((count(&all, 404), count(&all, 429)), (LIMIT, LIMIT * 2));
        assert!(aws.calls().is_empty());
    });
}
