//! The table's stream: every entry of the audit, to the archive.

fn main() -> std::process::ExitCode {
    outlay_runtime::stream("platform-audit-copy", outlay_platform::audit_copy::handler)
}
