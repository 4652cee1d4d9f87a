//! Signing in. An address without an account goes the same way as one with: the same reads, the same
//! count of tries, the same hashing, the same answer after the same time (ASVS 6.3.8).

use futures::future::{join, try_join};
use jiff::Timestamp;
use lambda_http::http::StatusCode;
use outlay_core::UserId;
use outlay_http::{Body, Problem, ProblemBody, Reply, Request, Response, json_body};
use outlay_identity::verify_password;
use outlay_runtime::{App, Trail, public};
use outlay_store::{
    Actor, AuditLog, Condition, EmailGuard, EmailHash, LoginThrottle, RegistryTable, StoreError,
    User, UserTenant,
};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    session::{self, SessionBody},
    throttle,
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
        (status = 401, description = "Wrong address or password", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "Too many tries; see Retry-After", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn login(app: &'static App, request: Request) -> Result<Response<Body>, Problem> {
    let input: LoginRequest = json_body(&request)?;
    let now = (app.clock)();
    let address = EmailHash::of(&input.email);
    let guard = app
        .registry(None, None)
        .await?
        .get::<EmailGuard>(&address)
        .await?;
    let user_id = guard.map_or_else(|| nobody(&address), |guard| guard.user_id);
    let registry = app.registry(None, Some(&user_id)).await?;
    let (user, wait) = try_join(
        registry.get::<User>(&user_id),
        throttle::take_try(&registry, &user_id, now),
    )
    .await?;
    if let Some(seconds) = wait {
        return Err(Problem::too_many(seconds));
    }
    let hash = user.as_ref().map(|user| user.password_hash.as_str());
    if !verify_password(&input.password, hash) {
        return Err(wrong_credentials());
    }
    let user = user.ok_or_else(wrong_credentials)?;
    let trail = Trail::by(app, Actor::user(&user.user_id), &request);
    sign_in(app, &registry, &user, &trail, now).await
}

/// The person that an unknown address would be: its reads find nothing, its tries are counted.
fn nobody(address: &EmailHash) -> UserId {
    UserId::derive(&["nobody", address.as_str()])
}

fn wrong_credentials() -> Problem {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "wrong-credentials",
        "Wrong address or password",
        "No account has this address and this password. Check both and try again.",
    )
}

async fn sign_in(
    app: &'static App,
    registry: &RegistryTable,
    user: &User,
    trail: &Trail,
    now: Timestamp,
) -> Result<Response<Body>, Problem> {
    let of_user = (user.user_id.clone(), outlay_core::TenantId::derive(&[]));
    let memberships = registry.list_all::<UserTenant>(&of_user).await?;
    let first = memberships.first().ok_or_else(no_company)?;
    let begun = session::begin(&user.user_id, &first.tenant_id, now)?;
    let membership = session::membership(app, &begun)
        .await?
        .ok_or_else(no_company)?;
    let answer = session::answer(
        app,
        &membership.user,
        &membership.tenant,
        membership.role,
        &begun,
        now,
    )
    .await?;
    let entry = trail.entry("auth.login", "session", &begun.family_id);
    let log = AuditLog::Tenant(begun.tenant_id.clone());
    let company = app
        .registry(Some(&begun.tenant_id), Some(&user.user_id))
        .await?;
    let (stored, forgotten) = join(
        company
            .writes()
            .create(&begun)?
            .audit(&log, &entry)?
            .commit(),
        forget_tries(registry, &user.user_id),
    )
    .await;
    stored?;
    forgotten?;
    Ok(answer)
}

fn no_company() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "no-company",
        "You belong to no company",
        "Your account belongs to no company any more. Ask an owner for an invitation.",
    )
}

/// A right password ends the count; a try of the same moment may keep it alive, which is harmless.
async fn forget_tries(registry: &RegistryTable, user: &UserId) -> Result<(), StoreError> {
    match registry
        .writes()
        .delete::<LoginThrottle>(user, Condition::Any)?
        .commit()
        .await
    {
        Err(StoreError::Conflict) => Ok(()),
        outcome => outcome,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_an_unknown_address_are_one_nobody() {
        let nobody_of = |address| nobody(&EmailHash::of(address));
        assert_eq!(nobody_of("Ann@Example.com "), nobody_of("ann@example.com"));
        assert_ne!(nobody_of("ann@example.com"), nobody_of("bob@example.com"));
    }

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
