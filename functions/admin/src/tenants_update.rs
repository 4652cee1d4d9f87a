//! What is agreed with a company: what it has of the product, and how often it may ask.

use futures::future::try_join;
use outlay_core::TenantId;
use outlay_http::{
    Body, Params, Problem, ProblemBody, Reply, Request, Response, fields, json_body, path_id,
    revision,
};
use outlay_identity::{PlatformCaller, PlatformManage};
use outlay_runtime::{App, operating};
use outlay_store::{AuditLog, Condition, Profile, RequestLimits, StoreError, Tenant};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::{
    action::trail,
    tenants::{CompanyTerms, RequestRates},
};

/// Most requests in a minute that can be agreed on.
const MOST: u64 = 1_000_000;

/// The terms of a company, all of them, and why they are so.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = CompanyTermsChange)]
pub struct TermsChange {
    /// What is agreed from now on.
    terms: CompanyTerms,
    /// Written into the audit, for those who ask later.
    #[schema(min_length = 1, max_length = 500, example = "Contract of 2026-11-01")]
    reason: String,
}

/// The route, for the binary.
pub fn handler(app: &'static App, request: Request) -> Reply {
    operating(app, request, update)
}

/// Sets what a company has of the product and how often it may ask. It holds within a minute.
#[utoipa::path(
    patch,
    path = "/v1/admin/tenants/{tenantId}",
    operation_id = "admin-tenants-update",
    tag = "admin",
    params(
        ("tenantId" = String, Path, description = "`ten_...`"),
        ("If-Match" = String, Header, description = "ETag of the company as it was read."),
    ),
    request_body = TermsChange,
    responses(
        (status = 200, description = "They are set", body = CompanyTerms, headers(("ETag" = String, description = "Its revision, for If-Match"))),
        (status = 400, description = "A field is not valid", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "Not a global owner", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "There is no such company", body = ProblemBody, content_type = "application/problem+json"),
        (status = 412, description = "Changed since it was read", body = ProblemBody, content_type = "application/problem+json"),
        (status = 428, description = "No If-Match", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("bearer" = []))
)]
pub async fn update(
    app: &'static App,
    caller: PlatformCaller<PlatformManage>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    Params::of(&request, &[])?;
    let id = path_id::<TenantId>(&request, "tenantId")?;
    let TermsChange { terms, reason } = json_body(&request)?;
    let reason = fields::line("/reason", &reason, 500)?;
    let limits = terms.limits.map(checked).transpose()?;
    let table = app.operator(Some(&id), None).await?;
    let company = table.tenant(&id);
    let (before, limits_before) = try_join(
        company.get::<Tenant>(&()),
        company.get::<RequestLimits>(&()),
    )
    .await?;
    let before = before.ok_or_else(Problem::not_found)?;
    revision::demand_current(&request, before.revision)?;
    let after = Tenant {
        profile: terms.profile,
        revision: before.revision + 1,
        ..before.clone()
    };
    let trail = trail(app, &caller, &request);
    let entry = |of_after: Value| {
        trail
            .entry("admin.set-terms", "tenant", &id)
            .before(told(before.profile, limits_before))
            .after(of_after)
    };
    let mut of_platform = told(after.profile, limits);
    let of_company = entry(of_platform.clone());
    of_platform["reason"] = reason.into();
    let change = company.writes().put(&after, before.unchanged())?;
    let change = match &limits {
        Some(limits) => change.put(limits, Condition::Any)?,
        None => change.delete::<RequestLimits>(&(), Condition::Any)?,
    };
    let writes = table.writes().with(change.audit(&of_company)?);
    let writes = writes.audit(&AuditLog::Platform, &entry(of_platform))?;
    match writes.commit().await {
        Err(StoreError::Conflict) => Err(revision::outdated()),
        Err(error) => Err(error.into()),
        Ok(()) => revision::tagged(after.revision, &CompanyTerms::of(&after, limits)),
    }
}

fn checked(rates: RequestRates) -> Result<RequestLimits, Problem> {
    for (pointer, rate) in [
        ("/terms/limits/tenantPerMinute", rates.tenant_per_minute),
        ("/terms/limits/userPerMinute", rates.user_per_minute),
    ] {
        if !(1..=MOST).contains(&rate) {
            let detail = format!("must be a number from 1 to {MOST}");
            return Err(Problem::invalid(pointer, detail));
        }
    }
    Ok(RequestLimits {
        tenant_per_minute: rates.tenant_per_minute,
        user_per_minute: rates.user_per_minute,
    })
}

fn told(profile: Profile, limits: Option<RequestLimits>) -> Value {
    json!({ "profile": profile, "limits": limits })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_given_whole() {
        let read = |text: &str| serde_json::from_str::<CompanyTerms>(text);
        let own = r#"{"profile":"full","limits":{"tenantPerMinute":5,"userPerMinute":1}}"#;
        assert!(checked(read(own).unwrap().limits.unwrap()).is_ok());
        assert!(read(r#"{"profile":"full","limits":null}"#).is_ok());
        for bad in [
            r#"{"profile":"full"}"#,
            r#"{"profile":"other","limits":null}"#,
            r#"{"profile":"full","limits":{"tenantPerMinute":-1,"userPerMinute":1}}"#,
            r#"{"profile":"full","limits":{"tenantPerMinute":1}}"#,
            r#"{"profile":"full","limits":null,"standing":"active"}"#,
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
        for (tenant_per_minute, user_per_minute) in [(0, 1), (1, 0), (MOST + 1, 1)] {
            let rates = RequestRates {
                tenant_per_minute,
                user_per_minute,
            };
            assert_eq!(checked(rates).unwrap_err().status(), 400);
        }
    }
}
