//! Changing one's password while signed in. Every other sign-in ends with it, and whatever was mailed to set
//! another one.

use futures::future::try_join;
use lambda_http::http::StatusCode;
use outlay_http::{Body, Problem, ProblemBody, Reply, Request, Response, json_body, reply};
use outlay_identity::throttle;
use outlay_identity::{AccountWrite, Principal, verify_password};
use outlay_messages::Mail;
use outlay_runtime::{App, Trail, signed_in};
use outlay_store::{AuditLog, User};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{families, notices, passwords, resets};

/// What the route is given.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = PasswordChangeRequest)]
pub struct PasswordChangeRequest {
    /// The password as it is now: an access token alone does not take over an account.
    #[schema(format = Password)]
    pub current_password: String,
    /// 12 to 1024 characters, used exactly as given.
    #[schema(min_length = 12, max_length = 1024, format = Password)]
    pub new_password: String,
}

/// The route, for the binary.
pub fn handler(app: &'static App, request: Request) -> Reply {
    signed_in::<AccountWrite, _, _>(app, request, password_change)
}

/// Changes the password, and ends all sessions of the person but this one.
#[utoipa::path(
    post,
    path = "/v1/auth/password/change",
    operation_id = "auth-password-change",
    tag = "auth",
    request_body = PasswordChangeRequest,
    security(("bearer" = [])),
    responses(
        (status = 204, description = "Changed; other sessions have ended"),
        (status = 400, description = "The current password is wrong, or the new one not valid", body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "No valid access token", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "It was changed at the same moment", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "Too many tries; see Retry-After", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn password_change(
    app: &'static App,
    caller: Principal,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let input: PasswordChangeRequest = json_body(&request)?;
    let (user_id, here) = (caller.user(), Some(families::current(caller.session())?));
    let now = (app.clock)();
    let registry = app.registry(None, Some(user_id)).await?;
    let (user, taken) = try_join(
        registry.get::<User>(user_id),
        throttle::take_try(&registry, user_id, throttle::PASSWORD_CHANGE, now),
    )
    .await?;
    let taken = taken.map_err(Problem::too_many)?;
    let user = user.ok_or_else(Problem::unauthorized)?;
    if !verify_password(&input.current_password, user.password_hash.as_deref()) {
        return Err(wrong_password());
    }
    let about = [user.email.as_str(), &user.name];
    let hash = passwords::hash("/newPassword", &input.new_password, &about)?;
    let (others, mailed) = try_join(
        families::others(&registry, user_id, here, now),
        resets::living(&registry, user_id, now),
    )
    .await?;
    let changed = passwords::replace(registry.writes(), &user, Some(&hash))?;
    let entry =
        Trail::by(app, caller.actor(), &request).entry("auth.change-password", "user", user_id);
    let changed = changed.audit(&AuditLog::Person(user_id.clone()), &entry)?;
    let changed = resets::end(changed, &mailed)?;
    families::end(changed, &others)?.commit().await?;
    families::end_others(&registry, user_id, here, now).await?;
    throttle::give_back(&registry, &taken).await?;
    notices::tell(app, &user, &Mail::password_changed()).await;
    Ok(reply::no_content())
}

fn wrong_password() -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "wrong-password",
        "The current password is not right",
        "Nothing was changed. If you forgot it, sign out and ask for a new one.",
    )
}
