//! The keys that access tokens are checked with.

use lambda_http::http::HeaderValue;
use outlay_http::{Body, Problem, Reply, Request, Response, reply};
use outlay_identity::Jwk;
use outlay_runtime::{App, public};
use serde::Serialize;
use utoipa::ToSchema;

/// RFC 7517: a set of keys.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Jwks)]
pub struct Jwks<'a> {
    /// Current first, then those of tokens that may still be around.
    #[schema(value_type = Vec<Jwk>)]
    pub keys: Vec<&'a Jwk>,
}

/// The route, for the binary.
pub fn handler(app: &'static App, request: Request) -> Reply {
    public(app, request, jwks)
}

/// The public keys of access tokens (RFC 7517).
#[utoipa::path(
    get,
    path = "/.well-known/jwks.json",
    operation_id = "auth-jwks",
    tag = "auth",
    responses((status = 200, description = "The keys; may be kept for five minutes", body = Jwks))
)]
pub async fn jwks(app: &'static App, _: Request) -> Result<Response<Body>, Problem> {
    let mut response = reply::ok(&Jwks {
        keys: app.public_keys().await?.jwks(),
    })?;
    let five_minutes = HeaderValue::from_static("public, max-age=300");
    response.headers_mut().insert("cache-control", five_minutes);
    Ok(response)
}
