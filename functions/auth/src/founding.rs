//! A person, a company and its owner come into being together.

use jiff::Timestamp;
use outlay_http::Problem;
use outlay_runtime::{App, Trail};
use outlay_store::{EmailGuard, RegistryTable, Role, Session, StoreError, Tenant, User, Writes};
use serde_json::json;

use crate::session::{self, Membership, Place};

/// What will exist, and the first session.
pub(crate) struct Founding {
    pub(crate) membership: Membership,
    tenant: Tenant,
    pub(crate) session: Session,
}

impl Founding {
    pub(crate) fn new(
        user: User,
        tenant: Tenant,
        trail: &Trail,
        now: Timestamp,
    ) -> Result<Self, Problem> {
        let session = session::begin(&user.user_id, Some(&tenant.tenant_id), trail, now)?;
        let place = Place::Company(tenant.clone(), Role::Owner);
        Ok(Self {
            membership: Membership { user, place },
            tenant,
            session,
        })
    }

    /// The table as a session of this person and this company sees it.
    pub(crate) async fn registry(&self, app: &App) -> Result<RegistryTable, Problem> {
        let (user, tenant) = (&self.membership.user, &self.tenant);
        Ok(app
            .registry(Some(&tenant.tenant_id), Some(&user.user_id))
            .await?)
    }

    /// All of it or nothing: nobody owns an address without an account, no company is without an owner.
    pub(crate) fn writes(
        &self,
        registry: &RegistryTable,
        trail: &Trail,
    ) -> Result<Writes<()>, StoreError> {
        let (user, tenant) = (&self.membership.user, &self.tenant);
        let entry = trail
            .entry("tenants.create", "tenant", &tenant.tenant_id)
            .after(json!({"name": tenant.name}));
        registry
            .found(tenant, user, &entry)?
            .create(&EmailGuard::of(user))?
            .create(user)?
            .create(&self.session)
    }
}
