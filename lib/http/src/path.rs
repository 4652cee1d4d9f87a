use std::str::FromStr;

use lambda_http::{Request, RequestExt};

use crate::Problem;

/// The id that a path names; what cannot be an id is simply not there.
pub fn path_id<T: FromStr>(request: &Request, name: &str) -> Result<T, Problem> {
    let parameters = request.path_parameters();
    let id = parameters.first(name).and_then(|text| text.parse().ok());
    id.ok_or_else(Problem::not_found)
}
