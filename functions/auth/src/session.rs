//! What signing in gives: an access token in the body, a refresh token in a cookie.

use futures::future::{try_join, try_join3};
use jiff::{SignedDuration, Timestamp};
use outlay_core::{FamilyId, TenantId, UserId};
use outlay_http::{Body, Problem, Response, reply};
use outlay_identity::{RefreshClaims, Seat, SeatRole};
use outlay_runtime::{App, AppError, Trail};
use outlay_store::{
    AuditLog, Member, Role, Session, Standing, StoreError, Tenant, User, UserPlatform,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::cookies;

/// A family ends after this long, however often it is refreshed (ASVS 10.4.8).
const LIFETIME: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The person who is signed in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Person)]
pub struct Person {
    /// `usr_...`
    #[schema(value_type = String)]
    pub id: UserId,
    /// As the person wrote it.
    pub name: String,
    /// As the person wrote it.
    pub email: String,
}

impl From<&User> for Person {
    fn from(user: &User) -> Self {
        Self {
            id: user.user_id.clone(),
            name: user.name.clone(),
            email: user.email.clone(),
        }
    }
}

/// The company that the session works in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Tenant)]
pub struct TenantBody {
    /// `ten_...`
    #[schema(value_type = String)]
    pub id: TenantId,
    /// As its founder wrote it.
    pub name: String,
}

impl From<&Tenant> for TenantBody {
    fn from(tenant: &Tenant) -> Self {
        Self {
            id: tenant.tenant_id.clone(),
            name: tenant.name.clone(),
        }
    }
}

/// How an access token is sent back.
#[derive(Debug, Serialize, ToSchema)]
pub enum TokenType {
    /// RFC 6750: in the Authorization header.
    Bearer,
}

/// Signed in. The refresh token is in the cookie only.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Session)]
pub struct SessionBody {
    /// Sent as `Authorization: Bearer ...`.
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: TokenType,
    /// When the access token ends; refresh before.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
    /// Who is signed in.
    pub user: Person,
    /// Where; null for a global owner, who works for no company.
    #[schema(required)]
    pub tenant: Option<TenantBody>,
    /// As what.
    pub role: SeatRole,
}

/// A new family of refresh tokens, not yet stored. Without a tenant it is a global owner's.
pub(crate) fn begin(
    user: &UserId,
    tenant: Option<&TenantId>,
    trail: &Trail,
    now: Timestamp,
) -> Result<Session, Problem> {
    let origin = trail.origin();
    Ok(Session {
        user_id: user.clone(),
        family_id: FamilyId::mint(),
        tenant_id: tenant.cloned(),
        generation: 1,
        rotated_at: now,
        created_at: now,
        expires_at: now.checked_add(LIFETIME).map_err(Problem::internal)?,
        device: origin.user_agent,
        address: origin.address,
    })
}

/// The log that tells of a session: its company's, or the global owner's own.
pub(crate) fn log(session: &Session) -> AuditLog {
    match &session.tenant_id {
        Some(tenant) => AuditLog::Tenant(tenant.clone()),
        None => AuditLog::Person(session.user_id.clone()),
    }
}

/// A person where their session works.
pub(crate) struct Membership {
    pub(crate) user: User,
    pub(crate) place: Place,
}

/// Where a session works, and what its person is there.
pub(crate) enum Place {
    /// In a company.
    Company(Tenant, Role),
    /// On the platform, as a global owner.
    Platform,
}

impl Place {
    /// What tokens and answers say of it.
    pub(crate) fn seat(&self) -> Seat<'_> {
        match self {
            Self::Company(tenant, role) => Seat::Tenant(&tenant.tenant_id, *role),
            Self::Platform => Seat::Platform,
        }
    }

    /// Whether it is as good as any, or its company is suspended.
    pub(crate) fn standing(&self) -> Standing {
        self.company()
            .map_or(Standing::Active, |tenant| tenant.standing)
    }

    fn company(&self) -> Option<&Tenant> {
        match self {
            Self::Company(tenant, _) => Some(tenant),
            Self::Platform => None,
        }
    }
}

/// Why somebody cannot work somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Barred {
    /// The operator suspended the account.
    Account,
    /// The company suspended the person.
    Membership,
    /// The person is not in the company, or it is being removed.
    Gone,
}

/// What the session's person is in its company or on the platform now, if they may work there.
pub(crate) async fn membership(
    app: &'static App,
    session: &Session,
) -> Result<Result<Membership, Barred>, Problem> {
    match &session.tenant_id {
        Some(tenant) => in_company(app, session, tenant).await,
        None => on_platform(app, session).await,
    }
}

async fn on_platform(
    app: &'static App,
    session: &Session,
) -> Result<Result<Membership, Barred>, Problem> {
    let user_id = &session.user_id;
    let registry = app.registry(None, Some(user_id)).await?;
    let (user, ownership) = try_join(
        registry.get::<User>(user_id),
        registry.get::<UserPlatform>(user_id),
    )
    .await
    .map_err(|error: StoreError| Problem::from(error))?;
    let owner = user.filter(|_| ownership.is_some());
    Ok(active(owner).map(|user| Membership {
        user,
        place: Place::Platform,
    }))
}

async fn in_company(
    app: &'static App,
    session: &Session,
    tenant_id: &TenantId,
) -> Result<Result<Membership, Barred>, Problem> {
    let user_id = &session.user_id;
    let registry = app.registry(Some(tenant_id), Some(user_id)).await?;
    let company = registry.tenant(tenant_id);
    // Boxed: three SDK calls side by side are too much for the stack of every caller.
    let (user, tenant, member) = Box::pin(try_join3(
        registry.get::<User>(user_id),
        company.get::<Tenant>(&()),
        company.get::<Member>(user_id),
    ))
    .await
    .map_err(|error: StoreError| Problem::from(error))?;
    Ok(admit(user, tenant, member))
}

/// A suspended company is worked in still: each of its routes says what it is. One that ends is none.
fn admit(
    user: Option<User>,
    tenant: Option<Tenant>,
    member: Option<Member>,
) -> Result<Membership, Barred> {
    let user = active(user)?;
    let tenant = tenant.filter(|tenant| tenant.standing != Standing::Ending);
    let (tenant, member) = tenant.zip(member).ok_or(Barred::Gone)?;
    match member.standing {
        Standing::Active => Ok(Membership {
            user,
            place: Place::Company(tenant, member.role),
        }),
        Standing::Suspended => Err(Barred::Membership),
        Standing::Ending => Err(Barred::Gone),
    }
}

fn active(user: Option<User>) -> Result<User, Barred> {
    let user = user.ok_or(Barred::Gone)?;
    match user.standing {
        Standing::Active => Ok(user),
        Standing::Suspended => Err(Barred::Account),
        Standing::Ending => Err(Barred::Gone),
    }
}

/// The answer of whatever opens or renews a session: tokens of it at its generation.
pub(crate) async fn answer(
    app: &'static App,
    of: &Membership,
    session: &Session,
    now: Timestamp,
) -> Result<Response<Body>, Problem> {
    let claims = RefreshClaims {
        user: session.user_id.clone(),
        family: session.family_id.clone(),
        generation: session.generation,
    };
    let refresh_key = app.refresh_key()?;
    let refresh = async {
        let token = refresh_key.token(&claims).await;
        token.map_err(|error| Problem::from(AppError::from(error)))
    };
    let (body, refresh) = try_join(body(app, of, session, now, None), refresh).await?;
    let mut response = reply::ok(&body)?;
    let left = session.expires_at.duration_since(now).as_secs().max(0);
    let cookie = cookies::refresh(&refresh, left).map_err(Problem::internal)?;
    response.headers_mut().insert("set-cookie", cookie);
    Ok(response)
}

/// An access token of this session, and whose it is. Alone for whoever showed an access token only: no refresh token
/// may come of that, and no token that lives longer (`until`), or a stolen one would never end.
pub(crate) async fn body(
    app: &'static App,
    of: &Membership,
    session: &Session,
    now: Timestamp,
    until: Option<Timestamp>,
) -> Result<SessionBody, Problem> {
    let signer = app.signer().await?;
    let access = signer
        .issue(
            &of.user.user_id,
            of.place.seat(),
            &session.family_id,
            now,
            until,
        )
        .await
        .map_err(AppError::from)?;
    Ok(SessionBody {
        access_token: access.token,
        token_type: TokenType::Bearer,
        expires_at: access.expires_at,
        user: (&of.user).into(),
        tenant: of.place.company().map(Into::into),
        role: of.place.seat().role(),
    })
}

#[cfg(test)]
mod tests {
    use outlay_runtime::Config;
    use outlay_store::Actor;

    use super::*;

    #[tokio::test]
    async fn a_session_lasts_thirty_days_and_begins_with_token_one() {
        let now = Timestamp::UNIX_EPOCH;
        let app = App::start(Config::default()).await;
        let event = include_str!("../../../events/auth-login.password.json");
        let request = lambda_http::request::from_str(event).unwrap();
        let user = UserId::mint();
        let trail = Trail::by(&app, Actor::user(&user), &request);
        let session = begin(&user, Some(&TenantId::mint()), &trail, now).unwrap();
        assert_eq!(session.address.as_deref(), Some("203.0.113.7"));
        assert!(session.device.as_ref().unwrap().starts_with("Mozilla"));
        assert_eq!(session.expires_at.duration_since(now).as_hours(), 720);
        assert_eq!(session.generation, 1);
    }

    fn user(standing: Standing) -> User {
        User {
            user_id: UserId::derive(&["u"]),
            email: "ann@example.com".into(),
            name: "Ann".into(),
            password_hash: None,
            created_at: Timestamp::UNIX_EPOCH,
            standing,
            revision: 1,
        }
    }

    fn tenant(standing: Standing) -> Tenant {
        let id = TenantId::derive(&["t"]);
        Tenant {
            standing,
            ..Tenant::founded(id, "Example", Timestamp::UNIX_EPOCH)
        }
    }

    fn member(standing: Standing) -> Member {
        Member {
            user_id: UserId::derive(&["u"]),
            role: Role::Viewer,
            standing,
            name: "Ann".into(),
            email: "ann@example.com".into(),
            joined_at: Timestamp::UNIX_EPOCH,
            revision: 1,
        }
    }

    #[test]
    fn who_may_work_in_a_company() {
        use Standing::{Active, Ending, Suspended};
        let barred = |of_user, of_tenant, of_member| {
            admit(
                Some(user(of_user)),
                Some(tenant(of_tenant)),
                Some(member(of_member)),
            )
            .err()
        };
        for (of_user, of_tenant, of_member, expected) in [
            (Active, Active, Active, None),
            (Active, Suspended, Active, None),
            (Active, Ending, Active, Some(Barred::Gone)),
            (Active, Active, Suspended, Some(Barred::Membership)),
            (Active, Suspended, Suspended, Some(Barred::Membership)),
            (Active, Ending, Suspended, Some(Barred::Gone)),
            (Active, Active, Ending, Some(Barred::Gone)),
            (Suspended, Active, Active, Some(Barred::Account)),
            (Suspended, Ending, Suspended, Some(Barred::Account)),
            (Ending, Active, Active, Some(Barred::Gone)),
        ] {
            let found = barred(of_user, of_tenant, of_member);
            assert_eq!(found, expected, "{of_user} {of_tenant} {of_member}");
        }
        let there = || {
            (
                Some(user(Active)),
                Some(tenant(Active)),
                Some(member(Active)),
            )
        };
        let (_, tenant, member) = there();
        assert_eq!(admit(None, tenant, member).err(), Some(Barred::Gone));
        let (user, _, member) = there();
        assert_eq!(admit(user, None, member).err(), Some(Barred::Gone));
        let (user, tenant, _) = there();
        assert_eq!(admit(user, tenant, None).err(), Some(Barred::Gone));
    }

    #[test]
    fn the_body_is_the_one_that_was_agreed() {
        let body = SessionBody {
            access_token: "a.b.c".into(),
            token_type: TokenType::Bearer,
            expires_at: Timestamp::UNIX_EPOCH,
            user: Person {
                id: UserId::derive(&["u"]),
                name: "Ann".into(),
                email: "ann@example.com".into(),
            },
            tenant: Some(TenantBody {
                id: TenantId::derive(&["t"]),
                name: "Example".into(),
            }),
            role: SeatRole::Tenant(Role::Owner),
        };
        let json = serde_json::to_value(&body).unwrap();
        assert_eq!(json["tokenType"], "Bearer");
        assert_eq!(json["expiresAt"], "1970-01-01T00:00:00Z");
        assert_eq!(json["role"], "owner");
        assert!(json["user"]["passwordHash"].is_null());
    }
}
