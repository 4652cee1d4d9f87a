//! The settings of the platform.

use outlay_http::{Body, Params, Problem, ProblemBody, Reply, Request, Response};
use outlay_identity::{PlatformCaller, PlatformRead};
use outlay_runtime::{App, operating};
use outlay_store::PlatformConfig;

use crate::{
    action::looked_at,
    config::{ConfigBody, shown},
};

/// The route, for the binary.
pub fn handler(app: &'static App, request: Request) -> Reply {
    operating(app, request, get)
}

/// The settings of the platform, with the ETag that a change must name.
#[utoipa::path(
    get,
    path = "/v1/admin/config",
    operation_id = "admin-config-get",
    tag = "admin",
    responses(
        (status = 200, description = "The settings", body = ConfigBody,
            headers(("ETag" = String, description = "For If-Match"))),
        (status = 403, description = "Not a global owner", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("bearer" = []))
)]
pub async fn get(
    app: &'static App,
    caller: PlatformCaller<PlatformRead>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    Params::of(&request, &[])?;
    looked_at(
        app,
        &caller,
        &request,
        "admin.get-config",
        "platform",
        &"config",
    )
    .await?;
    let table = app.operator(None, Some(caller.user())).await?;
    shown(table.get::<PlatformConfig>(&()).await?.unwrap_or_default())
}
