use jiff::Timestamp;
use outlay_core::{BillingPeriod, PayerId, SourceId, TenantId, Totals, UploadId, VersionId};
use serde::{Deserialize, Serialize};

use super::Entity;
use crate::{Key, keys};

/// Where bills come from.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Source {
    /// Which.
    pub source_id: SourceId,
    /// FOCUS ServiceProviderName of its rows.
    pub provider: String,
    /// FOCUS BillingAccountId of its rows.
    pub payer: String,
    /// `focus` or `cur`.
    pub format_family: String,
    /// First seen.
    pub created_at: Timestamp,
}

impl Entity for Source {
    const ENTITY: &'static str = "source";
    const PREFIX: &'static str = "SOURCE#";
    type Owner = TenantId;
    type Id = SourceId;
    fn id(&self) -> SourceId {
        self.source_id.clone()
    }
    fn key(tenant: &TenantId, id: &SourceId) -> Key {
        keys::source(tenant, id)
    }
}

/// The version of a (source, billing period) that readers see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ActiveVersion {
    /// Whose bill.
    pub source_id: SourceId,
    /// Which month.
    pub billing_period: BillingPeriod,
    /// What readers see.
    pub version_id: VersionId,
    /// The delivery it came with.
    pub upload_id: UploadId,
    /// The payer whose month this is, across sources.
    pub payer_id: PayerId,
    /// Rows of the version.
    pub rows: u64,
    /// Exact sums, one per currency.
    pub totals: Vec<Totals>,
    /// SHA-256 of the roll-up, hexadecimal: the same content again is no new version.
    pub content_sha256: String,
    /// When readers began to see it.
    pub switched_at: Timestamp,
}

impl Entity for ActiveVersion {
    const ENTITY: &'static str = "activeVersion";
    const PREFIX: &'static str = "ACTIVE#";
    type Owner = TenantId;
    type Id = (SourceId, BillingPeriod);
    fn id(&self) -> Self::Id {
        (self.source_id.clone(), self.billing_period)
    }
    fn key(tenant: &TenantId, (source, period): &Self::Id) -> Key {
        keys::active(tenant, source, *period)
    }
}

/// The source that counts for a payer's month; others are cross-checks and are never added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PrimaryBill {
    /// Whose month.
    pub payer_id: PayerId,
    /// Which month.
    pub billing_period: BillingPeriod,
    /// The source that counts.
    pub source_id: SourceId,
}

impl Entity for PrimaryBill {
    const ENTITY: &'static str = "primaryBill";
    const PREFIX: &'static str = "PRIMARY#";
    type Owner = TenantId;
    type Id = (PayerId, BillingPeriod);
    fn id(&self) -> Self::Id {
        (self.payer_id.clone(), self.billing_period)
    }
    fn key(tenant: &TenantId, (payer, period): &Self::Id) -> Key {
        keys::primary(tenant, payer, *period)
    }
}

/// A version in the history of its period: what was reported, from when, and until when.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VersionRecord {
    /// What readers saw, and since when.
    #[serde(flatten)]
    pub version: ActiveVersion,
    /// When it stopped being seen.
    pub ended_at: Option<Timestamp>,
    /// What took its place, unless it was deleted.
    pub ended_by: Option<VersionId>,
}

impl Entity for VersionRecord {
    const ENTITY: &'static str = "version";
    const PREFIX: &'static str = "VERSION#";
    type Owner = TenantId;
    type Id = (SourceId, BillingPeriod, VersionId);
    fn id(&self) -> Self::Id {
        let v = &self.version;
        (v.source_id.clone(), v.billing_period, v.version_id.clone())
    }
    fn key(tenant: &TenantId, (source, period, version): &Self::Id) -> Key {
        keys::version(tenant, source, *period, version)
    }
}
