use outlay_core::{TenantId, UserId};

use crate::{Condition, PlatformTable, StoreError, UserPlatform, UserTenant, Writes};

/// Where a person belongs beside a company that they leave: their account is kept for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Elsewhere {
    /// Another company.
    Company(TenantId),
    /// The platform: a global owner.
    Platform,
}

impl Elsewhere {
    /// Where this person belongs beside this company; `None` where nowhere.
    pub async fn of(
        table: &PlatformTable,
        user: &UserId,
        tenant: &TenantId,
    ) -> Result<Option<Self>, StoreError> {
        let all = UserTenant::any_of(user);
        let memberships = table.list_all::<UserTenant>(&all).await?;
        if let Some(other) = memberships.into_iter().find(|m| m.tenant_id != *tenant) {
            return Ok(Some(Self::Company(other.tenant_id)));
        }
        let platform = table.get::<UserPlatform>(user).await?;
        Ok(platform.map(|_| Self::Platform))
    }

    /// Demands that the person still belongs there: of two companies that are left at the same moment, each
    /// because of the other, one fails and looks again.
    pub fn demand(&self, user: &UserId, writes: Writes<()>) -> Result<Writes<()>, StoreError> {
        match self {
            Self::Company(other) => {
                writes.check::<UserTenant>(&(user.clone(), other.clone()), Condition::Any)
            }
            Self::Platform => writes.check::<UserPlatform>(user, Condition::Any),
        }
    }
}
