//! Lambda `admin-tenants-restore`.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_admin::tenants_restore::handler)
}
