//! Lambda `admin-sync-start`.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_admin::sync_start::handler)
}
