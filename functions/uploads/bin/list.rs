//! Lambda `uploads-list`.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_uploads::list::handler)
}
