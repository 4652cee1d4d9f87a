//! GET /v1/members

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_members::list::handler)
}
