use std::hash::{DefaultHasher, Hasher};

use lambda_http::http::HeaderValue;
use outlay_http::{Body, Params, Problem, ProblemBody, Reply, Request, Response, reply};
use outlay_identity::{Caller, UploadsRead};
use outlay_runtime::{App, authorised};

use crate::{Upload, upload_id};

/// `GET /v1/uploads/{uploadId}`
pub fn handler(app: &'static App, request: Request) -> Reply {
    authorised(app, request, get)
}

/// One delivery, where it stands, and what became of its bills.
#[utoipa::path(get, path = "/v1/uploads/{uploadId}", operation_id = "uploads-get", tag = "uploads",
    security(("bearer" = [])), params(("uploadId" = String, Path, description = "The delivery.")),
    responses((status = 200, body = Upload),
        (status = 401, body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json")))]
pub async fn get(
    app: &'static App,
    caller: Caller<UploadsRead>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    Params::of(&request, &[])?;
    let id = upload_id(&request)?;
    let table = app.reader(&caller).await?.table;
    let upload = table.get::<outlay_store::Upload>(&id).await?;
    let upload = upload
        .filter(|u| u.deleted_at.is_none())
        .ok_or_else(Problem::not_found)?;
    let active = table.list_all().await?;
    let mut response = reply::ok(&Upload::of(upload, &active, (app.clock)()))?;
    let tag = tag(response.body());
    response.headers_mut().insert("etag", tag?);
    Ok(response)
}

/// A tag of what is shown: it changes also where a later delivery took a bill's place.
fn tag(body: &Body) -> Result<HeaderValue, Problem> {
    let mut hash = DefaultHasher::new();
    hash.write(body.as_ref());
    HeaderValue::try_from(format!("\"{:016x}\"", hash.finish())).map_err(Problem::internal)
}
