use jiff::Timestamp;
use outlay_core::{
    BillingPeriod, ColumnResidue, SourceId, TenantId, Totals, UploadId, UserId, VersionId,
};
use serde::{Deserialize, Serialize};

use super::Entity;
use crate::{Key, keys};

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Declared; its file has not arrived.
    Pending,
    /// Its file is being read, checked or switched in.
    Processing,
    /// Its bills are what readers see, or were found to be there already.
    Completed,
    /// It was refused; nothing of it is seen.
    Failed,
}

/// Where inside a status a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// The file has not been put yet.
    AwaitingUpload,
    /// The file was not put in time.
    Expired,
    /// Rows are being read.
    Reading,
    /// Sums are being checked.
    Checking,
    /// It would replace a bill that is seen; a person decides.
    NeedsConfirmation,
    /// Its bills are being switched in.
    Switching,
}

/// What to do where a bill would replace one that is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OnConflict {
    /// The new bill takes the place of the old one.
    Replace,
    /// Both are kept, as two sources; the older one counts, the newer cross-checks.
    Separate,
}

/// One delivery of bill files.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Upload {
    /// Which.
    pub upload_id: UploadId,
    /// As the person's browser named it.
    pub file_name: String,
    /// Bytes that were declared.
    pub size_bytes: u64,
    /// Media type that was declared.
    pub content_type: String,
    /// Whether the product's own sample bill is in it.
    pub sample: bool,
    /// Where it stands.
    pub status: Status,
    /// Where inside the status.
    pub stage: Option<Stage>,
    /// When it was declared.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Who declared it.
    pub created_by: UserId,
    /// When the permission to put the file ends.
    pub put_expires_at: Timestamp,
    /// The answer to a conflict, given beforehand or when asked.
    pub on_conflict: Option<OnConflict>,
    /// Whether its bills stand apart from those of the same payer: a source of their own.
    pub separated: bool,
    /// Grows when the same file is read anew; messages of earlier readings are ignored.
    pub attempt: u32,
    /// Versions of earlier readings, whose objects go with the delivery.
    pub abandoned: Vec<VersionId>,
    /// What arrived.
    pub arrived: Option<Arrived>,
    /// Format that was detected, as people write it.
    pub format: Option<String>,
    /// Rows read and written.
    pub rows: Option<Rows>,
    /// The bills found in it, one per source and billing period.
    pub bills: Vec<Bill>,
    /// What was noticed, by rule.
    pub warnings: Vec<Warning>,
    /// Why it was refused.
    pub failure: Option<Failure>,
    /// When it was deleted; from then on nobody sees it, and its objects are being removed.
    pub deleted_at: Option<Timestamp>,
    /// Grows with every change; changes are conditional on it.
    pub revision: u64,
}

impl Upload {
    /// The next state of this delivery, to be written where the current revision still stands.
    pub fn revise(&mut self, now: Timestamp) -> crate::Condition {
        let condition = crate::Condition::number("revision", self.revision);
        self.revision += 1;
        self.updated_at = now;
        condition
    }

    /// Has the file read anew, its bills as sources of their own; older readings are ignored.
    pub fn read_apart(&mut self) {
        self.separated = true;
        self.attempt += 1;
        self.stage = Some(Stage::Reading);
        self.abandoned
            .extend(self.bills.drain(..).map(|bill| bill.version_id));
    }

    /// Whether nothing more happens by itself.
    pub fn is_final(&self) -> bool {
        matches!(self.status, Status::Completed | Status::Failed)
    }
}

impl Entity for Upload {
    const ENTITY: &'static str = "upload";
    const PREFIX: &'static str = "UPLOAD#";
    type Owner = TenantId;
    type Id = UploadId;
    fn id(&self) -> UploadId {
        self.upload_id.clone()
    }
    fn key(tenant: &TenantId, id: &UploadId) -> Key {
        keys::upload(tenant, id)
    }
}

/// The object that arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Arrived {
    /// Entity tag: reading demands that it still matches.
    pub etag: String,
    /// Bytes that arrived.
    pub size_bytes: u64,
    /// When it arrived.
    pub at: Timestamp,
}

/// Rows of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Rows {
    /// Data rows of the source.
    pub read: u64,
    /// FOCUS rows stored.
    pub written: u64,
}

/// One source's month inside a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Bill {
    /// The version it is or would be.
    pub version_id: VersionId,
    /// Its source.
    pub source_id: SourceId,
    /// FOCUS ServiceProviderName.
    pub provider: String,
    /// FOCUS BillingAccountId.
    pub payer: String,
    /// Its month.
    pub billing_period: BillingPeriod,
    /// Rows stored.
    pub rows: u64,
    /// Exact sums, one per currency.
    pub totals: Vec<Totals>,
    /// What rounding to 18 fractional digits left over: stored + residue = source.
    pub residues: Vec<ColumnResidue>,
    /// SHA-256 of its rows as stored, hexadecimal.
    pub content_sha256: String,
    /// Whether the same content was there already, so that nothing was switched.
    pub unchanged: bool,
    /// What it would replace, or replaced.
    pub replaces: Option<Replaced>,
}

/// The version that a bill replaces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Replaced {
    /// Which.
    #[schema(value_type = String)]
    pub version_id: VersionId,
    /// Its exact sums.
    pub totals: Vec<Totals>,
}

/// Something noticed while reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Warning {
    /// Stable name of the rule.
    pub rule: String,
    /// What it means.
    pub detail: String,
    /// How often.
    pub count: u64,
    /// Where first.
    pub first: Option<Place>,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// File name.
    pub file: String,
    /// Data row, from 1.
    pub row: Option<u64>,
    /// Column as the file names it.
    pub column: Option<String>,
}

/// Why a delivery was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Failure {
    /// Stable name of the rule.
    pub rule: String,
    /// What is wrong and what to do.
    pub detail: String,
    /// File name.
    pub file: String,
    /// Data row, from 1.
    pub row: Option<u64>,
    /// Column as the file names it.
    pub column: Option<String>,
}

/// One file of a delivery: the lease on reading it, and what came of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Part {
    /// The delivery.
    pub upload_id: UploadId,
    /// Its number, from 1.
    pub part: u32,
    /// The reading this belongs to.
    pub attempt: u32,
    /// Grows with every lease; whoever holds a lower one is fenced off.
    pub epoch: u64,
    /// When the lease may be taken by another.
    pub leased_until: Timestamp,
    /// Set once, with the last write of the reading.
    pub done: bool,
    /// Format that was detected.
    pub format: Option<String>,
    /// Rows read and written.
    pub rows: Option<Rows>,
    /// The bills found, still staged.
    pub bills: Vec<Bill>,
    /// What was noticed.
    pub warnings: Vec<Warning>,
}

impl Entity for Part {
    const ENTITY: &'static str = "part";
    const PREFIX: &'static str = "PART#";
    type Owner = TenantId;
    type Id = (UploadId, u32);
    fn id(&self) -> Self::Id {
        (self.upload_id.clone(), self.part)
    }
    fn key(tenant: &TenantId, (upload, part): &Self::Id) -> Key {
        keys::part(tenant, upload, *part)
    }
}
