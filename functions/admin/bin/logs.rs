//! Lambda `admin-logs`.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_admin::logs::handler)
}
