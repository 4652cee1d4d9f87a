//! POST /v1/auth/password/change: changes the password.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_auth::password_change::handler)
}
