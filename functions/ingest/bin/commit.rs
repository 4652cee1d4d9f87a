//! Lambda `ingest-commit`.

fn main() -> std::process::ExitCode {
    outlay_runtime::sqs(outlay_ingest::commit::handler)
}
