//! Setting a new password with what was mailed. Every sign-in ends with it: whoever had taken the
//! account is out. The person is signed in at once, so that nobody who guesses passwords meanwhile,
//! and has used up the tries, can stand in the way.

use futures::future::try_join;
use lambda_http::http::StatusCode;
use outlay_http::{Body, Problem, ProblemBody, Reply, Request, Response, json_body};
use outlay_identity::ResetToken;
use outlay_identity::throttle;
use outlay_runtime::{App, Trail, public};
use outlay_store::{
    Actor, AuditLog, Condition, Counted, PasswordReset, RegistryTable, StoreError, User, Writes,
};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    families, notices,
    opening::{Opening, open},
    origin, passwords,
    session::SessionBody,
};

/// What the route is given.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = PasswordResetRequest)]
pub struct PasswordResetRequest {
    /// From the mail: `rst_...`
    #[schema(format = Password)]
    pub token: String,
    /// 12 to 1024 characters, used exactly as given.
    #[schema(min_length = 12, max_length = 1024, format = Password)]
    pub new_password: String,
}

/// The route, for the binary.
pub fn handler(app: &'static App, request: Request) -> Reply {
    public(app, request, password_reset)
}

/// Sets a new password with the mailed token, ends all sessions of the person, and opens one.
#[utoipa::path(
    post,
    path = "/v1/auth/password/reset",
    operation_id = "auth-password-reset",
    tag = "auth",
    request_body = PasswordResetRequest,
    responses(
        (status = 200, description = "The password is set; signed in; the refresh cookie is set", body = SessionBody,
            headers(("Set-Cookie" = String, description = "The refresh token"))),
        (status = 400, description = "The token is wrong, used or too old, or the password is not valid", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "The account was changed at the same moment; try again", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "Sent by another site's page, or without a company", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn password_reset(
    app: &'static App,
    request: Request,
) -> Result<Response<Body>, Problem> {
    origin::demand_own(app, &request)?;
    let input: PasswordResetRequest = json_body(&request)?;
    let token = ResetToken::parse(&input.token).ok_or_else(wrong_token)?;
    let now = (app.clock)();
    let registry = app.registry(None, Some(token.user())).await?;
    let id = (token.user().clone(), token.hash());
    let (reset, user) = try_join(
        registry.get::<PasswordReset>(&id),
        registry.get::<User>(token.user()),
    )
    .await?;
    let reset = reset.filter(|reset| now < reset.expires_at);
    let (Some(reset), Some(user)) = (reset, user) else {
        return Err(wrong_token());
    };
    let hash = passwords::hash("/newPassword", &input.new_password)?;
    let ended = families::of(&registry, &user.user_id, now).await?;
    let others = other_resets(&registry, &reset).await?;
    let trail = Trail::by(app, Actor::user(&user.user_id), &request);
    let opening = Opening {
        registry: &registry,
        user: &user,
        trail: &trail,
        action: "auth.login",
        ended: &ended,
        now,
    };
    let entry = trail.entry("auth.reset-password", "user", &user.user_id);
    let log = AuditLog::Person(user.user_id.clone());
    let also = |writes: Writes<()>| {
        let writes = writes.audit(&log, &entry)?;
        let writes = passwords::replace(writes, &user, Some(&hash))?;
        use_up(writes, &reset, &others)
    };
    // Lost to another change of the account in this moment: the token is still good, or used up.
    let opened = open(app, &opening, also).await?;
    let (answer, session) = opened.ok_or(StoreError::Conflict)?;
    families::end_others(&registry, &user.user_id, &session.family_id, now).await?;
    throttle::forget(&registry, &user.user_id, Counted::SignIn).await?;
    notices::password_changed(app, &user).await;
    Ok(answer)
}

/// The same whether it is mistyped, used, too old or was never given out.
fn wrong_token() -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "wrong-token",
        "The token is not right",
        "It is cut off, used or too old. Ask for a new one.",
    )
}

/// What else was mailed, by whomever it was asked for.
async fn other_resets(
    registry: &RegistryTable,
    used: &PasswordReset,
) -> Result<Vec<PasswordReset>, StoreError> {
    let mut resets = registry
        .list_all::<PasswordReset>(&(used.user_id.clone(), String::new()))
        .await?;
    resets.retain(|reset| reset.secret_hash != used.secret_hash);
    Ok(resets)
}

/// Once, for this one; the others were mailed for a password that is no more.
fn use_up(
    writes: Writes<()>,
    used: &PasswordReset,
    others: &[PasswordReset],
) -> Result<Writes<()>, StoreError> {
    /// More than the limit on mails lets live at a time.
    const MOST: usize = 12;
    let id = |reset: &PasswordReset| (reset.user_id.clone(), reset.secret_hash.clone());
    let once = Condition::text("secretHash", &used.secret_hash);
    let mut writes = writes.delete::<PasswordReset>(&id(used), once)?;
    for other in others.iter().take(MOST) {
        writes = writes.delete::<PasswordReset>(&id(other), Condition::Any)?;
    }
    Ok(writes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_token_says_what_to_do_and_nothing_else() {
        let response = wrong_token().into_response("r");
        assert_eq!(response.status(), 400);
        let text = String::from_utf8_lossy(response.body().as_ref()).into_owned();
        assert!(text.contains("wrong-token") && text.contains("Ask for a new one"));
        let more = r#"{"token":"rst_a_b","newPassword":"c","userId":"usr_d"}"#;
        assert!(serde_json::from_str::<PasswordResetRequest>(more).is_err());
    }
}
