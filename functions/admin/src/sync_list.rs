//! All schedules, with their last and next runs.

use outlay_http::{Body, Params, Problem, ProblemBody, Reply, Request, Response, reply};
use outlay_identity::{PlatformCaller, PlatformRead};
use outlay_runtime::{App, operating};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    action::looked_at,
    schedules::{ScheduleBody, with_runs},
};

/// The schedules.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ScheduleList)]
pub struct ScheduleList {
    /// All of them.
    pub items: Vec<ScheduleBody>,
    /// Always null: they fit one page.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

/// The route, for the binary.
pub fn handler(app: &'static App, request: Request) -> Reply {
    operating(app, request, list)
}

/// The schedules, each with its last run and when it runs next.
#[utoipa::path(
    get,
    path = "/v1/admin/sync",
    operation_id = "admin-sync-list",
    tag = "admin",
    responses(
        (status = 200, description = "All schedules", body = ScheduleList),
        (status = 403, description = "Not a global owner", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("bearer" = []))
)]
pub async fn list(
    app: &'static App,
    caller: PlatformCaller<PlatformRead>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    Params::of(&request, &[])?;
    looked_at(
        app,
        &caller,
        &request,
        "admin.list-schedules",
        "platform",
        &"schedules",
    )
    .await?;
    let table = app.operator(None, Some(caller.user())).await?;
    reply::ok(&ScheduleList {
        items: with_runs(app, &table).await?,
        next_cursor: None,
    })
}
