//! GET /v1/users

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_members::users_list::handler)
}
