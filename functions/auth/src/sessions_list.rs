//! Where one is signed in.

use jiff::Timestamp;
use outlay_core::{FamilyId, TenantId};
use outlay_http::{Body, Params, Problem, ProblemBody, Reply, Request, Response, reply};
use outlay_identity::{AccountRead, Principal};
use outlay_runtime::{App, signed_in};
use outlay_store::Session;
use serde::Serialize;
use utoipa::ToSchema;

use crate::families;

/// The sign-ins of a person.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SignIns)]
pub struct SignIns {
    /// Newest first.
    pub items: Vec<SignIn>,
    /// Always null: a person has 50 sign-ins at most.
    pub next_cursor: Option<String>,
}

/// One sign-in on one device.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SignIn)]
pub struct SignIn {
    /// `fam_...`
    #[schema(value_type = String)]
    pub id: FamilyId,
    /// Whether this request belongs to it.
    pub current: bool,
    /// The company that it works in; null for a global owner's.
    #[schema(required, value_type = Option<String>)]
    pub tenant_id: Option<TenantId>,
    /// What the browser calls itself.
    pub device: Option<String>,
    /// The network address of the sign-in.
    pub address: Option<String>,
    /// When the person signed in.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was last renewed.
    #[schema(value_type = String, format = DateTime)]
    pub renewed_at: Timestamp,
    /// When it ends, whatever happens.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
}

/// The route, for the binary.
pub fn handler(app: &'static App, request: Request) -> Reply {
    signed_in::<AccountRead, _, _>(app, request, sessions_list)
}

/// Where the caller is signed in.
#[utoipa::path(
    get,
    path = "/v1/auth/sessions",
    operation_id = "auth-sessions-list",
    tag = "auth",
    security(("bearer" = [])),
    responses(
        (status = 200, description = "The sign-ins, newest first", body = SignIns),
        (status = 401, description = "No valid access token", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn sessions_list(
    app: &'static App,
    caller: Principal,
    request: Request,
) -> Result<Response<Body>, Problem> {
    Params::of(&request, &[])?;
    let registry = app.registry(None, Some(caller.user())).await?;
    let sessions = families::of(&registry, caller.user(), (app.clock)()).await?;
    reply::ok(&SignIns {
        items: shown(sessions, families::current(caller.session())?),
        next_cursor: None,
    })
}

fn shown(sessions: Vec<Session>, current: &FamilyId) -> Vec<SignIn> {
    let newest_first = sessions.into_iter().rev();
    newest_first
        .map(|session| SignIn {
            current: session.family_id == *current,
            id: session.family_id,
            tenant_id: session.tenant_id,
            device: session.device,
            address: session.address,
            created_at: session.created_at,
            renewed_at: session.rotated_at,
            expires_at: session.expires_at,
        })
        .collect()
}
