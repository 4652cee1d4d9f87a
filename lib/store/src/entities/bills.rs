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
    /// SHA-256 of its rows as stored, hexadecimal: the same content again is no new version.
    pub content_sha256: String,
    /// When readers began to see this version.
    pub switched_at: Timestamp,
    /// Since when this source has had a bill for this period, whatever replaced it since.
    pub since: Timestamp,
}

impl ActiveVersion {
    /// Per payer and period one source counts, the one that has had a bill for longest; the others
    /// cross-check it and are never added (billing rules, section 2).
    pub fn counts(&self, among: &[Self]) -> bool {
        among
            .iter()
            .filter(|other| {
                other.payer_id == self.payer_id && other.billing_period == self.billing_period
            })
            .all(|other| (self.since, &self.source_id) <= (other.since, &other.source_id))
    }
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

/// A version in the history of its period: what was reported and since when. It was seen until the
/// next one of its period was switched in, or until it was deleted.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VersionRecord {
    /// What readers saw.
    #[serde(flatten)]
    pub version: ActiveVersion,
    /// When its delivery was deleted.
    pub deleted_at: Option<Timestamp>,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn active(source: &str, payer: &str, since: i64) -> ActiveVersion {
        let at = Timestamp::from_second(since).unwrap();
        ActiveVersion {
            source_id: SourceId::derive(&[source]),
            billing_period: "2026-10".parse().unwrap(),
            version_id: VersionId::derive(&[source]),
            upload_id: UploadId::derive(&[source]),
            payer_id: PayerId::derive(&[payer]),
            rows: 1,
            totals: Vec::new(),
            content_sha256: String::new(),
            switched_at: at,
            since: at,
        }
    }

    #[test]
    fn exactly_one_source_counts_per_payer_and_period() {
        let all = [
            active("focus", "1", 20),
            active("cur", "1", 10),
            active("cur", "2", 30),
        ];
        let counting: Vec<bool> = all.iter().map(|a| a.counts(&all)).collect();
        assert_eq!(counting, [false, true, true]);
        let same_moment = [active("a", "1", 5), active("b", "1", 5)];
        assert_eq!(
            same_moment
                .iter()
                .filter(|a| a.counts(&same_moment))
                .count(),
            1
        );
    }
}
