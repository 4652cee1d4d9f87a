//! Asking for another code. As with registering, the answer and the work behind it are the same
//! whether anything waits for a code (ASVS 6.3.8); only the mailbox learns which.

use futures::future::try_join3;
use jiff::Timestamp;
use lambda_http::http::StatusCode;
use outlay_core::{TenantId, UserId};
use outlay_http::{Body, Problem, ProblemBody, Reply, Request, Response, fields, json_body, reply};
use outlay_identity::throttle;
use outlay_messages::Mail;
use outlay_runtime::{App, public};
use outlay_store::{
    Condition, EmailGuard, EmailHash, PendingRegistration, REGISTRATION_WAITS, RegistryTable,
    StoreError,
};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    register::{Registered, RegisteredStatus},
    registrations::{self, Code},
};

/// What the route is given.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = VerifyResendRequest)]
pub struct VerifyResendRequest {
    /// The address that was registered.
    #[schema(example = "ann@example.com", max_length = 254)]
    pub email: String,
}

/// The route, for the binary.
pub fn handler(app: &'static App, request: Request) -> Reply {
    public(app, request, verify_resend)
}

/// Asks for another code. The one before is no longer good; what was registered stays as it is.
#[utoipa::path(
    post,
    path = "/v1/auth/verify/resend",
    operation_id = "auth-verify-resend",
    tag = "auth",
    request_body = VerifyResendRequest,
    responses(
        (status = 202, description = "A mail was sent, whether or not anything waits for a code", body = Registered),
        (status = 400, description = "The address is not one", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn verify_resend(app: &'static App, request: Request) -> Result<Response<Body>, Problem> {
    let input: VerifyResendRequest = json_body(&request)?;
    let address = fields::email("/email", &input.email)?;
    let (email, now) = (EmailHash::of(&address), (app.clock)());
    let counter = registrations::counter(&email);
    let registry = app.at_the_door(&counter).await?;
    let (owner, pending, wait) = Box::pin(try_join3(
        registry.get::<EmailGuard>(&email),
        registry.get::<PendingRegistration>(&email),
        throttle::take_try(&registry, &counter, throttle::REGISTRATION_MAIL, now),
    ))
    .await?;
    if wait.is_none() {
        let waiting = pending.as_ref().filter(|pending| waits(pending, now));
        let user = waiting.map_or_else(UserId::mint, |pending| pending.user_id.clone());
        let code = Code::new(app, &user)?;
        let next = with_code(waiting, &email, user, &code);
        let stored = replace(&registry, pending.as_ref(), &next).await?;
        let mail = match (owner, waiting) {
            (Some(_), _) => Mail::already_registered(),
            (None, Some(_)) => registrations::code_mail(app, &code.text)?,
            (None, None) => Mail::nothing_registered(),
        };
        // Lost to a registration of this very moment: the code of that one is on its way.
        if stored {
            let to = waiting.map_or(&address, |pending| &pending.email);
            let sent = app.mailer()?.send(to, &mail).await;
            sent.map_err(Problem::unavailable)?;
        }
    }
    let status = RegisteredStatus::VerificationSent;
    reply::json(StatusCode::ACCEPTED, &Registered { status })
}

/// Whether somebody registered, not too long ago. What an earlier request of this kind left behind,
/// where nothing waited, is no registration.
fn waits(pending: &PendingRegistration, now: Timestamp) -> bool {
    !pending.password_hash.is_empty() && now.duration_since(pending.expires_at) < REGISTRATION_WAITS
}

/// The registration with this code. Where nothing waits: an empty one that no code opens, so that as
/// much is written as otherwise.
fn with_code(
    waiting: Option<&PendingRegistration>,
    email: &EmailHash,
    user_id: UserId,
    code: &Code,
) -> PendingRegistration {
    match waiting {
        Some(pending) => PendingRegistration {
            code_hash: code.hash.clone(),
            attempts_left: registrations::ATTEMPTS,
            expires_at: code.expires_at,
            ..pending.clone()
        },
        None => PendingRegistration {
            email_hash: email.as_str().to_owned(),
            user_id,
            tenant_id: TenantId::mint(),
            email: String::new(),
            name: String::new(),
            company: String::new(),
            password_hash: String::new(),
            code_hash: code.hash.clone(),
            attempts_left: 0,
            expires_at: code.expires_at,
        },
    }
}

async fn replace(
    registry: &RegistryTable,
    before: Option<&PendingRegistration>,
    next: &PendingRegistration,
) -> Result<bool, StoreError> {
    let unchanged = before.map_or(Condition::Absent, |before| {
        Condition::text("codeHash", &before.code_hash)
    });
    match registry.writes().put(next, unchanged)?.commit().await {
        Err(StoreError::Conflict) => Ok(false),
        outcome => outcome.map(|()| true),
    }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;

    use super::*;

    #[test]
    fn a_registration_waits_a_day_and_an_empty_one_never() {
        let (email, now) = (EmailHash::of("a@b.c"), Timestamp::UNIX_EPOCH);
        let code = Code {
            text: "12345678".into(),
            hash: "hash".into(),
            expires_at: now,
        };
        let empty = with_code(None, &email, UserId::mint(), &code);
        assert!(!waits(&empty, now) && empty.attempts_left == 0);
        let real = PendingRegistration {
            password_hash: "$argon2id$".into(),
            ..empty
        };
        assert!(waits(&real, now + 23.hours()));
        assert!(!waits(&real, now + 24.hours()));
        let again = with_code(Some(&real), &email, UserId::mint(), &code);
        assert_eq!((again.user_id, again.attempts_left), (real.user_id, 5));
        assert_eq!(again.password_hash, "$argon2id$");
    }
}
