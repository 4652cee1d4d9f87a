//! Accepting an invitation. What was mailed proves the mailbox; whoever has an account with that
//! address proves the account as well, by being signed in to it: identities never merge by address.

use futures::future::try_join;
use jiff::Timestamp;
use lambda_http::http::StatusCode;
use outlay_core::{InviteId, TenantId, UserId};
use outlay_http::{
    Body, Params, Problem, ProblemBody, Reply, Request, Response, fields, json_body, reply,
};
use outlay_identity::{
    AccountWrite, AddressedSecret, MembersWrite, PasswordError, Permission, TenantContext,
    hash_password, may_govern, throttle, verify_password,
};
use outlay_runtime::{App, Trail, caller_if_any, demand_active, demand_room_for_company, public};
use outlay_store::{
    Actor, AuditEntry, Condition, EmailGuard, EmailHash, Invite, Member, RegistryTable, Role,
    Standing, StoreError, TRIES, Tenant, User, UserPlatform, Writes,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::conditions::too_busy;

/// What accepts an invitation.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InviteAcceptance {
    /// What was mailed: `inv_...`.
    token: String,
    /// Your name; for those without an account.
    #[schema(min_length = 1, max_length = 100)]
    name: Option<String>,
    /// 12 to 1024 characters, used exactly as given; the new account's, or that of the account of this address.
    #[schema(min_length = 12, max_length = 1024, format = Password)]
    password: Option<String>,
}

/// Accepted: sign in (a new account), or switch to the company (one that is signed in).
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InviteAccepted {
    /// The person.
    #[schema(value_type = String)]
    user_id: UserId,
    /// The address that the account has.
    email: String,
    /// The company.
    #[schema(value_type = String)]
    tenant_id: TenantId,
    /// Its name.
    tenant_name: String,
    /// What the person is there.
    role: Role,
}

/// `POST /v1/members/invites/accept`
pub fn handler(app: &'static App, request: Request) -> Reply {
    public(app, request, accept)
}

/// Accepts an invitation, once. Without an account of the invited address, give a name and a password: the account is
/// made. With one, be signed in to it, or give its password.
#[utoipa::path(post, path = "/v1/members/invites/accept", operation_id = "members-invites-accept", tag = "members",
    security((), ("bearer" = [])), request_body = InviteAcceptance,
    responses((status = 200, body = InviteAccepted),
        (status = 400, description = "A field is wrong, or the invitation was used, revoked or ended", body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "The address has an account: sign in to it", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "Signed in to another account", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "Too many tries; see Retry-After", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "In the company already, in too many, or a global owner", body = ProblemBody, content_type = "application/problem+json")))]
pub async fn accept(app: &'static App, request: Request) -> Result<Response<Body>, Problem> {
    Params::of(&request, &[])?;
    let given: InviteAcceptance = json_body(&request)?;
    let caller = caller_if_any::<AccountWrite>(app, &request).await?;
    let secret = AddressedSecret::<InviteId>::parse(given.token.trim()).ok_or_else(ended)?;
    let mut shown = Shown {
        caller: caller.as_deref(),
        given: &given,
        now: (app.clock)(),
        made: None,
        good: None,
    };
    for _ in 0..TRIES {
        // Anew each time: whether the invitation still works is not told by what got in the way.
        let opened = open(app, &secret, shown.now).await?;
        let user = invited(app, &opened, &mut shown).await?;
        let trail = Trail::by(app, Actor::user(&user.user_id), &request);
        let entry = trail
            .entry("invites.accept", "member", &user.user_id)
            .after(json!({"role": opened.invite.role, "inviteId": opened.invite.invite_id}));
        if join(app, &opened, &user, entry).await? {
            return reply::ok(&InviteAccepted {
                user_id: user.user_id,
                email: user.email,
                tenant_id: opened.tenant.tenant_id,
                tenant_name: opened.tenant.name,
                role: opened.invite.role,
            });
        }
    }
    Err(too_busy())
}

/// The account that joins.
async fn invited(app: &App, opened: &Opened, shown: &mut Shown<'_>) -> Result<User, Problem> {
    let tenant = &opened.tenant.tenant_id;
    let address = EmailHash::of(&opened.invite.email);
    let registry = app.registry(Some(tenant), None).await?;
    match registry.get::<EmailGuard>(&address).await? {
        None => shown.newcomer(&opened.invite, &opened.tenant.name),
        Some(guard) => {
            let registry = app.registry(Some(tenant), Some(&guard.user_id)).await?;
            known(&registry, tenant, &guard.user_id, shown).await
        }
    }
}

/// An invitation that can be accepted, and what stands behind it.
struct Opened {
    invite: Invite,
    tenant: Tenant,
    inviter: Member,
}

/// The invitation that the secret opens. Wrong, used, revoked, ended, of a company that is gone: all
/// look alike.
async fn open(
    app: &App,
    secret: &AddressedSecret<InviteId>,
    now: Timestamp,
) -> Result<Opened, Problem> {
    let registry = app.registry(Some(secret.tenant()), None).await?;
    let company = registry.tenant(secret.tenant());
    let invite = company.get::<Invite>(secret.id()).await?;
    let good = |i: &Invite| secret.opens(&i.secret_hash) && now < i.expires_at;
    let invite = invite.filter(good).ok_or_else(ended)?;
    let (tenant, inviter) = try_join(
        company.get::<Tenant>(&()),
        company.get::<Member>(&invite.invited_by),
    )
    .await?;
    let tenant = tenant.filter(|t| t.standing == Standing::Active);
    let tenant = tenant.ok_or_else(ended)?;
    // An invitation is worth what its maker may give now: who was put out must not come back by it.
    let may_give = |m: &Member| m.standing == Standing::Active && may_invite(m.role, invite.role);
    let inviter = inviter.filter(may_give).ok_or_else(ended)?;
    Ok(Opened {
        invite,
        tenant,
        inviter,
    })
}

fn may_invite(inviter: Role, role: Role) -> bool {
    MembersWrite::DEMAND.is_of(inviter) && may_govern(inviter, role)
}

/// An account for an address that has none.
fn newcomer(
    invite: &Invite,
    company: &str,
    given: &InviteAcceptance,
    now: Timestamp,
) -> Result<User, Problem> {
    let wanted = |pointer: &str| {
        let detail = "is needed: the invited address has no account yet";
        Problem::invalid(pointer, detail)
    };
    let name = given.name.as_ref().ok_or_else(|| wanted("/name"))?;
    let password = given.password.as_ref();
    let password = password.ok_or_else(|| wanted("/password"))?;
    let name = fields::line("/name", name, 100)?;
    let about = [invite.email.as_str(), &name, company];
    let password_hash = hash_password(password, &about).map_err(|error| match error {
        PasswordError::Length | PasswordError::Guessable => {
            Problem::invalid("/password", error.to_string())
        }
        other => Problem::internal(other),
    })?;
    Ok(User {
        user_id: UserId::mint(),
        email: invite.email.clone(),
        name,
        password_hash: Some(password_hash),
        created_at: now,
        standing: Standing::Active,
        revision: 0,
    })
}

/// By what somebody shows to be the one whom the invited address belongs to.
struct Shown<'a> {
    caller: Option<&'a TenantContext>,
    given: &'a InviteAcceptance,
    now: Timestamp,
    /// The account that was made up for the address: hashing a password is done once.
    made: Option<User>,
    /// The hash that the password was found to be the one of.
    good: Option<String>,
}

impl Shown<'_> {
    fn newcomer(&mut self, invite: &Invite, company: &str) -> Result<User, Problem> {
        if self.made.is_none() {
            self.made = Some(newcomer(invite, company, self.given, self.now)?);
        }
        let made = self.made.clone();
        made.ok_or_else(|| Problem::internal("no account was made"))
    }

    /// Counted as at the door: an invitation opens no second one to guess at.
    async fn demand_password(
        &mut self,
        registry: &RegistryTable,
        owner: &UserId,
        (password, hash): (&str, Option<&str>),
    ) -> Result<(), Problem> {
        if hash.is_some() && hash == self.good.as_deref() {
            return Ok(());
        }
        let taken = throttle::take_try(registry, owner, throttle::SIGN_IN, self.now).await?;
        let taken = taken.map_err(Problem::too_many)?;
        if !verify_password(password, hash) {
            return Err(sign_in_first());
        }
        self.good = hash.map(str::to_owned);
        Ok(throttle::give_back(registry, &taken).await?)
    }
}

/// The account of the invited address, of whoever is signed in to it or gives its password: somebody who is in no
/// company any more cannot sign in.
async fn known(
    registry: &RegistryTable,
    tenant: &TenantId,
    owner: &UserId,
    shown: &mut Shown<'_>,
) -> Result<User, Problem> {
    // Read once, and before its companies are counted: what the password was checked against, and what the count
    // was right for, is what joins.
    let user = registry.get::<User>(owner).await?;
    match (shown.caller, shown.given.password.as_deref()) {
        (Some(caller), _) if caller.user() == owner => {}
        (Some(_), _) => return Err(another_account()),
        (None, Some(password)) => {
            let hash = user.as_ref().and_then(|user| user.password_hash.as_deref());
            shown
                .demand_password(registry, owner, (password, hash))
                .await?;
        }
        (None, None) => return Err(sign_in_first()),
    }
    let member = registry.tenant(tenant).get::<Member>(owner).await?;
    if member.is_some() {
        return Err(already_member());
    }
    let user = user.ok_or_else(Problem::unauthorized)?;
    demand_active(user.standing, "account")?;
    demand_may_join(registry, owner).await?;
    Ok(user)
}

/// Refuses who operates the platform, and who is in as many companies as one person may be.
async fn demand_may_join(registry: &RegistryTable, user: &UserId) -> Result<(), Problem> {
    if registry.get::<UserPlatform>(user).await?.is_some() {
        return Err(Problem::conflict(
            "global-owner",
            "A global owner belongs to no company. Have another address invited.",
        ));
    }
    demand_room_for_company(registry, user).await
}

/// All of it or nothing, once: the invitation goes in the same transaction. A user of revision 0 is
/// new; the revision of another is raised, so that the account is not deleted in this moment. `false` where
/// somebody else accepted, revoked or changed something of it in this moment.
async fn join(app: &App, opened: &Opened, user: &User, entry: AuditEntry) -> Result<bool, Problem> {
    let (invite, tenant) = (&opened.invite, &opened.tenant.tenant_id);
    let registry = app.registry(Some(tenant), Some(&user.user_id)).await?;
    let (membership, member) = user.joins(tenant, invite.role, entry.at);
    let unused = Condition::text("secretHash", &invite.secret_hash);
    let company = registry
        .tenant(tenant)
        .writes()
        .create(&member)?
        .delete::<Invite>(&invite.invite_id, unused)?
        .check::<Member>(
            &opened.inviter.user_id,
            Member::active_as(opened.inviter.role),
        )?
        .check::<Tenant>(&(), Condition::text("standing", &Standing::Active))?
        .audit(&entry)?;
    let writes = account(registry.writes(), user)?
        .create(&membership)?
        .with(company);
    match writes.commit().await {
        Err(StoreError::Conflict) => Ok(false),
        outcome => Ok(outcome.map(|()| true)?),
    }
}

/// The account that joins: made, or marked as changed.
fn account(writes: Writes<()>, user: &User) -> Result<Writes<()>, StoreError> {
    if user.revision == 0 {
        let after = User {
            revision: 1,
            ..user.clone()
        };
        return writes.create(&EmailGuard::of(user))?.create(&after);
    }
    user.raise(writes)
}

fn ended() -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "invite-ended",
        "The invitation does not work",
        "It is mistyped, used, revoked, or too old. Ask for a new one.",
    )
}

fn sign_in_first() -> Problem {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "sign-in-to-accept",
        "Sign in to accept",
        "The invited address has an account. Sign in to it and accept again, or give its password here.",
    )
}

fn another_account() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "another-account",
        "The invitation is for another account",
        "You are signed in with another address than the invited one. Sign in with that one.",
    )
}

fn already_member() -> Problem {
    Problem::conflict("already-member", "You are in this company already.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(json: &str) -> InviteAcceptance {
        serde_json::from_str(json).unwrap()
    }

    fn invite() -> Invite {
        Invite {
            invite_id: InviteId::mint(),
            email: "Bob@example.com".into(),
            role: Role::Member,
            secret_hash: String::new(),
            invited_by: UserId::derive(&["a"]),
            created_at: Timestamp::UNIX_EPOCH,
            expires_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_newcomer_gives_a_name_and_a_password() {
        let of = |json| {
            newcomer(
                &invite(),
                "Blue Whale Trading",
                &given(json),
                Timestamp::UNIX_EPOCH,
            )
        };
        let user = of(r#"{"token":"t","name":"Bob","password":"correct horse battery"}"#).unwrap();
        assert_eq!((user.email.as_str(), user.revision), ("Bob@example.com", 0));
        assert!(user.password_hash.unwrap().starts_with("$argon2id$"));
        for bad in [
            r#"{"token":"t"}"#,
            r#"{"token":"t","name":"Bob"}"#,
            r#"{"token":"t","password":"correct horse battery"}"#,
            r#"{"token":"t","name":"Bob","password":"short"}"#,
            r#"{"token":"t","name":"Bob","password":"bluewhaletrading"}"#,
            r#"{"token":"t","name":"Bob","password":"bob@example.com1"}"#,
            r#"{"token":"t","name":"B\nob","password":"correct horse battery"}"#,
        ] {
            assert_eq!(of(bad).unwrap_err().status(), 400, "{bad}");
        }
    }

    #[test]
    fn neither_role_nor_address_nor_company_can_be_asked_for() {
        for field in ["role", "email", "tenantId"] {
            let body = format!(r#"{{"token":"t","{field}":"x"}}"#);
            assert!(
                serde_json::from_str::<InviteAcceptance>(&body).is_err(),
                "{field}"
            );
        }
    }

    #[test]
    fn an_invitation_is_worth_what_its_maker_may_give() {
        assert!(may_invite(Role::Owner, Role::Owner) && may_invite(Role::Admin, Role::Admin));
        assert!(!may_invite(Role::Admin, Role::Owner));
        assert!(!may_invite(Role::Member, Role::Viewer));
    }
}
