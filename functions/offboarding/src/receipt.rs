use std::collections::BTreeMap;

use jiff::Timestamp;
use outlay_core::OffboardingId;
use outlay_store::{Offboarding, OffboardingStage};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// The end of a company. Whoever has its address may read it: nobody can sign in any more.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = OffboardingReceipt)]
pub struct Receipt {
    id: String,
    /// The company that was.
    tenant_id: String,
    #[schema(value_type = String, format = DateTime)]
    requested_at: Timestamp,
    /// Who asked.
    requested_by: String,
    stage: OffboardingStage,
    /// When nothing was left; null before.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    finished_at: Option<Timestamp>,
    /// What was removed, by kind.
    removed: BTreeMap<String, u64>,
}

impl From<Offboarding> for Receipt {
    fn from(offboarding: Offboarding) -> Self {
        Self {
            id: offboarding.offboarding_id.to_string(),
            tenant_id: offboarding.tenant_id.to_string(),
            requested_at: offboarding.requested_at,
            requested_by: offboarding.requested_by.to_string(),
            stage: offboarding.stage,
            finished_at: offboarding.finished_at,
            removed: offboarding.removed,
        }
    }
}

/// What is stored of the secret in a receipt's address.
pub(crate) fn secret_hash(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}

/// The last segment of a receipt's address: `<id>.<secret>`.
pub(crate) fn address(id: &OffboardingId, secret: &str) -> String {
    format!("{id}.{secret}")
}

/// Reads what [`address`] wrote.
pub(crate) fn read_address(text: &str) -> Option<(OffboardingId, &str)> {
    let (id, secret) = text.split_once('.')?;
    Some((id.parse().ok()?, secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_back() {
        let id = OffboardingId::mint();
        let text = address(&id, "abc");
        assert_eq!(read_address(&text), Some((id, "abc")));
        for bad in ["", ".", "off_x.abc", &text[..text.len() - 4]] {
            assert_eq!(read_address(bad), None, "{bad}");
        }
        assert_ne!(secret_hash("abc"), secret_hash("abd"));
    }
}
