//! DELETE /v1/tokens/{tokenId}

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_tokens::revoke::handler)
}
