//! Lambda `admin-tenants-get`.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_admin::tenants_get::handler)
}
