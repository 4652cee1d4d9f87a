//! Ending sign-ins: one, or all but this one.

use lambda_http::RequestExt;
use outlay_core::{FamilyId, UserId};
use outlay_http::{Body, Params, Problem, ProblemBody, Reply, Request, Response, reply};
use outlay_identity::{AccountWrite, Principal};
use outlay_runtime::{App, Trail, signed_in};
use outlay_store::{AuditEntry, AuditLog, Condition, RegistryTable, Session, StoreError, TRIES};

use crate::families;

/// The routes, for the binary.
pub fn handler(app: &'static App, request: Request) -> Reply {
    if request.path_parameters().first("sessionId").is_some() {
        signed_in::<AccountWrite, _, _>(app, request, sessions_revoke)
    } else {
        signed_in::<AccountWrite, _, _>(app, request, sessions_revoke_others)
    }
}

/// Ends a sign-in of the caller, also this one. Its refresh token is dead at once; changes are refused
/// within a minute, and its last access token reads for 15 minutes at most.
#[utoipa::path(
    delete,
    path = "/v1/auth/sessions/{sessionId}",
    operation_id = "auth-sessions-revoke",
    tag = "auth",
    security(("bearer" = [])),
    params(("sessionId" = String, Path, description = "The sign-in.")),
    responses(
        (status = 204, description = "Ended"),
        (status = 401, description = "No valid access token", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No sign-in of the caller", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn sessions_revoke(
    app: &'static App,
    caller: Principal,
    request: Request,
) -> Result<Response<Body>, Problem> {
    Params::of(&request, &[])?;
    let id: FamilyId = request
        .path_parameters()
        .first("sessionId")
        .and_then(|text| text.parse().ok())
        .ok_or_else(Problem::not_found)?;
    let registry = app.registry(None, Some(caller.user())).await?;
    let entry = Trail::by(app, caller.actor(), &request).entry("auth.end-session", "session", &id);
    end_one(&registry, &(caller.user().clone(), id), &entry).await?;
    Ok(reply::no_content())
}

/// Ends all sign-ins of the caller but this one.
#[utoipa::path(
    delete,
    path = "/v1/auth/sessions",
    operation_id = "auth-sessions-revoke-others",
    tag = "auth",
    security(("bearer" = [])),
    responses(
        (status = 204, description = "Ended"),
        (status = 401, description = "No valid access token", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn sessions_revoke_others(
    app: &'static App,
    caller: Principal,
    request: Request,
) -> Result<Response<Body>, Problem> {
    Params::of(&request, &[])?;
    let registry = app.registry(None, Some(caller.user())).await?;
    let now = (app.clock)();
    let but = families::current(caller.session())?;
    let entry = Trail::by(app, caller.actor(), &request).entry(
        "auth.end-other-sessions",
        "user",
        caller.user(),
    );
    // Told first: ending them may take several transactions.
    let told = AuditLog::Person(caller.user().clone());
    let told = registry.writes().audit(&told, &entry)?;
    told.commit().await?;
    families::end_others(&registry, caller.user(), Some(but), now).await?;
    Ok(reply::no_content())
}

async fn end_one(
    registry: &RegistryTable,
    id: &(UserId, FamilyId),
    entry: &AuditEntry,
) -> Result<(), Problem> {
    let log = AuditLog::Person(id.0.clone());
    for _ in 0..TRIES {
        let session = registry.get::<Session>(id).await?;
        let session = session.ok_or_else(Problem::not_found)?;
        let unchanged = Condition::number("generation", session.generation);
        let ended = registry
            .writes()
            .delete::<Session>(id, unchanged)?
            .audit(&log, entry)?;
        match ended.commit().await {
            Err(StoreError::Conflict) => {}
            outcome => return Ok(outcome?),
        }
    }
    Err(Problem::unavailable("the session is renewed all the while"))
}
