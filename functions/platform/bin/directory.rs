//! The table's stream: companies and people, to the directory.

fn main() -> std::process::ExitCode {
    outlay_runtime::stream("platform-directory", outlay_platform::directory::handler)
}
