//! A suspended person is restored.

use outlay_core::UserId;
use outlay_http::{Body, Params, Problem, ProblemBody, Reply, Request, Response, path_id, reply};
use outlay_identity::{PlatformCaller, PlatformManage};
use outlay_runtime::{App, operating};
use outlay_store::Standing;

use crate::{
    action::trail,
    tenants::{StandingChange, reason},
    users::AccountSummary,
    users_suspend::{Change, not_yourself},
};

/// The route, for the binary.
pub fn handler(app: &'static App, request: Request) -> Reply {
    operating(app, request, restore)
}

/// Restores a person, who can sign in again. Doing it again changes nothing.
#[utoipa::path(
    post,
    path = "/v1/admin/users/{userId}/restore",
    operation_id = "admin-users-restore",
    tag = "admin",
    params(("userId" = String, Path, description = "`usr_...`")),
    request_body = StandingChange,
    responses(
        (status = 200, description = "The person is active", body = AccountSummary),
        (status = 400, description = "No reason is given", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "Not a global owner", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "There is no such person", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "It is oneself, is being deleted, or was changed at the same moment", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("bearer" = []))
)]
pub async fn restore(
    app: &'static App,
    caller: PlatformCaller<PlatformManage>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    Params::of(&request, &[])?;
    let (id, reason) = (path_id::<UserId>(&request, "userId")?, reason(&request)?);
    if id == *caller.user() {
        return Err(not_yourself());
    }
    let table = app.operator(None, Some(&id)).await?;
    let change = Change {
        by: caller.user(),
        action: "admin.restore-user",
        to: Standing::Active,
        reason: &reason,
    };
    let user = change
        .make(&table, &id, &trail(app, &caller, &request))
        .await?;
    reply::ok(&AccountSummary::from(&user))
}
