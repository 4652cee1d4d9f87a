use jiff::Timestamp;
use lambda_http::http::{HeaderValue, StatusCode};
use outlay_core::OffboardingId;
use outlay_http::{Body, Params, Problem, ProblemBody, Reply, Request, Response, json_body, reply};
use outlay_identity::{Caller, TenantDelete, new_seal_key};
use outlay_messages::{EndingMessage, OffboardingMessage};
use outlay_runtime::{App, AppError, Trail, Variable, authorised};
use outlay_store::{
    AuditEntry, AuditLog, Member, Offboarding, OffboardingStage, RegistryTable, Role, Standing,
    Tenant,
};
use serde::Deserialize;
use serde_json::json;

use crate::receipt::{self, Receipt};

/// The owner's confirmation.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OffboardingRequest)]
pub struct BeginRequest {
    /// The name of the company, exactly as it is shown.
    confirm: String,
}

/// `DELETE /v1/tenants/current`
pub fn handler(app: &'static App, request: Request) -> Reply {
    authorised(app, request, begin)
}

/// Ends the company: nobody is let in any more, and everything of it is removed. Keep the address in
/// `Location`: it is the only way to see the receipt afterwards.
#[utoipa::path(delete, path = "/v1/tenants/current", operation_id = "offboarding-begin",
    tag = "offboarding", security(("bearer" = [])), request_body = BeginRequest,
    responses((status = 202, body = Receipt,
            headers(("Location" = String, description = "Where the receipt is"))),
        (status = 400, body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, body = ProblemBody, content_type = "application/problem+json")))]
pub async fn begin(
    app: &'static App,
    caller: Caller<TenantDelete>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    Params::of(&request, &[])?;
    // A program that goes astray must not be able to do this.
    if caller.token().is_some() {
        return Err(Problem::forbidden(
            "tenant:delete of a person who is signed in",
        ));
    }
    let BeginRequest { confirm } = json_body(&request)?;
    let now = (app.clock)();
    let table = app.ending(&caller).await?;
    let tenant = table.tenant(caller.tenant()).get::<Tenant>(&()).await?;
    let tenant = tenant.ok_or_else(Problem::unauthorized)?;
    if confirm.trim() != tenant.name {
        return Err(Problem::invalid(
            "/confirm",
            "must be the name of the company, exactly as it is shown",
        ));
    }
    match tenant.standing {
        Standing::Active => {}
        Standing::Suspended => return Err(Problem::suspended("company")),
        Standing::Ending => {
            return Err(Problem::conflict(
                "ending-already",
                "The company is being removed already.",
            ));
        }
    }
    let secret = new_seal_key().ok_or_else(|| Problem::internal("no random numbers"))?;
    let offboarding = offboarding(&caller, &tenant, &secret, now);
    let entry = Trail::of(app, &caller, &request)
        .entry("tenants.delete", "tenant", caller.tenant())
        .before(json!({"standing": tenant.standing}))
        .after(json!({"standing": Standing::Ending}));
    // Sent first: a company that is stored as ending has its message. One that is not begun is dropped by the worker.
    send(app, &offboarding).await?;
    store(&table, tenant, &offboarding, &entry).await?;
    let place = receipt::address(&offboarding.offboarding_id, &secret);
    let place = format!("/v1/offboardings/{place}");
    let mut response = reply::json(StatusCode::ACCEPTED, &Receipt::from(offboarding))?;
    let place = HeaderValue::try_from(place).map_err(Problem::internal)?;
    response.headers_mut().insert("location", place);
    Ok(response)
}

fn offboarding(
    caller: &Caller<TenantDelete>,
    tenant: &Tenant,
    secret: &str,
    now: Timestamp,
) -> Offboarding {
    Offboarding {
        offboarding_id: OffboardingId::mint(),
        tenant_id: tenant.tenant_id.clone(),
        founded_at: tenant.created_at,
        requested_by: caller.user().clone(),
        requested_at: now,
        secret_sha256: receipt::secret_hash(secret),
        stage: OffboardingStage::Requested,
        moved_at: now,
        settled_at: None,
        finished_at: None,
        removed: std::collections::BTreeMap::new(),
        revision: 1,
    }
}

/// From here on nobody is let in, and the worker has what it works by: both or neither. Of two owners
/// who ask at the same moment one is told that somebody else was there first.
async fn store(
    table: &RegistryTable,
    mut tenant: Tenant,
    offboarding: &Offboarding,
    entry: &AuditEntry,
) -> Result<(), Problem> {
    let unchanged = tenant.unchanged();
    tenant.standing = Standing::Ending;
    tenant.revision += 1;
    let log = AuditLog::Tenant(tenant.tenant_id.clone());
    let company = table.tenant(&tenant.tenant_id).writes();
    // What is known of a caller may be a minute old: this is nothing that somebody put out may still do.
    let an_owner = Member::active_as(Role::Owner);
    let company = company
        .put(&tenant, unchanged)?
        .check::<Member>(&offboarding.requested_by, an_owner)?;
    let writes = table.writes().create(offboarding)?.audit(&log, entry)?;
    Ok(writes.with(company).commit().await?)
}

async fn send(app: &App, offboarding: &Offboarding) -> Result<(), Problem> {
    let url = app.config.get(Variable::OffboardingQueueUrl);
    let url = url.map_err(AppError::from)?;
    let message = EndingMessage::Company(OffboardingMessage {
        tenant_id: offboarding.tenant_id.clone(),
        offboarding_id: offboarding.offboarding_id.clone(),
    });
    let sent = app.queues().send_offboarding(url, &message, 0).await;
    sent.map_err(Problem::unavailable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_is_the_name_and_nothing_else() {
        let read =
            |event| json_body::<BeginRequest>(&lambda_http::request::from_str(event).unwrap());
        let given = read(include_str!(
            "../../../events/offboarding-begin.confirmed.json"
        ))
        .unwrap();
        assert_eq!(given.confirm, "Example");
        let more = r#"{"confirm":"a","tenantId":"ten_1"}"#;
        assert!(serde_json::from_str::<BeginRequest>(more).is_err());
    }
}
