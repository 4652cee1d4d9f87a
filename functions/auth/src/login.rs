//! Signing in. An address without an account goes the same way as one with: the same reads, the same
//! count of tries, the same hashing, the same answer after the same time (ASVS 6.3.8).
//!
//! Whoever guesses uses up the tries of the owner too: for the rest of the window the right password is
//! answered 429 as well. What the owner has is out of the guesser's reach: sessions go on, and a new password
//! set by mail (`password/forgot`, `password/reset`) signs in at once, whatever the count says.

use futures::future::try_join;
use jiff::Timestamp;
use lambda_http::http::StatusCode;
use outlay_http::{Body, Problem, ProblemBody, Reply, Request, Response, json_body};
use outlay_identity::throttle;
use outlay_identity::{upgraded_hash, verify_password};
use outlay_runtime::{App, Trail, public};
use outlay_store::{Actor, EmailGuard, EmailHash, RegistryTable, TRIES, User};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    families,
    opening::{Opening, open},
    origin, passwords,
    session::SessionBody,
};

/// What the route is given.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = LoginRequest)]
pub struct LoginRequest {
    /// The address of the account; case does not matter.
    #[schema(example = "ann@example.com")]
    pub email: String,
    /// The password, exactly as it was set.
    #[schema(format = Password)]
    pub password: String,
}

/// The route, for the binary.
pub fn handler(app: &'static App, request: Request) -> Reply {
    public(app, request, login)
}

/// Signs in with address and password.
#[utoipa::path(
    post,
    path = "/v1/auth/login",
    operation_id = "auth-login",
    tag = "auth",
    request_body = LoginRequest,
    responses(
        (status = 200, description = "Signed in; the refresh cookie is set", body = SessionBody,
            headers(("Set-Cookie" = String, description = "The refresh token"))),
        (status = 400, description = "A field is not valid", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "Sent by another site's page, or by a person who may work nowhere", body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "Wrong address or password", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "Too many tries; see Retry-After", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn login(app: &'static App, request: Request) -> Result<Response<Body>, Problem> {
    origin::demand_own(app, &request)?;
    let input: LoginRequest = json_body(&request)?;
    let now = (app.clock)();
    let address = EmailHash::of(&input.email);
    let guard = app
        .registry(None, None)
        .await?
        .get::<EmailGuard>(&address)
        .await?;
    let user_id = guard.map_or_else(|| passwords::nobody(&address), |guard| guard.user_id);
    let registry = app.at_the_door(&user_id).await?;
    let (user, taken) = try_join(
        registry.get::<User>(&user_id),
        throttle::take_try(&registry, &user_id, throttle::SIGN_IN, now),
    )
    .await?;
    let taken = taken.map_err(Problem::too_many)?;
    let trail = Trail::by(app, Actor::user(&user_id), &request);
    let answer = sign_in(app, &registry, user, &input.password, &trail, now).await?;
    throttle::give_back(&registry, &taken).await?;
    Ok(answer)
}

/// Checks the password and opens the session where it is still the password by then. What an import
/// brought, or what was hashed more weakly than we do today, is hashed anew in the same moment.
async fn sign_in(
    app: &'static App,
    registry: &RegistryTable,
    mut user: Option<User>,
    password: &str,
    trail: &Trail,
    now: Timestamp,
) -> Result<Response<Body>, Problem> {
    for _ in 0..TRIES {
        let checked = user.as_ref().and_then(|user| user.password_hash.as_deref());
        if !verify_password(password, checked) {
            return Err(wrong_credentials());
        }
        let (Some(user_now), Some(checked)) = (&user, checked) else {
            return Err(wrong_credentials());
        };
        let upgraded = upgraded_hash(password, checked).map_err(Problem::internal)?;
        let ended = families::of(registry, &user_now.user_id, now).await?;
        let opening = Opening {
            registry,
            user: user_now,
            trail,
            action: "auth.login",
            ended: &families::surplus(ended),
            now,
        };
        let kept = |writes| passwords::replace(writes, user_now, upgraded.as_deref());
        if let Some((answer, _)) = open(app, &opening, kept).await? {
            return Ok(answer);
        }
        // Another sign-in of this moment, or the password was changed: it is looked at once more.
        let user_id = user_now.user_id.clone();
        user = registry.get::<User>(&user_id).await?;
    }
    Err(Problem::unavailable(
        "sign-ins of one account keep colliding",
    ))
}

/// The same whether the address is unknown, the password wrong, or there is none.
pub(crate) fn wrong_credentials() -> Problem {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "wrong-credentials",
        "Wrong address or password",
        "No account has this address and this password. Check both and try again.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_is_401_without_a_reason() {
        let response = wrong_credentials().into_response("r");
        assert_eq!(response.status(), 401);
        assert!(
            serde_json::from_str::<LoginRequest>(r#"{"email":"a","password":"b","tenantId":"c"}"#)
                .is_err()
        );
    }

    #[test]
    fn a_cut_body_is_the_callers_mistake() {
        let read =
            |event| json_body::<LoginRequest>(&lambda_http::request::from_str(event).unwrap());
        assert!(read(include_str!("../../../events/auth-login.password.json")).is_ok());
        let cut = read(include_str!("../../../events/auth-login.cut-body.json"));
        assert_eq!(cut.err().unwrap().status(), 400);
    }
}
