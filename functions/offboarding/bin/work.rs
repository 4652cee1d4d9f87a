//! Lambda `offboarding-work`.

fn main() -> std::process::ExitCode {
    outlay_runtime::sqs(outlay_offboarding::work::handler)
}
