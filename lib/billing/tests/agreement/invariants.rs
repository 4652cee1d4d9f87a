//! A true bill breaks no invariant, whatever oddities it has and whichever format tells it.

use outlay_billing::{
    invariants::{InvariantStatus, Known, check},
    read_bill,
};
use outlay_testkit::bill::{Company, DiscountStyle, Spelling};

use crate::{formats::bill, reading::input};

#[test]
fn the_truth_breaks_no_invariant() {
    for seed in 1..61 {
        let bill = bill(&Company::awkward(seed), seed);
        for (format, file) in [
            ("FOCUS", bill.focus_csv()),
            ("CUR", bill.cur_csv(Spelling::Slash)),
            ("CUR 2.0", bill.cur2_csv(DiscountStyle::Map)),
        ] {
            let report = read_bill(input(&file), "bill", &mut |_| Ok(())).unwrap();
            let checked = report.evidence.iter();
            let checked = checked.flat_map(|evidence| check(evidence, &Known::default()));
            for invariant in checked {
                let broken = invariant.status == InvariantStatus::Broken;
                assert!(!broken, "seed {seed} as {format}: {invariant:?}");
            }
        }
    }
}
