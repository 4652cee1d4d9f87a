//! Lambda `costs-dimensions`.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_costs::dimensions::handler)
}
