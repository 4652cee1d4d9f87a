use outlay_http::{Body, Params, Problem, ProblemBody, Reply, Request, Response};
use outlay_identity::{Caller, TenantRead};
use outlay_runtime::{App, authorised};
use outlay_store::Tenant;

use crate::company::{self, Company};

/// `GET /v1/tenants/current`
pub fn handler(app: &'static App, request: Request) -> Reply {
    authorised(app, request, get)
}

/// The company that the caller works in.
#[utoipa::path(get, path = "/v1/tenants/current", operation_id = "tenants-get", tag = "tenants",
    security(("bearer" = [])),
    responses((status = 200, body = Company, headers(("ETag" = String, description = "Its revision, for If-Match"))),
        (status = 401, body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, body = ProblemBody, content_type = "application/problem+json")))]
pub async fn get(
    app: &'static App,
    caller: Caller<TenantRead>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    Params::of(&request, &[])?;
    let tenant = app.reading(&caller).await?.get::<Tenant>(&()).await?;
    company::answer(tenant.ok_or_else(Problem::unauthorized)?)
}
