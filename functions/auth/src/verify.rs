//! Giving the mailed code: the person, the company and its owner come into being together.

use jiff::Timestamp;
use outlay_http::{Body, Problem, ProblemBody, Reply, Request, Response, json_body};
use outlay_identity::code_hash;
use outlay_runtime::{App, Trail, public};
use outlay_store::{
    Actor, Condition, EmailHash, PendingRegistration, RegistryTable, Standing, StoreError, Tenant,
    User,
};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    cookies,
    founding::{self, Founding},
    origin,
    session::{self, SessionBody},
};

/// More rounds than there are attempts to lose to others.
const TRIES: usize = 20;

/// What the route is given.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = VerifyRequest)]
pub struct VerifyRequest {
    /// The address that was registered.
    #[schema(example = "ann@example.com")]
    pub email: String,
    /// The eight digits from the mail.
    #[schema(example = "12345678", pattern = "^[0-9]{8}$")]
    pub code: String,
}

/// The route, for the binary.
pub fn handler(app: &'static App, request: Request) -> Reply {
    public(app, request, verify)
}

/// Gives the mailed code. Founds the account and the company, and signs in.
#[utoipa::path(
    post,
    path = "/v1/auth/verify",
    operation_id = "auth-verify",
    tag = "auth",
    request_body = VerifyRequest,
    responses(
        (status = 200, description = "Signed in; the refresh cookie is set", body = SessionBody,
            headers(("Set-Cookie" = String, description = "The refresh token"))),
        (status = 403, description = "Sent by another site's page", body = ProblemBody, content_type = "application/problem+json"),
        (status = 400, description = "The code is wrong, used or too old", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn verify(app: &'static App, request: Request) -> Result<Response<Body>, Problem> {
    origin::demand_own(app, &request)?;
    let input: VerifyRequest = json_body(&request)?;
    let code = input.code.trim();
    if code.len() != 8 || !code.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Problem::invalid(
            "/code",
            "must be the eight digits from the mail",
        ));
    }
    let now = (app.clock)();
    let registry = app.registry(None, None).await?;
    let address = EmailHash::of(&input.email);
    let here = cookies::registered(request.headers(), &address);
    let pending = take_attempt(&registry, &address, now).await?;
    let pending = pending.filter(|p| opens(p, code, here));
    let pending = pending.ok_or_else(wrong_code)?;
    let trail = Trail::by(app, Actor::user(&pending.user_id), &request);
    found(app, &pending, &trail, now).await
}

/// Whether the code opens this registration, for a browser that made registration `here`, if it made
/// one. Somebody else may have registered the same address since, with another password: the code is
/// then mailed to its owner all the same, who must not found an account that the other can enter.
fn opens(pending: &PendingRegistration, code: &str, here: Option<&str>) -> bool {
    code_hash(&pending.user_id, code) == pending.code_hash
        && here.is_none_or(|user| user == pending.user_id.as_str())
}

/// The same whether the code, the address or the time is wrong.
fn wrong_code() -> Problem {
    Problem::new(
        lambda_http::http::StatusCode::BAD_REQUEST,
        "wrong-code",
        "The code is not right",
        "It is mistyped, used, too old, or was tried too often. Ask for a new one.",
    )
}

/// Takes one attempt off the registration before the code is looked at, so that guesses made at the
/// same moment are counted each. `None` where nothing waits, or nothing is left to try.
async fn take_attempt(
    registry: &RegistryTable,
    email: &EmailHash,
    now: Timestamp,
) -> Result<Option<PendingRegistration>, StoreError> {
    for _ in 0..TRIES {
        let stored = registry.get::<PendingRegistration>(email).await?;
        let Some(left) = stored.and_then(|pending| one_less(pending, now)) else {
            return Ok(None);
        };
        // Of this registration only: one that replaced it meanwhile must not be overwritten.
        let unchanged = Condition::text("codeHash", &left.code_hash)
            .and(Condition::number("attemptsLeft", left.attempts_left + 1));
        match registry.writes().put(&left, unchanged)?.commit().await {
            Err(StoreError::Conflict) => {}
            outcome => return outcome.map(|()| Some(left)),
        }
    }
    Ok(None)
}

/// The registration with one attempt fewer, if it still lives. DynamoDB deletes late: the time is checked.
fn one_less(mut pending: PendingRegistration, now: Timestamp) -> Option<PendingRegistration> {
    pending.attempts_left = pending.attempts_left.checked_sub(1)?;
    (now < pending.expires_at).then_some(pending)
}

async fn found(
    app: &'static App,
    pending: &PendingRegistration,
    trail: &Trail,
    now: Timestamp,
) -> Result<Response<Body>, Problem> {
    let founding = Founding::new(user_of(pending, now), tenant_of(pending, now), trail, now)?;
    // Tokens first: where KMS does not answer, nothing was changed.
    let answer = session::answer(app, &founding.membership, &founding.session, now).await?;
    let registry = founding.registry(app).await?;
    let created = founding
        .writes(&registry, trail)?
        .delete::<PendingRegistration>(
            &EmailHash::of(&pending.email),
            Condition::text("codeHash", &pending.code_hash),
        )?
        .commit()
        .await;
    match created {
        // The address got an owner, or the registration was replaced, in this very moment.
        Err(StoreError::Conflict) => Err(wrong_code()),
        Err(error) => Err(error.into()),
        Ok(()) => Ok(answer),
    }
}

fn user_of(pending: &PendingRegistration, now: Timestamp) -> User {
    User {
        user_id: pending.user_id.clone(),
        email: pending.email.clone(),
        name: pending.name.clone(),
        password_hash: Some(pending.password_hash.clone()),
        created_at: now,
        standing: Standing::Active,
        revision: 1,
    }
}

fn tenant_of(pending: &PendingRegistration, now: Timestamp) -> Tenant {
    founding::tenant(pending.tenant_id.clone(), &pending.company, now)
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;
    use outlay_core::{TenantId, UserId};

    use super::*;

    fn pending(attempts_left: u64, expires_at: Timestamp) -> PendingRegistration {
        let text = String::new;
        PendingRegistration {
            email_hash: text(),
            user_id: UserId::mint(),
            tenant_id: TenantId::mint(),
            email: text(),
            name: text(),
            company: text(),
            password_hash: text(),
            code_hash: text(),
            attempts_left,
            expires_at,
        }
    }

    #[test]
    fn a_code_opens_its_own_registration() {
        let mut pending = pending(5, Timestamp::UNIX_EPOCH);
        pending.code_hash = code_hash(&pending.user_id, "12345678");
        let (own, other) = (pending.user_id.to_string(), UserId::mint().to_string());
        assert!(opens(&pending, "12345678", None));
        assert!(opens(&pending, "12345678", Some(&own)));
        assert!(!opens(&pending, "12345678", Some(&other)));
        assert!(!opens(&pending, "12345679", Some(&own)));
    }

    #[test]
    fn a_code_dies_of_tries_and_of_age() {
        let now = Timestamp::UNIX_EPOCH;
        assert_eq!(
            one_less(pending(5, now + 1.second()), now)
                .unwrap()
                .attempts_left,
            4
        );
        assert_eq!(
            one_less(pending(1, now + 1.second()), now)
                .unwrap()
                .attempts_left,
            0
        );
        assert!(one_less(pending(0, now + 1.second()), now).is_none());
        assert!(one_less(pending(5, now), now).is_none());
    }
}
