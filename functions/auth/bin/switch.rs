//! POST /v1/auth/switch: goes on in another company.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_auth::switch::handler)
}
