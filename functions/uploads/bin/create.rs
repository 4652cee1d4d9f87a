//! Lambda `uploads-create`.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_uploads::create::handler)
}
