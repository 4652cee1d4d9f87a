//! POST /v1/members/invites/accept

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_members::invites_accept::handler)
}
