//! Lambda `ingest-transform`.

fn main() -> std::process::ExitCode {
    outlay_runtime::sqs(outlay_ingest::transform::handler)
}
