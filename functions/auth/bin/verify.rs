//! POST /v1/auth/verify: gives the mailed code and founds the account.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_auth::verify::handler)
}
