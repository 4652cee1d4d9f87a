//! Asking for another code. As with registering, the answer and the work behind it are the same
//! whether or not the address has an account (ASVS 6.3.8); only the mailbox learns which.

use lambda_http::http::StatusCode;
use outlay_http::{Body, Problem, ProblemBody, Reply, Request, Response, fields, json_body, reply};
use outlay_runtime::{App, public};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    register::{Registered, RegisteredStatus},
    registrations,
};

/// What the route is given.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = VerifyResendRequest)]
pub struct VerifyResendRequest {
    /// The address that was registered.
    #[schema(example = "ann@example.com", max_length = 254)]
    pub email: String,
}

/// The route, for the binary.
pub fn handler(app: &'static App, request: Request) -> Reply {
    public(app, request, verify_resend)
}

/// Asks for another code. Those before stay good until they are too old; five are mailed in that time at most.
#[utoipa::path(
    post,
    path = "/v1/auth/verify/resend",
    operation_id = "auth-verify-resend",
    tag = "auth",
    request_body = VerifyResendRequest,
    responses(
        (status = 202, description = "A mail was sent, whether or not the address has an account", body = Registered),
        (status = 400, description = "The address is not one", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn verify_resend(app: &'static App, request: Request) -> Result<Response<Body>, Problem> {
    let input: VerifyResendRequest = json_body(&request)?;
    let address = fields::email("/email", &input.email)?;
    let registry = registrations::registry(app, &address).await?;
    registrations::mail_code(app, &registry, &address).await?;
    let status = RegisteredStatus::VerificationSent;
    reply::json(StatusCode::ACCEPTED, &Registered { status })
}
