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

use outlay_core::UploadId;
use outlay_http::{Problem, Request, path_id};
use outlay_lake::ObjectsError;

/// The delivery that a path names.
fn upload_id(request: &Request) -> Result<UploadId, Problem> {
    path_id(request, "uploadId")
}

fn storage(error: ObjectsError) -> Problem {
    Problem::unavailable(error)
}
