//! Taking back a purchase returns no effective cost, because the purchase had none. Every other
//! refund does.

use super::{
    cur_table::{PLAN, RESERVATION, check, one},
    text,
};
use crate::TextColumn as T;

const PRODUCT: &str = "lineItem/ProductCode";
const USAGE_TYPE: &str = "lineItem/UsageType";
const SAYS: &str = "lineItem/LineItemDescription";
const COMPUTE: (&str, &str) = (PRODUCT, "ComputeSavingsPlans");

const RETURN: &str = "Purchase - One-Time Standard - refund | -100 0 -100 -100 | - | gross";
const USAGE: &str = "Usage - One-Time Standard - refund | -100 -100 -100 -100 | - | gross";

#[test]
fn the_return_of_a_commitment_has_no_effective_cost() {
    let returns: [&[(&str, &str)]; 8] = [
        &[PLAN, COMPUTE],
        &[
            PLAN,
            COMPUTE,
            (SAYS, "Return of a 1 year All Upfront Compute Savings Plan"),
        ],
        &[PLAN, (USAGE_TYPE, "USE1-EC2SP:m5.1yrAllUpfront")],
        // As AWS writes it: no column names the plan.
        &[
            COMPUTE,
            (
                SAYS,
                "Refund for one-time fee for Savings Plan ID: 0a1b2c3d",
            ),
        ],
        &[RESERVATION],
        &[RESERVATION, (USAGE_TYPE, "USE1-HeavyUsage:db.r6g.large")],
        &[
            RESERVATION,
            (USAGE_TYPE, "BoxUsage:m5.large"),
            (SAYS, "Sign up charge for subscription"),
        ],
        &[
            RESERVATION,
            (USAGE_TYPE, "InstanceUsage:db.t4g"),
            (SAYS, "Return of a reservation"),
        ],
    ];
    for cells in returns {
        let bill = one("Refund", "-100", cells);
        check(&bill, &[RETURN]);
        let notes = text(&bill.rows[0], T::XNotes);
        assert!(notes.contains("commitment-return"), "{cells:?}: {notes}");
    }
}

#[test]
fn a_refund_that_only_mentions_a_commitment_keeps_its_effective_cost() {
    let refunds: [&[(&str, &str)]; 6] = [
        &[],
        // A discount on the plan, not the plan.
        &[COMPUTE, (SAYS, "EDP refund")],
        &[PLAN, COMPUTE, (SAYS, "Refund: Enterprise Program Discount")],
        // Usage that the plan, the reservation covered.
        &[
            PLAN,
            (USAGE_TYPE, "BoxUsage:m5.large"),
            (SAYS, "$0.096 per On Demand Linux"),
        ],
        &[
            RESERVATION,
            (USAGE_TYPE, "BoxUsage:m5.large"),
            (SAYS, "$0.096 per On Demand Linux"),
        ],
        // A plan that began after what is refunded had ended.
        &[
            PLAN,
            COMPUTE,
            ("lineItem/UsageEndDate", "2026-10-04T00:00:00Z"),
            ("savingsPlan/StartTime", "2026-10-09T10:20:30.000Z"),
        ],
    ];
    for cells in refunds {
        check(&one("Refund", "-100", cells), &[USAGE]);
    }
    check(
        &one("Refund", "-100", &[(PRODUCT, "AWSSupportBusiness")]),
        &["Purchase - One-Time Standard - refund | -100 -100 -100 -100 | - | gross"],
    );
}

/// Bought and given back: the month's effective cost is what it was before.
#[test]
fn a_plan_returned_within_seven_days_leaves_nothing() {
    let bill = super::accept(super::csv_of(&[
        super::cur_table::line("SavingsPlanUpfrontFee", "100", &[PLAN, COMPUTE]),
        super::cur_table::line("Refund", "-100", &[PLAN, COMPUTE]),
    ]));
    for column in [
        crate::AmountColumn::BilledCost,
        crate::AmountColumn::EffectiveCost,
    ] {
        let sum = outlay_core::money::sum(bill.rows.iter().filter_map(|r| r.amount(column)));
        assert_eq!(sum.unwrap().to_string(), "0", "{column:?}");
        assert!(bill.rows.iter().all(|r| {
            r.amount(crate::AmountColumn::EffectiveCost)
                .unwrap()
                .is_zero()
        }));
    }
}

#[test]
fn what_an_earlier_period_invoiced_is_corrected() {
    let before = ("lineItem/UsageStartDate", "2026-09-30T00:00:00Z");
    for (kind, class) in [
        ("Usage", "Correction"),
        ("EdpDiscount", "Correction"),
        ("Refund", "Correction"),
        ("Fee", "-"),
        ("Credit", "-"),
        ("Tax", "-"),
    ] {
        let bill = one(kind, "-5", &[before]);
        assert_eq!(text(&bill.rows[0], T::ChargeClass), class, "{kind}");
        assert_eq!(bill.rows[0].billing_period(), "2026-10".parse().ok());
    }
}
