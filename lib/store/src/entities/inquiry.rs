use jiff::Timestamp;
use outlay_core::{BillingPeriod, InquiryId};
use serde::{Deserialize, Serialize};

use super::Entity;
use crate::{Key, keys};

/// A message from the public pages.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Inquiry {
    /// Which.
    pub inquiry_id: InquiryId,
    /// The month it came in.
    pub month: BillingPeriod,
    /// Who wrote.
    pub name: String,
    /// Where to answer.
    pub email: String,
    /// Their company, if they said.
    pub company: Option<String>,
    /// What they wrote.
    pub message: String,
    /// When.
    pub created_at: Timestamp,
}

impl Entity for Inquiry {
    const ENTITY: &'static str = "inquiry";
    const PREFIX: &'static str = "inq_";
    type Owner = ();
    type Id = (BillingPeriod, InquiryId);
    fn id(&self) -> Self::Id {
        (self.month, self.inquiry_id.clone())
    }
    fn key((): &(), (month, id): &Self::Id) -> Key {
        keys::inquiry(*month, id)
    }
}
