//! Setting a new password with what was mailed. Every sign-in ends with it: whoever had taken the
//! account is out. The person is signed in at once, so that nobody who guesses passwords meanwhile,
//! and has used up the tries, can stand in the way. Who has nowhere to work gets the password all the
//! same: a leaked one is dead, and the new one accepts an invitation.

use futures::future::try_join;
use jiff::Timestamp;
use lambda_http::http::StatusCode;
use outlay_core::FamilyId;
use outlay_http::{Body, Problem, ProblemBody, Reply, Request, Response, json_body, reply};
use outlay_identity::ResetToken;
use outlay_messages::Mail;
use outlay_runtime::{App, Trail, public};
use outlay_store::{
    Actor, AuditLog, Condition, PasswordReset, RegistryTable, Standing, StoreError, TRIES, User,
    Writes,
};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    families, notices,
    opening::{Opening, begin, open_there},
    origin, passwords, resets,
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

/// Sets a new password with the mailed token, ends all sessions of the person, and opens one. Nobody is signed in whose
/// account is suspended, or who is in no company or suspended in each: signing in says which.
#[utoipa::path(
    post,
    path = "/v1/auth/password/reset",
    operation_id = "auth-password-reset",
    tag = "auth",
    request_body = PasswordResetRequest,
    responses(
        (status = 200, description = "The password is set; signed in; the refresh cookie is set", body = SessionBody,
            headers(("Set-Cookie" = String, description = "The refresh token"))),
        (status = 204, description = "The password is set, and every session has ended; there is nowhere to sign in to"),
        (status = 400, description = "The token is wrong, used or too old, or the password is not valid", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "Sent by another site's page", body = ProblemBody, content_type = "application/problem+json"),
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
    let mut opened = Opened::by(&registry, &token, now).await?;
    let about = [opened.user.email.as_str(), &opened.user.name];
    let hash = passwords::hash("/newPassword", &input.new_password, &about)?;
    let trail = Trail::by(app, Actor::user(token.user()), &request);
    for _ in 0..TRIES {
        let set = opened.set(app, &registry, &hash, &trail, now).await?;
        if let Some((answer, family)) = set {
            families::end_others(&registry, token.user(), family.as_ref(), now).await?;
            notices::tell(app, &opened.user, &Mail::password_changed()).await;
            return Ok(answer);
        }
        // Something else of this moment was first: the token is still good, or used up.
        opened = Opened::by(&registry, &token, now).await?;
    }
    Err(Problem::unavailable(
        "a reset keeps colliding with other changes",
    ))
}

/// What a mailed token opens.
struct Opened {
    user: User,
    used: PasswordReset,
    /// What else was mailed, by whomever it was asked for.
    others: Vec<PasswordReset>,
}

impl Opened {
    async fn by(
        registry: &RegistryTable,
        token: &ResetToken,
        now: Timestamp,
    ) -> Result<Self, Problem> {
        let (mut others, user) = try_join(
            resets::living(registry, token.user(), now),
            registry.get::<User>(token.user()),
        )
        .await?;
        let hash = token.hash();
        let used = others.iter().position(|reset| reset.secret_hash == hash);
        let used = others.swap_remove(used.ok_or_else(wrong_token)?);
        // An account that is being removed gets no password any more.
        let user = user.filter(|user| user.standing != Standing::Ending);
        let user = user.ok_or_else(wrong_token)?;
        Ok(Self { user, used, others })
    }

    /// Sets the password, and signs in where there is a place to. `None` where something else was first.
    async fn set(
        &self,
        app: &'static App,
        registry: &RegistryTable,
        hash: &str,
        trail: &Trail,
        now: Timestamp,
    ) -> Result<Option<(Response<Body>, Option<FamilyId>)>, Problem> {
        let user = &self.user;
        let ended = families::of(registry, &user.user_id, now).await?;
        let entry = trail.entry("auth.reset-password", "user", &user.user_id);
        let log = AuditLog::Person(user.user_id.clone());
        let also = |writes: Writes<()>| {
            let writes = writes.audit(&log, &entry)?;
            self.use_up(passwords::replace(writes, user, Some(hash))?)
        };
        let opening = Opening {
            registry,
            user,
            trail,
            action: "auth.login",
            ended: &ended,
            now,
        };
        if let Ok(begun) = begin(app, &opening).await? {
            let opened = open_there(app, &opening, begun, also).await?;
            return Ok(opened.map(|(answer, session)| (answer, Some(session.family_id))));
        }
        let writes = also(families::end(registry.writes(), &ended)?)?;
        match writes.commit().await {
            Err(StoreError::Conflict) => Ok(None),
            outcome => {
                outcome?;
                Ok(Some((reply::no_content(), None)))
            }
        }
    }

    /// Once, for this one; the others go with it.
    fn use_up(&self, writes: Writes<()>) -> Result<Writes<()>, StoreError> {
        let PasswordReset {
            user_id,
            secret_hash,
            ..
        } = &self.used;
        let id = (user_id.clone(), secret_hash.clone());
        let once = Condition::text("secretHash", secret_hash);
        resets::end(writes.delete::<PasswordReset>(&id, once)?, &self.others)
    }
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
