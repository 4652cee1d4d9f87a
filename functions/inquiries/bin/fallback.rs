//! Lambda `inquiries-fallback`.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_inquiries::fallback::handler)
}
