//! Lambda `costs-dashboard`.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_costs::dashboard::handler)
}
