//! POST /v1/auth/register: asks for an account.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_auth::register::handler)
}
