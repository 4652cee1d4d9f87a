//! Changing one's own name, wherever it is shown.

use outlay_core::{TenantId, UserId};
use outlay_http::{
    Body, Params, Problem, ProblemBody, Reply, Request, Response, fields, json_body, reply,
};
use outlay_identity::{AccountWrite, Principal};
use outlay_runtime::{App, Trail, demand_active, signed_in};
use outlay_store::{
    AuditLog, Condition, Member, RegistryTable, StoreError, TRIES, TenantTable, User, UserTenant,
    Writes,
};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::session::Person;

/// What the route is given.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = AccountUpdate)]
pub struct AccountUpdate {
    /// The person's name, one line of 1 to 100 characters.
    #[schema(min_length = 1, max_length = 100, example = "Ann Example")]
    pub name: String,
}

/// The route, for the binary.
pub fn handler(app: &'static App, request: Request) -> Reply {
    signed_in::<AccountWrite, _, _>(app, request, me_update)
}

/// Changes the caller's name, and how every company of the caller shows it. A company may show another
/// name afterwards. Where it broke off, the same request again does the rest.
#[utoipa::path(
    patch,
    path = "/v1/auth/me",
    operation_id = "auth-me-update",
    tag = "auth",
    request_body = AccountUpdate,
    security(("bearer" = [])),
    responses(
        (status = 200, description = "The person as they are now", body = Person),
        (status = 400, description = "The name is not valid", body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "No valid access token", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "An API token has no account", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "It was changed at the same moment", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn me_update(
    app: &'static App,
    caller: Principal,
    request: Request,
) -> Result<Response<Body>, Problem> {
    Params::of(&request, &[])?;
    let wanted: AccountUpdate = json_body(&request)?;
    let renaming = Renaming {
        app,
        user: caller.user(),
        name: &fields::line("/name", &wanted.name, 100)?,
        trail: &Trail::by(app, caller.actor(), &request),
    };
    let here = match &caller {
        Principal::Tenant(context) => Some(context.tenant()),
        Principal::Platform(_) => None,
    };
    let user = renaming.account(here).await?;
    for elsewhere in renaming.others(here).await? {
        renaming.copy(&elsewhere).await?;
    }
    reply::ok(&Person::from(&user))
}

/// Who gets which name.
struct Renaming<'a> {
    app: &'static App,
    user: &'a UserId,
    name: &'a String,
    trail: &'a Trail,
}

impl Renaming<'_> {
    /// The account and its copy in the company that the session works in, together.
    async fn account(&self, here: Option<&TenantId>) -> Result<User, Problem> {
        let registry = self.app.registry(here, Some(self.user)).await?;
        for _ in 0..TRIES {
            let before = registry.get::<User>(self.user).await?;
            let before = before.ok_or_else(Problem::unauthorized)?;
            // The log of an account that ends is being removed.
            demand_active(before.standing, "account")?;
            let (after, mut writes) = self.renamed(&registry, before)?;
            if let Some(here) = here
                && let Some(copied) = self.copied(&registry.tenant(here)).await?
            {
                writes = writes.with(copied);
            }
            match writes.commit().await {
                Err(StoreError::Conflict) => {}
                outcome => return Ok(outcome.map(|()| after)?),
            }
        }
        Err(StoreError::Conflict.into())
    }

    /// The account with the name, and what makes it so.
    fn renamed(
        &self,
        registry: &RegistryTable,
        before: User,
    ) -> Result<(User, Writes<()>), StoreError> {
        if before.name == *self.name {
            return Ok((before, self.still_named(registry)?));
        }
        let entry = self
            .trail
            .entry("auth.rename", "user", self.user)
            .before(json!({"name": before.name}))
            .after(json!({"name": self.name}));
        let after = User {
            name: self.name.clone(),
            ..before
        };
        let writes = after.raise(registry.writes())?;
        let writes = writes.audit(&AuditLog::Person(self.user.clone()), &entry)?;
        Ok((after, writes))
    }

    /// The person's other companies. Whoever joins one after this takes the new name along.
    async fn others(&self, here: Option<&TenantId>) -> Result<Vec<TenantId>, Problem> {
        let registry = self.app.registry(None, Some(self.user)).await?;
        let all = UserTenant::any_of(self.user);
        let all = registry.list_all::<UserTenant>(&all).await?;
        let companies = all.into_iter().map(|membership| membership.tenant_id);
        Ok(companies.filter(|tenant| Some(tenant) != here).collect())
    }

    /// The copy in another company: a session sees one at a time.
    async fn copy(&self, tenant: &TenantId) -> Result<(), Problem> {
        let registry = self.app.registry(Some(tenant), Some(self.user)).await?;
        for _ in 0..TRIES {
            let Some(copied) = self.copied(&registry.tenant(tenant)).await? else {
                return Ok(());
            };
            match self.still_named(&registry)?.with(copied).commit().await {
                Err(StoreError::Conflict) => {}
                outcome => return Ok(outcome?),
            }
        }
        Err(StoreError::Conflict.into())
    }

    /// Of two changes at once the later one leaves its name everywhere: the earlier one stops here.
    fn still_named(&self, registry: &RegistryTable) -> Result<Writes<()>, StoreError> {
        let named = Condition::text("name", self.name);
        registry.writes().check::<User>(self.user, named)
    }

    /// What makes a company show the name. `None` where it does already, or the person has left.
    async fn copied(&self, company: &TenantTable) -> Result<Option<Writes<TenantId>>, StoreError> {
        let before = company.get::<Member>(self.user).await?;
        let Some(before) = before.filter(|member| member.name != *self.name) else {
            return Ok(None);
        };
        let entry = self
            .trail
            .entry("members.rename", "member", self.user)
            .before(json!({"name": before.name}))
            .after(json!({"name": self.name}));
        let unchanged = before.unchanged();
        let after = Member {
            name: self.name.clone(),
            revision: before.revision + 1,
            ..before
        };
        let writes = company.writes().put(&after, unchanged)?;
        writes.audit(&entry).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<AccountUpdate, Problem> {
        let event = include_str!("../../../events/auth-me-update.name.json");
        let mut request = lambda_http::request::from_str(event).unwrap();
        *request.body_mut() = body.into();
        json_body(&request)
    }

    #[test]
    fn the_name_and_nothing_else_is_changed() {
        assert_eq!(read(r#"{"name": "Zoë"}"#).unwrap().name, "Zoë");
        for body in [
            "{}",
            r#"{"name": null}"#,
            r#"{"name": "Zoë", "email": "x@example.com"}"#,
            r#"{"name": "Zoë", "standing": "active"}"#,
            r#"{"name": "Zoë", "name": "Zoe"}"#,
        ] {
            assert_eq!(read(body).unwrap_err().status(), 400, "{body}");
        }
    }
}
