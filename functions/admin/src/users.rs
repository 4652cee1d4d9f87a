//! What the routes of people share.

use futures::future::try_join4;
use jiff::Timestamp;
use outlay_core::{TenantId, UserId};
use outlay_http::Problem;
use outlay_store::{
    DirectoryUser, OperatorTable, Role, Session, Standing, StoreError, User, UserPlatform,
    UserTenant,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::pages::standing_of;

/// A person, in short: without the address.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AccountSummary)]
pub struct AccountSummary {
    /// `usr_...`
    #[schema(value_type = String)]
    pub id: UserId,
    /// The person's name.
    pub name: String,
    /// Whether the person may do anything.
    pub standing: Standing,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

impl From<DirectoryUser> for AccountSummary {
    fn from(entry: DirectoryUser) -> Self {
        Self {
            standing: standing_of(entry.standing.as_deref()),
            id: entry.user_id,
            name: entry.name,
            created_at: entry.created_at,
        }
    }
}

impl From<&User> for AccountSummary {
    fn from(user: &User) -> Self {
        Self {
            id: user.user_id.clone(),
            name: user.name.clone(),
            standing: user.standing,
            created_at: user.created_at,
        }
    }
}

/// A person with what they belong to.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AccountDetail)]
pub struct AccountDetail {
    /// The person.
    #[serde(flatten)]
    pub account: AccountSummary,
    /// The person's address.
    pub email: String,
    /// Whether the person operates this platform.
    pub global_owner: bool,
    /// Companies that the person belongs to.
    pub companies: Vec<AccountCompany>,
    /// On how many devices the person is signed in.
    pub sessions: usize,
}

/// A company that a person belongs to.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AccountCompany)]
pub struct AccountCompany {
    /// `ten_...`
    #[schema(value_type = String)]
    pub tenant_id: TenantId,
    /// As what.
    pub role: Role,
}

/// The person with everything around them. The session must be the person's.
pub(crate) async fn detail(
    table: &OperatorTable,
    id: &UserId,
    now: Timestamp,
) -> Result<AccountDetail, Problem> {
    let (any_company, any_session) = (UserTenant::any_of(id), Session::any_of(id));
    // Boxed: SDK calls side by side are too much for the stack of every caller.
    let (user, owner, companies, sessions) = Box::pin(try_join4(
        table.get::<User>(id),
        table.get::<UserPlatform>(id),
        table.list_all::<UserTenant>(&any_company),
        table.list_all::<Session>(&any_session),
    ))
    .await
    .map_err(|error: StoreError| Problem::from(error))?;
    let user = user.ok_or_else(Problem::not_found)?;
    Ok(AccountDetail {
        account: AccountSummary::from(&user),
        email: user.email,
        global_owner: owner.is_some(),
        companies: companies
            .into_iter()
            .map(|of| AccountCompany {
                tenant_id: of.tenant_id,
                role: of.role,
            })
            .collect(),
        sessions: sessions.iter().filter(|s| s.expires_at > now).count(),
    })
}
