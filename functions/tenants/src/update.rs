use std::collections::HashSet;

use outlay_http::{
    Body, Params, Problem, ProblemBody, Reply, Request, Response, fields, json_body, revision,
};
use outlay_identity::{Caller, TenantWrite};
use outlay_runtime::{App, Trail, authorised};
use outlay_store::{StoreError, Tenant};
use serde::Deserialize;
use serde_json::json;

use crate::company::{self, Company};

/// Tag keys a roll-up may carry: each multiplies its rows.
const MAX_TAG_KEYS: usize = 20;
/// AWS's limit for a key.
const MAX_TAG_KEY: usize = 128;

/// What is to be changed; what is left out stays.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CompanyUpdate {
    /// Name, 1 to 100 characters.
    #[schema(min_length = 1, max_length = 100)]
    name: Option<String>,
    /// Tag keys that roll-ups of bills carry from now on, at most 20; AWS writes a user's own with `user:` before.
    #[schema(max_items = 20)]
    rollup_tag_keys: Option<Vec<String>>,
}

/// `PATCH /v1/tenants/current`
pub fn handler(app: &'static App, request: Request) -> Reply {
    authorised(app, request, update)
}

/// Changes the company's name or settings.
#[utoipa::path(patch, path = "/v1/tenants/current", operation_id = "tenants-update", tag = "tenants",
    security(("bearer" = [])), request_body = CompanyUpdate,
    params(("If-Match" = String, Header, description = "ETag of the company as it was read.")),
    responses((status = 200, body = Company, headers(("ETag" = String, description = "Its revision, for If-Match"))),
        (status = 400, body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, body = ProblemBody, content_type = "application/problem+json"),
        (status = 412, description = "Changed since it was read", body = ProblemBody, content_type = "application/problem+json"),
        (status = 428, description = "No If-Match", body = ProblemBody, content_type = "application/problem+json")))]
pub async fn update(
    app: &'static App,
    caller: Caller<TenantWrite>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    Params::of(&request, &[])?;
    let wanted: CompanyUpdate = json_body(&request)?;
    let table = app.writing(&caller).await?;
    let before = table.get::<Tenant>(&()).await?;
    let before = before.ok_or_else(Problem::unauthorized)?;
    let after = changed(&before, wanted)?;
    revision::demand_current(&request, before.revision)?;
    let told = |t: &Tenant| json!({"name": t.name, "rollupTagKeys": t.rollup_tag_keys});
    let entry = Trail::of(app, &caller, &request)
        .entry("tenants.update", "tenant", &after.tenant_id)
        .before(told(&before))
        .after(told(&after));
    let writes = table
        .writes()
        .put(&after, before.unchanged())?
        .audit(&entry)?;
    match writes.commit().await {
        Err(StoreError::Conflict) => Err(revision::outdated()),
        Err(error) => Err(error.into()),
        Ok(()) => company::answer(after),
    }
}

fn changed(before: &Tenant, wanted: CompanyUpdate) -> Result<Tenant, Problem> {
    let mut after = before.clone();
    after.revision += 1;
    if let Some(name) = wanted.name {
        after.name = fields::line("/name", &name, 100)?;
    }
    if let Some(keys) = wanted.rollup_tag_keys {
        after.rollup_tag_keys = tag_keys(keys)?;
    }
    Ok(after)
}

fn tag_keys(keys: Vec<String>) -> Result<Vec<String>, Problem> {
    if keys.len() > MAX_TAG_KEYS {
        let detail = format!("must have at most {MAX_TAG_KEYS} keys");
        return Err(Problem::invalid("/rollupTagKeys", detail));
    }
    let mut seen = HashSet::new();
    for (at, key) in keys.iter().enumerate() {
        let pointer = format!("/rollupTagKeys/{at}");
        // Keys are verbatim: a blank at either end would belong to the key.
        if fields::line(&pointer, key, MAX_TAG_KEY)? != *key {
            return Err(Problem::invalid(
                pointer,
                "must not begin or end with a blank",
            ));
        }
        if !seen.insert(key) {
            return Err(Problem::invalid(pointer, "is given more than once"));
        }
    }
    Ok(keys)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use outlay_core::TenantId;
    use outlay_store::{Profile, Standing};

    use super::*;

    fn tenant() -> Tenant {
        Tenant {
            tenant_id: TenantId::derive(&["t"]),
            name: "Before".into(),
            standing: Standing::Active,
            profile: Profile::Full,
            rollup_tag_keys: vec!["team".into()],
            created_at: Timestamp::UNIX_EPOCH,
            revision: 4,
        }
    }

    fn wanted(json: &str) -> Result<Tenant, Problem> {
        changed(&tenant(), serde_json::from_str(json).unwrap())
    }

    #[test]
    fn what_is_left_out_stays() {
        let named = wanted(r#"{"name": " After "}"#).unwrap();
        assert_eq!((named.name.as_str(), named.revision), ("After", 5));
        assert_eq!(named.rollup_tag_keys, ["team"]);
        let keyed = wanted(r#"{"rollupTagKeys": ["user:team", "env"]}"#).unwrap();
        assert_eq!(keyed.name, "Before");
        assert_eq!(keyed.rollup_tag_keys, ["user:team", "env"]);
    }

    #[test]
    fn nobody_gives_a_company_a_profile_or_a_standing() {
        for body in [
            r#"{"profile":"full"}"#,
            r#"{"standing":"active"}"#,
            r#"{"id":"x"}"#,
        ] {
            assert!(
                serde_json::from_str::<CompanyUpdate>(body).is_err(),
                "{body}"
            );
        }
    }

    #[test]
    fn keys_are_few_verbatim_and_each_once() {
        let many: Vec<String> = (0..21).map(|n| format!("k{n}")).collect();
        assert!(tag_keys(many[..20].to_vec()).is_ok());
        assert!(tag_keys(many).is_err());
        for bad in [["a", "a"], ["a", ""], ["a", " b"], ["a", "b\n"]] {
            assert!(
                tag_keys(bad.map(str::to_owned).to_vec()).is_err(),
                "{bad:?}"
            );
        }
        assert!(tag_keys(vec!["x".repeat(129)]).is_err());
    }
}
