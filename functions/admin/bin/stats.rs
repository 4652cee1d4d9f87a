//! Lambda `admin-stats`.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_admin::stats::handler)
}
