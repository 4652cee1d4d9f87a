//! POST /v1/tokens

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_tokens::create::handler)
}
