//! Lambda `admin-bootstrap`.

fn main() -> std::process::ExitCode {
    outlay_runtime::invoked(outlay_admin::bootstrap::handler)
}
