//! POST /v1/auth/verify/resend: asks for another code.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_auth::verify_resend::handler)
}
