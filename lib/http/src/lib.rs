//! The HTTP habits of the API: one kind of problem, strict parameters and bodies, pages.

mod audit;
mod body;
mod cursor;
pub mod fields;
mod page;
mod path;
mod problem;
mod query;
pub mod reply;
pub mod revision;

pub use audit::{AuditPage, AuditSearch};
pub use body::json_body;
pub use cursor::Cursor;
pub use page::PageRequest;
pub use path::path_id;
pub use problem::{FieldError, Problem, ProblemBody};
pub use query::Params;
pub use reply::Reply;

pub use lambda_http::{Body, Request, Response};
