//! Taking a person out of a company.

use futures::future::try_join3;
use jiff::Timestamp;
use outlay_core::{TenantId, TokenId, UserId};
use outlay_http::Problem;
use outlay_identity::TenantContext;
use outlay_runtime::App;
use outlay_store::{
    ApiToken, AuditEntry, AuditKey, AuditLog, Condition, Elsewhere, EmailGuard, EmailHash, Erasure,
    MOST_IDENTITIES, MOST_TOKENS, Member, RegistryTable, Session, SignIn, StoreError, TRIES,
    TokenUse, User, UserIdentity, UserTenant, Writes,
};
use serde_json::json;

use crate::conditions::{guarded, too_busy};

/// Sign-ins that end in the transaction of the removal; there are hardly ever more.
const MOST_SESSIONS: usize = 35;
/// Things that end before it, each by up to two deletions of a transaction of their own.
const AT_ONCE: usize = 45;

/// What becomes of the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It stays, without this company.
    Kept,
    /// It goes too, where it belongs nowhere else.
    Erased,
}

/// A person in a company, and what goes with the membership. The removal is a transaction of 100 items: 10 for the
/// person, two for each token and each identity, one for each sign-in. What is more ends before it.
struct Leaver {
    member: Member,
    user: Option<User>,
    elsewhere: Option<Elsewhere>,
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
    let mut ended = Vec::new();
    for _ in 0..TRIES {
        let mut leaver = leaver(&registry, tenant, user, entry.at).await?;
        may(&leaver.member)?;
        let removal = Removal {
            registry: &registry,
            caller,
            erased: fate == Fate::Erased && leaver.elsewhere.is_none(),
            entry,
        };
        ended.extend(removal.thin_out(&mut leaver).await?);
        if removal.commit(&leaver, &ended).await? {
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
    // Before what it belongs to: whoever joins a company in between has another revision then.
    let person = registry.get::<User>(user).await?;
    let tokens = company.list_all::<ApiToken>().await?;
    // Boxed: SDK calls side by side are too much for the stack of every caller.
    let (any_session, any_identity) = (Session::any_of(user), UserIdentity::any_of(user));
    let (elsewhere, sessions, identities) = Box::pin(try_join3(
        Elsewhere::of(registry, user, tenant),
        registry.list_all::<Session>(&any_session),
        registry.list_all::<UserIdentity>(&any_identity),
    ))
    .await
    .map_err(|error: StoreError| Problem::from(error))?;
    Ok(Leaver {
        member,
        user: person,
        elsewhere,
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

/// One try to take a person out.
struct Removal<'a> {
    registry: &'a RegistryTable,
    caller: &'a TenantContext,
    erased: bool,
    entry: &'a AuditEntry,
}

impl Removal<'_> {
    fn tenant(&self) -> &TenantId {
        self.caller.tenant()
    }

    /// Ends what is more than fits into the transaction, and tells which tokens these were. Sign-ins and
    /// identities that stay are none of its business.
    async fn thin_out(&self, leaver: &mut Leaver) -> Result<Vec<TokenId>, Problem> {
        let here = |session: &Session| session.tenant_id.as_ref() == Some(self.tenant());
        leaver.sessions.retain(|s| self.erased || here(s));
        if !self.erased {
            leaver.identities.clear();
        }
        let tokens = surplus(&mut leaver.tokens, MOST_TOKENS);
        for some in tokens.chunks(AT_ONCE) {
            let company = self.registry.tenant(self.tenant()).writes();
            let writes = some.iter().try_fold(company, end_token)?;
            writes.commit().await?;
        }
        let identities = surplus(&mut leaver.identities, MOST_IDENTITIES);
        for some in identities.chunks(AT_ONCE) {
            let writes = some
                .iter()
                .try_fold(self.registry.writes(), |writes, one| one.release(writes))?;
            writes.commit().await?;
        }
        let sessions = surplus(&mut leaver.sessions, MOST_SESSIONS);
        for some in sessions.chunks(AT_ONCE) {
            let writes = some.iter().try_fold(self.registry.writes(), end_session)?;
            writes.commit().await?;
        }
        Ok(tokens.into_iter().map(|token| token.token_id).collect())
    }

    /// Whether it was done; `false` where somebody else changed something of it in this moment.
    async fn commit(&self, leaver: &Leaver, ended: &[TokenId]) -> Result<bool, Problem> {
        let user = &leaver.member.user_id;
        let of_company = self.of_company(leaver, ended).await?;
        let membership = (user.clone(), self.tenant().clone());
        let writes = self.registry.writes();
        let writes = writes.delete::<UserTenant>(&membership, Condition::Any)?;
        let mut writes = leaver.sessions.iter().try_fold(writes, end_session)?;
        if let Some(person) = leaver.user.as_ref().filter(|_| self.erased) {
            writes = self.erase(writes, person, &leaver.identities)?;
        }
        if let Some(elsewhere) = &leaver.elsewhere {
            writes = elsewhere.demand(user, writes)?;
        }
        match writes.with(of_company).commit().await {
            Err(StoreError::Conflict) => Ok(false),
            outcome => Ok(outcome.map(|()| true)?),
        }
    }

    async fn of_company(
        &self,
        leaver: &Leaver,
        ended: &[TokenId],
    ) -> Result<Writes<TenantId>, Problem> {
        let company = self.registry.tenant(self.tenant());
        let (member, user) = (&leaver.member, &leaver.member.user_id);
        let tokens = leaver.tokens.iter().map(|token| &token.token_id);
        let tokens: Vec<&TokenId> = ended.iter().chain(tokens).collect();
        let entry = self
            .entry
            .clone()
            .before(json!({"role": member.role}))
            .after(json!({"accountErased": self.erased, "tokensEnded": tokens}));
        let writes = company
            .writes()
            .delete::<Member>(user, member.unchanged())?
            .delete::<SignIn>(user, Condition::Any)?
            .audit(&entry)?;
        let writes = leaver.tokens.iter().try_fold(writes, end_token)?;
        guarded(&company, self.caller, (member, None), writes).await
    }

    /// The account itself, its address, and its identities at external issuers: all may be another's
    /// afterwards. Joining a company raises its revision: who joins another in this moment stays. What is
    /// left of the person is removed by the worker, which alone may remove entries of a log.
    fn erase(
        &self,
        writes: Writes<()>,
        person: &User,
        identities: &[UserIdentity],
    ) -> Result<Writes<()>, StoreError> {
        let own = Condition::text("userId", &person.user_id);
        let erasure = Erasure {
            user_id: person.user_id.clone(),
            tenant_id: self.tenant().clone(),
            since: person.created_at,
            asked_at: self.entry.at,
        };
        let writes = writes
            .delete::<User>(&person.user_id, person.unchanged())?
            .delete::<EmailGuard>(&EmailHash::of(&person.email), own)?
            // Without it nobody reads the sealed copies of the person's own log.
            .delete::<AuditKey>(&AuditLog::Person(person.user_id.clone()), Condition::Any)?
            .put(&erasure, Condition::Any)?;
        identities
            .iter()
            .try_fold(writes, |writes, one| one.release(writes))
    }
}

/// Takes away what is more than so many.
fn surplus<T>(things: &mut Vec<T>, most: usize) -> Vec<T> {
    things.split_off(most.min(things.len()))
}

fn end_token(writes: Writes<TenantId>, token: &ApiToken) -> Result<Writes<TenantId>, StoreError> {
    writes
        .delete::<ApiToken>(&token.token_id, Condition::Any)?
        .delete::<TokenUse>(&token.token_id, Condition::Any)
}

fn end_session(writes: Writes<()>, session: &Session) -> Result<Writes<()>, StoreError> {
    let id = (session.user_id.clone(), session.family_id.clone());
    writes.delete::<Session>(&id, Condition::Any)
}
