use std::collections::BTreeMap;

use jiff::Timestamp;
use outlay_core::{OffboardingId, TenantId, UserId};
use serde::{Deserialize, Serialize};

use super::Entity;
use crate::{AuditLog, Condition, Key, keys};

/// How far the end of a company has come. Each step may be done again.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum OffboardingStage {
    /// An owner asked for it: nobody is let in any more.
    Requested,
    /// Memberships, sessions, and people who belong nowhere else are being removed.
    People,
    /// Files, rows and results are being removed.
    Objects,
    /// Items are being removed.
    Items,
    /// What was under way when it began is given time to end; then all is looked through once more.
    Settling,
    /// Nothing is left.
    Finished,
}

/// The end of a company: what is still to do, and afterwards the receipt. It stands outside of the
/// company, and holds ids and counts alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Offboarding {
    /// Which.
    pub offboarding_id: OffboardingId,
    /// The company that was.
    pub tenant_id: TenantId,
    /// When it was founded: since then its audit log has months.
    pub founded_at: Timestamp,
    /// The owner who asked.
    pub requested_by: UserId,
    /// When.
    pub requested_at: Timestamp,
    /// SHA-256 of the secret in the receipt's address, hexadecimal.
    pub secret_sha256: String,
    /// How far it has come.
    pub stage: OffboardingStage,
    /// When it came there, or was asked for again.
    #[serde(default)]
    pub moved_at: Timestamp,
    /// From when on the last look may be taken.
    pub settled_at: Option<Timestamp>,
    /// When nothing was left.
    pub finished_at: Option<Timestamp>,
    /// What was removed, by kind. What is removed while a step breaks off is counted by the step
    /// that takes it up.
    pub removed: BTreeMap<String, u64>,
    /// Grows with every change; changes are conditional on it.
    pub revision: u64,
}

impl Offboarding {
    /// The next state, to be written where the current revision still stands.
    pub fn revise(&mut self, stage: OffboardingStage, now: Timestamp) -> Condition {
        let condition = Condition::number("revision", self.revision);
        self.revision += 1;
        self.stage = stage;
        self.moved_at = now;
        condition
    }

    /// Counts what was removed.
    pub fn count(&mut self, kind: &str, removed: u64) {
        *self.removed.entry(kind.to_owned()).or_default() += removed;
    }
}

impl Entity for Offboarding {
    const ENTITY: &'static str = "offboarding";
    const PREFIX: &'static str = "RECEIPT";
    type Owner = ();
    type Id = OffboardingId;
    fn id(&self) -> OffboardingId {
        self.offboarding_id.clone()
    }
    fn key((): &(), id: &OffboardingId) -> Key {
        keys::offboarding(id)
    }
}

/// What is left of a person whose account was deleted is to be removed. Written by the transaction that
/// deletes the account; it goes last.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Erasure {
    /// Who was.
    pub user_id: UserId,
    /// The company that deleted the account.
    pub tenant_id: TenantId,
    /// Since when the account was there: since then its log has months.
    pub since: Timestamp,
    /// When it was deleted.
    pub asked_at: Timestamp,
}

impl Entity for Erasure {
    const ENTITY: &'static str = "erasure";
    const PREFIX: &'static str = "ERASURE";
    type Owner = ();
    type Id = UserId;
    fn id(&self) -> UserId {
        self.user_id.clone()
    }
    fn key((): &(), id: &UserId) -> Key {
        keys::erasure(id)
    }
}

/// What the copied audit entries of a company or person are sealed with. It goes when they go, and
/// leaves copies that nobody can read.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditKey {
    /// Whose.
    pub log: AuditLog,
    /// 256 bits, hexadecimal.
    pub key: String,
}

impl Entity for AuditKey {
    const ENTITY: &'static str = "auditKey";
    const PREFIX: &'static str = "AUDITKEY";
    type Owner = ();
    type Id = AuditLog;
    fn id(&self) -> AuditLog {
        self.log.clone()
    }
    fn key((): &(), log: &AuditLog) -> Key {
        keys::audit_key(log)
    }
}
