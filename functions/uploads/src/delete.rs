use outlay_http::{Body, Params, Problem, ProblemBody, Reply, Request, Response, reply};
use outlay_identity::{Caller, UploadsWrite};
use outlay_runtime::{App, TenantData, Trail, authorised};
use outlay_store::{ActiveVersion, AuditEntry, Condition, Part, Upload, VersionRecord};
use serde_json::json;

use crate::{storage, upload_id};

/// `DELETE /v1/uploads/{uploadId}`
pub fn handler(app: &'static App, request: Request) -> Reply {
    authorised(app, request, delete)
}

/// Takes a delivery and its bills out: its periods are empty afterwards, the history stays.
#[utoipa::path(delete, path = "/v1/uploads/{uploadId}", operation_id = "uploads-delete",
    tag = "uploads", security(("bearer" = [])),
    params(("uploadId" = String, Path, description = "The delivery.")),
    responses((status = 204, description = "It is gone."),
        (status = 401, body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, body = ProblemBody, content_type = "application/problem+json")))]
pub async fn delete(
    app: &'static App,
    caller: Caller<UploadsWrite>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    Params::of(&request, &[])?;
    let id = upload_id(&request)?;
    let data = app.writer(&caller).await?;
    let upload = data
        .table
        .get::<Upload>(&id)
        .await?
        .ok_or_else(Problem::not_found)?;
    // Three steps, each repeatable: nobody sees it, its objects go, its item goes. Whoever repeats
    // a delete that broke off takes it up where it stopped.
    let upload = if upload.deleted_at.is_none() {
        let entry =
            Trail::of(app, &caller, &request).entry("uploads.delete", "upload", &upload.upload_id);
        hide(app, &data, upload, entry).await?
    } else {
        upload
    };
    let part_id = (id.clone(), 1);
    let part = data.table.get::<Part>(&part_id).await?;
    remove_objects(&data, &upload, part.as_ref()).await?;
    data.table
        .writes()
        .delete::<Part>(&part_id, Condition::Any)?
        .delete::<Upload>(&id, Condition::Any)?
        .commit()
        .await?;
    Ok(reply::no_content())
}

/// Takes the bills out of what readers see and marks the delivery, all at once.
async fn hide(
    app: &App,
    data: &TenantData,
    mut upload: Upload,
    entry: AuditEntry,
) -> Result<Upload, Problem> {
    let now = (app.clock)();
    let active: Vec<ActiveVersion> = data.table.list_all().await?;
    let entry = entry.before(json!({"fileName": upload.file_name, "status": upload.status}));
    let mut writes = data.table.writes().audit(&entry)?;
    for version in active
        .into_iter()
        .filter(|a| a.upload_id == upload.upload_id)
    {
        let seen = Condition::text("versionId", &version.version_id);
        let id = (version.source_id.clone(), version.billing_period);
        writes = writes.delete::<ActiveVersion>(&id, seen)?;
        writes = writes.put(
            &VersionRecord {
                version,
                deleted_at: Some(now),
            },
            Condition::Any,
        )?;
    }
    upload.deleted_at = Some(now);
    let condition = upload.revise(now);
    writes.put(&upload, condition)?.commit().await?;
    Ok(upload)
}

/// The file, and every version that a reading of it stored, switched in or not.
async fn remove_objects(
    data: &TenantData,
    upload: &Upload,
    part: Option<&Part>,
) -> Result<(), Problem> {
    data.objects
        .delete_upload(&upload.upload_id)
        .await
        .map_err(storage)?;
    let bills = upload
        .bills
        .iter()
        .chain(part.iter().flat_map(|part| &part.bills));
    for version in bills.map(|bill| &bill.version_id).chain(&upload.abandoned) {
        data.objects
            .delete_version(version)
            .await
            .map_err(storage)?;
    }
    Ok(())
}
