use jiff::Timestamp;
use outlay_core::{ColumnResidue, Totals};
use outlay_store::{
    ActiveVersion, Bill, Failure, OnConflict, Replaced, Rows, Stage, Status, Warning,
};
use serde::Serialize;

/// One delivery of bill files, as the API shows it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Upload {
    id: String,
    file_name: String,
    size_bytes: u64,
    content_type: String,
    /// Whether it is the product's own sample bill.
    sample: bool,
    status: Status,
    #[schema(required)]
    stage: Option<Stage>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    created_by: String,
    /// The format that was detected.
    #[schema(required)]
    format: Option<String>,
    #[schema(required)]
    on_conflict: Option<OnConflict>,
    #[schema(required)]
    rows: Option<Rows>,
    /// One per source and billing period found in the file.
    bills: Vec<UploadBill>,
    warnings: Vec<Warning>,
    #[schema(required)]
    failure: Option<Failure>,
}

/// One source's month inside a delivery.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UploadBill {
    version_id: String,
    source_id: String,
    /// FOCUS ServiceProviderName.
    provider: String,
    /// FOCUS BillingAccountId.
    payer: String,
    /// Month, `YYYY-MM`.
    billing_period: String,
    rows: u64,
    /// Exact sums, one per currency.
    totals: Vec<Totals>,
    /// What rounding to 18 fractional digits left over: stored + residue = source.
    residues: Vec<ColumnResidue>,
    state: BillState,
    #[schema(required)]
    replaces: Option<Replaced>,
}

/// What became of a bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BillState {
    /// Built aside; nobody sees it.
    Staged,
    /// Readers see it and it counts.
    Active,
    /// Readers may look at it; another source counts for this payer and month.
    CrossCheck,
    /// A later bill took its place.
    Superseded,
    /// The same content was there already: no new version.
    Unchanged,
}

impl Upload {
    /// A delivery beside what readers see now.
    pub(crate) fn of(
        upload: outlay_store::Upload,
        active: &[ActiveVersion],
        now: Timestamp,
    ) -> Self {
        let awaiting = upload.status == Status::Pending;
        let expired = awaiting && upload.put_expires_at < now;
        let stage = if expired {
            Some(Stage::Expired)
        } else {
            upload.stage
        };
        let switched = upload.status == Status::Completed;
        Self {
            id: upload.upload_id.to_string(),
            file_name: upload.file_name,
            size_bytes: upload.size_bytes,
            content_type: upload.content_type,
            sample: upload.sample,
            status: upload.status,
            stage,
            created_at: upload.created_at,
            updated_at: upload.updated_at,
            created_by: upload.created_by.to_string(),
            format: upload.format,
            on_conflict: upload.on_conflict,
            rows: upload.rows,
            bills: upload
                .bills
                .into_iter()
                .map(|b| UploadBill::of(b, switched, active))
                .collect(),
            warnings: upload.warnings,
            failure: upload.failure,
        }
    }
}

impl UploadBill {
    fn of(bill: Bill, switched: bool, active: &[ActiveVersion]) -> Self {
        let state = state(&bill, switched, active);
        Self {
            version_id: bill.version_id.to_string(),
            source_id: bill.source_id.to_string(),
            provider: bill.provider,
            payer: bill.payer,
            billing_period: bill.billing_period.to_string(),
            rows: bill.rows,
            totals: bill.totals,
            residues: bill.residues,
            state,
            replaces: bill.replaces,
        }
    }
}

/// The pointers that readers follow are the truth; an upload only remembers what it brought.
fn state(bill: &Bill, switched: bool, active: &[ActiveVersion]) -> BillState {
    if bill.unchanged {
        return BillState::Unchanged;
    }
    match active.iter().find(|a| a.version_id == bill.version_id) {
        Some(seen) if seen.counts(active) => BillState::Active,
        Some(_) => BillState::CrossCheck,
        None if switched => BillState::Superseded,
        None => BillState::Staged,
    }
}
