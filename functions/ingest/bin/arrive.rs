//! Lambda `ingest-arrive`.

fn main() -> std::process::ExitCode {
    outlay_runtime::sqs("ingest-arrive", outlay_ingest::arrive::handler)
}
