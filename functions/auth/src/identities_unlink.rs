//! Taking a way to sign in from outside away again.

use lambda_http::RequestExt;
use outlay_core::IdentityId;
use outlay_http::{Body, Params, Problem, ProblemBody, Reply, Request, Response, reply};
use outlay_identity::{AccountWrite, Principal};
use outlay_messages::Mail;
use outlay_runtime::{App, Trail, signed_in};
use outlay_store::{
    AuditEntry, AuditLog, RegistryTable, Session, StoreError, TRIES, User, UserIdentity,
};
use serde_json::json;

use crate::{families, notices};

/// The route, for the binary.
pub fn handler(app: &'static App, request: Request) -> Reply {
    signed_in::<AccountWrite, _, _>(app, request, identities_unlink)
}

/// Unlinks an external identity: it opens the caller's account no longer, and all sessions but this one end, because
/// any of them may have been opened by it. The last way to sign in stays: whoever has no password sets one by mail first.
#[utoipa::path(
    delete,
    path = "/v1/auth/identities/{identityId}",
    operation_id = "auth-identities-unlink",
    tag = "auth",
    security(("bearer" = [])),
    params(("identityId" = String, Path, description = "The identity.")),
    responses(
        (status = 204, description = "Unlinked; other sessions have ended"),
        (status = 401, description = "No valid access token", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No identity of the caller", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "It is the only way to sign in", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn identities_unlink(
    app: &'static App,
    caller: Principal,
    request: Request,
) -> Result<Response<Body>, Problem> {
    Params::of(&request, &[])?;
    let id: IdentityId = request
        .path_parameters()
        .first("identityId")
        .and_then(|text| text.parse().ok())
        .ok_or_else(Problem::not_found)?;
    let (user_id, now) = (caller.user(), (app.clock)());
    let here = Some(families::current(caller.session())?);
    let registry = app.registry(None, Some(user_id)).await?;
    let trail = Trail::by(app, caller.actor(), &request);
    let entry = trail.entry("auth.unlink-identity", "user", user_id);
    for _ in 0..TRIES {
        // The person first: whatever is linked or unlinked after that raises the revision.
        let user = registry.get::<User>(user_id).await?;
        let user = user.ok_or_else(Problem::unauthorized)?;
        let all = UserIdentity::any_of(user_id);
        let linked = registry.list_all::<UserIdentity>(&all).await?;
        let identity = may_go(&user, &linked, &id)?;
        let others = families::others(&registry, user_id, here, now).await?;
        if unlink(&registry, &user, identity, &others, &entry).await? {
            families::end_others(&registry, user_id, here, now).await?;
            let mail = Mail::identity_unlinked(&identity.issuer);
            notices::tell(app, &user, &mail).await;
            return Ok(reply::no_content());
        }
    }
    Err(Problem::unavailable(
        "the account keeps changing while an identity is unlinked",
    ))
}

/// The identity of this id, if there is another way to sign in.
fn may_go<'a>(
    user: &User,
    linked: &'a [UserIdentity],
    id: &IdentityId,
) -> Result<&'a UserIdentity, Problem> {
    let mut linked_as = linked.iter();
    let identity = linked_as.find(|identity| identity.subject.identity_id() == *id);
    let identity = identity.ok_or_else(Problem::not_found)?;
    if user.password_hash.is_none() && linked.len() == 1 {
        return Err(Problem::conflict(
            "only-way-in",
            "It is your only way to sign in. Set a password first: have a link for it mailed with \u{201c}Forgot password\u{201d}.",
        ));
    }
    Ok(identity)
}

/// Ends these sessions in the same transaction. Whether it was done; `false` where the account was changed in this moment.
async fn unlink(
    registry: &RegistryTable,
    user: &User,
    identity: &UserIdentity,
    others: &[Session],
    entry: &AuditEntry,
) -> Result<bool, StoreError> {
    let entry = entry.clone().before(json!({"issuer": identity.issuer}));
    let log = AuditLog::Person(user.user_id.clone());
    let writes = user.raise(registry.writes())?;
    let writes = identity.release(writes)?.audit(&log, &entry)?;
    match families::end(writes, others)?.commit().await {
        Err(StoreError::Conflict) => Ok(false),
        outcome => outcome.map(|()| true),
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use outlay_core::UserId;
    use outlay_store::{Standing, SubjectHash};

    use super::*;

    fn user(password: bool) -> User {
        User {
            user_id: UserId::derive(&["u"]),
            email: String::new(),
            name: String::new(),
            password_hash: password.then(String::new),
            created_at: Timestamp::UNIX_EPOCH,
            standing: Standing::Active,
            revision: 1,
        }
    }

    fn linked(subject: &str) -> UserIdentity {
        UserIdentity {
            user_id: UserId::derive(&["u"]),
            subject: SubjectHash::of("issuer", subject),
            issuer: "issuer".to_owned(),
            linked_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn the_only_way_in_stays() {
        let (one, two) = ([linked("a")], [linked("a"), linked("b")]);
        let id = one[0].subject.identity_id();
        let refused = may_go(&user(false), &one, &id).unwrap_err();
        assert_eq!(
            (refused.status().as_u16(), refused.slug()),
            (409, "only-way-in")
        );
        assert!(may_go(&user(true), &one, &id).is_ok());
        assert!(may_go(&user(false), &two, &id).is_ok());
    }

    #[test]
    fn what_is_not_linked_is_missing() {
        let other = linked("c").subject.identity_id();
        for user in [user(true), user(false)] {
            let refused = may_go(&user, &[linked("a")], &other).unwrap_err();
            assert_eq!(refused.status(), 404);
        }
    }
}
