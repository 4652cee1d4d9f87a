//! Successful answers.

use std::{future::Future, pin::Pin};

use lambda_http::{
    Body, Response,
    http::{HeaderValue, StatusCode},
};
use serde::Serialize;

use crate::Problem;

/// What a handler promises: an answer or a problem.
pub type Reply = Pin<Box<dyn Future<Output = Result<Response<Body>, Problem>> + Send>>;

/// A JSON answer.
pub fn json(status: StatusCode, body: &impl Serialize) -> Result<Response<Body>, Problem> {
    let text = serde_json::to_string(body).map_err(Problem::internal)?;
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert("content-type", json);
    Ok(response)
}

/// 200 with a JSON body.
pub fn ok(body: &impl Serialize) -> Result<Response<Body>, Problem> {
    json(StatusCode::OK, body)
}

/// 204 without a body.
pub fn no_content() -> Response<Body> {
    let mut response = Response::new(Body::Empty);
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}
