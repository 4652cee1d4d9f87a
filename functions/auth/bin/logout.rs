//! POST /v1/auth/logout: signs out.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_auth::logout::handler)
}
