//! Lambda `admin-users-list`.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_admin::users_list::handler)
}
