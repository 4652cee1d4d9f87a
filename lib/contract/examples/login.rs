//! `auth-login` as a process of its own, for `tests/contract/telemetry.rs`.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_auth::login::handler)
}
