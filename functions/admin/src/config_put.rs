//! The settings of the platform are changed.

use outlay_http::{
    Body, Params, Problem, ProblemBody, Reply, Request, Response, json_body, revision,
};
use outlay_identity::{PlatformCaller, PlatformManage};
use outlay_runtime::{App, operating};
use outlay_store::{AuditLog, Condition, PlatformConfig, StoreError};
use serde_json::json;

use crate::{
    action::trail,
    config::{ConfigBody, ConfigPut, percent, shown},
};

/// The route, for the binary.
pub fn handler(app: &'static App, request: Request) -> Reply {
    operating(app, request, put)
}

/// Replaces the settings of the platform, where they are still those that the caller has seen.
#[utoipa::path(
    put,
    path = "/v1/admin/config",
    operation_id = "admin-config-put",
    tag = "admin",
    params(("If-Match" = String, Header, description = "The ETag of the settings that are replaced")),
    request_body = ConfigPut,
    responses(
        (status = 200, description = "The new settings", body = ConfigBody,
            headers(("ETag" = String, description = "For If-Match"))),
        (status = 400, description = "A field is not valid", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "Not a global owner", body = ProblemBody, content_type = "application/problem+json"),
        (status = 412, description = "Somebody changed them meanwhile", body = ProblemBody, content_type = "application/problem+json"),
        (status = 428, description = "If-Match is missing", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("bearer" = []))
)]
pub async fn put(
    app: &'static App,
    caller: PlatformCaller<PlatformManage>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    Params::of(&request, &[])?;
    let input: ConfigPut = json_body(&request)?;
    let table = app.operator(None, Some(caller.user())).await?;
    let stored = table.get::<PlatformConfig>(&()).await?;
    let condition = match &stored {
        Some(config) => Condition::number("revision", config.revision),
        None => Condition::Absent,
    };
    let before = stored.unwrap_or_default();
    revision::demand_current(&request, before.revision)?;
    let after = input.after(&before, (app.clock)())?;
    let entry = trail(app, &caller, &request)
        .entry("admin.put-config", "platform", &"config")
        .before(told(&before))
        .after(told(&after));
    let writes = table.writes().put(&after, condition)?;
    match writes.audit(&AuditLog::Platform, &entry)?.commit().await {
        Err(StoreError::Conflict) => Err(revision::outdated()),
        Err(error) => Err(error.into()),
        Ok(()) => shown(after),
    }
}

fn told(config: &PlatformConfig) -> serde_json::Value {
    json!({ "notice": config.notice, "slaTarget": percent(config.sla_target) })
}
