//! GET /v1/auth/oidc: where one signs in from outside.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_auth::oidc::handler)
}
