use outlay_core::UserId;
use outlay_http::{Body, Params, Problem, ProblemBody, Reply, Request, Response, path_id, reply};
use outlay_identity::{Caller, MembersLeave, MembersWrite, Permission};
use outlay_runtime::{App, Trail, authorised};

use crate::{
    conditions::demand_rank,
    removal::{Fate, take_out},
};

/// `DELETE /v1/members/{userId}`
pub fn handler(app: &'static App, request: Request) -> Reply {
    authorised(app, request, remove)
}

/// Leaves the company, or takes somebody out who is not above you. Sign-ins there and API tokens
/// end; the account stays. The last owner cannot leave.
#[utoipa::path(delete, path = "/v1/members/{userId}", operation_id = "members-remove", tag = "members",
    security(("bearer" = [])), params(("userId" = String, Path, description = "The person; your own id to leave.")),
    responses((status = 204, description = "Gone"),
        (status = 401, body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "The last owner", body = ProblemBody, content_type = "application/problem+json")))]
pub async fn remove(
    app: &'static App,
    caller: Caller<MembersLeave>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    Params::of(&request, &[])?;
    let user: UserId = path_id(&request, "userId")?;
    let leaves = user == *caller.user();
    if !leaves && !caller.may(&MembersWrite::DEMAND) {
        return Err(Problem::forbidden(MembersWrite::DEMAND.name));
    }
    let action = if leaves {
        "members.leave"
    } else {
        "members.remove"
    };
    let entry = Trail::of(app, &caller, &request).entry(action, "member", &user);
    take_out(app, &caller, &user, Fate::Kept, &entry, |member| {
        if leaves {
            Ok(())
        } else {
            demand_rank(&caller, member.role)
        }
    })
    .await?;
    Ok(reply::no_content())
}
