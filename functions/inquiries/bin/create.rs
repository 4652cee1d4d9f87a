//! POST /v1/inquiries: a message from the public pages.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_inquiries::create::handler)
}
