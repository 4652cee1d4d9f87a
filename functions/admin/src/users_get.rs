//! One person.

use outlay_core::UserId;
use outlay_http::{Body, Params, Problem, ProblemBody, Reply, Request, Response, path_id, reply};
use outlay_identity::{PlatformCaller, PlatformRead};
use outlay_runtime::{App, operating};

use crate::{
    action::looked_at,
    users::{AccountDetail, detail},
};

/// The route, for the binary.
pub fn handler(app: &'static App, request: Request) -> Reply {
    operating(app, request, get)
}

/// A person, with the companies they belong to.
#[utoipa::path(
    get,
    path = "/v1/admin/users/{userId}",
    operation_id = "admin-users-get",
    tag = "admin",
    params(("userId" = String, Path, description = "`usr_...`")),
    responses(
        (status = 200, description = "The person", body = AccountDetail),
        (status = 403, description = "Not a global owner", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "There is no such person", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("bearer" = []))
)]
pub async fn get(
    app: &'static App,
    caller: PlatformCaller<PlatformRead>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    Params::of(&request, &[])?;
    let id = path_id::<UserId>(&request, "userId")?;
    looked_at(app, &caller, &request, "admin.get-user", "user", &id).await?;
    let table = app.operator(None, Some(&id)).await?;
    reply::ok(&detail(&table, &id, (app.clock)()).await?)
}
