//! Lambda `admin-tenants-list`.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_admin::tenants_list::handler)
}
