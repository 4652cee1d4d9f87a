//! Lambda `offboarding-get`.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_offboarding::get::handler)
}
