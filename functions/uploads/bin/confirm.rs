//! Lambda `uploads-confirm`.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_uploads::confirm::handler)
}
