//! The table's stream: companies and people, to the directory.

fn main() -> std::process::ExitCode {
    outlay_runtime::stream(outlay_platform::directory::handler)
}
