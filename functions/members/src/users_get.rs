use outlay_core::UserId;
use outlay_http::{
    Body, Params, Problem, ProblemBody, Reply, Request, Response, path_id, revision,
};
use outlay_identity::{Caller, UsersRead};
use outlay_runtime::{App, authorised};
use outlay_store::{Member, SignIn, TenantTable};

use crate::Account;

/// `GET /v1/users/{userId}`
pub fn handler(app: &'static App, request: Request) -> Reply {
    authorised(app, request, get)
}

/// The account of one of the company's people.
#[utoipa::path(get, path = "/v1/users/{userId}", operation_id = "members-users-get", tag = "users",
    security(("bearer" = [])), params(("userId" = String, Path, description = "The person.")),
    responses((status = 200, body = Account, headers(("ETag" = String, description = "Its revision, for If-Match"))),
        (status = 401, body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json")))]
pub async fn get(
    app: &'static App,
    caller: Caller<UsersRead>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    Params::of(&request, &[])?;
    let user: UserId = path_id(&request, "userId")?;
    let table = app.reading(&caller).await?;
    let member = table.get::<Member>(&user).await?;
    answer(&table, member.ok_or_else(Problem::not_found)?).await
}

/// An account with its tag.
pub(crate) async fn answer(table: &TenantTable, member: Member) -> Result<Response<Body>, Problem> {
    let last = table.get::<SignIn>(&member.user_id).await?;
    revision::tagged(member.revision, &Account::of(member, last.map(|s| s.at)))
}
