//! GET /v1/tenants/current

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_tenants::get::handler)
}
