//! The next access token, for the refresh cookie.

use jiff::Timestamp;
use lambda_http::http::StatusCode;
use outlay_http::{Body, Problem, ProblemBody, Reply, Request, Response};
use outlay_identity::RefreshClaims;
use outlay_runtime::{App, AppError, Trail, public};
use outlay_store::{Actor, Condition, RegistryTable, Session, StoreError, TRIES};

use crate::{
    cookies, notices, origin,
    rotation::{Decision, decide, rotated},
    session::{self, SessionBody},
};

/// The route, for the binary.
pub fn handler(app: &'static App, request: Request) -> Reply {
    public(app, request, refresh)
}

/// Renews the session of the refresh cookie. Of requests made at the same moment all get the same
/// successor; a token used again later ends the session.
#[utoipa::path(
    post,
    path = "/v1/auth/refresh",
    operation_id = "auth-refresh",
    tag = "auth",
    responses(
        (status = 200, description = "Renewed; the refresh cookie is set anew", body = SessionBody,
            headers(("Set-Cookie" = String, description = "The next refresh token"))),
        (status = 401, description = "No session, or it has ended", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "Sent by another site's page", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn refresh(app: &'static App, request: Request) -> Result<Response<Body>, Problem> {
    let claims = claims(app, &request).await?.ok_or_else(ended)?;
    let registry = app.registry(None, Some(&claims.user)).await?;
    let id = (claims.user.clone(), claims.family.clone());
    for _ in 0..TRIES {
        let session = registry.get::<Session>(&id).await?.ok_or_else(ended)?;
        let now = (app.clock)();
        match decide(&session, claims.generation, now) {
            Decision::Again => return answer(app, &session, now).await,
            Decision::Rotate => {
                let next = rotated(&session, now);
                // Tokens first: where KMS does not answer, the token just used stays good.
                let answer = answer(app, &next, now).await?;
                if rotate(&registry, &session, &next).await? {
                    return Ok(answer);
                }
            }
            Decision::Ended => return Err(ended()),
            Decision::Replayed => {
                tracing::warn!(session.id = %claims.family, user.id = %claims.user, "refresh token replayed, session ended");
                let trail = Trail::by(app, Actor::user(&claims.user), &request);
                if end(app, &claims, &trail, "auth.end-replayed-session").await? {
                    notices::session_replayed(app, &registry, &session).await;
                }
                return Err(ended());
            }
        }
    }
    Err(Problem::unavailable(
        "refreshes of one session keep colliding",
    ))
}

/// What the request's cookie says, if it is ours and one of our own pages sent it.
pub(crate) async fn claims(app: &App, request: &Request) -> Result<Option<RefreshClaims>, Problem> {
    origin::demand_own(app, request)?;
    let Some(token) = cookies::refresh_token(request.headers()) else {
        return Ok(None);
    };
    Ok(app
        .refresh_key()?
        .verify(token)
        .await
        .map_err(AppError::from)?)
}

fn ended() -> Problem {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "session-ended",
        "The session has ended",
        "Sign in again.",
    )
}

/// Tokens of this session, with the role that its person has now; whoever left the company is out.
async fn answer(
    app: &'static App,
    session: &Session,
    now: Timestamp,
) -> Result<Response<Body>, Problem> {
    let of = session::membership(app, session).await?;
    let of = of.map_err(|_| ended())?;
    session::answer(app, &of, session, now).await
}

/// The session as it was read: neither renewed nor switched since.
pub(crate) fn unchanged(session: &Session) -> Condition {
    let generation = Condition::number("generation", session.generation);
    match &session.tenant_id {
        Some(tenant) => generation.and(Condition::text("tenantId", tenant)),
        None => generation,
    }
}

/// Whether this rotation was the one that counts.
async fn rotate(
    registry: &RegistryTable,
    from: &Session,
    to: &Session,
) -> Result<bool, StoreError> {
    // Nor may it undo a switch to another company.
    let current = unchanged(from);
    match registry.writes().put(to, current)?.commit().await {
        Err(StoreError::Conflict) => Ok(false),
        outcome => outcome.map(|()| true),
    }
}

/// Ends a family, also while it is being rotated or switched: the company that it works in at that moment is told.
/// Whether this call ended it.
pub(crate) async fn end(
    app: &App,
    claims: &RefreshClaims,
    trail: &Trail,
    action: &'static str,
) -> Result<bool, Problem> {
    let id = (claims.user.clone(), claims.family.clone());
    let registry = app.registry(None, Some(&claims.user)).await?;
    for _ in 0..TRIES {
        let Some(session) = registry.get::<Session>(&id).await? else {
            return Ok(false);
        };
        let entry = trail.entry(action, "session", &session.family_id);
        let company = app
            .registry(session.tenant_id.as_ref(), Some(&claims.user))
            .await?;
        let ended = company
            .writes()
            .delete::<Session>(&id, unchanged(&session))?
            .audit(&session::log(&session), &entry)?
            .commit()
            .await;
        match ended {
            Err(StoreError::Conflict) => {}
            outcome => return Ok(outcome.map(|()| true)?),
        }
    }
    Err(Problem::unavailable(
        "the session keeps changing while it is ended",
    ))
}

#[cfg(test)]
mod tests {
    use outlay_runtime::{Config, Variable};

    use super::*;

    async fn refused(event: &str) -> Problem {
        let issuer = (Variable::TokenIssuer, "https://costs.example.com");
        let app = App::start(Config::of(&[issuer])).await;
        let request = lambda_http::request::from_str(event).unwrap();
        claims(&app, &request).await.unwrap_err()
    }

    #[tokio::test]
    async fn the_origin_is_asked_before_the_cookie() {
        let foreign = refused(include_str!("../../../events/auth-refresh.cross-site.json")).await;
        assert_eq!(foreign.slug(), "cross-site");
        // Our own page gets as far as the key, which this test has not configured.
        let own = refused(include_str!("../../../events/auth-refresh.cookie.json")).await;
        assert_eq!(own.slug(), "internal");
    }
}
