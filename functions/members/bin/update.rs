//! PATCH /v1/members/{userId}

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_members::update::handler)
}
