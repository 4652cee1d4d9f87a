//! Asking for a new password. Known or not, an address gets a mail and the asker the same answer after
//! the same work (ASVS 6.3.8). It never bars anybody: what is asked for takes nothing away.

use futures::future::try_join;
use jiff::{SignedDuration, Timestamp};
use lambda_http::http::StatusCode;
use outlay_http::{Body, Problem, ProblemBody, Reply, Request, Response, fields, json_body, reply};
use outlay_identity::ResetToken;
use outlay_identity::throttle;
use outlay_messages::Mail;
use outlay_runtime::{App, public};
use outlay_store::{EmailGuard, EmailHash, PasswordReset, User};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{passwords, registrations};

/// What the route is given.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = PasswordForgotRequest)]
pub struct PasswordForgotRequest {
    /// The address of the account; case does not matter.
    #[schema(example = "ann@example.com", max_length = 254)]
    pub email: String,
}

/// What is always answered.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PasswordForgotten)]
pub struct PasswordForgotten {
    /// A mail is on its way.
    pub status: PasswordForgottenStatus,
}

/// The one outcome.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PasswordForgottenStatus {
    /// A mail is on its way to the address.
    MailSent,
}

/// The route, for the binary.
pub fn handler(app: &'static App, request: Request) -> Reply {
    public(app, request, password_forgot)
}

/// Asks for a new password. The mail holds a token for `password/reset`, good for ten minutes at most;
/// past five mails in that time no other is sent, because those are still good.
#[utoipa::path(
    post,
    path = "/v1/auth/password/forgot",
    operation_id = "auth-password-forgot",
    tag = "auth",
    request_body = PasswordForgotRequest,
    responses(
        (status = 202, description = "A mail was sent, whether or not the address has an account", body = PasswordForgotten),
        (status = 400, description = "The address is not one", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn password_forgot(
    app: &'static App,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let input: PasswordForgotRequest = json_body(&request)?;
    let address = fields::email("/email", &input.email)?;
    let (email, now) = (EmailHash::of(&address), (app.clock)());
    let guard = app
        .registry(None, None)
        .await?
        .get::<EmailGuard>(&email)
        .await?;
    let user_id = guard.map_or_else(|| passwords::nobody(&email), |guard| guard.user_id);
    let registry = app.at_the_door(&user_id).await?;
    let lifetime = registrations::lifetime(app)?;
    let (user, wait) = try_join(
        registry.get::<User>(&user_id),
        throttle::take_try(
            &registry,
            &user_id,
            throttle::Limit::reset_mail(lifetime),
            now,
        ),
    )
    .await?;
    if wait.is_none() {
        let token =
            ResetToken::new(&user_id).ok_or_else(|| Problem::internal("no random numbers"))?;
        let reset = reset_of(&token, now, lifetime)?;
        registry.writes().create(&reset)?.commit().await?;
        let mail = match user {
            Some(_) => Mail::new_password(
                &token.text(),
                registrations::origin(app),
                registrations::minutes(app)?,
            ),
            None => Mail::no_account(),
        };
        // To the address as its owner wrote it: another spelling may be another mailbox.
        let to = user.as_ref().map_or(&address, |user| &user.email);
        let sent = app.mailer()?.send(to, &mail).await;
        sent.map_err(Problem::unavailable)?;
    }
    let status = PasswordForgottenStatus::MailSent;
    reply::json(StatusCode::ACCEPTED, &PasswordForgotten { status })
}

fn reset_of(
    token: &ResetToken,
    now: Timestamp,
    lifetime: SignedDuration,
) -> Result<PasswordReset, Problem> {
    Ok(PasswordReset {
        user_id: token.user().clone(),
        secret_hash: token.hash(),
        expires_at: now.checked_add(lifetime).map_err(Problem::internal)?,
    })
}

#[cfg(test)]
mod tests {
    use outlay_core::UserId;

    use super::*;

    #[test]
    fn the_secret_is_not_kept() {
        let token = ResetToken::new(&UserId::mint()).unwrap();
        let lifetime = SignedDuration::from_mins(10);
        let reset = reset_of(&token, Timestamp::UNIX_EPOCH, lifetime).unwrap();
        let stored = serde_json::to_string(&reset).unwrap();
        let secret = token.text().rsplit('_').next().unwrap().to_owned();
        assert!(!stored.contains(&secret), "{stored}");
        assert_eq!(reset.expires_at.as_second(), 600);
    }
}
