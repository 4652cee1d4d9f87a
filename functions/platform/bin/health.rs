//! GET /v1/platform/health: what works.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_platform::health::handler)
}
