use outlay_core::UserId;
use outlay_http::{Body, Params, Problem, ProblemBody, Reply, Request, Response, path_id, reply};
use outlay_identity::{Caller, UsersWrite};
use outlay_runtime::{App, Trail, authorised};

use crate::{
    conditions::demand_rank,
    removal::{Fate, take_out},
    users_update::demand_other,
};

/// `DELETE /v1/users/{userId}`
pub fn handler(app: &'static App, request: Request) -> Reply {
    authorised(app, request, delete)
}

/// Takes a person out of the company and, where the person belongs to no other, deletes the account
/// with its address and sign-ins. Whoever belongs to another company keeps the account.
#[utoipa::path(delete, path = "/v1/users/{userId}", operation_id = "members-users-delete", tag = "users",
    security(("bearer" = [])), params(("userId" = String, Path, description = "The person.")),
    responses((status = 204, description = "Gone"),
        (status = 401, body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "Yourself, or the last owner", body = ProblemBody, content_type = "application/problem+json")))]
pub async fn delete(
    app: &'static App,
    caller: Caller<UsersWrite>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    Params::of(&request, &[])?;
    let user: UserId = path_id(&request, "userId")?;
    demand_other(&caller, &user)?;
    let entry = Trail::of(app, &caller, &request).entry("users.delete", "user", &user);
    take_out(app, &caller, &user, Fate::Erased, &entry, |member| {
        demand_rank(&caller, member.role)
    })
    .await?;
    Ok(reply::no_content())
}
