//! All companies, page by page.

use outlay_core::TenantId;
use outlay_http::{Body, Params, Problem, ProblemBody, Reply, Request, Response, reply};
use outlay_identity::{PlatformCaller, PlatformRead};
use outlay_runtime::{App, operating};
use outlay_store::{DirectoryTenant, Standing};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    action::looked_at,
    pages::{Wanted, matches, page, standing, standing_of},
    tenants::CompanySummary,
};

const ROUTE: &str = "admin-tenants-list";

/// A page of companies, oldest first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CompanyPage)]
pub struct CompanyPage {
    /// The companies.
    pub items: Vec<CompanySummary>,
    /// Give it back as `cursor` for the next page; null at the end.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

/// The route, for the binary.
pub fn handler(app: &'static App, request: Request) -> Reply {
    operating(app, request, list)
}

/// The companies, oldest first. The list follows a change within seconds.
#[utoipa::path(
    get,
    path = "/v1/admin/tenants",
    operation_id = "admin-tenants-list",
    tag = "admin",
    params(
        ("search" = Option<String>, Query, description = "A part of the name, in any case, or a whole id."),
        ("standing" = Option<Standing>, Query, description = "Only those."),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 100, description = "1 to 100; 25 without."),
        ("cursor" = Option<String>, Query, description = "Where the page begins: nextCursor of the page before."),
    ),
    responses(
        (status = 200, description = "A page", body = CompanyPage),
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
    let params = Params::of(&request, &["search", "standing", "limit", "cursor"])?;
    let (search, only) = (params.get("search"), standing(params.get("standing"))?);
    let wanted = Wanted {
        route: ROUTE,
        caller: caller.user(),
        cursor: params.get("cursor"),
        limit: params.number("limit", 25, 1, 100)? as usize,
    };
    looked_at(
        app,
        &caller,
        &request,
        "admin.list-tenants",
        "platform",
        &"tenants",
    )
    .await?;
    let table = app.operator(None, Some(caller.user())).await?;
    let keep = |entry: &DirectoryTenant| {
        let of_standing = only.is_none_or(|only| standing_of(entry.standing.as_deref()) == only);
        of_standing && matches(search, &entry.name, entry.tenant_id.as_str())
    };
    let (found, next_cursor) = page(&table, &TenantId::derive(&[]), &wanted, keep).await?;
    reply::ok(&CompanyPage {
        items: found.into_iter().map(CompanySummary::from).collect(),
        next_cursor,
    })
}
