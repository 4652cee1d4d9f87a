//! Who am I.

use futures::{StreamExt, TryStreamExt, future::try_join3, stream};
use outlay_core::{TenantId, UserId};
use outlay_http::{Body, Params, Problem, ProblemBody, Reply, Request, Response, reply};
use outlay_identity::{
    AccountRead, Module, PERMISSIONS, PlatformRole, Principal, SeatRole, TenantContext, landing_of,
    modules_of, platform_permissions,
};
use outlay_runtime::{App, signed_in};
use outlay_store::{Member, Profile, Role, Standing, StoreError, Tenant, User, UserTenant};
use serde::Serialize;
use utoipa::ToSchema;

use crate::session::{Person, TenantBody};

/// Companies that are looked at side by side, each in a session of its own: a person may be in many
/// (`MOST_COMPANIES`), and sessions are given out at a rate that all share.
const AT_ONCE: usize = 8;

/// Who the caller is, where, and what the caller may do there.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Account)]
pub struct Account {
    /// The person.
    pub user: Person,
    /// The company that the session works in; null for a global owner, who works for none.
    #[schema(required)]
    pub tenant: Option<TenantBody>,
    /// What the person is there now.
    pub role: SeatRole,
    /// What that role may do, within the modules.
    #[schema(value_type = Vec<String>)]
    pub permissions: Vec<&'static str>,
    /// What the company has of the product.
    pub modules: &'static [Module],
    /// The page of the web app to begin with.
    pub landing_route: &'static str,
    /// Every company of the person, in the order in which they were founded.
    pub tenants: Vec<AccountTenant>,
}

/// A company of the person.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccountTenant {
    /// `ten_...`
    #[schema(value_type = String)]
    pub id: TenantId,
    /// Its name.
    pub name: String,
    /// What the person is there.
    pub role: Role,
    /// `suspended` where the company is, or the person there: nothing can be done in it.
    pub standing: Standing,
}

/// The route, for the binary.
pub fn handler(app: &'static App, request: Request) -> Reply {
    signed_in::<AccountRead, _, _>(app, request, me)
}

/// Who the caller is, in which company, and what is allowed there. It answers in a suspended company too, so
/// that one can leave for another.
#[utoipa::path(
    get,
    path = "/v1/auth/me",
    operation_id = "auth-me",
    tag = "auth",
    responses(
        (status = 200, description = "The caller", body = Account),
        (status = 401, description = "No valid access token", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "An API token has no account", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("bearer" = []))
)]
pub async fn me(
    app: &'static App,
    principal: Principal,
    request: Request,
) -> Result<Response<Body>, Problem> {
    Params::of(&request, &[])?;
    reply::ok(&match &principal {
        Principal::Tenant(context) => of_member(app, context).await?,
        Principal::Platform(context) => of_global_owner(app, context.user()).await?,
    })
}

/// A global owner operates the platform, and begins with its companies.
async fn of_global_owner(app: &'static App, user: &UserId) -> Result<Account, Problem> {
    let registry = app.registry(None, Some(user)).await?;
    let user = registry.get::<User>(user).await?;
    let user = user.ok_or_else(Problem::unauthorized)?;
    Ok(Account {
        user: (&user).into(),
        tenant: None,
        role: SeatRole::Platform(PlatformRole::GlobalOwner),
        permissions: platform_permissions(),
        modules: &[],
        landing_route: "/admin",
        tenants: Vec::new(),
    })
}

async fn of_member(app: &'static App, caller: &TenantContext) -> Result<Account, Problem> {
    // One session for all: the person's partition is the registry's, which may read this tenant too.
    let registry = app
        .registry(Some(caller.tenant()), Some(caller.user()))
        .await?;
    let company = registry.tenant(caller.tenant());
    let of_user = UserTenant::any_of(caller.user());
    // Boxed: SDK calls side by side are too much for the stack of every caller.
    let (user, here, memberships) = Box::pin(try_join3(
        registry.get::<User>(caller.user()),
        place(&company, caller.user()),
        registry.list_all::<UserTenant>(&of_user),
    ))
    .await
    .map_err(|error: StoreError| Problem::from(error))?;
    // Whose account or company is gone is nobody here, however long the token would last.
    let (Some(user), Some((tenant, member))) = (user, here) else {
        return Err(Problem::unauthorized());
    };
    let looks: Vec<_> = memberships.iter().map(|m| shown(app, m)).collect();
    let looks = stream::iter(looks).buffered(AT_ONCE);
    let tenants: Vec<_> = looks.try_collect().await?;
    Ok(Account {
        user: (&user).into(),
        tenant: Some((&tenant).into()),
        role: SeatRole::Tenant(member.role),
        permissions: permissions(member.role, tenant.profile),
        modules: modules_of(tenant.profile),
        landing_route: landing_of(tenant.profile),
        tenants: tenants.into_iter().flatten().collect(),
    })
}

/// A company and what the person is there. `None` where either is gone.
async fn place(
    company: &outlay_store::TenantTable,
    user: &UserId,
) -> Result<Option<(Tenant, Member)>, StoreError> {
    let tenant = company.get::<Tenant>(&()).await?;
    let member = company.get::<Member>(user).await?;
    Ok(tenant.zip(member))
}

/// A company of the person as it is now. Each is read in a session of its own.
async fn shown(
    app: &'static App,
    membership: &UserTenant,
) -> Result<Option<AccountTenant>, Problem> {
    let (tenant, user) = (&membership.tenant_id, &membership.user_id);
    let registry = app.registry(Some(tenant), Some(user)).await?;
    let place = Box::pin(place(&registry.tenant(tenant), user)).await?;
    Ok(place.map(|(tenant, member)| AccountTenant {
        standing: worst(tenant.standing, member.standing),
        id: tenant.tenant_id,
        name: tenant.name,
        role: member.role,
    }))
}

fn worst(company: Standing, member: Standing) -> Standing {
    if company == Standing::Active {
        member
    } else {
        company
    }
}

/// What the role may do of what the company has.
fn permissions(role: Role, profile: Profile) -> Vec<&'static str> {
    let allowed = PERMISSIONS
        .iter()
        .filter(|demand| demand.is_of(role) && demand.module.is_in(profile));
    allowed.map(|demand| demand.name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_may_what_the_company_has() {
        let full = permissions(Role::Owner, Profile::Full);
        assert_eq!(full.len(), PERMISSIONS.len());
        let intake = permissions(Role::Viewer, Profile::Intake);
        assert!(intake.contains(&"uploads:read") && !intake.contains(&"costs:read"));
        assert!(!intake.contains(&"uploads:write"));
    }

    #[test]
    fn nothing_can_be_done_where_either_is_suspended() {
        use Standing::{Active, Suspended};
        assert_eq!(worst(Active, Active), Active);
        for (company, member) in [(Active, Suspended), (Suspended, Active)] {
            assert_eq!(worst(company, member), Suspended);
        }
    }
}
