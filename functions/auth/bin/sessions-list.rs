//! GET /v1/auth/sessions: where one is signed in.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_auth::sessions_list::handler)
}
