//! Opening a session for a person who has just proved who they are: the tokens, and one transaction.

use jiff::Timestamp;
use lambda_http::http::StatusCode;
use outlay_http::{Body, Problem, Response};
use outlay_runtime::{App, Trail};
use outlay_store::{
    Condition, Member, RegistryTable, Session, SignIn, Standing, StoreError, Tenant, User,
    UserPlatform, UserTenant, Writes,
};

use crate::{
    families,
    session::{self, Barred, Membership, Place},
};

/// Who comes in, and what of theirs ends with it.
pub(crate) struct Opening<'a> {
    pub(crate) registry: &'a RegistryTable,
    pub(crate) user: &'a User,
    pub(crate) trail: &'a Trail,
    pub(crate) action: &'static str,
    pub(crate) ended: &'a [Session],
    pub(crate) now: Timestamp,
}

/// A session that is not stored yet, and what it rests on.
pub(crate) struct Begun {
    membership: Membership,
    session: Session,
}

/// Opens the session where the person works. `also` adds what must hold or change in the same
/// transaction: the password that was checked, the token that is used up. `None` where it did not hold.
pub(crate) async fn open(
    app: &'static App,
    opening: &Opening<'_>,
    also: impl FnOnce(Writes<()>) -> Result<Writes<()>, StoreError>,
) -> Result<Option<(Response<Body>, Session)>, Problem> {
    let begun = begin(app, opening).await?.map_err(nowhere)?;
    open_there(app, opening, begun, also).await
}

/// A session where the person works: on the platform, for a global owner, else in the first company that
/// is active. One that is suspended is better than none: its people see that it is.
pub(crate) async fn begin(
    app: &'static App,
    opening: &Opening<'_>,
) -> Result<Result<Begun, Barred>, Problem> {
    if opening.user.standing == Standing::Suspended {
        return Ok(Err(Barred::Account));
    }
    let user = &opening.user.user_id;
    if opening.registry.get::<UserPlatform>(user).await?.is_some() {
        let session = session::begin(user, None, opening.trail, opening.now)?;
        let found = session::membership(app, &session).await?;
        return Ok(found.map(|membership| Begun {
            membership,
            session,
        }));
    }
    let all = UserTenant::any_of(user);
    let memberships = opening.registry.list_all::<UserTenant>(&all);
    let mut best = Err(Barred::Gone);
    for company in memberships.await? {
        let tenant = Some(&company.tenant_id);
        let session = session::begin(user, tenant, opening.trail, opening.now)?;
        let found = session::membership(app, &session).await?;
        let found = found.map(|membership| Begun {
            membership,
            session,
        });
        if rank(&found) > rank(&best) {
            best = found;
        }
        if rank(&best) == rank_of(Ok(Standing::Active)) {
            break;
        }
    }
    Ok(best)
}

fn rank(found: &Result<Begun, Barred>) -> u8 {
    let standing = found
        .as_ref()
        .map(|begun| begun.membership.place.standing());
    rank_of(standing.map_err(|barred| *barred))
}

/// What somebody would rather find, of several companies.
fn rank_of(found: Result<Standing, Barred>) -> u8 {
    match found {
        Ok(Standing::Active) => 3,
        Ok(_) => 2,
        Err(Barred::Account | Barred::Membership) => 1,
        Err(Barred::Gone) => 0,
    }
}

/// Opens a session that was begun.
pub(crate) async fn open_there(
    app: &'static App,
    opening: &Opening<'_>,
    begun: Begun,
    also: impl FnOnce(Writes<()>) -> Result<Writes<()>, StoreError>,
) -> Result<Option<(Response<Body>, Session)>, Problem> {
    let Begun {
        membership,
        session,
    } = begun;
    // Tokens first: where KMS does not answer, nothing was changed.
    let answer = session::answer(app, &membership, &session, opening.now).await?;
    let (tenant, user) = (session.tenant_id.as_ref(), &session.user_id);
    let registry = app.registry(tenant, Some(user)).await?;
    let entry = opening
        .trail
        .entry(opening.action, "session", &session.family_id);
    let writes = families::end(registry.writes().create(&session)?, opening.ended)?;
    let writes = also(writes)?.audit(&session::log(&session), &entry)?;
    let writes = arrive(&registry, writes, &membership, opening.now)?;
    match writes.commit().await {
        Err(StoreError::Conflict) => Ok(None),
        outcome => {
            outcome?;
            Ok(Some((answer, session)))
        }
    }
}

/// Demands that the place is as the tokens say: nobody comes in who was taken out, suspended or given another role
/// in this moment, or whose company was. A company notes when its people came.
fn arrive(
    registry: &RegistryTable,
    writes: Writes<()>,
    membership: &Membership,
    now: Timestamp,
) -> Result<Writes<()>, StoreError> {
    let user_id = membership.user.user_id.clone();
    let Place::Company(tenant, role) = &membership.place else {
        return writes.check::<UserPlatform>(&user_id, Condition::Any);
    };
    let is_active = Condition::text("standing", &Standing::Active);
    let company = registry
        .tenant(&tenant.tenant_id)
        .writes()
        .check::<Member>(&user_id, is_active.and(Condition::text("role", role)))?
        .check::<Tenant>(&(), Condition::text("standing", &tenant.standing))?
        .put(&SignIn { user_id, at: now }, Condition::Any)?;
    Ok(writes.with(company))
}

/// Told to whoever has proved to be the person, and to nobody else.
fn nowhere(barred: Barred) -> Problem {
    let (slug, title, detail) = match barred {
        Barred::Account => return Problem::suspended("account"),
        Barred::Membership => (
            "suspended-everywhere",
            "You are suspended in every company of yours",
            "Ask an owner or admin of one of them to restore you, or another company for an invitation.",
        ),
        Barred::Gone => (
            "no-company",
            "You belong to no company",
            "Your account belongs to no company any more. Ask an owner for an invitation.",
        ),
    };
    Problem::new(StatusCode::FORBIDDEN, slug, title, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_active_company_is_better_than_a_suspended_one_and_that_than_none() {
        let ranks = [
            Ok(Standing::Active),
            Ok(Standing::Suspended),
            Err(Barred::Membership),
            Err(Barred::Gone),
        ]
        .map(rank_of);
        assert!(
            ranks.is_sorted_by(|better, worse| better > worse),
            "{ranks:?}"
        );
    }

    #[test]
    fn each_reason_has_words_of_its_own() {
        let slugs = [Barred::Account, Barred::Membership, Barred::Gone].map(|barred| {
            let problem = nowhere(barred);
            assert_eq!(problem.status(), 403);
            problem.slug()
        });
        assert_eq!(
            slugs,
            ["account-suspended", "suspended-everywhere", "no-company"]
        );
    }
}
