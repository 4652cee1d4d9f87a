use jiff::Timestamp;
use outlay_core::{OffboardingId, TenantId, UserId};
use serde::{Deserialize, Serialize};

use super::{Entity, OffboardingStage};
use crate::{Key, keys};

/// A company as work across all companies finds it. `platform-directory` keeps it, out of the
/// company's own item and never ahead of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DirectoryTenant {
    /// Which.
    pub tenant_id: TenantId,
    /// Its name.
    pub name: String,
    /// Its standing, as its own item spells it; none where it says nothing.
    #[serde(default)]
    pub standing: Option<String>,
    /// When it was founded.
    pub created_at: Timestamp,
}

impl Entity for DirectoryTenant {
    const ENTITY: &'static str = "directoryTenant";
    const PREFIX: &'static str = "ten_";
    type Owner = ();
    type Id = TenantId;
    fn id(&self) -> TenantId {
        self.tenant_id.clone()
    }
    fn key((): &(), id: &TenantId) -> Key {
        keys::directory_tenant(id)
    }
}

/// A person as the platform finds them: without an address, which stays in the person's own item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DirectoryUser {
    /// Who.
    pub user_id: UserId,
    /// The person's name.
    pub name: String,
    /// The person's standing, as the own item spells it; none where it says nothing.
    #[serde(default)]
    pub standing: Option<String>,
    /// Since when.
    pub created_at: Timestamp,
}

impl Entity for DirectoryUser {
    const ENTITY: &'static str = "directoryUser";
    const PREFIX: &'static str = "usr_";
    type Owner = ();
    type Id = UserId;
    fn id(&self) -> UserId {
        self.user_id.clone()
    }
    fn key((): &(), id: &UserId) -> Key {
        keys::directory_user(id)
    }
}

/// The end of a company that has not come to its end, as what looks after it finds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DirectoryOffboarding {
    /// Which.
    pub offboarding_id: OffboardingId,
    /// Whose.
    pub tenant_id: TenantId,
    /// How far it has come.
    pub stage: OffboardingStage,
    /// When it came there, or was asked for again.
    #[serde(default)]
    pub moved_at: Timestamp,
}

impl Entity for DirectoryOffboarding {
    const ENTITY: &'static str = "directoryOffboarding";
    const PREFIX: &'static str = "off_";
    type Owner = ();
    type Id = OffboardingId;
    fn id(&self) -> OffboardingId {
        self.offboarding_id.clone()
    }
    fn key((): &(), id: &OffboardingId) -> Key {
        keys::directory_offboarding(id)
    }
}

/// A person of whom something is left, as what looks after it finds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DirectoryErasure {
    /// Who was.
    pub user_id: UserId,
    /// The company that deleted the account.
    pub tenant_id: TenantId,
}

impl Entity for DirectoryErasure {
    const ENTITY: &'static str = "directoryErasure";
    const PREFIX: &'static str = "usr_";
    type Owner = ();
    type Id = UserId;
    fn id(&self) -> UserId {
        self.user_id.clone()
    }
    fn key((): &(), id: &UserId) -> Key {
        keys::directory_erasure(id)
    }
}
