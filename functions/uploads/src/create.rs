use std::time::Duration;

use lambda_http::http::StatusCode;
use outlay_core::UploadId;
use outlay_http::{
    Body, Params, Problem, ProblemBody, Reply, Request, Response, fields, json_body, reply,
};
use outlay_identity::{Caller, UploadsWrite};
use outlay_runtime::{App, Trail, authorised};
use outlay_store::{OnConflict, Stage, Status};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Upload, storage};

/// How long the permission to put a file lives.
const PUT_SECONDS: u64 = 900;
/// Largest file that one PUT takes here.
const MAX_BYTES: u64 = 1_000_000_000;

/// A file to be uploaded.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UploadRequest {
    /// Name of the file, 1 to 255 characters.
    #[schema(min_length = 1, max_length = 255)]
    file_name: String,
    /// Its exact size; S3 refuses any other.
    #[schema(minimum = 1)]
    size_bytes: u64,
    /// Its media type, such as `text/csv` or `application/gzip`.
    content_type: String,
    /// The answer where a bill would replace one that is seen; without it, you are asked.
    on_conflict: Option<OnConflict>,
    /// Whether it is the product's own sample bill.
    #[serde(default)]
    sample: bool,
}

/// The delivery, and where to put its file.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct UploadCreated {
    upload: Upload,
    put: Put,
}

/// A presigned request: send exactly these headers.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Put {
    url: String,
    /// `PUT`.
    method: &'static str,
    headers: std::collections::BTreeMap<String, String>,
    #[schema(value_type = String, format = DateTime)]
    expires_at: jiff::Timestamp,
}

/// `POST /v1/uploads`
pub fn handler(app: &'static App, request: Request) -> Reply {
    authorised(app, request, create)
}

/// Declares a file and hands out the permission to put it, once, with exactly the declared size.
#[utoipa::path(post, path = "/v1/uploads", operation_id = "uploads-create", tag = "uploads",
    security(("bearer" = [])), request_body = UploadRequest,
    responses((status = 201, body = UploadCreated),
        (status = 400, body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, body = ProblemBody, content_type = "application/problem+json"),
        (status = 413, body = ProblemBody, content_type = "application/problem+json")))]
pub async fn create(
    app: &'static App,
    caller: Caller<UploadsWrite>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    Params::of(&request, &[])?;
    let wanted: UploadRequest = json_body(&request)?;
    check(&wanted)?;
    let data = app.writer(&caller).await?;
    let now = (app.clock)();
    let expires_at = now + jiff::SignedDuration::from_secs(PUT_SECONDS.cast_signed());
    let upload = outlay_store::Upload {
        upload_id: UploadId::mint(),
        file_name: wanted.file_name,
        size_bytes: wanted.size_bytes,
        content_type: wanted.content_type,
        sample: wanted.sample,
        status: Status::Pending,
        stage: Some(Stage::AwaitingUpload),
        created_at: now,
        updated_at: now,
        created_by: caller.user().clone(),
        put_expires_at: expires_at,
        on_conflict: wanted.on_conflict,
        separated: false,
        attempt: 1,
        abandoned: Vec::new(),
        arrived: None,
        format: None,
        rows: None,
        bills: Vec::new(),
        warnings: Vec::new(),
        failure: None,
        deleted_at: None,
        revision: 1,
    };
    let put = data
        .objects
        .presign_put(
            &upload.upload_id,
            &upload.file_name,
            upload.size_bytes,
            &upload.content_type,
            Duration::from_secs(PUT_SECONDS),
        )
        .await
        .map_err(storage)?;
    let declared = Trail::of(app, &caller, &request)
        .entry("uploads.create", "upload", &upload.upload_id)
        .after(json!({"fileName": upload.file_name, "sizeBytes": upload.size_bytes}));
    data.table
        .writes()
        .create(&upload)?
        .audit(&declared)?
        .commit()
        .await?;
    let (url, method) = (put.url, put.method);
    let put = Put {
        url,
        method,
        headers: put.headers.into_iter().collect(),
        expires_at,
    };
    let created = UploadCreated {
        upload: Upload::of(upload, &[], now),
        put,
    };
    reply::json(StatusCode::CREATED, &created)
}

fn check(wanted: &UploadRequest) -> Result<(), Problem> {
    fields::line("/fileName", &wanted.file_name, 255)?;
    let media_type = |c: char| c.is_ascii_alphanumeric() || "/.+-".contains(c);
    let parts = wanted
        .content_type
        .split('/')
        .filter(|part| !part.is_empty())
        .count();
    if wanted.content_type.len() > 100 || parts != 2 || !wanted.content_type.chars().all(media_type)
    {
        return Err(Problem::invalid(
            "/contentType",
            "must be a media type, such as text/csv",
        ));
    }
    if wanted.size_bytes == 0 {
        return Err(Problem::invalid("/sizeBytes", "the file is empty"));
    }
    if wanted.size_bytes > MAX_BYTES {
        return Err(Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "file-too-large",
            "The file is too large to upload",
            "A file may have 1 GB. Compress it, split it by month, or deliver it to a bucket and connect that.",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(name: &str, size: u64, kind: &str) -> UploadRequest {
        UploadRequest {
            file_name: name.into(),
            size_bytes: size,
            content_type: kind.into(),
            on_conflict: None,
            sample: false,
        }
    }

    #[test]
    fn what_cannot_be_a_bill_is_refused_before_anything_is_stored() {
        assert!(check(&request("november.csv.gz", 1, "application/gzip")).is_ok());
        for (name, size, kind, status) in [
            ("", 1, "text/csv", 400),
            ("  ", 1, "text/csv", 400),
            ("a\nb.csv", 1, "text/csv", 400),
            ("lib\u{202e}vsc.exe", 1, "text/csv", 400),
            ("a.csv", 0, "text/csv", 400),
            ("a.csv", 1, "csv", 400),
            ("a.csv", 1, "text/csv; charset=\"x\"", 400),
            ("a.csv", 1, "text/csv\r\nx: y", 400),
            ("a.csv", MAX_BYTES + 1, "text/csv", 413),
        ] {
            let problem = check(&request(name, size, kind)).unwrap_err();
            assert_eq!(problem.status(), status, "{name} {size} {kind}");
        }
        assert!(check(&request(&"ä".repeat(255), MAX_BYTES, "text/csv")).is_ok());
    }
}
