//! What the global owners did.

use outlay_http::{
    AuditPage, AuditSearch, Body, Problem, ProblemBody, Reply, Request, Response, reply,
};
use outlay_identity::{PlatformCaller, PlatformRead};
use outlay_runtime::{App, operating};
use outlay_store::AuditLog;

use crate::action::looked_at;

const ROUTE: &str = "admin-audit-list";

/// The route, for the binary.
pub fn handler(app: &'static App, request: Request) -> Reply {
    operating(app, request, list)
}

/// Who did what on the platform, newest first, looks included. A page may hold fewer entries than `limit`.
#[utoipa::path(
    get,
    path = "/v1/admin/audit",
    operation_id = "admin-audit-list",
    tag = "admin",
    params(
        ("actor" = Option<String>, Query, min_length = 1, max_length = 100, pattern = "^[A-Za-z0-9_.-]+$", description = "Id of a global owner, or name of a worker."),
        ("action" = Option<String>, Query, min_length = 1, max_length = 100, pattern = "^[A-Za-z0-9_.-]+$", description = "Such as `admin.suspend-tenant`, or a domain such as `admin`."),
        ("target" = Option<String>, Query, min_length = 1, max_length = 100, pattern = "^[A-Za-z0-9_.-]+$", description = "Id of what was changed or looked at."),
        ("from" = Option<String>, Query, format = DateTime, description = "RFC 3339 in UTC; 90 days before `to` without, at most 400."),
        ("to" = Option<String>, Query, format = DateTime, description = "RFC 3339 in UTC, exclusive; now without."),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 100, description = "1 to 100; 25 without."),
        ("cursor" = Option<String>, Query, description = "Where the page begins: nextCursor of the page before."),
    ),
    responses(
        (status = 200, description = "A page", body = AuditPage),
        (status = 400, description = "A parameter is not valid", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "Not a global owner", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("bearer" = []))
)]
pub async fn list(
    app: &'static App,
    caller: PlatformCaller<PlatformRead>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let search = AuditSearch::read(&request, caller.user(), ROUTE, (app.clock)())?;
    looked_at(
        app,
        &caller,
        &request,
        "admin.list-audit",
        "platform",
        &"audit",
    )
    .await?;
    let table = &app.operator(None, Some(caller.user())).await?;
    let read = |portion| table.audit(&AuditLog::Platform, portion);
    reply::ok(&search.page(read).await?)
}
