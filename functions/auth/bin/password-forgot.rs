//! POST /v1/auth/password/forgot: asks for a new password.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_auth::password_forgot::handler)
}
