//! The small sample bill that the web app offers to a new tenant.

use anyhow::Result;
use jiff::civil::date;
use outlay_core::BillingPeriod;

use crate::bill::{Bill, Company, gzip};

/// Where the web app serves it from, in the repository.
pub const PATH: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../frontend/public/sample/outlay-sample-focus.csv.gz"
);
const SEED: u64 = 7;

/// Three closed months of a small company: its dates are fixed, so that its bytes are too.
pub fn bill() -> Result<Bill> {
    let month = |month| BillingPeriod::of(date(2026, month, 1));
    Company::sized(SEED, 22).closed(month(8)?, month(10)?)
}

/// The file.
pub fn file() -> Result<Vec<u8>> {
    gzip(&bill()?.focus_csv())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checked_in_file_is_what_the_generator_writes() {
        let checked_in = std::fs::read(PATH).unwrap_or_default();
        assert!(
            checked_in == file().unwrap(),
            "run `cargo run --profile local -p outlay-testkit --example sample_bill` and commit {PATH}"
        );
    }

    #[test]
    fn it_is_small_and_has_three_months() {
        assert!(file().unwrap().len() < 250_000);
        assert_eq!(bill().unwrap().expected().rows().len(), 3);
    }
}
