use outlay_core::InviteId;
use outlay_http::{Body, Params, Problem, ProblemBody, Reply, Request, Response, path_id, reply};
use outlay_identity::{Caller, MembersWrite};
use outlay_runtime::{App, Trail, authorised};
use outlay_store::{Condition, Invite, Member, StoreError, TRIES};
use serde_json::json;

use crate::conditions::{demand_held, demand_rank, too_busy};

/// `DELETE /v1/members/invites/{inviteId}`
pub fn handler(app: &'static App, request: Request) -> Reply {
    authorised(app, request, revoke)
}

/// Takes an invitation back: what was mailed opens nothing any more.
#[utoipa::path(delete, path = "/v1/members/invites/{inviteId}", operation_id = "members-invites-revoke", tag = "members",
    security(("bearer" = [])), params(("inviteId" = String, Path, description = "The invitation.")),
    responses((status = 204, description = "Revoked"),
        (status = 401, body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json")))]
pub async fn revoke(
    app: &'static App,
    caller: Caller<MembersWrite>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    Params::of(&request, &[])?;
    let id: InviteId = path_id(&request, "inviteId")?;
    let table = app.writing(&caller).await?;
    let trail = Trail::of(app, &caller, &request);
    for _ in 0..TRIES {
        let invite = table.get::<Invite>(&id).await?;
        let invite = invite.ok_or_else(Problem::not_found)?;
        demand_rank(&caller, invite.role)?;
        let entry = trail
            .entry("invites.revoke", "invite", &id)
            .before(json!({"email": invite.email, "role": invite.role}));
        let as_read = Condition::text("secretHash", &invite.secret_hash);
        let writes = table
            .writes()
            .delete::<Invite>(&id, as_read)?
            .check::<Member>(caller.user(), Member::active_as(caller.role()))?
            .audit(&entry)?;
        match writes.commit().await {
            // Somebody else was there first, or the caller's rights ended.
            Err(StoreError::Conflict) => {}
            outcome => return Ok(outcome.map(|()| reply::no_content())?),
        }
        let membership = table.get::<Member>(caller.user()).await?;
        demand_held(&caller, membership.as_ref())?;
    }
    Err(too_busy())
}
