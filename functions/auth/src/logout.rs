//! Signing out.

use outlay_http::{Body, Problem, ProblemBody, Reply, Request, Response, reply};
use outlay_runtime::{App, Trail, public};
use outlay_store::Actor;

use crate::{cookies, refresh};

/// The route, for the binary.
pub fn handler(app: &'static App, request: Request) -> Reply {
    public(app, request, logout)
}

/// Ends the session of the refresh cookie and takes the cookie away. No session is no error. Access
/// tokens already given out stay good until they expire.
#[utoipa::path(
    post,
    path = "/v1/auth/logout",
    operation_id = "auth-logout",
    tag = "auth",
    responses(
        (status = 204, description = "Signed out", headers(("Set-Cookie" = String, description = "Takes the refresh token away"))),
        (status = 403, description = "Sent by another site's page", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn logout(app: &'static App, request: Request) -> Result<Response<Body>, Problem> {
    if let Some(claims) = refresh::claims(app, &request).await? {
        let trail = Trail::by(app, Actor::user(&claims.user), &request);
        refresh::end(app, &claims, &trail, "auth.logout").await?;
    }
    let mut response = reply::no_content();
    let cleared = cookies::cleared().map_err(Problem::internal)?;
    response.headers_mut().insert("set-cookie", cleared);
    Ok(response)
}
