//! GET /v1/auth/identities: by way of whom one can sign in from outside.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_auth::identities_list::handler)
}
