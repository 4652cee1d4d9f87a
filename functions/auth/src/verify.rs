//! Giving the mailed code: the person, the company and its owner come into being together.

use futures::future::try_join;
use jiff::Timestamp;
use lambda_http::http::StatusCode;
use outlay_http::{Body, Problem, ProblemBody, Reply, Request, Response, json_body};
use outlay_identity::AddressCode;
use outlay_runtime::{App, Trail, public};
use outlay_store::{
    Actor, Condition, Entity, MailedCode, PendingRegistration, Standing, StoreError, Tenant, User,
};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    cookies,
    founding::Founding,
    origin,
    session::{self, SessionBody},
};

/// What the route is given.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = VerifyRequest)]
pub struct VerifyRequest {
    /// From the mail. Capitals, hyphens and spaces make no difference.
    #[schema(example = "K7QF-2M9X-4RTB")]
    pub code: String,
}

/// The route, for the binary.
pub fn handler(app: &'static App, request: Request) -> Reply {
    public(app, request, verify)
}

/// Gives the mailed code, in the browser that asked for the account. Founds the account and the company, and signs in.
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
        (status = 400, description = "The code is wrong, used or too old, or nobody signed up in this browser", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn verify(app: &'static App, request: Request) -> Result<Response<Body>, Problem> {
    origin::demand_own(app, &request)?;
    let input: VerifyRequest = json_body(&request)?;
    let code = AddressCode::parse(&input.code)
        .ok_or_else(|| Problem::invalid("/code", "must be the twelve digits from the mail"))?;
    let registration = cookies::registered(request.headers()).ok_or_else(no_registration)?;
    let now = (app.clock)();
    let registry = app.registry(None, None).await?;
    let mailed = (registration.0.clone(), code.hash(&registration.0));
    let (pending, mailed) = try_join(
        registry.get::<PendingRegistration>(&registration),
        registry.get::<MailedCode>(&mailed),
    )
    .await?;
    // DynamoDB deletes late: the time is checked.
    let pending = pending.filter(|pending| now < pending.expires_at);
    let pending = pending.ok_or_else(no_registration)?;
    let mailed = mailed.filter(|mailed| now < mailed.expires_at);
    let mailed = mailed.ok_or_else(wrong_code)?;
    let trail = Trail::by(app, Actor::user(&pending.user_id), &request);
    found(app, &pending, &mailed, &trail, now).await
}

/// The same whether the code, the address or the time is wrong.
fn wrong_code() -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "wrong-code",
        "The code is not right",
        "It is mistyped, used or too old. Ask for a new one.",
    )
}

/// Whoever else registered the address, with a password of theirs, did it in another browser.
fn no_registration() -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "no-registration",
        "Nobody signed up in this browser",
        "A code is given in the browser that asked for the account, within a day. Sign up here, and a new one is mailed.",
    )
}

async fn found(
    app: &'static App,
    pending: &PendingRegistration,
    code: &MailedCode,
    trail: &Trail,
    now: Timestamp,
) -> Result<Response<Body>, Problem> {
    let founding = Founding::new(
        user_of(pending, code, now),
        tenant_of(pending, now),
        trail,
        now,
    )?;
    // Tokens first: where KMS does not answer, nothing was changed.
    let answer = session::answer(app, &founding.membership, &founding.session, now).await?;
    let registry = founding.registry(app).await?;
    let created = founding
        .writes(&registry, trail)?
        .delete::<PendingRegistration>(&pending.id(), Condition::text("userId", &pending.user_id))?
        .delete::<MailedCode>(&code.id(), Condition::text("codeHash", &code.code_hash))?
        .commit()
        .await;
    match created {
        // The address has an owner since, or the code was used in this very moment.
        Err(StoreError::Conflict) => Err(wrong_code()),
        Err(error) => Err(error.into()),
        Ok(()) => Ok(answer),
    }
}

fn user_of(pending: &PendingRegistration, code: &MailedCode, now: Timestamp) -> User {
    User {
        user_id: pending.user_id.clone(),
        // The spelling that was proved: another one may be another mailbox.
        email: code.email.clone(),
        name: pending.name.clone(),
        password_hash: Some(pending.password_hash.clone()),
        created_at: now,
        standing: Standing::Active,
        revision: 1,
    }
}

fn tenant_of(pending: &PendingRegistration, now: Timestamp) -> Tenant {
    Tenant::founded(pending.tenant_id.clone(), &pending.company, now)
}
