//! $default: unknown paths and methods.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_platform::fallback::handler)
}
