//! POST /v1/auth/refresh: the next access token.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_auth::refresh::handler)
}
