//! One fault at a time, in a bill that is right otherwise. Each must break the invariant that names
//! it, and not many others.

use super::{
    Delivery, Line,
    bills::{cur, focus, set},
    rollup, with,
};
use crate::{
    AmountColumn as A, FocusRow, Rollup, TextColumn as T, TimeColumn,
    evidence::{Capped, Collector, SourceLine},
    invariants::{Invariant, InvariantStatus::Broken, Known, Reading, check, same_month},
};

/// Fault, and all invariants that it breaks, the one that must name it first.
type Expected = (&'static str, &'static [&'static str]);

/// Prints a line of the table, and holds the fault against what must find it.
#[expect(clippy::print_stderr, reason = "the table is what the test shows")]
fn report((fault, expected): Expected, invariants: &[Invariant]) {
    let mut broken = with(invariants, Broken);
    let main = expected[0];
    eprintln!("{fault:48} {}", broken.join(" "));
    assert!(
        broken.contains(&main),
        "{fault}: {main} must find it, found by {broken:?}"
    );
    let mut all = expected.to_vec();
    broken.sort_unstable();
    all.sort_unstable();
    assert_eq!(broken, all, "{fault}");
    for invariant in invariants.iter().filter(|i| i.status == Broken) {
        assert!(invariant.violation_count >= invariant.violations.len() as u64);
        assert!(
            !invariant.violations.is_empty(),
            "{fault}: {}",
            invariant.name
        );
    }
}

/// The first line of a type, counted from 0.
fn nth(lines: &[Line], kind: &str, n: usize) -> usize {
    let mut of_kind = (0..lines.len()).filter(|at| lines[*at]["lineItem/LineItemType"] == kind);
    of_kind.nth(n).unwrap()
}

fn change(lines: &mut [Line], kind: &str, column: &'static str, value: &str) {
    let at = nth(lines, kind, 0);
    set(&mut lines[at], column, value);
}

const HOURS: &str = "savings-plan-hours";
const PLAN: &str = "savings-plan-period";
const RESERVATION: &str = "reservation-period";
const INVOICES: &str = "invoice-sums";
const LIST: &str = "list-cost";
const BALANCE: &str = "commitment-balance";
const ROWS: &str = "rows-and-sums";
const MONTH: &str = "same-month";

const COVERED: &str = "SavingsPlanCoveredUsage";
const NEGATION: &str = "SavingsPlanNegation";
const FEE: &str = "SavingsPlanRecurringFee";

#[test]
fn a_correct_bill_holds_everything() {
    let invariants = Delivery::of(&cur()).check();
    assert_eq!(with(&invariants, Broken), [""; 0]);
    let held = with(&invariants, crate::invariants::InvariantStatus::Held);
    assert_eq!(
        held,
        [ROWS, INVOICES, HOURS, PLAN, RESERVATION, BALANCE, LIST]
    );
    let focus = Delivery::of(&focus());
    let invariants = check(&focus.evidence, &Known::default());
    assert_eq!(with(&invariants, Broken), [""; 0]);
    assert!(
        invariants[5].detail.contains("of 1 whole terms"),
        "{}",
        invariants[5].detail
    );
}

/// What a source may do wrong with commitments.
#[test]
fn faults_of_commitments_in_a_report() {
    let faults: [(&str, &[&str], ReportFault); 14] = [
        ("a negation dropped", &[HOURS, INVOICES], |lines| {
            lines.remove(nth(lines, NEGATION, 1));
        }),
        ("a covered row doubled", &[HOURS, PLAN, INVOICES], |lines| {
            let twin = lines[nth(lines, COVERED, 1)].clone();
            lines.push(twin);
        }),
        ("a negation at another hour", &[HOURS], |lines| {
            change(
                lines,
                NEGATION,
                "lineItem/UsageStartDate",
                "2026-10-03T01:00:00Z",
            );
        }),
        ("a negation of another plan", &[HOURS], |lines| {
            change(lines, NEGATION, "savingsPlan/SavingsPlanARN", "arn:sp-2");
        }),
        ("a negation in another invoice", &[INVOICES], |lines| {
            change(lines, NEGATION, "bill/InvoiceId", "inv-2");
        }),
        ("a negation off by a cent", &[HOURS, INVOICES], |lines| {
            change(lines, NEGATION, "lineItem/UnblendedCost", "-1.49");
        }),
        ("unused commitment wrong", &[PLAN], |lines| {
            change(lines, FEE, "savingsPlan/UsedCommitment", "0.74");
        }),
        ("used commitment doubled", &[PLAN], |lines| {
            change(
                lines,
                COVERED,
                "savingsPlan/SavingsPlanEffectiveCost",
                "1.5",
            );
        }),
        ("recurring commitment wrong", &[PLAN], |lines| {
            let column = "savingsPlan/RecurringCommitmentForBillingPeriod";
            change(lines, FEE, column, "0.61");
        }),
        ("amortised upfront fee missing", &[PLAN], |lines| {
            let column = "savingsPlan/AmortizedUpfrontCommitmentForBillingPeriod";
            change(lines, FEE, column, "");
        }),
        (
            "a used row of a reservation dropped",
            &[RESERVATION],
            |lines| {
                lines.remove(nth(lines, "DiscountedUsage", 2));
            },
        ),
        (
            "unused fee of a reservation dropped",
            &[RESERVATION],
            |lines| {
                change(lines, "RIFee", "reservation/UnusedRecurringFee", "0");
            },
        ),
        (
            "fee of a reservation doubled",
            &[RESERVATION, INVOICES],
            |lines| {
                let twin = lines[nth(lines, "RIFee", 0)].clone();
                lines.push(twin);
            },
        ),
        (
            "effective cost of a reservation wrong",
            &[RESERVATION],
            |lines| {
                change(
                    lines,
                    "DiscountedUsage",
                    "reservation/EffectiveCost",
                    "0.31",
                );
            },
        ),
    ];
    find_all(faults);
}

/// What a source may do wrong with invoices and prices.
#[test]
fn faults_of_invoices_and_prices_in_a_report() {
    let faults: [(&str, &[&str], ReportFault); 7] = [
        ("an amount of an invoice changed", &[INVOICES], |lines| {
            change(lines, "Tax", "lineItem/UnblendedCost", "1.91");
        }),
        ("a row moved to another invoice", &[INVOICES], |lines| {
            change(lines, "Credit", "bill/InvoiceId", "inv-2");
        }),
        ("another issuer of an invoice", &[INVOICES], |lines| {
            change(lines, "Credit", "bill/InvoicingEntity", "Seller Ltd.");
        }),
        ("a currency swapped", &[INVOICES], |lines| {
            change(lines, "Tax", "lineItem/CurrencyCode", "EUR");
        }),
        ("a list price changed", &[LIST], |lines| {
            change(lines, "Usage", "pricing/publicOnDemandRate", "0.0123456788");
        }),
        ("a quantity changed", &[LIST], |lines| {
            change(lines, "DiscountedUsage", "lineItem/UsageAmount", "2");
        }),
        ("a list cost off at its tenth digit", &[LIST], |lines| {
            change(
                lines,
                "Usage",
                "pricing/publicOnDemandCost",
                "12.3518517396",
            );
        }),
    ];
    find_all(faults);
}

type ReportFault = fn(&mut Vec<Line>);

fn find_all<const N: usize>(faults: [(&'static str, &'static [&'static str], ReportFault); N]) {
    for (name, expected, fault) in faults {
        let mut lines = cur();
        fault(&mut lines);
        report((name, expected), &Delivery::of(&lines).check());
    }
}

#[test]
fn faults_of_a_focus_export() {
    type Fault = fn(&mut Vec<Line>);
    let faults: [(&str, &[&str], Fault); 6] = [
        ("a purchase with EffectiveCost", &[BALANCE], |lines| {
            set(&mut lines[0], "EffectiveCost", "12");
        }),
        ("an unused status lost", &[BALANCE], |lines| {
            set(&mut lines[3], "CommitmentDiscountStatus", "");
        }),
        ("a used row marked unused", &[BALANCE], |lines| {
            set(&mut lines[1], "CommitmentDiscountStatus", "Unused");
        }),
        ("usage of a whole term wrong", &[BALANCE], |lines| {
            set(&mut lines[2], "EffectiveCost", "5.49");
        }),
        ("a purchase of a whole term wrong", &[BALANCE], |lines| {
            set(&mut lines[0], "BilledCost", "12.01");
        }),
        ("a list price of an export changed", &[LIST], |lines| {
            set(&mut lines[4], "ListUnitPrice", "0.76");
        }),
    ];
    for (name, expected, fault) in faults {
        let mut lines = focus();
        fault(&mut lines);
        let delivery = Delivery::of(&lines);
        report(
            (name, expected),
            &check(&delivery.evidence, &Known::default()),
        );
    }
}

/// What a writer may do wrong with the rows it is handed.
#[test]
fn faults_of_a_writer() {
    type Fault = fn(&mut Vec<FocusRow>);
    let faults: [(&str, &[&str], Fault); 5] = [
        ("a row lost in writing", &[ROWS], |rows| {
            rows.remove(3);
        }),
        ("a row doubled in writing", &[ROWS], |rows| {
            rows.push(rows[3].clone());
        }),
        ("a row replaced by another", &[ROWS], |rows| {
            rows[0] = rows[1].clone();
        }),
        ("a cost rounded in writing", &[ROWS], |rows| {
            let exact = "12.3518517395".parse().ok();
            let row = rows.iter_mut().find(|row| row.amount(A::ListCost) == exact);
            row.unwrap()
                .set_amount(A::ListCost, "12.35185174".parse().ok());
        }),
        ("a currency swapped in writing", &[ROWS], |rows| {
            rows[0].set_text(T::BillingCurrency, "EUR");
        }),
    ];
    for (name, expected, fault) in faults {
        report(
            (name, expected),
            &Delivery::of(&cur()).written(fault).check(),
        );
    }
    let mut delivery = Delivery::of(&cur());
    let unit = outlay_core::Decimal::from_units(1);
    let one_off = |row: &mut FocusRow| {
        let cost = row.amount(A::EffectiveCost).unwrap_or_default();
        row.set_amount(
            A::EffectiveCost,
            unit.and_then(|unit| cost.checked_add(unit)),
        );
    };
    one_off(&mut delivery.bill.rows[7]);
    delivery.rollup = rollup(&delivery.bill.rows);
    report(("a roll-up off by 10^-18", &[ROWS]), &delivery.check());
    let mut delivery = Delivery::of(&cur());
    delivery.residues.remove(0);
    report(("a residue lost", &[ROWS]), &delivery.check());
    let mut delivery = Delivery::of(&cur());
    delivery.totals[0].contracted_cost = outlay_core::Decimal::ZERO;
    report(("a total lost", &[ROWS]), &delivery.check());
}

/// What a reader may do wrong between a line and its row.
#[test]
fn faults_of_a_reader() {
    type Fault = fn(usize, &mut FocusRow) -> u32;
    let faults: [(&str, &[&str], Fault); 6] = [
        ("a row lost in reading", &[ROWS, INVOICES], |n, _| {
            u32::from(n != 4)
        }),
        ("a row of no cost lost in reading", &[ROWS], |n, _| {
            u32::from(n != 1)
        }),
        ("a row doubled in reading", &[ROWS, INVOICES], |n, _| {
            1 + u32::from(n == 4)
        }),
        (
            "billed cost doubled in reading",
            &[ROWS, INVOICES],
            |n, row| {
                if n == 4 {
                    let cost = row.amount(A::BilledCost).unwrap();
                    row.set_amount(A::BilledCost, cost.checked_add(cost));
                }
                1
            },
        ),
        ("list cost lost in reading", &[ROWS, LIST], |n, row| {
            if n == 4 {
                row.set_amount(A::ListCost, outlay_core::Decimal::ZERO);
            }
            1
        }),
        ("an invoice lost in reading", &[INVOICES], |n, row| {
            if n == 4 {
                row.set_text(T::InvoiceId, "elsewhere");
            }
            1
        }),
    ];
    for (name, expected, fault) in faults {
        report((name, expected), &handed_on(fault));
    }
    report(("a line skipped in reading", &[ROWS]), &{
        let rows = Delivery::of(&focus()).bill.rows;
        let mut collector = Collector::new("bill");
        for row in &rows[1..] {
            collector.source(&SourceLine::of(row));
            collector.row(row, false);
        }
        check(&collector.finish(rows.len() as u64)[0], &Known::default())
    });
    let mut delivery = Delivery::of(&cur());
    let Capped::Within(commitments) = &mut delivery.evidence.commitments else {
        panic!()
    };
    for commitment in commitments.values_mut() {
        let flipped = std::mem::take(&mut commitment.unused);
        commitment.used.merge(flipped);
    }
    report(
        ("unused rows handed on as used", &[PLAN, RESERVATION]),
        &delivery.check(),
    );
}

/// Checks what a reader hands on of the FOCUS bill: each row so many times, after the fault.
fn handed_on(fault: fn(usize, &mut FocusRow) -> u32) -> Vec<Invariant> {
    let rows = Delivery::of(&focus()).bill.rows;
    let mut collector = Collector::new("bill");
    for (n, row) in rows.iter().enumerate() {
        collector.source(&SourceLine::of(row));
        let mut row = row.clone();
        for _ in 0..fault(n, &mut row) {
            collector.row(&row, false);
        }
    }
    check(&collector.finish(rows.len() as u64)[0], &Known::default())
}

/// What may differ between two formats of a month.
#[test]
fn faults_of_one_format() {
    type Fault = fn(&mut FocusRow);
    let faults: [(&str, Fault); 6] = [
        ("another account in one format", |row| {
            row.set_text(T::SubAccountId, "44");
        }),
        ("another service in one format", |row| {
            row.set_text(T::ServiceName, "S3");
        }),
        ("another day in one format", |row| {
            let day: jiff::Timestamp = "2026-10-04T00:00:00Z".parse().unwrap();
            row.set_time(TimeColumn::ChargePeriodStart, day);
        }),
        ("another currency in one format", |row| {
            row.set_text(T::BillingCurrency, "EUR");
        }),
        ("another billed cost in one format", |row| {
            row.set_amount(A::BilledCost, outlay_core::Decimal::ONE);
        }),
        ("another effective cost in one format", |row| {
            row.set_amount(A::EffectiveCost, outlay_core::Decimal::ONE);
        }),
    ];
    let rows = Delivery::of(&cur()).bill.rows;
    let right = rollup(&rows);
    assert_eq!(with(&beside(&right, &right), Broken), [""; 0]);
    for (name, fault) in faults {
        let mut rows = rows.clone();
        let tax = rows
            .iter_mut()
            .find(|row| row.text(T::ChargeCategory) == Some("Tax"));
        fault(tax.unwrap());
        report((name, &[MONTH]), &beside(&right, &rollup(&rows)));
    }
}

fn beside(first: &Rollup, other: &Rollup) -> [Invariant; 1] {
    let readings = [("CUR", first), ("FOCUS", other)];
    [same_month(
        &readings.map(|(name, rollup)| Reading { name, rollup }),
    )]
}
