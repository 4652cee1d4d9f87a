//! Lambda `admin-owners-accept`.

fn main() -> std::process::ExitCode {
    outlay_runtime::http(outlay_admin::owners_accept::handler)
}
