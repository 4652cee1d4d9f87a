//! A company is suspended.

use outlay_core::TenantId;
use outlay_http::{Body, Params, Problem, ProblemBody, Reply, Request, Response, path_id, reply};
use outlay_identity::{PlatformCaller, PlatformManage};
use outlay_runtime::{App, Trail, operating};
use outlay_store::{AuditLog, OperatorTable, Standing, Tenant};
use serde_json::json;

use crate::{
    action::trail,
    tenants::{CompanySummary, StandingChange, reason},
};

/// The route, for the binary.
pub fn handler(app: &'static App, request: Request) -> Reply {
    operating(app, request, suspend)
}

/// Suspends a company: its people and programs get 403 within a minute, and what it has handed in is left
/// where it is until it is restored. Doing it again changes nothing.
#[utoipa::path(
    post,
    path = "/v1/admin/tenants/{tenantId}/suspend",
    operation_id = "admin-tenants-suspend",
    tag = "admin",
    params(("tenantId" = String, Path, description = "`ten_...`")),
    request_body = StandingChange,
    responses(
        (status = 200, description = "It is suspended", body = CompanySummary),
        (status = 400, description = "No reason is given", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "Not a global owner", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "There is no such company", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "It was changed at the same moment, or is being deleted", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("bearer" = []))
)]
pub async fn suspend(
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
        action: "admin.suspend-tenant",
        to: Standing::Suspended,
        reason: &reason,
    };
    let tenant = change.make(&table, &id, &trail).await?;
    reply::ok(&CompanySummary::from(&tenant))
}

/// What becomes of a company's standing, and why.
pub(crate) struct Change<'a> {
    pub(crate) action: &'static str,
    pub(crate) to: Standing,
    pub(crate) reason: &'a str,
}

impl Change<'_> {
    /// Changes it, unless it is so already. The platform's audit tells of it, also where it is; of a change
    /// the company's own does too.
    pub(crate) async fn make(
        &self,
        table: &OperatorTable,
        id: &TenantId,
        trail: &Trail,
    ) -> Result<Tenant, Problem> {
        let company = table.tenant(id);
        let tenant = company
            .get::<Tenant>(&())
            .await?
            .ok_or_else(Problem::not_found)?;
        let entry = trail
            .entry(self.action, "tenant", id)
            .before(json!({ "standing": tenant.standing }))
            .after(json!({ "standing": self.to, "reason": self.reason }));
        if tenant.standing == self.to {
            let told = table.writes().audit(&AuditLog::Platform, &entry)?;
            told.commit().await?;
            return Ok(tenant);
        }
        if tenant.standing == Standing::Ending {
            return Err(Problem::conflict(
                "company-ending",
                "The company is being deleted, which nobody takes back.",
            ));
        }
        let after = Tenant {
            standing: self.to,
            revision: tenant.revision + 1,
            ..tenant.clone()
        };
        let of_company = trail
            .entry(self.action, "tenant", id)
            .before(json!({ "standing": tenant.standing }))
            .after(json!({ "standing": self.to }));
        let change = company
            .writes()
            .put(&after, tenant.unchanged())?
            .audit(&of_company)?;
        let writes = table.writes().with(change);
        writes.audit(&AuditLog::Platform, &entry)?.commit().await?;
        Ok(after)
    }
}
