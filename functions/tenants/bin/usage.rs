//! GET /v1/tenants/current/usage

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_tenants::usage::handler)
}
