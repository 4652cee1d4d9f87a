//! Lambda `admin-import`.

fn main() -> std::process::ExitCode {
    outlay_runtime::invoked(outlay_admin::import::handler)
}
