//! A suspended company is restored, and what it had handed in goes on.

use outlay_core::TenantId;
use outlay_http::{Body, Params, Problem, ProblemBody, Reply, Request, Response, path_id, reply};
use outlay_identity::{PlatformCaller, PlatformManage};
use outlay_messages::{CommitMessage, PartMessage};
use outlay_runtime::{App, Variable, operating};
use outlay_store::{Stage, Standing, Status, TenantTable, Upload};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    action::trail,
    tenants::{CompanySummary, StandingChange, reason},
    tenants_suspend::Change,
};

/// A restored company.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CompanyRestored)]
pub struct CompanyRestored {
    /// The company.
    #[serde(flatten)]
    pub company: CompanySummary,
    /// How many deliveries go on that were left where they were.
    pub resumed_uploads: usize,
}

/// The route, for the binary.
pub fn handler(app: &'static App, request: Request) -> Reply {
    operating(app, request, restore)
}

/// Restores a company: its people are let in within a minute, and deliveries that were left where they were
/// go on. Doing it again changes nothing and asks for those deliveries once more.
#[utoipa::path(
    post,
    path = "/v1/admin/tenants/{tenantId}/restore",
    operation_id = "admin-tenants-restore",
    tag = "admin",
    params(("tenantId" = String, Path, description = "`ten_...`")),
    request_body = StandingChange,
    responses(
        (status = 200, description = "It is active", body = CompanyRestored),
        (status = 400, description = "No reason is given", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "Not a global owner", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "There is no such company", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "It was changed at the same moment, or is being deleted", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("bearer" = []))
)]
pub async fn restore(
    app: &'static App,
    caller: PlatformCaller<PlatformManage>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    Params::of(&request, &[])?;
    let (id, reason) = (
        path_id::<TenantId>(&request, "tenantId")?,
        reason(&request)?,
    );
    let table = app.operator(Some(&id), None).await?;
    let trail = trail(app, &caller, &request);
    let change = Change {
        action: "admin.restore-tenant",
        to: Standing::Active,
        reason: &reason,
    };
    let tenant = change.make(&table, &id, &trail).await?;
    // After the change: a worker that saw the old standing has dropped its message before this looks.
    let resumed_uploads = resume(app, &table.tenant(&id)).await?;
    reply::ok(&CompanyRestored {
        company: CompanySummary::from(&tenant),
        resumed_uploads,
    })
}

/// Sends the message of each open delivery again. The table says how far each is, and a stage that is
/// asked twice works once.
async fn resume(app: &App, company: &TenantTable) -> Result<usize, Problem> {
    let url = |variable| app.config.get(variable).map_err(Problem::internal);
    let (parts, commits) = (
        url(Variable::PartsQueueUrl)?,
        url(Variable::CommitsQueueUrl)?,
    );
    let (queues, mut resumed) = (app.queues(), 0);
    for upload in company.list_all::<Upload>().await? {
        let (tenant_id, upload_id) = (company.tenant().clone(), upload.upload_id.clone());
        let sent = match next(&upload) {
            None => continue,
            Some(Next::Read) => {
                let message = PartMessage {
                    tenant_id,
                    upload_id,
                    part: 1,
                    attempt: upload.attempt,
                };
                queues.send_part(parts, &message).await
            }
            Some(Next::Commit) => {
                let message = CommitMessage {
                    tenant_id,
                    upload_id,
                };
                queues.send_commit(commits, &message).await
            }
        };
        sent.map_err(Problem::unavailable)?;
        resumed += 1;
    }
    Ok(resumed)
}

/// What an open delivery waits for.
#[derive(Debug, PartialEq, Eq)]
enum Next {
    Read,
    Commit,
}

fn next(upload: &Upload) -> Option<Next> {
    if upload.deleted_at.is_some() || upload.status != Status::Processing {
        return None;
    }
    match upload.stage? {
        Stage::Reading => Some(Next::Read),
        Stage::Checking | Stage::Switching => Some(Next::Commit),
        _ => None,
    }
}
