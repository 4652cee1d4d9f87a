//! Lambda `uploads-get`.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_uploads::get::handler)
}
