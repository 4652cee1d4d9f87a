//! Lambda `uploads-delete`.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_uploads::delete::handler)
}
