//! Lambda `admin-tenants-suspend`.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_admin::tenants_suspend::handler)
}
