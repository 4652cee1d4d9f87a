//! What the stages share: finding their delivery, and refusing it.

use outlay_core::UploadId;
use outlay_messages::{CommitMessage, PartMessage};
use outlay_runtime::{App, MessageError, TenantData, Trail, Variable};
use outlay_store::{Failure, Place, Stage, Standing, Status, Tenant, Upload, Warning};
use serde_json::json;

/// The delivery, unless it is gone or final: then there is nothing left to do.
pub(crate) async fn open_upload(
    data: &TenantData,
    id: &UploadId,
) -> Result<Option<Upload>, MessageError> {
    let upload = data.table.get::<Upload>(id).await?;
    Ok(upload.filter(|u| u.deleted_at.is_none() && !u.is_final()))
}

/// Whether the company is suspended: its work is left where it is. Nothing of it is lost, because the
/// table says how far each delivery is, and restoring the company asks for the next stage again
/// (`admin-tenants-restore`). The message is done with: kept, it would end among the dead letters.
pub(crate) async fn is_left_alone(data: &TenantData, id: &UploadId) -> Result<bool, MessageError> {
    let tenant = data.table.get::<Tenant>(&()).await?;
    let suspended = tenant.is_some_and(|tenant| tenant.standing == Standing::Suspended);
    if suspended {
        let tenant = data.table.tenant().as_str();
        tracing::info!(
            tenant.id = tenant,
            upload.id = id.as_str(),
            "a suspended company's delivery left alone"
        );
    }
    Ok(suspended)
}

/// Writes a delivery's next state, where the one that was read still stands.
pub(crate) async fn save(
    app: &App,
    data: &TenantData,
    upload: &mut Upload,
) -> Result<(), MessageError> {
    let condition = upload.revise((app.clock)());
    let writes = data.table.writes().put(upload, condition)?;
    Ok(writes.commit().await?)
}

/// Refuses a delivery for good: nothing of it is seen, no total changes.
pub(crate) async fn refuse(
    app: &App,
    data: &TenantData,
    mut upload: Upload,
    failure: Failure,
) -> Result<(), MessageError> {
    let (id, rule) = (upload.upload_id.clone(), failure.rule.clone());
    upload.status = Status::Failed;
    upload.stage = None;
    upload.failure = Some(failure);
    let refused = Trail::worker(app, "ingest")
        .entry("uploads.refuse", "upload", &id)
        .after(json!({"status": upload.status, "rule": rule}));
    let condition = upload.revise((app.clock)());
    let writes = data.table.writes().put(&upload, condition)?;
    writes.audit(&refused)?.commit().await?;
    let tenant = data.table.tenant().as_str();
    tracing::info!(
        tenant.id = tenant,
        upload.id = id.as_str(),
        rule,
        "delivery refused"
    );
    Ok(())
}

/// A warning as the delivery shows it.
pub(crate) fn warning_of(upload: &Upload, warning: &outlay_billing::Warning) -> Warning {
    let placed = warning.row.is_some() || warning.column.is_some();
    Warning {
        rule: warning.rule.to_owned(),
        detail: warning.detail.clone(),
        count: warning.count,
        first: placed.then(|| Place {
            file: upload.file_name.clone(),
            row: warning.row,
            column: warning.column.clone(),
        }),
    }
}

/// A failure of the file as a whole.
pub(crate) fn failure(upload: &Upload, rule: &str, detail: impl Into<String>) -> Failure {
    Failure {
        rule: rule.to_owned(),
        detail: detail.into(),
        file: upload.file_name.clone(),
        row: None,
        column: None,
    }
}

/// Has the file of a delivery read.
pub(crate) async fn send_part(
    app: &App,
    data: &TenantData,
    upload: &Upload,
) -> Result<(), MessageError> {
    let message = PartMessage {
        tenant_id: data.table.tenant().clone(),
        upload_id: upload.upload_id.clone(),
        part: 1,
        attempt: upload.attempt,
    };
    Ok(app
        .queues()
        .send_part(app.config.get(Variable::PartsQueueUrl)?, &message)
        .await?)
}

/// Has the bills of a delivery committed.
pub(crate) async fn send_commit(
    app: &App,
    data: &TenantData,
    upload: &Upload,
) -> Result<(), MessageError> {
    let message = CommitMessage {
        tenant_id: data.table.tenant().clone(),
        upload_id: upload.upload_id.clone(),
    };
    Ok(app
        .queues()
        .send_commit(app.config.get(Variable::CommitsQueueUrl)?, &message)
        .await?)
}

/// The stage, once the delivery has moved on: a later one never goes back.
pub(crate) fn reached(upload: &Upload, stage: Stage) -> bool {
    upload.status == Status::Processing && upload.stage == Some(stage)
}
