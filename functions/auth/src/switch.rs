//! Going on in another company of the same person.

use outlay_core::TenantId;
use outlay_http::{Body, Problem, ProblemBody, Reply, Request, Response, json_body, reply};
use outlay_identity::{AccountWrite, Caller};
use outlay_runtime::{App, Trail, authorised};
use outlay_store::{AuditEntry, RegistryTable, Session, StoreError, TRIES, UserTenant};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::{
    families, refresh,
    session::{self, SessionBody},
};

/// What the route is given.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = SwitchRequest)]
pub struct SwitchRequest {
    /// `ten_...`: a company of the caller.
    #[schema(value_type = String)]
    pub tenant_id: String,
}

/// The route, for the binary.
pub fn handler(app: &'static App, request: Request) -> Reply {
    authorised(app, request, switch)
}

/// Goes on in another company of the caller: answers with an access token for it. The session stays the
/// same one, its refresh cookie goes on there too; none is set, because an access token earns none.
#[utoipa::path(
    post,
    path = "/v1/auth/switch",
    operation_id = "auth-switch",
    tag = "auth",
    request_body = SwitchRequest,
    security(("bearer" = [])),
    responses(
        (status = 200, description = "An access token for the company", body = SessionBody),
        (status = 401, description = "No valid access token, or its session has ended", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No company of the caller", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn switch(
    app: &'static App,
    caller: Caller<AccountWrite>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let input: SwitchRequest = json_body(&request)?;
    let tenant: TenantId = input.tenant_id.parse().map_err(|_| Problem::not_found())?;
    let registry = app.registry(None, Some(caller.user())).await?;
    // Asked of the person's own partition: only then a session for that company is taken.
    let membership = (caller.user().clone(), tenant.clone());
    let membership = registry.get::<UserTenant>(&membership).await?;
    membership.ok_or_else(Problem::not_found)?;
    let now = (app.clock)();
    let trail = Trail::of(app, &caller, &request);
    for _ in 0..TRIES {
        let family = families::current(caller.session())?;
        let id = (caller.user().clone(), family.clone());
        let session = registry.get::<Session>(&id).await?;
        let session = session.filter(|session| now < session.expires_at);
        let session = session.ok_or_else(Problem::unauthorized)?;
        let there = Session {
            tenant_id: Some(tenant.clone()),
            ..session.clone()
        };
        let of = session::membership(app, &there).await?;
        let of = of.map_err(|_| Problem::not_found())?;
        let body = session::body(app, &of, &there, now, caller.until()).await?;
        let registry = app.registry(Some(&tenant), Some(caller.user())).await?;
        let entry = trail
            .entry("auth.switch", "session", &there.family_id)
            .before(json!({"tenantId": session.tenant_id}))
            .after(json!({"tenantId": there.tenant_id}));
        if go(&registry, &session, &there, &entry).await? {
            return reply::ok(&body);
        }
    }
    Err(Problem::unavailable("the session is renewed all the while"))
}

/// Whether the session was the one that was read: a refresh of the same moment must not be undone.
async fn go(
    registry: &RegistryTable,
    from: &Session,
    to: &Session,
    entry: &AuditEntry,
) -> Result<bool, StoreError> {
    let writes = registry.writes().put(to, refresh::unchanged(from))?;
    let gone = writes.audit(&session::log(to), entry)?;
    match gone.commit().await {
        Err(StoreError::Conflict) => Ok(false),
        outcome => outcome.map(|()| true),
    }
}
