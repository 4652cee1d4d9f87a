//! Memberships and sessions in a company that ends, and people who belong nowhere else.

use outlay_core::{TenantId, UserId};
use outlay_runtime::{App, MessageError};
use outlay_store::{
    AuditLog, Condition, Elsewhere, EmailGuard, EmailHash, ErasingTable, Member, Offboarding,
    Session, Standing, StoreError, TRIES, User, UserTenant, keys,
};

/// Everybody in turn. The member's item goes last: it is what a step that broke off begins with.
pub(crate) async fn remove(app: &App, offboarding: &mut Offboarding) -> Result<(), MessageError> {
    let tenant = offboarding.tenant_id.clone();
    let (table, _) = app.erasing(&tenant, None).await?;
    let anybody = UserId::derive(&[]);
    for member in table.beside::<Member>(&tenant, &anybody).await? {
        one(app, offboarding, &tenant, &member).await?;
    }
    Ok(())
}

async fn one(
    app: &App,
    offboarding: &mut Offboarding,
    tenant: &TenantId,
    member: &Member,
) -> Result<(), MessageError> {
    let user = &member.user_id;
    let (table, _) = app.erasing(tenant, Some(user)).await?;
    let all = Session::any_of(user);
    let sessions = table.beside::<Session>(&(), &all).await?;
    for session in sessions
        .iter()
        .filter(|s| s.tenant_id.as_ref() == Some(tenant))
    {
        let id = (user.clone(), session.family_id.clone());
        let writes = table.writes().delete::<Session>(&id, Condition::Any)?;
        writes.commit().await?;
        offboarding.count("sessions", 1);
    }
    for _ in 0..TRIES {
        // Before what it belongs to: whoever joins a company in between has another revision then.
        let account = table.get::<User>(user).await?;
        let elsewhere = Elsewhere::of(&table, user, tenant).await?;
        if elsewhere.is_none() {
            erase_person(app, &table, offboarding, (user, account)).await?;
        }
        match leave(&table, tenant, user, elsewhere).await {
            // The other company was left in this very moment: then the person belongs nowhere else.
            Err(StoreError::Conflict) => {}
            outcome => {
                outcome?;
                offboarding.count("memberships", 1);
                return Ok(());
            }
        }
    }
    Err("a person's memberships change all the while".into())
}

/// Both sides together, so that neither remembers what the other forgot. Whoever is let be because of another
/// company is still in it.
async fn leave(
    table: &ErasingTable,
    tenant: &TenantId,
    user: &UserId,
    elsewhere: Option<Elsewhere>,
) -> Result<(), StoreError> {
    let link = (user.clone(), tenant.clone());
    let company = table.tenant_writes(tenant);
    let company = company.delete::<Member>(user, Condition::Any)?;
    let writes = table.writes().delete::<UserTenant>(&link, Condition::Any)?;
    let writes = match elsewhere {
        Some(elsewhere) => elsewhere.demand(user, writes)?,
        None => writes,
    };
    writes.with(company).commit().await
}

/// A person who belongs nowhere else is gone with the company: account, guards, identities, own log.
/// The account is stopped first, so that nobody joins a company with it meanwhile, and goes last but
/// for its own partition: a step that broke off finds it again.
async fn erase_person(
    app: &App,
    table: &ErasingTable,
    offboarding: &mut Offboarding,
    (id, account): (&UserId, Option<User>),
) -> Result<(), MessageError> {
    if let Some(user) = account {
        let user = stopped(table, user).await?;
        for identity in table.identities(id).await? {
            let guards = table.erase(&identity, None).await?;
            offboarding.count("items", guards);
        }
        let log = AuditLog::Person(id.clone());
        let entries = table
            .erase_log(&log, user.created_at, (app.clock)())
            .await?;
        offboarding.count("auditEntries", entries);
        forget(table, &user).await?;
        offboarding.count("items", 2);
        offboarding.count("people", 1);
    }
    let items = table.erase(&keys::user_partition(id), None).await?;
    offboarding.count("items", items);
    Ok(())
}

/// The account, which nobody can use any more. Joining a company raises the revision: where somebody
/// did in this moment, the step fails, begins again, and leaves the person be.
async fn stopped(table: &ErasingTable, mut user: User) -> Result<User, StoreError> {
    if user.standing == Standing::Ending {
        return Ok(user);
    }
    let unchanged = user.unchanged();
    user.standing = Standing::Ending;
    user.revision += 1;
    let writes = table.writes().put(&user, unchanged)?;
    writes.commit().await.map(|()| user)
}

/// The account, as it was stopped, and its address, together: no address is owned without an account.
async fn forget(table: &ErasingTable, user: &User) -> Result<(), StoreError> {
    let (id, address) = (&user.user_id, EmailHash::of(&user.email));
    let mut writes = table.writes().delete::<User>(id, user.unchanged())?;
    let guard = table.get::<EmailGuard>(&address).await?;
    if guard.is_some_and(|guard| guard.user_id == *id) {
        let own = Condition::text("userId", id);
        writes = writes.delete::<EmailGuard>(&address, own)?;
    }
    writes.commit().await
}
