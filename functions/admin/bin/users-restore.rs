//! Lambda `admin-users-restore`.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_admin::users_restore::handler)
}
