use outlay_core::UserId;
use outlay_http::{
    Body, Params, Problem, ProblemBody, Reply, Request, Response, json_body, path_id, reply,
};
use outlay_identity::{Caller, MembersWrite};
use outlay_runtime::{App, Trail, authorised};
use outlay_store::{
    AuditEntry, Condition, Member, RegistryTable, Role, StoreError, TRIES, UserTenant,
};
use serde::Deserialize;
use serde_json::json;

use crate::{
    Person,
    conditions::{demand_rank, guarded, too_busy},
};

/// What a person shall be.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MemberUpdate {
    /// The new role.
    role: Role,
}

/// `PATCH /v1/members/{userId}`
pub fn handler(app: &'static App, request: Request) -> Reply {
    authorised(app, request, update)
}

/// Gives a person another role. Neither the role before nor the one after may be above yours, and
/// the last owner stays one. Within a minute the person has the new role wherever something changes.
#[utoipa::path(patch, path = "/v1/members/{userId}", operation_id = "members-update", tag = "members",
    security(("bearer" = [])), request_body = MemberUpdate,
    params(("userId" = String, Path, description = "The person.")),
    responses((status = 200, body = Person),
        (status = 400, body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "The last owner", body = ProblemBody, content_type = "application/problem+json")))]
pub async fn update(
    app: &'static App,
    caller: Caller<MembersWrite>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    Params::of(&request, &[])?;
    let user: UserId = path_id(&request, "userId")?;
    let role = json_body::<MemberUpdate>(&request)?.role;
    let registry = app.registry(Some(caller.tenant()), Some(&user)).await?;
    let company = registry.tenant(caller.tenant());
    let trail = Trail::of(app, &caller, &request);
    for _ in 0..TRIES {
        let member = company.get::<Member>(&user).await?;
        let member = member.ok_or_else(Problem::not_found)?;
        demand_rank(&caller, member.role)?;
        demand_rank(&caller, role)?;
        if member.role == role {
            return reply::ok(&Person::from(member));
        }
        let entry = trail
            .entry("members.change-role", "member", &user)
            .before(json!({"role": member.role}))
            .after(json!({"role": role}));
        match change(&registry, &caller, &member, role, &entry).await? {
            None => {}
            Some(member) => return reply::ok(&Person::from(member)),
        }
    }
    Err(too_busy())
}

/// The person with the new role, seen from the company and from the person; `None` where somebody
/// else changed something of it in this moment.
async fn change(
    registry: &RegistryTable,
    caller: &Caller<MembersWrite>,
    member: &Member,
    role: Role,
    entry: &AuditEntry,
) -> Result<Option<Member>, Problem> {
    let company = registry.tenant(caller.tenant());
    let after = Member {
        role,
        revision: member.revision + 1,
        ..member.clone()
    };
    let seen_from_person = UserTenant {
        user_id: member.user_id.clone(),
        tenant_id: caller.tenant().clone(),
        role,
    };
    let writes = company
        .writes()
        .put(&after, member.unchanged())?
        .audit(entry)?;
    let writes = guarded(&company, caller, (member, Some(&after)), writes).await?;
    let writes = registry
        .writes()
        .put(&seen_from_person, Condition::Any)?
        .with(writes);
    match writes.commit().await {
        Err(StoreError::Conflict) => Ok(None),
        Err(error) => Err(error.into()),
        Ok(()) => Ok(Some(after)),
    }
}
