//! Lambda `offboarding-begin`.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_offboarding::begin::handler)
}
