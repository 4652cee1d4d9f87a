use lambda_http::http::StatusCode;
use outlay_http::{Body, Params, Problem, ProblemBody, Reply, Request, Response, json_body, reply};
use outlay_identity::{Caller, UploadsWrite};
use outlay_messages::{CommitMessage, PartMessage};
use outlay_runtime::{App, AppError, Trail, Variable, authorised};
use outlay_store::{OnConflict, Stage, Status};
use serde::Deserialize;
use serde_json::json;

use crate::{Upload, upload_id};

/// What to do with bills that would replace ones that are seen.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmRequest {
    /// `replace` them, or keep both as `separate` sources.
    decision: OnConflict,
}

/// `POST /v1/uploads/{uploadId}/confirm`
pub fn handler(app: &'static App, request: Request) -> Reply {
    authorised(app, request, confirm)
}

/// Decides for a delivery that waits in `needs-confirmation`. Saying the same again is no error.
#[utoipa::path(post, path = "/v1/uploads/{uploadId}/confirm", operation_id = "uploads-confirm",
    tag = "uploads", security(("bearer" = [])),
    params(("uploadId" = String, Path, description = "The delivery.")), request_body = ConfirmRequest,
    responses((status = 202, body = Upload),
        (status = 400, body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, body = ProblemBody, content_type = "application/problem+json")))]
pub async fn confirm(
    app: &'static App,
    caller: Caller<UploadsWrite>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    Params::of(&request, &[])?;
    let id = upload_id(&request)?;
    let ConfirmRequest { decision } = json_body(&request)?;
    let (table, now) = (app.writer(&caller).await?.table, (app.clock)());
    let upload = table.get::<outlay_store::Upload>(&id).await?;
    let mut upload = upload
        .filter(|u| u.deleted_at.is_none())
        .ok_or_else(Problem::not_found)?;
    if is_waiting(&upload) {
        decide(&mut upload, decision);
        let condition = upload.revise(now);
        let decided = Trail::of(app, &caller, &request)
            .entry("uploads.confirm", "upload", &id)
            .after(json!({"decision": decision}));
        table
            .writes()
            .put(&upload, condition)?
            .audit(&decided)?
            .commit()
            .await?;
    } else if !was_decided(&upload, decision) {
        return Err(Problem::conflict(
            "nothing-to-confirm",
            "This delivery does not wait for a decision, or another one was taken.",
        ));
    }
    // Sent again when a first answer was lost: the stages do nothing twice.
    if upload.status == Status::Processing {
        carry_on(app, &caller, &upload).await?;
    }
    let active = table.list_all().await?;
    reply::json(StatusCode::ACCEPTED, &Upload::of(upload, &active, now))
}

fn is_waiting(upload: &outlay_store::Upload) -> bool {
    upload.status == Status::Processing && upload.stage == Some(Stage::NeedsConfirmation)
}

fn was_decided(upload: &outlay_store::Upload, decision: OnConflict) -> bool {
    let underway = matches!(upload.status, Status::Processing | Status::Completed);
    underway && upload.on_conflict == Some(decision)
}

fn decide(upload: &mut outlay_store::Upload, decision: OnConflict) {
    upload.on_conflict = Some(decision);
    match decision {
        OnConflict::Replace => upload.stage = Some(Stage::Switching),
        OnConflict::Separate => upload.read_apart(),
    }
}

async fn carry_on(
    app: &App,
    caller: &Caller<UploadsWrite>,
    upload: &outlay_store::Upload,
) -> Result<(), Problem> {
    let (tenant_id, upload_id) = (caller.tenant().clone(), upload.upload_id.clone());
    let sent = if upload.stage == Some(Stage::Reading) {
        let url = app
            .config
            .get(Variable::PartsQueueUrl)
            .map_err(AppError::from)?;
        let message = PartMessage {
            tenant_id,
            upload_id,
            part: 1,
            attempt: upload.attempt,
        };
        app.queues().send_part(url, &message).await
    } else {
        let url = app
            .config
            .get(Variable::CommitsQueueUrl)
            .map_err(AppError::from)?;
        app.queues()
            .send_commit(
                url,
                &CommitMessage {
                    tenant_id,
                    upload_id,
                },
            )
            .await
    };
    sent.map_err(Problem::unavailable)
}
