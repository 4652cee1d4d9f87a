use outlay_core::TenantId;
use serde::{Deserialize, Serialize};

use super::Entity;
use crate::{Key, keys};

/// How often a company may ask, where that is not what everybody may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestLimits {
    /// All of its people and programs together, in a minute.
    pub tenant_per_minute: u64,
    /// One of them.
    pub user_per_minute: u64,
}

impl Entity for RequestLimits {
    const ENTITY: &'static str = "requestLimits";
    const PREFIX: &'static str = "LIMITS";
    type Owner = TenantId;
    type Id = ();
    fn id(&self) {}
    fn key(tenant: &TenantId, (): &()) -> Key {
        keys::request_limits(tenant)
    }
}
