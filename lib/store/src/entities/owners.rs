use jiff::Timestamp;
use outlay_core::UserId;
use serde::{Deserialize, Serialize};

use super::{Entity, Standing};
use crate::{EmailHash, Key, keys};

/// A person who operates the platform, as the platform lists them.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GlobalOwner {
    /// Who.
    pub user_id: UserId,
    /// Since when.
    pub since: Timestamp,
    /// Whether the person may act, as their account says: here too, so that of two who suspend each
    /// other one stays.
    #[serde(default)]
    pub standing: Standing,
}

impl Entity for GlobalOwner {
    const ENTITY: &'static str = "globalOwner";
    const PREFIX: &'static str = "OWNER#";
    type Owner = ();
    type Id = UserId;
    fn id(&self) -> UserId {
        self.user_id.clone()
    }
    fn key((): &(), id: &UserId) -> Key {
        keys::global_owner(id)
    }
}

/// That a person operates the platform, as their own partition says: what signing in looks at.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserPlatform {
    /// Who.
    pub user_id: UserId,
    /// Since when.
    pub since: Timestamp,
}

impl Entity for UserPlatform {
    const ENTITY: &'static str = "userPlatform";
    const PREFIX: &'static str = "PLATFORM";
    type Owner = ();
    type Id = UserId;
    fn id(&self) -> UserId {
        self.user_id.clone()
    }
    fn key((): &(), id: &UserId) -> Key {
        keys::user_platform(id)
    }
}

/// The guard of the first global owner: created once, so that two first links make one owner.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FirstOwner {
    /// Who.
    pub user_id: UserId,
}

impl Entity for FirstOwner {
    const ENTITY: &'static str = "firstOwner";
    const PREFIX: &'static str = "FIRSTOWNER";
    type Owner = ();
    type Id = ();
    fn id(&self) {}
    fn key((): &(), (): &()) -> Key {
        keys::first_owner()
    }
}

/// Somebody asked by an operator of the AWS account to become a global owner: good once, for a short time.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PendingOwner {
    /// Hash of the address.
    pub email_hash: String,
    /// The person this will be.
    pub user_id: UserId,
    /// As the operator wrote it.
    pub email: String,
    /// SHA-256 of user id and secret, hexadecimal.
    pub secret_hash: String,
    /// Whether one more is meant, where there is one already.
    pub another: bool,
    /// When the link dies.
    pub expires_at: Timestamp,
}

impl Entity for PendingOwner {
    const ENTITY: &'static str = "pendingOwner";
    const PREFIX: &'static str = "OWNER";
    type Owner = ();
    type Id = EmailHash;
    fn id(&self) -> EmailHash {
        EmailHash::from_stored(&self.email_hash)
    }
    fn key((): &(), id: &EmailHash) -> Key {
        keys::pending_owner(id)
    }
    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}
