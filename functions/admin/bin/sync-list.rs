//! Lambda `admin-sync-list`.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_admin::sync_list::handler)
}
