use std::{fmt, str::FromStr};

use jiff::Timestamp;
use outlay_core::{TenantId, UserId};
use serde::{Deserialize, Serialize};

use super::Entity;
use crate::{Condition, Key, keys};

/// What a member may do; `outlay-identity` says which permissions that means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Founded the tenant or was given it.
    Owner,
    /// Runs the tenant.
    Admin,
    /// Works with its bills.
    Member,
    /// Reads.
    Viewer,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Member => "member",
            Self::Viewer => "viewer",
        })
    }
}

impl FromStr for Role {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Owner, Self::Admin, Self::Member, Self::Viewer]
            .into_iter()
            .find(|role| role.to_string() == text)
            .ok_or(())
    }
}

/// Whether a company, a person or a membership may act.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It may.
    #[default]
    Active,
    /// It may not, until somebody restores it.
    Suspended,
    /// It never will again: it is being removed.
    Ending,
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Ending => "ending",
        })
    }
}

/// What a company has of the product; `outlay-identity` says which modules and which first page.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// Everything.
    #[default]
    Full,
    /// Bills are handed in and looked at; no programs, no audit.
    Analysis,
    /// Bills are looked at; they come in by connections alone.
    Explorer,
    /// Bills are handed in, for others to look at.
    Intake,
}

/// Tag keys that the roll-ups of a new company carry; AWS writes a user's own with `user:` before.
const TAG_KEYS: [&str; 6] = [
    "team",
    "environment",
    "project",
    "user:team",
    "user:environment",
    "user:project",
];

/// A customer company.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tenant {
    /// Which.
    pub tenant_id: TenantId,
    /// Its name, as its founder wrote it.
    pub name: String,
    /// Whether its people may do anything at all.
    #[serde(default)]
    pub standing: Standing,
    /// What it has of the product.
    #[serde(default)]
    pub profile: Profile,
    /// Tag keys that roll-ups carry, verbatim; others are answered from rows.
    pub rollup_tag_keys: Vec<String>,
    /// When it was founded.
    pub created_at: Timestamp,
    /// Raised by each change; a change demands the one it was decided on.
    #[serde(default)]
    pub revision: u64,
}

impl Tenant {
    /// A new company.
    pub fn founded(tenant_id: TenantId, name: &str, now: Timestamp) -> Self {
        Self {
            tenant_id,
            name: name.to_owned(),
            standing: Standing::Active,
            profile: Profile::default(),
            rollup_tag_keys: TAG_KEYS.map(str::to_owned).into(),
            created_at: now,
            revision: 1,
        }
    }

    /// As was read.
    pub fn unchanged(&self) -> Condition {
        Condition::number("revision", self.revision)
    }
}

impl Entity for Tenant {
    const ENTITY: &'static str = "tenant";
    const PREFIX: &'static str = "TENANT";
    type Owner = TenantId;
    type Id = ();
    fn id(&self) {}
    fn key(tenant: &TenantId, (): &()) -> Key {
        keys::tenant(tenant)
    }
}

/// A person's membership in a tenant. Name and address stand here too: a tenant's session sees its
/// own partition only, not those of its people.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    /// Who.
    pub user_id: UserId,
    /// As what.
    pub role: Role,
    /// Whether the person may act here.
    #[serde(default)]
    pub standing: Standing,
    /// The person's name, as this company shows it.
    #[serde(default)]
    pub name: String,
    /// The person's address when joining.
    #[serde(default)]
    pub email: String,
    /// Since when.
    pub joined_at: Timestamp,
    /// Raised by each change, making an API token included; a change demands the one it was decided on.
    #[serde(default)]
    pub revision: u64,
}

impl Member {
    /// The membership is there, active, and of this role: what a caller was let in by may be a minute old.
    pub fn active_as(role: Role) -> Condition {
        Condition::text("role", &role).and(Condition::text("standing", &Standing::Active))
    }

    /// Whether it is active and of this role.
    pub fn is_active_as(&self, role: Role) -> bool {
        self.role == role && self.standing == Standing::Active
    }

    /// As was read.
    pub fn unchanged(&self) -> Condition {
        Condition::number("revision", self.revision)
    }
}

impl Entity for Member {
    const ENTITY: &'static str = "member";
    const PREFIX: &'static str = "MEMBER#";
    type Owner = TenantId;
    type Id = UserId;
    fn id(&self) -> UserId {
        self.user_id.clone()
    }
    fn key(tenant: &TenantId, id: &UserId) -> Key {
        keys::member(tenant, id)
    }
}
