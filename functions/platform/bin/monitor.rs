//! Lambda `platform-monitor`.

fn main() -> std::process::ExitCode {
    outlay_runtime::scheduled("platform-monitor", outlay_platform::monitor::handler)
}
