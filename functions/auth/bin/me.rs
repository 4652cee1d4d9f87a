//! GET /v1/auth/me: who am I.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_auth::me::handler)
}
