//! Who am I.

use futures::future::try_join;
use outlay_http::{Body, Params, Problem, ProblemBody, Reply, Request, Response, reply};
use outlay_identity::{AccountRead, Caller, permissions_of};
use outlay_runtime::{App, authorised};
use outlay_store::{Role, StoreError, Tenant, User};
use serde::Serialize;
use utoipa::ToSchema;

use crate::session::{Person, TenantBody};

/// Who the caller is, and what the access token allows.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Account)]
pub struct Account {
    /// The person.
    pub user: Person,
    /// The company.
    pub tenant: TenantBody,
    /// What the person is there.
    pub role: Role,
    /// What that role may do.
    #[schema(value_type = Vec<String>)]
    pub permissions: Vec<&'static str>,
}

/// The route, for the binary.
pub fn handler(app: &'static App, request: Request) -> Reply {
    authorised(app, request, me)
}

/// Who the caller is.
#[utoipa::path(
    get,
    path = "/v1/auth/me",
    operation_id = "auth-me",
    tag = "auth",
    responses(
        (status = 200, description = "The caller", body = Account),
        (status = 401, description = "No valid access token", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("bearer" = []))
)]
pub async fn me(
    app: &'static App,
    caller: Caller<AccountRead>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    Params::of(&request, &[])?;
    // One session for both: the person's partition is the registry's, which may read this tenant too.
    let registry = app
        .registry(Some(caller.tenant()), Some(caller.user()))
        .await?;
    let company = registry.tenant(caller.tenant());
    let (user, tenant) = try_join(
        registry.get::<User>(caller.user()),
        company.get::<Tenant>(&()),
    )
    .await
    .map_err(|error: StoreError| Problem::from(error))?;
    // Whose account or company is gone is nobody here, however long the token would last.
    let (Some(user), Some(tenant)) = (user, tenant) else {
        return Err(Problem::unauthorized());
    };
    reply::ok(&Account {
        user: (&user).into(),
        tenant: (&tenant).into(),
        role: caller.role(),
        permissions: permissions_of(caller.role()),
    })
}
