//! One company with its people.

use futures::future::try_join3;
use outlay_core::TenantId;
use outlay_http::{
    Body, Params, Problem, ProblemBody, Reply, Request, Response, path_id, revision,
};
use outlay_identity::{PlatformCaller, PlatformRead};
use outlay_runtime::{App, operating};
use outlay_store::{Member, RequestLimits, StoreError, Tenant};

use crate::{
    action::looked_at,
    tenants::{CompanyDetail, CompanyPerson, CompanySummary, CompanyTerms},
};

/// The route, for the binary.
pub fn handler(app: &'static App, request: Request) -> Reply {
    operating(app, request, get)
}

/// A company with its people.
#[utoipa::path(
    get,
    path = "/v1/admin/tenants/{tenantId}",
    operation_id = "admin-tenants-get",
    tag = "admin",
    params(("tenantId" = String, Path, description = "`ten_...`")),
    responses(
        (status = 200, description = "The company", body = CompanyDetail, headers(("ETag" = String, description = "Its revision, for If-Match"))),
        (status = 403, description = "Not a global owner", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "There is no such company", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("bearer" = []))
)]
pub async fn get(
    app: &'static App,
    caller: PlatformCaller<PlatformRead>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    Params::of(&request, &[])?;
    let id = path_id::<TenantId>(&request, "tenantId")?;
    looked_at(app, &caller, &request, "admin.get-tenant", "tenant", &id).await?;
    let company = app.operator(Some(&id), None).await?.tenant(&id);
    let (tenant, limits, people) = Box::pin(try_join3(
        company.get::<Tenant>(&()),
        company.get::<RequestLimits>(&()),
        company.list_all::<Member>(),
    ))
    .await
    .map_err(|error: StoreError| Problem::from(error))?;
    let tenant = tenant.ok_or_else(Problem::not_found)?;
    let detail = CompanyDetail {
        company: CompanySummary::from(&tenant),
        terms: CompanyTerms::of(&tenant, limits),
        people: people.into_iter().map(CompanyPerson::from).collect(),
    };
    revision::tagged(tenant.revision, &detail)
}
