//! PATCH /v1/auth/me: one's own name.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_auth::me_update::handler)
}
