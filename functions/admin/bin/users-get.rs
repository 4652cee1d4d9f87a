//! Lambda `admin-users-get`.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_admin::users_get::handler)
}
