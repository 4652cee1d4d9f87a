use outlay_http::{
    Body, Cursor, PageRequest, Params, Problem, ProblemBody, Reply, Request, Response, reply,
};
use outlay_identity::{Caller, UploadsRead};
use outlay_runtime::{App, authorised};
use serde::Serialize;

use crate::Upload;

const ROUTE: &str = "uploads-list";

/// A page of deliveries, newest first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UploadPage {
    items: Vec<Upload>,
    /// Give it back as `cursor` for the next page; null at the end.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// `GET /v1/uploads`
pub fn handler(app: &'static App, request: Request) -> Reply {
    authorised(app, request, list)
}

/// The tenant's deliveries, newest first.
#[utoipa::path(get, path = "/v1/uploads", operation_id = "uploads-list", tag = "uploads",
    security(("bearer" = [])),
    params(("limit" = Option<u32>, Query, minimum = 1, maximum = 100, description = "1 to 100; 25 without."),
        ("cursor" = Option<String>, Query, description = "Where the page begins: nextCursor of the page before.")),
    responses((status = 200, body = UploadPage),
        (status = 400, body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, body = ProblemBody, content_type = "application/problem+json")))]
pub async fn list(
    app: &'static App,
    caller: Caller<UploadsRead>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let params = Params::of(&request, &PageRequest::PARAMS)?;
    let asked = PageRequest::of::<outlay_store::Upload>(&params, caller.tenant(), ROUTE)?;
    let table = app.reader(&caller).await?.table;
    let page = table
        .list::<outlay_store::Upload>(asked.limit, asked.after, false)
        .await?;
    let active = table.list_all().await?;
    let now = (app.clock)();
    let shown = page
        .items
        .into_iter()
        .filter(|upload| upload.deleted_at.is_none());
    reply::ok(&UploadPage {
        items: shown
            .map(|upload| Upload::of(upload, &active, now))
            .collect(),
        next_cursor: page
            .next
            .map(|sk| Cursor::after(sk).encode(caller.tenant(), ROUTE)),
    })
}
