//! GET /v1/auth/audit: one's own log.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_auth::audit::handler)
}
