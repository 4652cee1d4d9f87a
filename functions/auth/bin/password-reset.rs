//! POST /v1/auth/password/reset: sets a new password with what was mailed.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_auth::password_reset::handler)
}
