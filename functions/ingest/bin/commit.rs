//! Lambda `ingest-commit`.

fn main() -> std::process::ExitCode {
    outlay_runtime::sqs("ingest-commit", outlay_ingest::commit::handler)
}
