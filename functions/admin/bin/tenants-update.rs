//! Lambda `admin-tenants-update`.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_admin::tenants_update::handler)
}
