use jiff::Timestamp;
use outlay_core::UserId;
use serde::{Deserialize, Serialize};

use super::Entity;
use crate::{Condition, Key, StoreError, SubjectHash, Writes, keys};

/// Whom a subject of an external issuer is here; created once, so that one subject is one person.
/// The address plays no part: an issuer may give the same one to somebody else tomorrow.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IdentityGuard {
    /// Hashes of issuer and subject.
    pub subject: SubjectHash,
    /// The person.
    pub user_id: UserId,
    /// Since when.
    pub linked_at: Timestamp,
}

impl Entity for IdentityGuard {
    const ENTITY: &'static str = "identityGuard";
    const PREFIX: &'static str = "GUARD";
    type Owner = ();
    type Id = SubjectHash;
    fn id(&self) -> SubjectHash {
        self.subject.clone()
    }
    fn key((): &(), id: &SubjectHash) -> Key {
        keys::identity_guard(id)
    }
}

/// External identities that a person may have: all are released by the transaction that deletes the account.
pub const MOST_IDENTITIES: usize = 5;

/// An external identity, seen from its person: what deleting the person must release.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserIdentity {
    /// The person.
    pub user_id: UserId,
    /// Hashes of issuer and subject.
    pub subject: SubjectHash,
    /// Who vouches.
    pub issuer: String,
    /// Since when.
    pub linked_at: Timestamp,
}

impl UserIdentity {
    /// What all of a person's identities are found by.
    pub fn any_of(user: &UserId) -> (UserId, SubjectHash) {
        (user.clone(), SubjectHash::of("", ""))
    }

    /// Adds to a transaction: the identity is nobody's any more.
    pub fn release(&self, writes: Writes<()>) -> Result<Writes<()>, StoreError> {
        writes
            .delete::<Self>(&self.id(), Condition::Any)?
            .delete::<IdentityGuard>(&self.subject, Condition::text("userId", &self.user_id))
    }
}

impl Entity for UserIdentity {
    const ENTITY: &'static str = "userIdentity";
    const PREFIX: &'static str = "IDP#";
    type Owner = ();
    type Id = (UserId, SubjectHash);
    fn id(&self) -> Self::Id {
        (self.user_id.clone(), self.subject.clone())
    }
    fn key((): &(), (user, subject): &Self::Id) -> Key {
        keys::user_identity(user, subject)
    }
}

/// An external token that was exchanged: no second session comes of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SpentToken {
    /// Hashes of issuer and subject.
    pub subject: SubjectHash,
    /// The token's nonce, which is a hash: base64url.
    pub nonce: String,
    /// When the token ends by itself.
    pub expires_at: Timestamp,
}

impl Entity for SpentToken {
    const ENTITY: &'static str = "spentToken";
    const PREFIX: &'static str = "SPENT#";
    type Owner = ();
    type Id = (SubjectHash, String);
    fn id(&self) -> Self::Id {
        (self.subject.clone(), self.nonce.clone())
    }
    fn key((): &(), (subject, nonce): &Self::Id) -> Key {
        keys::spent_token(subject, nonce)
    }
    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}
