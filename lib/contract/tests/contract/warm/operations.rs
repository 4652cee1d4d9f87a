//! What is called in one warm process.

use std::collections::HashMap;

use lambda_http::{Body, Request, RequestExt};
use outlay_runtime::{App, Handler};
use outlay_testkit::proof::cases;
use serde_json::{Value, json};

use super::tenants::Company;

/// A call: its handler, what it sends, and whether the answer shows the caller's own texts.
#[derive(Clone, Copy)]
pub(super) struct Operation {
    pub(super) id: &'static str,
    pub(super) handler: Handler,
    method: &'static str,
    path: &'static str,
    body: Option<fn() -> Value>,
    pub(super) shows: bool,
}

/// Operations of every class: a person's account, reads of items, reads of roll-ups through the cache, changes.
pub(super) const OPERATIONS: [Operation; 13] = [
    reads("auth-me", outlay_auth::me::handler, "/v1/auth/me"),
    silent(
        "auth-sessions-list",
        outlay_auth::sessions_list::handler,
        "/v1/auth/sessions",
    ),
    reads(
        "tenants-get",
        outlay_tenants::get::handler,
        "/v1/tenants/current",
    ),
    reads("members-list", outlay_members::list::handler, "/v1/members"),
    reads(
        "members-users-list",
        outlay_members::users_list::handler,
        "/v1/users",
    ),
    silent("tokens-list", outlay_tokens::list::handler, "/v1/tokens"),
    silent("audit-list", outlay_audit::list::handler, "/v1/audit"),
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

/// Reads what holds no text of the caller's.
const fn silent(id: &'static str, handler: Handler, path: &'static str) -> Operation {
    Operation {
        shows: false,
        ..reads(id, handler, path)
    }
}

/// One for each permission that is left: what they do needs more of AWS than is in memory, so that they name what is not
/// there, or what their caller may not.
pub(super) const REFUSING: [Operation; 8] = [
    changes(
        "auth-switch",
        outlay_auth::switch::handler,
        "POST",
        "/v1/auth/switch",
        || json!({ "tenantId": "ten_00000000000000000000000000" }),
    ),
    changes(
        "offboarding-begin",
        outlay_offboarding::begin::handler,
        "DELETE",
        "/v1/tenants/current",
        || json!({ "confirm": "another" }),
    ),
    changes(
        "tenants-update",
        outlay_tenants::update::handler,
        "PATCH",
        "/v1/tenants/current",
        || json!({ "name": "" }),
    ),
    changes(
        "members-update",
        outlay_members::update::handler,
        "PATCH",
        "/v1/members/{userId}",
        || json!({ "role": "viewer" }),
    ),
    changes(
        "members-remove",
        outlay_members::remove::handler,
        "DELETE",
        "/v1/members/{userId}",
        || Value::Null,
    ),
    changes(
        "members-users-delete",
        outlay_members::users_delete::handler,
        "DELETE",
        "/v1/users/{userId}",
        || Value::Null,
    ),
    changes(
        "tokens-revoke",
        outlay_tokens::revoke::handler,
        "DELETE",
        "/v1/tokens/{tokenId}",
        || Value::Null,
    ),
    changes(
        "admin-tenants-list",
        outlay_admin::tenants_list::handler,
        "GET",
        "/v1/admin/tenants",
        || Value::Null,
    ),
];

const fn changes(
    id: &'static str,
    handler: Handler,
    method: &'static str,
    path: &'static str,
    body: fn() -> Value,
) -> Operation {
    Operation {
        id,
        handler,
        method,
        path,
        body: Some(body),
        shows: false,
    }
}

/// What stands for path parameters: the company's own upload, and ids of nobody.
fn parameters(company: &Company) -> [(&'static str, String); 3] {
    [
        ("uploadId", company.upload.to_string()),
        ("userId", "usr_00000000000000000000000000".to_owned()),
        ("tokenId", "tok_00000000000000000000000000".to_owned()),
    ]
}

impl Operation {
    /// What API tokens would need for it.
    pub(super) fn permission(&self) -> &'static str {
        let case = cases().into_iter().find(|case| case.operation == self.id);
        case.unwrap_or_else(|| panic!("{} has no entry in the proof", self.id))
            .permission
    }

    pub(super) fn request(&self, company: &Company, token: &str) -> Request {
        let body = self.body.map(|body| body()).filter(|body| !body.is_null());
        let body = body.map_or(Body::Empty, |body| Body::Text(body.to_string()));
        let parameters = parameters(company);
        let path = parameters
            .iter()
            .fold(self.path.to_owned(), |path, (name, value)| {
                path.replace(&format!("{{{name}}}"), value)
            });
        let request = lambda_http::http::Request::builder()
            .method(self.method)
            .uri(path)
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .body(body)
            .unwrap();
        let named = parameters.map(|(name, value)| (name.to_owned(), value));
        request.with_path_parameters(HashMap::from(named))
    }

    /// Status and text of the answer, headers with it.
    pub(super) async fn call(&self, app: &'static App, request: Request) -> (u16, String) {
        let answer = (self.handler)(app, request).await;
        let response = answer.unwrap_or_else(|problem| problem.into_response("request"));
        let text = String::from_utf8_lossy(response.body().as_ref()).into_owned();
        (
            response.status().as_u16(),
            format!("{:?} {text}", response.headers()),
        )
    }
}
