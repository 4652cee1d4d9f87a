//! Lambda `admin-audit-list`.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_admin::audit_list::handler)
}
