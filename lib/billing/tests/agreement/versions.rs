//! One month that is delivered again and again: each version has totals of its own.

use outlay_testkit::bill::{Bill, Company, DiscountStyle, Spelling};

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
            let focus = Reading::of_file(&bill.focus_csv());
            check(&what, Kind::Focus, &focus, bill);
            let cur = Reading::of_file(&bill.cur_csv(Spelling::Slash));
            check(&what, Kind::Rows, &cur, bill);
            totals.extend(bill.expected().by_period().unwrap().into_values());
        }
        totals.dedup();
        assert_eq!(totals.len(), versions.len(), "seed {seed}: {totals:?}");
    }
}

/// Payers and currencies stay apart, also where one has discounts and the other has none.
#[test]
fn several_payers_in_one_file_agree() {
    for seed in 501..521 {
        let month = "2026-10".parse().unwrap();
        let bills = [seed, seed + 1000].map(|s| Company::awkward(s).closed(month, month).unwrap());
        let both = Bill::joined(&[&bills[0], &bills[1]]).unwrap();
        let what = format!("seed {seed} and {}", seed + 1000);
        check(
            &what,
            Kind::Focus,
            &Reading::of_file(&both.focus_csv()),
            &both,
        );
        let cur = Reading::of_file(&both.cur_csv(Spelling::Slash));
        check(&what, Kind::Rows, &cur, &both);
        let cur2 = Reading::of_file(&both.cur2_csv(DiscountStyle::Map));
        check(&what, Kind::Map, &cur2, &both);
    }
}
