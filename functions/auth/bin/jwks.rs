//! GET /.well-known/jwks.json: the keys that access tokens are checked with.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_auth::jwks::handler)
}
