//! POST /v1/tenants

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_tenants::create::handler)
}
