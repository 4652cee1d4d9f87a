//! Taking a person out of a company.

use futures::future::try_join4;
use jiff::Timestamp;
use outlay_core::{TenantId, UserId};
use outlay_http::Problem;
use outlay_identity::TenantContext;
use outlay_runtime::App;
use outlay_store::{
    ApiToken, AuditEntry, AuditKey, AuditLog, Condition, EmailGuard, EmailHash, IdentityGuard,
    Member, RegistryTable, Session, SignIn, StoreError, SubjectHash, User, UserIdentity,
    UserTenant, Writes,
};
use serde_json::json;

use crate::conditions::{TRIES, guarded, too_busy, unchanged};

/// Living API tokens that a person has, one after the other (`tokens`).
const MOST_TOKENS: usize = 20;
/// Deletions in a transaction of their own.
const AT_ONCE: usize = 90;

/// What becomes of the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It stays, without this company.
    Kept,
    /// It goes too, where it belongs to no other company.
    Erased,
}

/// A person in a company, and what goes with the membership. It fits into one transaction of 100
/// items: at most 50 living sign-ins (`auth`), 20 living API tokens (`tokens`), few identities.
struct Leaver {
    member: Member,
    user: Option<User>,
    elsewhere: bool,
    sessions: Vec<Session>,
    tokens: Vec<ApiToken>,
    identities: Vec<UserIdentity>,
}

/// Takes a person out: membership, sign-ins in this company, API tokens. All of it or nothing, and
/// never the last owner. `may` says of the membership as it is whether the caller may do this.
pub(crate) async fn take_out(
    app: &'static App,
    caller: &TenantContext,
    user: &UserId,
    fate: Fate,
    entry: &AuditEntry,
    may: impl Fn(&Member) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let tenant = caller.tenant();
    let registry = app.registry(Some(tenant), Some(user)).await?;
    for _ in 0..TRIES {
        let leaver = leaver(&registry, tenant, user, entry.at).await?;
        may(&leaver.member)?;
        thin_out(&registry, tenant, &leaver).await?;
        if commit(&registry, caller, &leaver, fate, entry).await? {
            return Ok(());
        }
    }
    Err(too_busy())
}

async fn leaver(
    registry: &RegistryTable,
    tenant: &TenantId,
    user: &UserId,
    now: Timestamp,
) -> Result<Leaver, Problem> {
    let company = registry.tenant(tenant);
    let member = company.get::<Member>(user).await?;
    let member = member.ok_or_else(Problem::not_found)?;
    let of_user = (user.clone(), tenant.clone());
    let any_session = (user.clone(), outlay_core::FamilyId::derive(&[]));
    let tokens = company.list_all::<ApiToken>().await?;
    // Boxed: SDK calls side by side are too much for the stack of every caller.
    let any_identity = (user.clone(), SubjectHash::of("", ""));
    let (person, tenants, sessions, identities) = Box::pin(try_join4(
        registry.get::<User>(user),
        registry.list_all::<UserTenant>(&of_user),
        registry.list_all::<Session>(&any_session),
        registry.list_all::<UserIdentity>(&any_identity),
    ))
    .await
    .map_err(|error: StoreError| Problem::from(error))?;
    Ok(Leaver {
        member,
        user: person,
        elsewhere: tenants.iter().any(|t| t.tenant_id != *tenant),
        sessions: sessions
            .into_iter()
            .filter(|session| now < session.expires_at)
            .collect(),
        identities,
        tokens: tokens
            .into_iter()
            .filter(|token| token.created_by == *user && now < token.expires_at)
            .collect(),
    })
}

/// Ends what is more than fits into the transaction: tokens that were made at the same moment.
async fn thin_out(
    registry: &RegistryTable,
    tenant: &TenantId,
    leaver: &Leaver,
) -> Result<(), Problem> {
    let surplus = leaver.tokens.get(MOST_TOKENS..).unwrap_or_default();
    for some in surplus.chunks(AT_ONCE) {
        let mut writes = registry.tenant(tenant).writes();
        for token in some {
            writes = writes.delete::<ApiToken>(&token.token_id, Condition::Any)?;
        }
        writes.commit().await?;
    }
    Ok(())
}

/// Whether it was done; `false` where somebody else changed something of it in this moment.
async fn commit(
    registry: &RegistryTable,
    caller: &TenantContext,
    leaver: &Leaver,
    fate: Fate,
    entry: &AuditEntry,
) -> Result<bool, Problem> {
    let tenant = caller.tenant();
    let erased = leaver
        .user
        .as_ref()
        .filter(|_| fate == Fate::Erased && !leaver.elsewhere);
    let ends = |session: &&Session| erased.is_some() || session.tenant_id.as_ref() == Some(tenant);
    let user = &leaver.member.user_id;
    let company = registry.tenant(tenant);
    let entry = entry
        .clone()
        .before(json!({"role": leaver.member.role}))
        .after(json!({"accountErased": erased.is_some()}));
    let mut of_company = company
        .writes()
        .delete::<Member>(user, unchanged(&leaver.member))?
        .delete::<SignIn>(user, Condition::Any)?
        .audit(&entry)?;
    for token in leaver.tokens.iter().take(MOST_TOKENS) {
        of_company = of_company.delete::<ApiToken>(&token.token_id, Condition::Any)?;
    }
    let of_company = guarded(&company, caller, (&leaver.member, None), of_company).await?;
    let membership = (user.clone(), tenant.clone());
    let mut writes = registry
        .writes()
        .delete::<UserTenant>(&membership, Condition::Any)?;
    for session in leaver.sessions.iter().filter(ends) {
        let id = (user.clone(), session.family_id.clone());
        writes = writes.delete::<Session>(&id, Condition::Any)?;
    }
    if let Some(person) = erased {
        writes = erase(writes, person, &leaver.identities)?;
    }
    is_done(writes.with(of_company).commit().await)
}

/// The account itself, its address, and its identities at external issuers: all may be another's
/// afterwards. Joining a company raises its revision: who joins another in this moment stays.
fn erase(
    writes: Writes<()>,
    person: &User,
    identities: &[UserIdentity],
) -> Result<Writes<()>, StoreError> {
    let as_read = Condition::number("revision", person.revision);
    let own = || Condition::text("userId", &person.user_id);
    let mut writes = writes
        .delete::<User>(&person.user_id, as_read)?
        .delete::<EmailGuard>(&EmailHash::of(&person.email), own())?
        // Without it nobody reads the sealed copies of the person's own log.
        .delete::<AuditKey>(&AuditLog::Person(person.user_id.clone()), Condition::Any)?;
    for identity in identities {
        let subject = &identity.subject;
        writes = writes
            .delete::<UserIdentity>(&(person.user_id.clone(), subject.clone()), Condition::Any)?
            .delete::<IdentityGuard>(subject, own())?;
    }
    Ok(writes)
}

fn is_done(outcome: Result<(), StoreError>) -> Result<bool, Problem> {
    match outcome {
        Err(StoreError::Conflict) => Ok(false),
        Err(error) => Err(error.into()),
        Ok(()) => Ok(true),
    }
}
