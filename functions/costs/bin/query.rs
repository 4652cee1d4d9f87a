//! Lambda `costs-query`.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_costs::query::handler)
}
