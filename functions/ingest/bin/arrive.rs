//! Lambda `ingest-arrive`.

fn main() -> std::process::ExitCode {
    outlay_runtime::sqs(outlay_ingest::arrive::handler)
}
