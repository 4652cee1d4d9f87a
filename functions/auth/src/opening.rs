//! Opening a session for a person who has just proved who they are: the tokens, and one transaction.

use jiff::Timestamp;
use lambda_http::http::StatusCode;
use outlay_http::{Body, Problem, Response};
use outlay_runtime::{App, Trail};
use outlay_store::{
    Condition, RegistryTable, Session, SignIn, Standing, StoreError, User, UserPlatform,
    UserTenant, Writes,
};

use crate::{
    families,
    session::{self, Membership},
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

/// Opens the session in the first company that the person may act in. `also` adds what must hold or
/// change in the same transaction: the password that was checked, the token that is used up. `None`
/// where it did not hold.
pub(crate) async fn open(
    app: &'static App,
    opening: &Opening<'_>,
    also: impl FnOnce(Writes<()>) -> Result<Writes<()>, StoreError>,
) -> Result<Option<(Response<Body>, Session)>, Problem> {
    let (membership, begun) = begin(app, opening).await?;
    // Tokens first: where KMS does not answer, nothing was changed.
    let answer = session::answer(app, &membership, &begun, opening.now).await?;
    let (tenant, user) = (begun.tenant_id.as_ref(), &begun.user_id);
    let registry = app.registry(tenant, Some(user)).await?;
    let entry = opening
        .trail
        .entry(opening.action, "session", &begun.family_id);
    let writes = families::end(registry.writes().create(&begun)?, opening.ended)?;
    let mut writes = also(writes)?.audit(&session::log(&begun), &entry)?;
    if let Some(tenant) = tenant {
        let signed_in = SignIn {
            user_id: user.clone(),
            at: opening.now,
        };
        let noted = registry.tenant(tenant).writes();
        writes = writes.with(noted.put(&signed_in, Condition::Any)?);
    }
    match writes.commit().await {
        Err(StoreError::Conflict) => Ok(None),
        outcome => {
            outcome?;
            Ok(Some((answer, begun)))
        }
    }
}

/// A session where the person works: on the platform, for a global owner, else in a company.
async fn begin(app: &'static App, opening: &Opening<'_>) -> Result<(Membership, Session), Problem> {
    // Told to whoever has proved to be the person, and to nobody else.
    if opening.user.standing == Standing::Suspended {
        return Err(Problem::suspended("account"));
    }
    let user = &opening.user.user_id;
    if opening.registry.get::<UserPlatform>(user).await?.is_some() {
        let begun = session::begin(user, None, opening.trail, opening.now)?;
        let membership = session::membership(app, &begun).await?;
        return Ok((membership.ok_or_else(no_company)?, begun));
    }
    let memberships = families::memberships_of(user);
    let memberships = opening.registry.list_all::<UserTenant>(&memberships);
    for company in memberships.await? {
        let begun = session::begin(user, Some(&company.tenant_id), opening.trail, opening.now)?;
        if let Some(membership) = session::membership(app, &begun).await? {
            return Ok((membership, begun));
        }
    }
    Err(no_company())
}

fn no_company() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "no-company",
        "You belong to no company",
        "Your account belongs to no company any more. Ask an owner for an invitation.",
    )
}
