use outlay_http::{
    Body, Cursor, PageRequest, Params, Problem, ProblemBody, Reply, Request, Response, reply,
};
use outlay_identity::{Caller, MembersRead};
use outlay_runtime::{App, authorised};
use outlay_store::Member;
use serde::Serialize;

use crate::Person;

const ROUTE: &str = "members-list";

/// A page of people.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = MemberPage)]
pub struct PersonPage {
    items: Vec<Person>,
    /// Give it back as `cursor` for the next page; null at the end.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// `GET /v1/members`
pub fn handler(app: &'static App, request: Request) -> Reply {
    authorised(app, request, list)
}

/// Who is in the company and as what, in the order in which the accounts were made.
#[utoipa::path(get, path = "/v1/members", operation_id = "members-list", tag = "members",
    security(("bearer" = [])),
    params(("limit" = Option<u32>, Query, minimum = 1, maximum = 100, description = "1 to 100; 25 without."),
        ("cursor" = Option<String>, Query, description = "Where the page begins: nextCursor of the page before.")),
    responses((status = 200, body = PersonPage),
        (status = 400, body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, body = ProblemBody, content_type = "application/problem+json")))]
pub async fn list(
    app: &'static App,
    caller: Caller<MembersRead>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let params = Params::of(&request, &PageRequest::PARAMS)?;
    let asked = PageRequest::of::<Member>(&params, caller.tenant(), ROUTE)?;
    let table = app.reading(&caller).await?;
    let page = table.list::<Member>(asked.limit, asked.after, true).await?;
    reply::ok(&PersonPage {
        items: page.items.into_iter().map(Person::from).collect(),
        next_cursor: page
            .next
            .map(|sk| Cursor::after(sk).encode(caller.tenant(), ROUTE)),
    })
}
