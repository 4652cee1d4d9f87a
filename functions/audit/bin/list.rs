//! Lambda `audit-list`.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_audit::list::handler)
}
