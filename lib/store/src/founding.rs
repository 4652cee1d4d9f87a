use crate::{AuditEntry, RegistryTable, Role, StoreError, Tenant, User, Writes};

impl RegistryTable {
    /// A new company and its owner, seen from both sides, with its first entry: no company is without an
    /// owner. The session must be the company's and the person's.
    pub fn found(
        &self,
        tenant: &Tenant,
        owner: &User,
        entry: &AuditEntry,
    ) -> Result<Writes<()>, StoreError> {
        let tenant_id = &tenant.tenant_id;
        let (membership, member) = owner.joins(tenant_id, Role::Owner, tenant.created_at);
        let company = self.tenant(tenant_id).writes();
        let company = company.create(tenant)?.create(&member)?.audit(entry)?;
        Ok(self.writes().create(&membership)?.with(company))
    }
}
