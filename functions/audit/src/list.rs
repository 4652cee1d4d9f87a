use outlay_http::{
    AuditPage, AuditSearch, Body, Problem, ProblemBody, Reply, Request, Response, reply,
};
use outlay_identity::{AuditRead, Caller};
use outlay_runtime::{App, authorised};

const ROUTE: &str = "audit-list";

/// `GET /v1/audit`
pub fn handler(app: &'static App, request: Request) -> Reply {
    authorised(app, request, list)
}

/// Who did what in the company, newest first. A page may hold fewer entries than `limit`.
#[utoipa::path(get, path = "/v1/audit", operation_id = "audit-list", tag = "audit",
    security(("bearer" = [])),
    params(("actor" = Option<String>, Query, min_length = 1, max_length = 100, pattern = "^[A-Za-z0-9_.-]+$", description = "Id of a person or token, or name of a worker."),
        ("action" = Option<String>, Query, min_length = 1, max_length = 100, pattern = "^[A-Za-z0-9_.-]+$", description = "Such as `uploads.delete`, or a domain such as `uploads`."),
        ("target" = Option<String>, Query, min_length = 1, max_length = 100, pattern = "^[A-Za-z0-9_.-]+$", description = "Id of what was changed."),
        ("from" = Option<String>, Query, format = DateTime, description = "RFC 3339 in UTC; 90 days before `to` without, at most 400."),
        ("to" = Option<String>, Query, format = DateTime, description = "RFC 3339 in UTC, exclusive; now without."),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 100, description = "1 to 100; 25 without."),
        ("cursor" = Option<String>, Query, description = "Where the page begins: nextCursor of the page before.")),
    responses((status = 200, body = AuditPage),
        (status = 400, body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, body = ProblemBody, content_type = "application/problem+json")))]
pub async fn list(
    app: &'static App,
    caller: Caller<AuditRead>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let search = AuditSearch::read(&request, caller.tenant(), ROUTE, (app.clock)())?;
    let table = &app.reading(&caller).await?;
    reply::ok(&search.page(|portion| table.audit(portion)).await?)
}
