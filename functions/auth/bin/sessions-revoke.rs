//! DELETE /v1/auth/sessions/{sessionId}: ends sign-ins.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_auth::sessions_revoke::handler)
}
