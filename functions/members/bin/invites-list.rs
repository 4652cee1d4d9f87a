//! GET /v1/members/invites

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_members::invites_list::handler)
}
