//! What lets somebody in who has not signed in: invitations and API tokens.

use jiff::Timestamp;
use outlay_core::{InviteId, TenantId, TokenId, UserId};
use serde::{Deserialize, Serialize};

use super::{Entity, Role};
use crate::{Key, keys};

/// An invitation into a tenant. It is gone once it was accepted or revoked.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Invite {
    /// Which.
    pub invite_id: InviteId,
    /// Whom it was mailed to.
    pub email: String,
    /// As what.
    pub role: Role,
    /// SHA-256 of the mailed text, hexadecimal.
    pub secret_hash: String,
    /// Who invited.
    pub invited_by: UserId,
    /// When.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

impl Entity for Invite {
    const ENTITY: &'static str = "invite";
    const PREFIX: &'static str = "INVITE#";
    type Owner = TenantId;
    type Id = InviteId;
    fn id(&self) -> InviteId {
        self.invite_id.clone()
    }
    fn key(tenant: &TenantId, id: &InviteId) -> Key {
        keys::invite(tenant, id)
    }
    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

/// Living API tokens that a person may have in a company. Making one counts them under the revision
/// of the member.
pub const MOST_TOKENS: usize = 20;

/// An API token: a program that acts for the person who made it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApiToken {
    /// Which.
    pub token_id: TokenId,
    /// What it is for, in its maker's words.
    pub name: String,
    /// Names of the permissions it has, where its maker has them too.
    pub scopes: Vec<String>,
    /// SHA-256 of the token, hexadecimal. The token itself is shown once and kept nowhere.
    pub secret_hash: String,
    /// For whom it acts.
    pub created_by: UserId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

impl Entity for ApiToken {
    const ENTITY: &'static str = "apiToken";
    const PREFIX: &'static str = "TOKEN#";
    type Owner = TenantId;
    type Id = TokenId;
    fn id(&self) -> TokenId {
        self.token_id.clone()
    }
    fn key(tenant: &TenantId, id: &TokenId) -> Key {
        keys::token(tenant, id)
    }
    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

/// When an API token was used last, to the hour.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenUse {
    /// Which token.
    pub token_id: TokenId,
    /// About when.
    pub used_at: Timestamp,
    /// When the token ends, and this with it.
    pub expires_at: Timestamp,
}

impl Entity for TokenUse {
    const ENTITY: &'static str = "tokenUse";
    const PREFIX: &'static str = "TOKEN#";
    type Owner = TenantId;
    type Id = TokenId;
    fn id(&self) -> TokenId {
        self.token_id.clone()
    }
    fn key(tenant: &TenantId, id: &TokenId) -> Key {
        keys::token_use(tenant, id)
    }
    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

/// When a person signed in last, in this tenant.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SignIn {
    /// Who.
    pub user_id: UserId,
    /// When.
    pub at: Timestamp,
}

impl Entity for SignIn {
    const ENTITY: &'static str = "signIn";
    const PREFIX: &'static str = "USER#";
    type Owner = TenantId;
    type Id = UserId;
    fn id(&self) -> UserId {
        self.user_id.clone()
    }
    fn key(tenant: &TenantId, id: &UserId) -> Key {
        keys::sign_in(tenant, id)
    }
}
