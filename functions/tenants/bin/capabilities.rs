//! GET /v1/tenants/current/capabilities

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_tenants::capabilities::handler)
}
