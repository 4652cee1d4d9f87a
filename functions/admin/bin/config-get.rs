//! Lambda `admin-config-get`.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_admin::config_get::handler)
}
