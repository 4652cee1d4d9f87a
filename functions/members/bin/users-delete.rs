//! DELETE /v1/users/{userId}

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_members::users_delete::handler)
}
