use std::collections::HashMap;

use futures::future::try_join;
use outlay_core::UserId;
use outlay_http::{
    Body, Cursor, PageRequest, Params, Problem, ProblemBody, Reply, Request, Response, reply,
};
use outlay_identity::{Caller, UsersRead};
use outlay_runtime::{App, authorised};
use outlay_store::{Member, SignIn, StoreError};
use serde::Serialize;

use crate::Account;

const ROUTE: &str = "members-users-list";

/// A page of accounts.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = UserAccountPage)]
pub struct AccountPage {
    items: Vec<Account>,
    /// Give it back as `cursor` for the next page; null at the end.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// `GET /v1/users`
pub fn handler(app: &'static App, request: Request) -> Reply {
    authorised(app, request, list)
}

/// The accounts of the company's people, with standing and last sign-in, in the order in which they were made.
#[utoipa::path(get, path = "/v1/users", operation_id = "members-users-list", tag = "users",
    security(("bearer" = [])),
    params(("limit" = Option<u32>, Query, minimum = 1, maximum = 100, description = "1 to 100; 25 without."),
        ("cursor" = Option<String>, Query, description = "Where the page begins: nextCursor of the page before.")),
    responses((status = 200, body = AccountPage),
        (status = 400, body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, body = ProblemBody, content_type = "application/problem+json")))]
pub async fn list(
    app: &'static App,
    caller: Caller<UsersRead>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let params = Params::of(&request, &PageRequest::PARAMS)?;
    let asked = PageRequest::of::<Member>(&params, caller.tenant(), ROUTE)?;
    let table = app.reading(&caller).await?;
    let anybody = UserId::derive(&[]);
    let (page, sign_ins) = Box::pin(try_join(
        table.list::<Member>(asked.limit, asked.after, true),
        table.list_beside::<SignIn>(&anybody),
    ))
    .await
    .map_err(|error: StoreError| Problem::from(error))?;
    let sign_ins: HashMap<_, _> = sign_ins.into_iter().map(|s| (s.user_id, s.at)).collect();
    let items = page.items.into_iter().map(|member| {
        let last = sign_ins.get(&member.user_id).copied();
        Account::of(member, last)
    });
    reply::ok(&AccountPage {
        items: items.collect(),
        next_cursor: page
            .next
            .map(|sk| Cursor::after(sk).encode(caller.tenant(), ROUTE)),
    })
}
