//! DELETE /v1/members/invites/{inviteId}

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_members::invites_revoke::handler)
}
