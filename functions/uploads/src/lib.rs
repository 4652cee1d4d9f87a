//! Uploads: declare a file, follow it, confirm or delete it.

/// What to do where a bill would replace one that is seen.
pub mod confirm;
/// A file is declared.
pub mod create;
/// A delivery is taken out.
pub mod delete;
/// One delivery.
pub mod get;
/// All deliveries.
pub mod list;
mod upload;

pub use upload::{BillState, Upload, UploadBill};

use lambda_http::RequestExt;
use outlay_core::UploadId;
use outlay_http::{Problem, Request};
use outlay_lake::ObjectsError;

/// The delivery that a path names; what cannot be an id is simply not there.
fn upload_id(request: &Request) -> Result<UploadId, Problem> {
    let parameters = request.path_parameters();
    let id = parameters
        .first("uploadId")
        .and_then(|text| text.parse().ok());
    id.ok_or_else(Problem::not_found)
}

fn storage(error: ObjectsError) -> Problem {
    Problem::unavailable(error)
}
