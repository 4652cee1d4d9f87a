use outlay_core::{TenantId, UploadId};
use outlay_http::{Body, Cursor, Params, Problem, ProblemBody, Reply, Request, Response, reply};
use outlay_identity::{Caller, UploadsRead};
use outlay_runtime::{App, authorised};
use outlay_store::Entity;
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
    params(("limit" = Option<u32>, Query, description = "1 to 100; 25 without."),
        ("cursor" = Option<String>, Query, description = "Where the page begins: nextCursor of the page before.")),
    responses((status = 200, body = UploadPage),
        (status = 400, body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, body = ProblemBody, content_type = "application/problem+json")))]
pub async fn list(
    app: &'static App,
    caller: Caller<UploadsRead>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let params = Params::of(&request, &["limit", "cursor"])?;
    let limit = params.number("limit", 25, 1, 100)?;
    let after = params
        .get("cursor")
        .map(|text| position(text, caller.tenant()))
        .transpose()?;
    let table = app.reader(&caller).await?.table;
    let page = table
        .list::<outlay_store::Upload>(limit.cast_signed(), after, false)
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

/// The key after which a page begins. DynamoDB fails on one that no upload can have.
fn position(cursor: &str, tenant: &TenantId) -> Result<String, Problem> {
    let cursor = Cursor::decode(cursor, tenant, ROUTE)?;
    let id = cursor
        .position()
        .strip_prefix(outlay_store::Upload::PREFIX)
        .map(str::parse::<UploadId>);
    match id {
        Some(Ok(_)) => Ok(cursor.position().to_owned()),
        _ => Err(Cursor::refused()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_begins_after_an_upload_and_nothing_else() {
        let (tenant, upload) = (TenantId::mint(), UploadId::mint());
        let read = |at: &str| position(&Cursor::after(at).encode(&tenant, ROUTE), &tenant);
        let key = format!("UPLOAD#{upload}");
        assert_eq!(read(&key).unwrap(), key);
        for made_up in [
            "",
            "ACTIVE#",
            "UPLOAD#",
            "UPLOAD#x",
            &key[1..],
            &format!("{key}\nx"),
        ] {
            assert_eq!(read(made_up).unwrap_err().status(), 400, "{made_up:?}");
        }
    }
}
