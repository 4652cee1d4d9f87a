//! What one did to one's own account.

use outlay_http::{
    AuditPage, AuditSearch, Body, Problem, ProblemBody, Reply, Request, Response, reply,
};
use outlay_identity::{AccountRead, Principal};
use outlay_runtime::{App, signed_in};
use outlay_store::AuditLog;

const ROUTE: &str = "auth-audit";

/// The route, for the binary.
pub fn handler(app: &'static App, request: Request) -> Reply {
    signed_in::<AccountRead, _, _>(app, request, audit)
}

/// What was done to the caller's own account, newest first: its name, its password, its identities from
/// outside, sign-ins that were ended from the list or together. A page may hold fewer entries than `limit`.
///
/// Signing in and out, going on in another company, and the end of a session whose refresh token came twice
/// stand in the log of the company that the session works in; a global owner works for none, and has them
/// here. Of a new password that was mailed for, the password stands here and the sign-in there.
#[utoipa::path(
    get,
    path = "/v1/auth/audit",
    operation_id = "auth-audit",
    tag = "auth",
    security(("bearer" = [])),
    params(
        ("actor" = Option<String>, Query, min_length = 1, max_length = 100, pattern = "^[A-Za-z0-9_.-]+$", description = "Id of who did it: the person's own."),
        ("action" = Option<String>, Query, min_length = 1, max_length = 100, pattern = "^[A-Za-z0-9_.-]+$", description = "Such as `auth.change-password`, or a domain such as `auth`."),
        ("target" = Option<String>, Query, min_length = 1, max_length = 100, pattern = "^[A-Za-z0-9_.-]+$", description = "Id of what was changed: of the person, or of a sign-in."),
        ("from" = Option<String>, Query, format = DateTime, description = "RFC 3339 in UTC; 90 days before `to` without, at most 400."),
        ("to" = Option<String>, Query, format = DateTime, description = "RFC 3339 in UTC, exclusive; now without."),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 100, description = "1 to 100; 25 without."),
        ("cursor" = Option<String>, Query, description = "Where the page begins: nextCursor of the page before."),
    ),
    responses(
        (status = 200, description = "A page", body = AuditPage),
        (status = 400, description = "A parameter is not valid", body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "No valid access token", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "An API token has no account", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn audit(
    app: &'static App,
    caller: Principal,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let search = AuditSearch::read(&request, caller.user(), ROUTE, (app.clock)())?;
    let registry = &app.registry(None, Some(caller.user())).await?;
    let log = &AuditLog::Person(caller.user().clone());
    let read = |portion| registry.audit(log, portion);
    reply::ok(&search.page(read).await?)
}
