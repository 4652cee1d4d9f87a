//! A person, a company and its owner come into being together.

use jiff::Timestamp;
use outlay_core::TenantId;
use outlay_http::Problem;
use outlay_runtime::{App, Trail};
use outlay_store::{
    EmailGuard, EmailHash, Member, Profile, RegistryTable, Role, Session, Standing, StoreError,
    Tenant, User, UserTenant, Writes,
};
use serde_json::json;

use crate::session::{self, Membership, Place};

/// Tag keys that the roll-ups of a new company carry; AWS writes a user's own with `user:` before.
const TAG_KEYS: [&str; 6] = [
    "team",
    "environment",
    "project",
    "user:team",
    "user:environment",
    "user:project",
];

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
        let (user, tenant, role) = (&self.membership.user, &self.tenant, Role::Owner);
        let guard = EmailGuard {
            email_hash: EmailHash::of(&user.email).as_str().to_owned(),
            user_id: user.user_id.clone(),
        };
        let membership = UserTenant {
            user_id: user.user_id.clone(),
            tenant_id: tenant.tenant_id.clone(),
            role,
        };
        let member = Member {
            user_id: user.user_id.clone(),
            role,
            standing: Standing::Active,
            name: user.name.clone(),
            email: user.email.clone(),
            joined_at: user.created_at,
            revision: 1,
        };
        let entry = trail
            .entry("tenants.create", "tenant", &tenant.tenant_id)
            .after(json!({"name": tenant.name}));
        let company = registry
            .tenant(&tenant.tenant_id)
            .writes()
            .create(tenant)?
            .create(&member)?
            .audit(&entry)?;
        Ok(registry
            .writes()
            .create(&guard)?
            .create(user)?
            .create(&membership)?
            .create(&self.session)?
            .with(company))
    }
}

/// A new company.
pub(crate) fn tenant(tenant_id: TenantId, name: &str, now: Timestamp) -> Tenant {
    Tenant {
        tenant_id,
        name: name.to_owned(),
        standing: Standing::Active,
        profile: Profile::default(),
        rollup_tag_keys: TAG_KEYS.map(str::to_owned).into(),
        created_at: now,
        revision: 1,
    }
}
