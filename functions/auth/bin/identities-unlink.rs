//! DELETE /v1/auth/identities/{identityId}: one of them less.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_auth::identities_unlink::handler)
}
