//! What the table says of whoever calls. A plain read relies on what the access token says of its
//! person, and looks at the company alone; whatever changes or administers, and every API token,
//! has person and membership looked up too. What was read is kept for at most a minute, so that
//! the hot path stays off the table and a suspension takes effect within that minute.

use std::time::Duration;

use futures::future::{try_join3, try_join4};
use jiff::{SignedDuration, Timestamp};
use outlay_core::{FamilyId, TenantId, TokenId, UserId};
use outlay_http::{Problem, Request};
use outlay_identity::{AddressedSecret, Demand, Module, TenantContext};
use outlay_store::{
    ApiToken, Condition, MOST_COMPANIES, Member, RegistryTable, Session, Standing, StoreError,
    Tenant, TokenUse, User, UserTenant,
};

use crate::{App, Config, config::Variable, kept::Kept, limits};

/// Nothing is kept longer, whatever the configuration says (promise 23).
const LONGEST: Duration = Duration::from_mins(1);
/// How coarsely the last use of an API token is noted.
const USE_GRAIN: SignedDuration = SignedDuration::from_hours(1);

/// What this container has seen of callers lately.
#[derive(Default)]
pub(crate) struct Callers {
    companies: Kept<TenantId, Tenant>,
    people: Kept<(TenantId, UserId, FamilyId), Person>,
    tokens: Kept<String, Program>,
}

/// A person with an access token.
#[derive(Clone)]
struct Person {
    session: Option<Session>,
    user: Option<User>,
    member: Option<Member>,
    tenant: Option<Tenant>,
}

/// A program with an API token, and the person it acts for.
#[derive(Clone)]
struct Program {
    context: TenantContext,
    expires_at: Timestamp,
    user: Option<User>,
    member: Member,
    tenant: Option<Tenant>,
}

/// The holder of an access token, as far as this demand has to know.
pub(crate) async fn person(
    app: &App,
    context: TenantContext,
    demand: &Demand,
) -> Result<TenantContext, Problem> {
    let now = (app.clock)();
    match (demand.module, demand.is_checked()) {
        // One's own account belongs to no company; the handler reads it.
        (Module::Account, false) => Ok(context),
        (_, false) => {
            let company = company(app, context.tenant(), now).await?;
            may_act(demand, &company)?;
            Ok(context)
        }
        (_, true) => person_now(app, &context, now)
            .await?
            .admit(context, demand, now),
    }
}

/// Whom an API token acts for. Anybody can invent one, and each has to be looked up: a token that this container has
/// not let in before costs its address a request first, one that is let in no more costs it afterwards.
pub(crate) async fn program(
    app: &App,
    request: &Request,
    secret: &AddressedSecret<TokenId>,
    demand: &Demand,
) -> Result<TenantContext, Problem> {
    let now = (app.clock)();
    let (key, tokens) = (secret.hash(), &app.callers.tokens);
    if let Some(program) = tokens.get(&key, now, keep_for(&app.config)?) {
        return limits::counting(app, request, program.admit(demand, now)).await;
    }
    let program = if tokens.knows(&key) {
        let program = program_now(app, secret, now).await;
        if program.is_err() {
            tokens.forget(&key);
        }
        limits::counting(app, request, program).await?
    } else {
        limits::spend_address(app, request).await?;
        program_now(app, secret, now).await?
    };
    tokens.keep(key, program.clone(), now);
    program.admit(demand, now)
}

fn keep_for(config: &Config) -> Result<Duration, Problem> {
    let seconds = config.seconds(Variable::CallerCacheSeconds);
    Ok(seconds.map_err(Problem::internal)?.min(LONGEST))
}

async fn company(app: &App, tenant: &TenantId, now: Timestamp) -> Result<Tenant, Problem> {
    if let Some(company) = app
        .callers
        .companies
        .get(tenant, now, keep_for(&app.config)?)
    {
        return Ok(company);
    }
    let company = app.company(tenant).await?.get::<Tenant>(&()).await?;
    let company = company.ok_or_else(Problem::unauthorized)?;
    app.callers
        .companies
        .keep(tenant.clone(), company.clone(), now);
    Ok(company)
}

async fn person_now(app: &App, context: &TenantContext, now: Timestamp) -> Result<Person, Problem> {
    let family = context.session().ok_or_else(Problem::unauthorized)?;
    let (tenant, user) = (context.tenant(), context.user());
    let key = (tenant.clone(), user.clone(), family.clone());
    if let Some(person) = app.callers.people.get(&key, now, keep_for(&app.config)?) {
        return Ok(person);
    }
    let registry = app.caller(tenant, Some(user)).await?;
    let (company, of_person) = (registry.tenant(tenant), (user.clone(), family.clone()));
    // Boxed: SDK calls side by side are too much for the stack of every caller.
    let (session, user, member, tenant) = Box::pin(try_join4(
        registry.get::<Session>(&of_person),
        registry.get::<User>(user),
        company.get::<Member>(user),
        company.get::<Tenant>(&()),
    ))
    .await
    .map_err(|error: StoreError| Problem::from(error))?;
    let person = Person {
        session,
        user,
        member,
        tenant,
    };
    app.callers.people.keep(key, person.clone(), now);
    Ok(person)
}

impl Person {
    fn admit(
        &self,
        context: TenantContext,
        demand: &Demand,
        now: Timestamp,
    ) -> Result<TenantContext, Problem> {
        let lives = |session: &&Session| now < session.expires_at;
        self.session
            .as_ref()
            .filter(lives)
            .ok_or_else(Problem::unauthorized)?;
        is_active(self.user.as_ref())?;
        if demand.module == Module::Account {
            return Ok(context);
        }
        let member = self.member.as_ref().ok_or_else(Problem::unauthorized)?;
        let company = self.tenant.as_ref().ok_or_else(Problem::unauthorized)?;
        demand_active(member.standing, "membership")?;
        may_act(demand, company)?;
        context.as_now(member).ok_or_else(Problem::unauthorized)
    }
}

/// Looks a token up under its own address. Whatever is wrong with it is the same 401.
async fn program_now(
    app: &App,
    secret: &AddressedSecret<TokenId>,
    now: Timestamp,
) -> Result<Program, Problem> {
    let tenant = secret.tenant();
    let (registry, session) = app.named(tenant).await?;
    let company = registry.tenant(tenant);
    let stored = company.get::<ApiToken>(secret.id()).await?;
    let stored = stored
        .filter(|token| secret.opens(&token.secret_hash))
        .ok_or_else(Problem::unauthorized)?;
    app.keep(session);
    let maker = &stored.created_by;
    let of_maker = app.caller(tenant, Some(maker)).await?;
    let (user, member, tenant) = Box::pin(try_join3(
        of_maker.get::<User>(maker),
        company.get::<Member>(maker),
        company.get::<Tenant>(&()),
    ))
    .await
    .map_err(|error: StoreError| Problem::from(error))?;
    // Who left takes along what acts for them.
    let member = member.ok_or_else(Problem::unauthorized)?;
    let context = TenantContext::of_token(secret, &stored, &member);
    note_use(&registry, secret, stored.expires_at, now).await;
    Ok(Program {
        context: context.ok_or_else(Problem::unauthorized)?,
        expires_at: stored.expires_at,
        user,
        member,
        tenant,
    })
}

impl Program {
    fn admit(&self, demand: &Demand, now: Timestamp) -> Result<TenantContext, Problem> {
        let company = self.tenant.as_ref().ok_or_else(Problem::unauthorized)?;
        if self.expires_at <= now {
            return Err(Problem::unauthorized());
        }
        is_active(self.user.as_ref())?;
        demand_active(self.member.standing, "membership")?;
        // A company that no longer has API tokens has none that work.
        if !Module::Tokens.is_in(company.profile) {
            return Err(Problem::module_not_included(Module::Tokens.name()));
        }
        may_act(demand, company)?;
        Ok(self.context.clone())
    }
}

/// Notes that a token is in use, once an hour. What is only for people to look at stops no request.
async fn note_use(
    registry: &RegistryTable,
    secret: &AddressedSecret<TokenId>,
    expires_at: Timestamp,
    now: Timestamp,
) {
    let noted = async {
        let company = registry.tenant(secret.tenant());
        let last = company.get::<TokenUse>(secret.id()).await?;
        if last.is_some_and(|last| now.duration_since(last.used_at) < USE_GRAIN) {
            return Ok(());
        }
        let this = TokenUse {
            token_id: secret.id().clone(),
            used_at: now,
            expires_at,
        };
        let writes = company.writes().put(&this, Condition::Any)?;
        writes.commit().await
    };
    match noted.await {
        // Another request noted it in this moment.
        Ok(()) | Err(StoreError::Conflict) => {}
        Err(error) => {
            tracing::warn!(token.id = %secret.id(), cause = %error, "use of a token not noted");
        }
    }
}

fn is_active(user: Option<&User>) -> Result<(), Problem> {
    let user = user.ok_or_else(Problem::unauthorized)?;
    demand_active(user.standing, "account")
}

/// Lets in who or what may act. What is being removed is nobody any more, and neither are its people and programs.
pub fn demand_active(standing: Standing, what: &'static str) -> Result<(), Problem> {
    match standing {
        Standing::Active => Ok(()),
        Standing::Suspended => Err(Problem::suspended(what)),
        Standing::Ending => Err(Problem::unauthorized()),
    }
}

/// Refuses a person one more company than [`MOST_COMPANIES`]. What adds it must raise the revision of the account in
/// the same transaction: under that they are counted.
pub async fn demand_room_for_company(
    registry: &RegistryTable,
    user: &UserId,
) -> Result<(), Problem> {
    let all = UserTenant::any_of(user);
    let companies = registry.list_all::<UserTenant>(&all).await?;
    demand_room(companies.len())
}

fn demand_room(companies: usize) -> Result<(), Problem> {
    if companies < MOST_COMPANIES {
        return Ok(());
    }
    Err(Problem::conflict(
        "too-many-companies",
        format!("You are in {MOST_COMPANIES} companies. Leave one that you do not need any more."),
    ))
}

fn may_act(demand: &Demand, company: &Tenant) -> Result<(), Problem> {
    demand_active(company.standing, "company")?;
    if !demand.module.is_in(company.profile) {
        return Err(Problem::module_not_included(demand.module.name()));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
