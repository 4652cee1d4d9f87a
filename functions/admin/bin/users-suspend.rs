//! Lambda `admin-users-suspend`.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_admin::users_suspend::handler)
}
