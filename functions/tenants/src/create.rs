use lambda_http::http::{HeaderValue, StatusCode};
use outlay_core::{TenantId, UserId};
use outlay_http::{
    Body, Params, Problem, ProblemBody, Reply, Request, Response, fields, json_body, reply,
};
use outlay_identity::{AccountWrite, Caller, throttle};
use outlay_runtime::{App, Trail, authorised, demand_active, demand_room_for_company};
use outlay_store::{RegistryTable, StoreError, TRIES, Tenant, User};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Where a session that works in the company finds it.
const PLACE: &str = "/v1/tenants/current";

/// A further company.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CompanyRequest {
    /// Name, one line of 1 to 100 characters.
    #[schema(min_length = 1, max_length = 100, example = "Example GmbH")]
    name: String,
}

/// The company that was founded.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CompanyCreated {
    /// `ten_...`
    #[schema(value_type = String)]
    id: TenantId,
    /// Its name.
    name: String,
}

/// `POST /v1/tenants`
pub fn handler(app: &'static App, request: Request) -> Reply {
    authorised(app, request, create)
}

/// Founds a further company, of which the caller is the owner. The session stays where it is:
/// `POST /v1/auth/switch` takes it there. At most 5 in an hour, and 50 companies of one person.
#[utoipa::path(post, path = "/v1/tenants", operation_id = "tenants-create", tag = "tenants",
    security(("bearer" = [])), request_body = CompanyRequest,
    responses((status = 201, description = "Founded", body = CompanyCreated,
            headers(("Location" = String, description = "Where the company is, for a session that has switched to it"))),
        (status = 400, description = "The name is not valid", body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "An API token, or a global owner", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "In 50 companies already", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "Too many in an hour; see Retry-After", body = ProblemBody, content_type = "application/problem+json")))]
pub async fn create(
    app: &'static App,
    caller: Caller<AccountWrite>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    Params::of(&request, &[])?;
    let wanted: CompanyRequest = json_body(&request)?;
    let name = fields::line("/name", &wanted.name, 100)?;
    let (user, now) = (caller.user(), (app.clock)());
    let tenant = Tenant::founded(TenantId::mint(), &name, now);
    let registry = app.registry(Some(&tenant.tenant_id), Some(user)).await?;
    // Never given back: what was founded is what is counted.
    let taken = throttle::take_try(&registry, user, throttle::FOUNDING, now).await?;
    let _ = taken.map_err(Problem::too_many)?;
    let trail = Trail::of(app, &caller, &request);
    for _ in 0..TRIES {
        if found(&registry, user, &tenant, &trail).await? {
            return answer(tenant);
        }
    }
    Err(StoreError::Conflict.into())
}

/// Whether the company was founded: joining a company, too, raises the revision of the account, so that of
/// two at once one counts again.
async fn found(
    registry: &RegistryTable,
    user: &UserId,
    tenant: &Tenant,
    trail: &Trail,
) -> Result<bool, Problem> {
    let owner = registry.get::<User>(user).await?;
    let owner = owner.ok_or_else(Problem::unauthorized)?;
    demand_active(owner.standing, "account")?;
    demand_room_for_company(registry, user).await?;
    let entry = trail
        .entry("tenants.create", "tenant", &tenant.tenant_id)
        .after(json!({"name": tenant.name}));
    let writes = owner.raise(registry.found(tenant, &owner, &entry)?)?;
    match writes.commit().await {
        Err(StoreError::Conflict) => Ok(false),
        outcome => Ok(outcome.map(|()| true)?),
    }
}

fn answer(tenant: Tenant) -> Result<Response<Body>, Problem> {
    let founded = CompanyCreated {
        id: tenant.tenant_id,
        name: tenant.name,
    };
    let mut response = reply::json(StatusCode::CREATED, &founded)?;
    let place = HeaderValue::from_static(PLACE);
    response.headers_mut().insert("location", place);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn a_founder_says_the_name_and_nothing_else() {
        let read = |body| serde_json::from_str::<CompanyRequest>(body);
        assert_eq!(
            read(r#"{"name": "Example GmbH"}"#).unwrap().name,
            "Example GmbH"
        );
        for body in [
            "{}",
            r#"{"name": "E", "profile": "full"}"#,
            r#"{"name": "E", "id": "ten_1"}"#,
        ] {
            assert!(read(body).is_err(), "{body}");
        }
    }

    #[test]
    fn the_answer_tells_the_company_and_where_it_is() {
        let id = TenantId::derive(&["t"]);
        let tenant = Tenant::founded(id.clone(), "Example", Timestamp::UNIX_EPOCH);
        let response = answer(tenant).unwrap();
        assert_eq!(response.status(), 201);
        assert_eq!(response.headers()["location"], "/v1/tenants/current");
        let Body::Text(text) = response.body() else {
            panic!("no text: {response:?}");
        };
        let told: serde_json::Value = serde_json::from_str(text).unwrap();
        assert_eq!(told, json!({"id": id, "name": "Example"}));
    }
}
