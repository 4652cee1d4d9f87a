use outlay_http::{Body, Params, Problem, ProblemBody, Reply, Request, Response, reply};
use outlay_identity::{Caller, Module, TenantRead, landing_of, modules_of};
use outlay_runtime::{App, authorised};
use outlay_store::{Profile, Tenant};
use serde::Serialize;

/// What a company has of the product. The API refuses everything else.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Capabilities {
    /// Its profile.
    profile: Profile,
    /// The modules of that profile.
    modules: &'static [Module],
    /// The page of the web app that its people see first.
    landing_route: &'static str,
}

impl From<Profile> for Capabilities {
    fn from(profile: Profile) -> Self {
        Self {
            profile,
            modules: modules_of(profile),
            landing_route: landing_of(profile),
        }
    }
}

/// `GET /v1/tenants/current/capabilities`
pub fn handler(app: &'static App, request: Request) -> Reply {
    authorised(app, request, capabilities)
}

/// What the company has of the product.
#[utoipa::path(get, path = "/v1/tenants/current/capabilities", operation_id = "tenants-capabilities", tag = "tenants",
    security(("bearer" = [])),
    responses((status = 200, body = Capabilities),
        (status = 401, body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, body = ProblemBody, content_type = "application/problem+json")))]
pub async fn capabilities(
    app: &'static App,
    caller: Caller<TenantRead>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    Params::of(&request, &[])?;
    let tenant = app.reading(&caller).await?.get::<Tenant>(&()).await?;
    let tenant = tenant.ok_or_else(Problem::unauthorized)?;
    reply::ok(&Capabilities::from(tenant.profile))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_is_told_as_modules_and_a_page() {
        let told = serde_json::to_value(Capabilities::from(Profile::Intake)).unwrap();
        let expected = serde_json::json!({ "profile": "intake", "landingRoute": "/data",
            "modules": ["account", "company", "uploads", "audit"] });
        assert_eq!(told, expected);
    }
}
