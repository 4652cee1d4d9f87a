//! Lambda `ingest-transform`.

fn main() -> std::process::ExitCode {
    outlay_runtime::sqs("ingest-transform", outlay_ingest::transform::handler)
}
