//! All people, page by page; or the one whom an address belongs to.

use outlay_core::UserId;
use outlay_http::{Body, Params, Problem, ProblemBody, Reply, Request, Response, fields, reply};
use outlay_identity::{PlatformCaller, PlatformRead};
use outlay_runtime::{App, operating};
use outlay_store::{DirectoryUser, EmailGuard, EmailHash, OperatorTable, Standing, User};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    action::looked_at,
    pages::{Wanted, matches, page, standing, standing_of},
    users::AccountSummary,
};

const ROUTE: &str = "admin-users-list";

/// A page of people, oldest first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AccountPage)]
pub struct AccountPage {
    /// The people.
    pub items: Vec<AccountSummary>,
    /// Give it back as `cursor` for the next page; null at the end.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

/// The route, for the binary.
pub fn handler(app: &'static App, request: Request) -> Reply {
    operating(app, request, list)
}

/// The people, oldest first. The list follows a change within seconds.
#[utoipa::path(
    get,
    path = "/v1/admin/users",
    operation_id = "admin-users-list",
    tag = "admin",
    params(
        ("search" = Option<String>, Query, description = "A part of the name, in any case, or a whole id."),
        ("email" = Option<String>, Query, description = "The person whom this address belongs to; not together with the others."),
        ("standing" = Option<Standing>, Query, description = "Only those."),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 100, description = "1 to 100; 25 without."),
        ("cursor" = Option<String>, Query, description = "Where the page begins: nextCursor of the page before."),
    ),
    responses(
        (status = 200, description = "A page", body = AccountPage),
        (status = 400, description = "A parameter is not valid", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "Not a global owner", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("bearer" = []))
)]
pub async fn list(
    app: &'static App,
    caller: PlatformCaller<PlatformRead>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let params = Params::of(
        &request,
        &["search", "email", "standing", "limit", "cursor"],
    )?;
    let (search, only) = (params.get("search"), standing(params.get("standing"))?);
    let wanted = Wanted {
        route: ROUTE,
        caller: caller.user(),
        cursor: params.get("cursor"),
        limit: params.number("limit", 25, 1, 100)? as usize,
    };
    let email = params
        .get("email")
        .map(|text| fields::email("email", text))
        .transpose()?;
    if email.is_some() && params.pairs().len() > 1 {
        return Err(Problem::invalid("email", "is asked for alone"));
    }
    let table = app.operator(None, Some(caller.user())).await?;
    if let Some(email) = email {
        let found = of_address(app, &table, &email).await?;
        // By the id: an address that was asked for stands in no log.
        let (kind, whom) = match &found {
            Some(found) => ("user", found.id.to_string()),
            None => ("platform", "users".to_owned()),
        };
        looked_at(app, &caller, &request, "admin.find-user", kind, &whom).await?;
        return reply::ok(&AccountPage {
            items: found.into_iter().collect(),
            next_cursor: None,
        });
    }
    let (action, kind) = ("admin.list-users", "platform");
    looked_at(app, &caller, &request, action, kind, &"users").await?;
    let keep = |entry: &DirectoryUser| {
        let of_standing = only.is_none_or(|only| standing_of(entry.standing.as_deref()) == only);
        of_standing && matches(search, &entry.name, entry.user_id.as_str())
    };
    let (found, next_cursor) = page(&table, &UserId::derive(&[]), &wanted, keep).await?;
    reply::ok(&AccountPage {
        items: found.into_iter().map(AccountSummary::from).collect(),
        next_cursor,
    })
}

async fn of_address(
    app: &App,
    table: &OperatorTable,
    email: &str,
) -> Result<Option<AccountSummary>, Problem> {
    let Some(guard) = table.get::<EmailGuard>(&EmailHash::of(email)).await? else {
        return Ok(None);
    };
    let table = app.operator(None, Some(&guard.user_id)).await?;
    let user = table.get::<User>(&guard.user_id).await?;
    Ok(user.as_ref().map(AccountSummary::from))
}
