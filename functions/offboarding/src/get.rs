use lambda_http::RequestExt;
use outlay_http::{Body, Params, Problem, ProblemBody, Reply, Request, Response, reply};
use outlay_runtime::{App, public};
use outlay_store::Offboarding;

use crate::receipt::{self, Receipt};

/// `GET /v1/offboardings/{receipt}`
pub fn handler(app: &'static App, request: Request) -> Reply {
    public(app, request, get)
}

/// How far the end of a company has come, and what was removed. The address itself is the right to
/// read it: afterwards there is nobody left who could sign in.
#[utoipa::path(get, path = "/v1/offboardings/{receipt}", operation_id = "offboarding-get",
    tag = "offboarding",
    params(("receipt" = String, Path, description = "The last segment of the `Location` that `offboarding-begin` gave.")),
    responses((status = 200, body = Receipt),
        (status = 404, body = ProblemBody, content_type = "application/problem+json")))]
pub async fn get(app: &'static App, request: Request) -> Result<Response<Body>, Problem> {
    Params::of(&request, &[])?;
    let parameters = request.path_parameters();
    let address = parameters.first("receipt").and_then(receipt::read_address);
    let (id, secret) = address.ok_or_else(Problem::not_found)?;
    let found = app.platform().await?.get::<Offboarding>(&id).await?;
    let of_whom_it_concerns = |found: &Offboarding| {
        // Hashes of 256 random bits: how long a comparison takes tells nothing.
        found.secret_sha256 == receipt::secret_hash(secret)
    };
    let found = found.filter(of_whom_it_concerns);
    reply::ok(&Receipt::from(found.ok_or_else(Problem::not_found)?))
}
