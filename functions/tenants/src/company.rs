use jiff::Timestamp;
use outlay_core::TenantId;
use outlay_http::{Body, Problem, Response, revision};
use outlay_store::{Profile, Tenant};
use serde::Serialize;

/// A company.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Company {
    /// `ten_...`
    #[schema(value_type = String)]
    id: TenantId,
    /// Its name.
    name: String,
    /// What it has of the product; see the capabilities.
    profile: Profile,
    /// Tag keys that roll-ups of new bills carry; questions about others need rows.
    rollup_tag_keys: Vec<String>,
    /// When it was founded.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl From<Tenant> for Company {
    fn from(tenant: Tenant) -> Self {
        Self {
            id: tenant.tenant_id,
            name: tenant.name,
            profile: tenant.profile,
            rollup_tag_keys: tenant.rollup_tag_keys,
            created_at: tenant.created_at,
        }
    }
}

/// The company with its tag.
pub(crate) fn answer(tenant: Tenant) -> Result<Response<Body>, Problem> {
    revision::tagged(tenant.revision, &Company::from(tenant))
}
