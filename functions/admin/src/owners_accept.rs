//! Following the one-time link: a global owner comes to be.

use jiff::Timestamp;
use lambda_http::http::StatusCode;
use outlay_core::UserId;
use outlay_http::{Body, Problem, ProblemBody, Reply, Request, Response, fields, json_body, reply};
use outlay_identity::{PasswordError, hash_password, secret_hash};
use outlay_runtime::{App, Trail, public};
use outlay_store::{
    Actor, AuditEntry, AuditLog, Condition, EmailGuard, EmailHash, FirstOwner, GlobalOwner,
    OperatorTable, PendingOwner, Standing, StoreError, User, UserPlatform,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What the route is given.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = OwnerAcceptRequest)]
pub struct OwnerAcceptRequest {
    /// The address that the link was made for.
    #[schema(example = "ops@example.com", max_length = 254)]
    pub email: String,
    /// The secret of the link.
    pub code: String,
    /// The person's name.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// 12 to 1024 characters, used exactly as given.
    #[schema(min_length = 12, max_length = 1024, format = Password)]
    pub password: String,
}

/// A new global owner.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = OwnerAccepted)]
pub struct OwnerAccepted {
    /// `usr_...`; sign in with address and password.
    #[schema(value_type = String)]
    pub user_id: UserId,
}

/// The route, for the binary.
pub fn handler(app: &'static App, request: Request) -> Reply {
    public(app, request, accept)
}

/// Makes the person of a one-time link (`cargo xtask bootstrap-owner`) a global owner, with a password of
/// their own. The link is good once.
#[utoipa::path(
    post,
    path = "/v1/admin/owners/accept",
    operation_id = "admin-owners-accept",
    tag = "admin",
    request_body = OwnerAcceptRequest,
    responses(
        (status = 201, description = "The global owner", body = OwnerAccepted),
        (status = 400, description = "A field is not valid, or the link is wrong, used or too old", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn accept(app: &'static App, request: Request) -> Result<Response<Body>, Problem> {
    let input: OwnerAcceptRequest = json_body(&request)?;
    let name = fields::line("/name", &input.name, 100)?;
    let now = (app.clock)();
    let address = EmailHash::of(&input.email);
    let pending = app.operator(None, None).await?.get(&address).await?;
    let pending: PendingOwner = pending
        .filter(|p| opens(p, &input.code, now))
        .ok_or_else(wrong_code)?;
    // After the code: a stranger must not make us hash.
    let password_hash = hash_password(&input.password).map_err(|error| match error {
        PasswordError::Length => Problem::invalid("/password", error.to_string()),
        PasswordError::Hash | PasswordError::NotImportable => Problem::internal(error),
    })?;
    let user = User {
        user_id: pending.user_id.clone(),
        email: pending.email.clone(),
        name,
        password_hash: Some(password_hash),
        created_at: now,
        standing: Standing::Active,
        revision: 1,
    };
    let entry = Trail::by(app, Actor::platform_user(&user.user_id), &request).entry(
        "admin.accept-owner",
        "user",
        &user.user_id,
    );
    let table = app.operator(None, Some(&user.user_id)).await?;
    match create(&table, &pending, &user, &entry).await {
        // The link was used, replaced, or is no longer the first one's, in this very moment.
        Err(StoreError::Conflict) => Err(wrong_code()),
        Err(error) => Err(error.into()),
        Ok(()) => reply::json(
            StatusCode::CREATED,
            &OwnerAccepted {
                user_id: user.user_id,
            },
        ),
    }
}

fn opens(pending: &PendingOwner, code: &str, now: Timestamp) -> bool {
    now < pending.expires_at && secret_hash(pending.user_id.as_str(), code) == pending.secret_hash
}

fn wrong_code() -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "wrong-code",
        "The code is not valid",
        "It is wrong, was used, or is too old. Have a new link made with `cargo xtask bootstrap-owner`.",
    )
}

/// All of it or nothing. Of two first links that were asked for at once one makes an owner: the guard of
/// the first is created once.
async fn create(
    table: &OperatorTable,
    pending: &PendingOwner,
    user: &User,
    entry: &AuditEntry,
) -> Result<(), StoreError> {
    let (user_id, since) = (user.user_id.clone(), user.created_at);
    let mut writes = table
        .writes()
        .create(&EmailGuard {
            email_hash: pending.email_hash.clone(),
            user_id: user_id.clone(),
        })?
        .create(user)?
        .create(&UserPlatform {
            user_id: user_id.clone(),
            since,
        })?
        .create(&GlobalOwner {
            user_id: user_id.clone(),
            since,
        })?;
    if !pending.another {
        writes = writes.create(&FirstOwner { user_id })?;
    }
    writes
        .delete::<PendingOwner>(
            &EmailHash::of(&pending.email),
            Condition::text("secretHash", &pending.secret_hash),
        )?
        .audit(&AuditLog::Platform, entry)?
        .commit()
        .await
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;

    use super::*;

    #[test]
    fn a_link_opens_once_it_is_right_and_while_it_lives() {
        let now = Timestamp::UNIX_EPOCH;
        let user_id = UserId::mint();
        let pending = PendingOwner {
            email_hash: EmailHash::of("a@b.c").as_str().to_owned(),
            secret_hash: secret_hash(user_id.as_str(), "secret"),
            user_id,
            email: "a@b.c".into(),
            another: false,
            expires_at: now + 1.hour(),
        };
        assert!(opens(&pending, "secret", now));
        assert!(!opens(&pending, "secre", now));
        assert!(!opens(&pending, "", now));
        assert!(!opens(&pending, "secret", now + 1.hour()));
    }

    #[test]
    fn the_body_takes_no_role() {
        let event = include_str!("../../../events/admin-owners-accept.link.json");
        let request = lambda_http::request::from_str(event).unwrap();
        assert!(json_body::<OwnerAcceptRequest>(&request).is_ok());
        let more =
            r#"{"email":"a@b.c","code":"x","name":"A","password":"b","role":"global_owner"}"#;
        assert!(serde_json::from_str::<OwnerAcceptRequest>(more).is_err());
    }
}
