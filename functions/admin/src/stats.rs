//! How many there are.

use jiff::{SignedDuration, Timestamp};
use outlay_core::{TenantId, UserId};
use outlay_http::{Body, Params, Problem, ProblemBody, Reply, Request, Response, reply};
use outlay_identity::{PlatformCaller, PlatformRead};
use outlay_runtime::{App, operating};
use outlay_store::{DirectoryTenant, DirectoryUser, GlobalOwner, Standing};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{action::looked_at, pages::standing_of};

/// What counts as new.
const NEW: SignedDuration = SignedDuration::from_hours(30 * 24);

/// How many there are, as the directory says.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PlatformStats)]
pub struct Stats {
    /// Companies.
    pub tenants: Count,
    /// People.
    pub users: Count,
    /// People who operate this platform.
    pub global_owners: usize,
}

/// How many of a kind there are.
#[derive(Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StandingCount)]
pub struct Count {
    /// All of them.
    pub total: usize,
    /// Those that may act.
    pub active: usize,
    /// Those that may not.
    pub suspended: usize,
    /// Those that came within the last 30 days.
    pub new: usize,
}

/// The route, for the binary.
pub fn handler(app: &'static App, request: Request) -> Reply {
    operating(app, request, stats)
}

/// How many companies and people there are.
#[utoipa::path(
    get,
    path = "/v1/admin/stats",
    operation_id = "admin-stats",
    tag = "admin",
    responses(
        (status = 200, description = "The counts", body = Stats),
        (status = 403, description = "Not a global owner", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("bearer" = []))
)]
pub async fn stats(
    app: &'static App,
    caller: PlatformCaller<PlatformRead>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    Params::of(&request, &[])?;
    looked_at(
        app,
        &caller,
        &request,
        "admin.get-stats",
        "platform",
        &"stats",
    )
    .await?;
    let (table, now) = (
        app.operator(None, Some(caller.user())).await?,
        (app.clock)(),
    );
    let tenants: Vec<DirectoryTenant> = table.list_all(&TenantId::derive(&[])).await?;
    let users: Vec<DirectoryUser> = table.list_all(&UserId::derive(&[])).await?;
    let owners: Vec<GlobalOwner> = table.list_all(&UserId::derive(&[])).await?;
    let of_tenants = tenants
        .iter()
        .map(|t| (t.standing.as_deref(), t.created_at));
    let of_users = users.iter().map(|u| (u.standing.as_deref(), u.created_at));
    reply::ok(&Stats {
        tenants: count(of_tenants, now),
        users: count(of_users, now),
        global_owners: owners.len(),
    })
}

fn count<'a>(entries: impl Iterator<Item = (Option<&'a str>, Timestamp)>, now: Timestamp) -> Count {
    entries.fold(Count::default(), |mut count, (standing, since)| {
        count.total += 1;
        match standing_of(standing) {
            Standing::Active => count.active += 1,
            Standing::Suspended => count.suspended += 1,
        }
        count.new += usize::from(now.duration_since(since) <= NEW);
        count
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_is_counted_once() {
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let old = Timestamp::UNIX_EPOCH;
        let all = [(None, now), (Some("active"), old), (Some("suspended"), old)];
        let expected = Count {
            total: 3,
            active: 2,
            suspended: 1,
            new: 1,
        };
        assert_eq!(count(all.into_iter(), now), expected);
    }
}
