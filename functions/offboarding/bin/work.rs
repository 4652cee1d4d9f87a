//! Lambda `offboarding-work`.

fn main() -> std::process::ExitCode {
    outlay_runtime::sqs("offboarding-work", outlay_offboarding::work::handler)
}
