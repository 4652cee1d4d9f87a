//! POST /v1/auth/login: signs in.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_auth::login::handler)
}
