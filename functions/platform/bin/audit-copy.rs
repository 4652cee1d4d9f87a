//! The table's stream: every entry of the audit, to the archive.

fn main() -> std::process::ExitCode {
    outlay_runtime::stream(outlay_platform::audit_copy::handler)
}
