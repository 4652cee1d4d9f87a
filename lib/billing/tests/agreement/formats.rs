//! A month or more of 200 awkward companies, each seed another one, in every format. In parts, so
//! that they run side by side.

use jiff::civil::date;
use outlay_core::BillingPeriod;
use outlay_testkit::bill::{Bill, Company, DiscountStyle, Spelling};

use crate::{
    reading::Reading,
    truth::{Kind, check},
};

/// A closed month, and for every other seed the first days of the one after it.
pub(crate) fn bill(company: &Company, seed: u64) -> Bill {
    let month = i8::try_from(seed % 11).unwrap() + 1;
    let first = BillingPeriod::of(date(2026, month, 1)).unwrap();
    if seed.is_multiple_of(2) {
        company.closed(first, first).unwrap()
    } else {
        company.bill(first, date(2026, month + 1, 13)).unwrap()
    }
}

fn agree(seeds: std::ops::Range<u64>) {
    for seed in seeds {
        let company = Company::awkward(seed);
        let bill = bill(&company, seed);
        for (format, kind, bytes) in text(&bill) {
            let what = format!("seed {seed} as {format}");
            check(&what, kind, &Reading::of_file(&bytes), &bill);
        }
        if cfg!(feature = "parquet") && company.fits_doubles() {
            for (format, kind, bytes) in parquet(&bill) {
                let what = format!("seed {seed} as {format} in Parquet");
                check(&what, kind, &Reading::of_file(&bytes.unwrap()), &bill);
            }
        }
    }
}

fn text(bill: &Bill) -> [(&'static str, Kind, Vec<u8>); 5] {
    let cur = |spelling| bill.cur_csv(spelling);
    let cur2 = |style| bill.cur2_csv(style);
    [
        ("FOCUS", Kind::Focus, bill.focus_csv()),
        ("CUR", Kind::Rows, cur(Spelling::Slash)),
        ("CUR of Athena", Kind::Rows, cur(Spelling::Underscore)),
        ("CUR 2.0", Kind::Map, cur2(DiscountStyle::Map)),
        (
            "CUR 2.0 with discount rows",
            Kind::Rows,
            cur2(DiscountStyle::Rows),
        ),
    ]
}

fn parquet(bill: &Bill) -> [(&'static str, Kind, anyhow::Result<Vec<u8>>); 4] {
    let cur2 = |style| bill.cur2_parquet(style);
    [
        ("FOCUS", Kind::Focus, bill.focus_parquet()),
        ("CUR", Kind::Rows, bill.cur_parquet()),
        ("CUR 2.0", Kind::Map, cur2(DiscountStyle::Map)),
        (
            "CUR 2.0 with discount rows",
            Kind::Rows,
            cur2(DiscountStyle::Rows),
        ),
    ]
}

#[test]
fn seeds_1_to_50() {
    agree(1..51);
}

#[test]
fn seeds_51_to_100() {
    agree(51..101);
}

#[test]
fn seeds_101_to_150() {
    agree(101..151);
}

#[test]
fn seeds_151_to_200() {
    agree(151..201);
}

/// Agreement over what never occurs says nothing.
#[test]
fn every_oddity_occurs_many_times() {
    use std::collections::BTreeMap;
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for seed in 1..101 {
        let company = Company::awkward(seed);
        let bill = bill(&company, seed);
        let expected = bill.expected();
        let mut found: Vec<String> = expected.line_items().keys().map(|&k| k.into()).collect();
        let mut note = |name: &str, is_so: bool| {
            if is_so {
                found.push(name.to_owned());
            }
        };
        let any = |is_so: &dyn Fn(&outlay_testkit::bill::Cell) -> bool| {
            !expected.count(|c| is_so(c).then_some(())).is_empty()
        };
        note("a currency other than USD", any(&|c| c.currency != "USD"));
        note("21 digits", !expected.residues().unwrap().is_empty());
        note("correction", any(&|c| c.correction));
        note("unused", any(&|c| c.status == Some("Unused")));
        note(
            "key in another case",
            any(&|c| c.team.is_none() && c.team_of_any_case.is_some()),
        );
        note(
            "days to come",
            any(&|c| c.invoice.is_empty() && c.day.day() > 12 && c.frequency == "Recurring"),
        );
        note(
            "given back",
            expected
                .by_commitment()
                .unwrap()
                .values()
                .any(|c| c.purchased.is_zero()),
        );
        let text = String::from_utf8(bill.cur_csv(Spelling::Slash)).unwrap();
        note("net columns", text.contains("NetUnblendedCost"));
        note("spot", text.contains("SpotUsage"));
        note("marketplace", text.contains("AWS Marketplace"));
        let focus = String::from_utf8(bill.focus_csv()).unwrap();
        note("a former name", focus.contains("-main,"));
        for name in found {
            *seen.entry(name).or_default() += 1;
        }
    }
    let rare: Vec<_> = seen.iter().filter(|(_, count)| **count < 5).collect();
    assert!(rare.is_empty(), "{rare:?}");
    let kinds: Vec<&str> = seen.keys().map(String::as_str).collect();
    insta::assert_snapshot!(kinds.join("\n"), @r"
    21 digits
    Credit
    DiscountedUsage
    EdpDiscount
    Fee
    PrivateRateDiscount
    RIFee
    Refund
    SavingsPlanCoveredUsage
    SavingsPlanNegation
    SavingsPlanRecurringFee
    SavingsPlanUpfrontFee
    SplitRow
    Tax
    Usage
    a currency other than USD
    a former name
    correction
    days to come
    given back
    key in another case
    marketplace
    net columns
    spot
    unused
    ");
}
