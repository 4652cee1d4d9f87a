//! What the fuzz targets do: one function per target, from any bytes. Each asserts laws, so a lie
//! is found as a crash is. `lib/billing/tests/fuzz_seeds.rs` runs the same functions over the
//! committed seeds; `cargo xtask fuzz` runs them under libFuzzer.

mod files;
mod formats;
mod mapped;
mod numbers;
mod oracle;
mod proofs;
mod reading;
mod rollups;
mod table;

pub use files::{csv, framing, manifest, parquet};
pub use formats::{azure, cur, cur2, focus, gcp, oci};
pub use mapped::mapping;
pub use numbers::{date, decimal};
pub use proofs::evidence;
pub use rollups::rollup;

/// A target and its name.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
pub const TARGETS: [Target; 15] = [
    ("csv", csv),
    ("framing", framing),
    ("manifest", manifest),
    ("focus", focus),
    ("cur", cur),
    ("cur2", cur2),
    ("azure", azure),
    ("gcp", gcp),
    ("oci", oci),
    ("parquet", parquet),
    ("decimal", decimal),
    ("date", date),
    ("rollup", rollup),
    ("mapping", mapping),
    ("evidence", evidence),
];
