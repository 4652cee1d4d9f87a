//! Lambda `admin-health`.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_admin::health::handler)
}
