//! One month that is delivered again and again: each version has totals of its own.

use outlay_testkit::bill::{Company, Spelling};

use crate::{
    reading::Reading,
    truth::{Kind, check},
};

#[test]
fn every_version_of_a_month_agrees_with_its_own_truth() {
    for seed in 301..309 {
        let versions = Company::awkward(seed).versions("2026-09".parse().unwrap());
        let versions = versions.unwrap();
        let mut totals = Vec::new();
        for (i, bill) in versions.iter().enumerate() {
            let what = format!("seed {seed} version {}", i + 1);
            let focus = Reading::of_bytes(&bill.focus_csv());
            check(&what, Kind::Focus, &focus, bill);
            let cur = Reading::of_bytes(&bill.cur_csv(Spelling::Slash));
            check(&what, Kind::Rows, &cur, bill);
            totals.extend(bill.expected().by_period().unwrap().into_values());
        }
        totals.dedup();
        assert_eq!(totals.len(), versions.len(), "seed {seed}: {totals:?}");
    }
}
