//! Lambda `admin-config-put`.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_admin::config_put::handler)
}
