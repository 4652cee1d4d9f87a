//! POST /v1/auth/oidc/exchange: signs in with an identity token of the external issuer.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_auth::oidc_exchange::handler)
}
