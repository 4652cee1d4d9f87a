use std::fmt;

use jiff::Timestamp;
use outlay_core::{AuditId, IdError, TenantId, UserId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Entity;
use crate::{Key, keys};

/// Whose log an entry stands in.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum AuditLog {
    /// What was changed in a company.
    Tenant(TenantId),
    /// What a person did to their own account: it belongs to no company.
    Person(UserId),
    /// What was done to the platform.
    Platform,
}

impl fmt::Display for AuditLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tenant(tenant) => tenant.fmt(f),
            Self::Person(person) => person.fmt(f),
            Self::Platform => f.write_str("PLATFORM"),
        }
    }
}

impl TryFrom<String> for AuditLog {
    type Error = IdError;
    fn try_from(text: String) -> Result<Self, IdError> {
        if text == "PLATFORM" {
            return Ok(Self::Platform);
        }
        let tenant = text.parse().map(Self::Tenant);
        tenant.or_else(|_| text.parse().map(Self::Person))
    }
}

impl From<AuditLog> for String {
    fn from(log: AuditLog) -> Self {
        log.to_string()
    }
}

/// One change: who did what to what, when, from where, and what was different afterwards.
///
/// It never holds a secret, a password, a token or a body; an address of mail only where the change
/// is about one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditEntry {
    /// Which.
    #[schema(value_type = String)]
    pub audit_id: AuditId,
    /// When it was done.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Who did it.
    pub actor: Actor,
    /// What was done: `<domain>.<verb>`, such as `uploads.delete`.
    #[schema(example = "uploads.delete")]
    pub action: String,
    /// To what it was done.
    pub target: Target,
    /// The changed fields as they were; null where the thing is new.
    #[schema(value_type = Object, nullable)]
    pub before: Value,
    /// The changed fields as they are now; null where the thing is gone.
    #[schema(value_type = Object, nullable)]
    pub after: Value,
    /// From where it was asked for; null where nobody asked from anywhere.
    #[schema(required)]
    pub origin: Option<Origin>,
    /// The request that did it, as `x-request-id` told it; null for work that no request began.
    #[schema(required)]
    pub request_id: Option<String>,
}

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Actor {
    /// What it is.
    pub kind: ActorKind,
    /// Which: the id of a person or token, the name of a worker.
    pub id: String,
}

/// What can do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ActorKind {
    /// A member of the company, signed in.
    User,
    /// A program with an API token.
    Token,
    /// Somebody who runs the platform.
    PlatformUser,
    /// A function that no request called.
    Worker,
}

impl Actor {
    /// A person, signed in.
    pub fn user(id: &UserId) -> Self {
        Self::of(ActorKind::User, id)
    }

    /// An API token.
    pub fn token(id: &impl ToString) -> Self {
        Self::of(ActorKind::Token, id)
    }

    /// Somebody who runs the platform.
    pub fn platform_user(id: &UserId) -> Self {
        Self::of(ActorKind::PlatformUser, id)
    }

    /// A function, by its name.
    pub fn worker(name: &str) -> Self {
        Self::of(ActorKind::Worker, &name)
    }

    fn of(kind: ActorKind, id: &impl ToString) -> Self {
        let id = id.to_string();
        Self { kind, id }
    }
}

/// What something was done to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Target {
    /// Its kind, such as `upload`.
    pub kind: String,
    /// Its id.
    pub id: String,
}

/// From where a request came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Origin {
    /// IP address.
    #[schema(required)]
    pub address: Option<String>,
    /// What the program calls itself, at most 256 characters.
    #[schema(required)]
    pub user_agent: Option<String>,
}

impl AuditEntry {
    /// Tells the changed fields as they were.
    #[must_use]
    pub fn before(mut self, fields: Value) -> Self {
        self.before = fields;
        self
    }

    /// Tells the changed fields as they are now.
    #[must_use]
    pub fn after(mut self, fields: Value) -> Self {
        self.after = fields;
        self
    }
}

impl Entity for AuditEntry {
    const ENTITY: &'static str = "audit";
    const PREFIX: &'static str = "";
    type Owner = AuditLog;
    type Id = (Timestamp, AuditId);
    fn id(&self) -> Self::Id {
        (self.at, self.audit_id.clone())
    }
    fn key(log: &AuditLog, (at, id): &Self::Id) -> Key {
        keys::audit(log, *at, id)
    }
}
