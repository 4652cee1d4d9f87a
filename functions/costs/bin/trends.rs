//! Lambda `costs-trends`.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_costs::trends::handler)
}
