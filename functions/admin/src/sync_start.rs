//! A schedule is started now.

use jiff::Timestamp;
use lambda_http::{RequestExt, http::StatusCode};
use outlay_http::{Body, Params, Problem, ProblemBody, Reply, Request, Response, reply};
use outlay_identity::{PlatformCaller, PlatformManage};
use outlay_operations::Functions;
use outlay_runtime::{App, operating};
use outlay_store::AuditLog;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::{action::trail, schedules::schedules};

/// A schedule was started.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ScheduleStarted)]
pub struct ScheduleStarted {
    /// Its name.
    pub name: String,
    /// When it was asked for; a run that began later is this one or a newer one.
    #[schema(value_type = String, format = DateTime)]
    pub asked_at: Timestamp,
}

/// The route, for the binary.
pub fn handler(app: &'static App, request: Request) -> Reply {
    operating(app, request, start)
}

/// Starts a schedule now, beside its own times. It goes on by itself: see its last run.
#[utoipa::path(
    post,
    path = "/v1/admin/sync/{schedule}",
    operation_id = "admin-sync-start",
    tag = "admin",
    params(("schedule" = String, Path, description = "Name of the schedule")),
    responses(
        (status = 202, description = "It will run in a moment", body = ScheduleStarted,
            headers(("Location" = String, description = "Where its runs are seen"))),
        (status = 403, description = "Not a global owner", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "There is no such schedule", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("bearer" = []))
)]
pub async fn start(
    app: &'static App,
    caller: PlatformCaller<PlatformManage>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    Params::of(&request, &[])?;
    let parameters = request.path_parameters();
    let name = parameters.first("schedule").unwrap_or_default();
    let all = schedules(app)?;
    let schedule = all.iter().find(|schedule| schedule.name == name);
    let schedule = schedule.ok_or_else(Problem::not_found)?;
    let entry = trail(app, &caller, &request).entry("admin.start-schedule", "schedule", &name);
    let table = app.operator(None, Some(caller.user())).await?;
    table
        .writes()
        .audit(&AuditLog::Platform, &entry)?
        .commit()
        .await?;
    let event = json!({ "startedBy": "admin-sync-start" });
    Functions::new(app.own())
        .start(schedule.function, &event)
        .await
        .map_err(Problem::unavailable)?;
    let started = ScheduleStarted {
        name: name.to_owned(),
        asked_at: entry.at,
    };
    let mut response = reply::json(StatusCode::ACCEPTED, &started)?;
    let place = lambda_http::http::HeaderValue::from_static("/v1/admin/sync");
    response.headers_mut().insert("location", place);
    Ok(response)
}
