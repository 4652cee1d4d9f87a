use jiff::Timestamp;
use outlay_core::{FamilyId, TenantId, UserId};
use serde::{Deserialize, Serialize};

use super::{Entity, Role, Standing};
use crate::{EmailHash, Key, keys};

/// A person.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// Who.
    pub user_id: UserId,
    /// As the person wrote it.
    pub email: String,
    /// As the person wrote it.
    pub name: String,
    /// PHC string of argon2id.
    pub password_hash: String,
    /// When the address was verified.
    pub created_at: Timestamp,
    /// Whether the person may act anywhere.
    #[serde(default)]
    pub standing: Standing,
    /// Raised by each change, joining a company included; a change demands the one it was decided on.
    #[serde(default)]
    pub revision: u64,
}

impl Entity for User {
    const ENTITY: &'static str = "user";
    const PREFIX: &'static str = "USER";
    type Owner = ();
    type Id = UserId;
    fn id(&self) -> UserId {
        self.user_id.clone()
    }
    fn key((): &(), id: &UserId) -> Key {
        keys::user(id)
    }
}

/// A tenant that a person belongs to.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserTenant {
    /// Who.
    pub user_id: UserId,
    /// Where.
    pub tenant_id: TenantId,
    /// As what.
    pub role: Role,
}

impl Entity for UserTenant {
    const ENTITY: &'static str = "userTenant";
    const PREFIX: &'static str = "TENANT#";
    type Owner = ();
    type Id = (UserId, TenantId);
    fn id(&self) -> Self::Id {
        (self.user_id.clone(), self.tenant_id.clone())
    }
    fn key((): &(), (user, tenant): &Self::Id) -> Key {
        keys::user_tenant(user, tenant)
    }
}

/// A family of refresh tokens. Token n is derived from the family and n; only n is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// Whose.
    pub user_id: UserId,
    /// Which sign-in.
    pub family_id: FamilyId,
    /// The tenant it works in.
    pub tenant_id: TenantId,
    /// Number of the token that is good now.
    pub generation: u64,
    /// When that number was reached: the one before stays good for a few seconds.
    pub rotated_at: Timestamp,
    /// When the person signed in.
    pub created_at: Timestamp,
    /// When the family ends, whatever happens.
    pub expires_at: Timestamp,
}

impl Entity for Session {
    const ENTITY: &'static str = "session";
    const PREFIX: &'static str = "SESSION#";
    type Owner = ();
    type Id = (UserId, FamilyId);
    fn id(&self) -> Self::Id {
        (self.user_id.clone(), self.family_id.clone())
    }
    fn key((): &(), (user, family): &Self::Id) -> Key {
        keys::session(user, family)
    }
    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

/// Wrong passwords tried in the current window.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LoginThrottle {
    /// Whose account.
    pub user_id: UserId,
    /// Wrong tries in this window.
    pub failures: u64,
    /// When the window ends and the count begins anew.
    pub window_ends: Timestamp,
}

impl Entity for LoginThrottle {
    const ENTITY: &'static str = "loginThrottle";
    const PREFIX: &'static str = "THROTTLE";
    type Owner = ();
    type Id = UserId;
    fn id(&self) -> UserId {
        self.user_id.clone()
    }
    fn key((): &(), id: &UserId) -> Key {
        keys::throttle(id)
    }
    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.window_ends)
    }
}

/// Who owns an address; created once, so that one address is one person.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EmailGuard {
    /// Hash of the address.
    pub email_hash: String,
    /// Its owner.
    pub user_id: UserId,
}

impl Entity for EmailGuard {
    const ENTITY: &'static str = "emailGuard";
    const PREFIX: &'static str = "GUARD";
    type Owner = ();
    type Id = EmailHash;
    fn id(&self) -> EmailHash {
        EmailHash::from_stored(&self.email_hash)
    }
    fn key((): &(), id: &EmailHash) -> Key {
        keys::email_guard(id)
    }
}

/// A registration that waits for its mailed code. Nothing exists before the code is given.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PendingRegistration {
    /// Hash of the address.
    pub email_hash: String,
    /// The person this will be.
    pub user_id: UserId,
    /// The tenant this will found.
    pub tenant_id: TenantId,
    /// As the person wrote it.
    pub email: String,
    /// As the person wrote it.
    pub name: String,
    /// Name of the company.
    pub company: String,
    /// PHC string of argon2id.
    pub password_hash: String,
    /// SHA-256 of user id and code, hexadecimal.
    pub code_hash: String,
    /// Tries left before the code dies.
    pub attempts_left: u64,
    /// When the code dies.
    pub expires_at: Timestamp,
}

impl Entity for PendingRegistration {
    const ENTITY: &'static str = "pendingRegistration";
    const PREFIX: &'static str = "VERIFY";
    type Owner = ();
    type Id = EmailHash;
    fn id(&self) -> EmailHash {
        EmailHash::from_stored(&self.email_hash)
    }
    fn key((): &(), id: &EmailHash) -> Key {
        keys::pending_registration(id)
    }
    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}
