use outlay_core::UserId;
use outlay_http::{
    Body, Params, Problem, ProblemBody, Reply, Request, Response, fields, json_body, path_id,
    revision,
};
use outlay_identity::{Caller, TenantContext, UsersWrite};
use outlay_runtime::{App, Trail, authorised};
use outlay_store::{Member, Standing, StoreError};
use serde::Deserialize;
use serde_json::json;

use crate::{
    Account,
    conditions::{demand_rank, guarded},
    users_get::answer,
};

/// What is to be changed; what is left out stays.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = UserAccountUpdate)]
pub struct AccountUpdate {
    /// The person's name, as this company shows it, 1 to 100 characters.
    #[schema(min_length = 1, max_length = 100)]
    name: Option<String>,
    /// `suspended`: the person may do nothing in this company until restored by `active`.
    standing: Option<MemberStanding>,
}

/// What a person may be made here. Nobody is made to end: people leave, or are taken out.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
enum MemberStanding {
    Active,
    Suspended,
}

impl From<MemberStanding> for Standing {
    fn from(standing: MemberStanding) -> Self {
        match standing {
            MemberStanding::Active => Self::Active,
            MemberStanding::Suspended => Self::Suspended,
        }
    }
}

/// `PATCH /v1/users/{userId}`
pub fn handler(app: &'static App, request: Request) -> Reply {
    authorised(app, request, update)
}

/// Renames, suspends or restores one of the company's people, in this company only. Nobody does it
/// to somebody above; a suspended person changes nothing within a minute, and reads nothing within
/// a quarter of an hour.
#[utoipa::path(patch, path = "/v1/users/{userId}", operation_id = "members-users-update", tag = "users",
    security(("bearer" = [])), request_body = AccountUpdate,
    params(("userId" = String, Path, description = "The person."),
        ("If-Match" = String, Header, description = "ETag of the account as it was read.")),
    responses((status = 200, body = Account, headers(("ETag" = String, description = "Its revision, for If-Match"))),
        (status = 400, body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "Yourself, or the last owner", body = ProblemBody, content_type = "application/problem+json"),
        (status = 412, description = "Changed since it was read", body = ProblemBody, content_type = "application/problem+json"),
        (status = 428, description = "No If-Match", body = ProblemBody, content_type = "application/problem+json")))]
pub async fn update(
    app: &'static App,
    caller: Caller<UsersWrite>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    Params::of(&request, &[])?;
    let user: UserId = path_id(&request, "userId")?;
    let wanted: AccountUpdate = json_body(&request)?;
    let table = app.writing(&caller).await?;
    let before = table.get::<Member>(&user).await?;
    let before = before.ok_or_else(Problem::not_found)?;
    demand_rank(&caller, before.role)?;
    // Neither suspends nor, once suspended, restores oneself.
    if wanted.standing.is_some() {
        demand_other(&caller, &user)?;
    }
    let after = changed(&before, wanted)?;
    revision::demand_current(&request, before.revision)?;
    let told = |member: &Member| json!({"name": member.name, "standing": member.standing});
    let entry = Trail::of(app, &caller, &request)
        .entry("users.update", "user", &user)
        .before(told(&before))
        .after(told(&after));
    let writes = table.writes().put(&after, before.unchanged())?;
    let writes = guarded(
        &table,
        &caller,
        (&before, Some(&after)),
        writes.audit(&entry)?,
    )
    .await?;
    match writes.commit().await {
        Err(StoreError::Conflict) => Err(revision::outdated()),
        Err(error) => Err(error.into()),
        Ok(()) => answer(&table, after).await,
    }
}

/// Refuses what somebody would do to the own account by administering it.
pub(crate) fn demand_other(caller: &TenantContext, user: &UserId) -> Result<(), Problem> {
    if caller.user() == user {
        return Err(Problem::conflict(
            "own-account",
            "This is your own account: leave the company instead, or ask another owner or admin.",
        ));
    }
    Ok(())
}

fn changed(before: &Member, wanted: AccountUpdate) -> Result<Member, Problem> {
    let mut after = before.clone();
    after.revision += 1;
    if let Some(name) = wanted.name {
        after.name = fields::line("/name", &name, 100)?;
    }
    if let Some(standing) = wanted.standing {
        after.standing = standing.into();
    }
    Ok(after)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use outlay_store::Role;

    use super::*;

    fn member() -> Member {
        Member {
            user_id: UserId::derive(&["u"]),
            role: Role::Member,
            standing: Standing::Active,
            name: "Before".into(),
            email: "a@b.c".into(),
            joined_at: Timestamp::UNIX_EPOCH,
            revision: 3,
        }
    }

    #[test]
    fn names_and_standing_change_and_nothing_else() {
        let of = |json: &str| changed(&member(), serde_json::from_str(json).unwrap());
        let suspended = of(r#"{"standing": "suspended"}"#).unwrap();
        assert_eq!(suspended.standing, Standing::Suspended);
        assert_eq!((suspended.name.as_str(), suspended.revision), ("Before", 4));
        assert_eq!(of(r#"{"name": " Zoë "}"#).unwrap().name, "Zoë");
        assert_eq!(of(r#"{"name": "a\nb"}"#).unwrap_err().status(), 400);
        for body in [
            r#"{"role":"owner"}"#,
            r#"{"email":"x@y.z"}"#,
            r#"{"standing":"gone"}"#,
            r#"{"standing":"ending"}"#,
        ] {
            assert!(
                serde_json::from_str::<AccountUpdate>(body).is_err(),
                "{body}"
            );
        }
    }
}
