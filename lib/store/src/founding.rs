use crate::{
    AuditEntry, Member, RegistryTable, Role, Standing, StoreError, Tenant, User, UserTenant, Writes,
};

impl RegistryTable {
    /// A new company and its owner, seen from both sides, with its first entry: no company is without an
    /// owner. The session must be the company's and the person's.
    pub fn found(
        &self,
        tenant: &Tenant,
        owner: &User,
        entry: &AuditEntry,
    ) -> Result<Writes<()>, StoreError> {
        let (tenant_id, user_id, role) = (&tenant.tenant_id, &owner.user_id, Role::Owner);
        let membership = UserTenant {
            user_id: user_id.clone(),
            tenant_id: tenant_id.clone(),
            role,
        };
        let member = Member {
            user_id: user_id.clone(),
            role,
            standing: Standing::Active,
            name: owner.name.clone(),
            email: owner.email.clone(),
            joined_at: tenant.created_at,
            revision: 1,
        };
        let company = self.tenant(tenant_id).writes();
        let company = company.create(tenant)?.create(&member)?.audit(entry)?;
        Ok(self.writes().create(&membership)?.with(company))
    }
}
