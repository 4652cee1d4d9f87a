use outlay_http::{Body, Params, Problem, ProblemBody, Reply, Request, Response, reply};
use outlay_identity::{Caller, UsersRead};
use outlay_runtime::{App, authorised};
use outlay_store::Invite;
use serde::Serialize;

use crate::Invitation;

/// Open invitations, oldest first. They are few: there are no pages.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = InviteList)]
pub struct InvitationList {
    items: Vec<Invitation>,
}

/// `GET /v1/members/invites`
pub fn handler(app: &'static App, request: Request) -> Reply {
    authorised(app, request, list)
}

/// The invitations that can still be accepted.
#[utoipa::path(get, path = "/v1/members/invites", operation_id = "members-invites-list", tag = "members",
    security(("bearer" = [])),
    responses((status = 200, body = InvitationList),
        (status = 401, body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, body = ProblemBody, content_type = "application/problem+json")))]
pub async fn list(
    app: &'static App,
    caller: Caller<UsersRead>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    Params::of(&request, &[])?;
    let invites: Vec<Invite> = app.reading(&caller).await?.list_all().await?;
    let now = (app.clock)();
    let open = invites.into_iter().filter(|i| now < i.expires_at);
    reply::ok(&InvitationList {
        items: open.map(Invitation::from).collect(),
    })
}
