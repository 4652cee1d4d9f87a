//! Evidence is merged in any order, and read back as it was written.

use std::io::Write;

use proptest::prelude::*;

use super::{
    Delivery, Line,
    bills::{cur, focus, set},
    csv, with,
};
use crate::{
    Evidence, EvidenceError, Input,
    invariants::{InvariantStatus, Known, check},
    read_bill,
};

/// Evidence of a file of this name.
pub(super) fn evidence(file_name: &str, lines: &[Line]) -> Evidence {
    let text = csv(lines);
    let input = Input::Stream(Box::new(text.as_bytes()));
    let mut report = read_bill(input, file_name, &mut |_| Ok(())).unwrap();
    report.evidence.remove(0)
}

fn merged(mut one: Evidence, other: &Evidence) -> Evidence {
    one.merge(other.clone()).unwrap();
    one
}

#[test]
fn bills_are_kept_apart() {
    let mut lines = focus();
    set(&mut lines[1], "BillingAccountId", "41");
    set(&mut lines[2], "BillingPeriodStart", "2026-11-01T00:00:00Z");
    let text = csv(&lines);
    let input = Input::Stream(Box::new(text.as_bytes()));
    let report = read_bill(input, "bill", &mut |_| Ok(())).unwrap();
    let bills: Vec<String> = report
        .evidence
        .iter()
        .map(|e| format!("{} {} {}", e.provider, e.payer, e.period))
        .collect();
    assert_eq!(
        bills,
        ["AWS 41 2026-12", "AWS 42 2026-11", "AWS 42 2026-12"]
    );
    for evidence in &report.evidence {
        let rows = &check(evidence, &Known::default())[0];
        assert_eq!(rows.status, InvariantStatus::Held, "{rows:?}");
    }
    let [one, other, _] = report.evidence.try_into().unwrap();
    assert!({ one }.merge(other).is_err());
}

/// A plan whose usage and negations come in different files.
#[test]
fn parts_of_a_bill_make_it_whole() {
    let lines = cur();
    let (even, odd): (Vec<_>, Vec<_>) = lines
        .iter()
        .cloned()
        .enumerate()
        .partition(|(n, _)| n % 2 == 0);
    let part = |name, lines: Vec<(usize, Line)>| {
        let lines: Vec<Line> = lines.into_iter().map(|(_, line)| line).collect();
        evidence(name, &lines)
    };
    let (even, odd) = (part("a", even), part("b", odd));
    let broken = with(&check(&even, &Known::default()), InvariantStatus::Broken);
    assert!(broken.contains(&"savings-plan-hours"), "{broken:?}");
    let whole = check(&merged(even, &odd), &Known::default());
    assert_eq!(with(&whole, InvariantStatus::Broken), [""; 0]);
}

#[test]
fn refunds_are_told_with_what_they_refund() {
    let delivery = Delivery::of(&cur());
    let refunds: Vec<_> = delivery.evidence.refunds().unwrap().collect();
    assert_eq!(refunds.len(), 1);
    let refund = &refunds[0];
    assert_eq!(
        (refund.commitment, refund.service_code, refund.currency),
        (None, "AmazonEC2", "USD")
    );
    assert_eq!(refund.start.unwrap().to_string(), "2026-10-03T00:00:00Z");
    assert_eq!(refund.billed_cost.unwrap().to_string(), "-5");
    assert_eq!(refund.effective_cost, refund.billed_cost);
    assert_eq!((refund.row_count, refund.rows.len()), (1, 1));
}

#[test]
fn other_files_are_refused() {
    let file = evidence("bill", &cur()).encode().unwrap();
    assert_eq!(
        Evidence::decode(&[]).unwrap_err().to_string(),
        "not readable evidence: not an evidence file"
    );
    let mut newer = file.clone();
    newer[6] = 2;
    assert!(matches!(
        Evidence::decode(&newer),
        Err(EvidenceError { .. })
    ));
    for cut in 0..file.len() {
        assert!(Evidence::decode(&file[..cut]).is_err(), "cut at {cut}");
    }
    let body = |json: &[u8]| [&file[..8], &zstd::bulk::compress(json, 3).unwrap()].concat();
    assert!(Evidence::decode(&body(b"{}")).is_err());
    assert!(Evidence::decode(&body(&vec![b'['; 100_000])).is_err());
    // Blanks beyond what a file may unpack to.
    let blank = vec![b' '; 1 << 20];
    let mut blanks = zstd::Encoder::new(file[..8].to_vec(), 1).unwrap();
    for _ in 0..257 {
        blanks.write_all(&blank).unwrap();
    }
    assert!(Evidence::decode(&blanks.finish().unwrap()).is_err());
}

/// Any of the lines of the bill, again and again, with other amounts.
fn parts() -> impl Strategy<Value = Vec<Line>> {
    let line = (
        any::<prop::sample::Index>(),
        "-?[0-9]{1,9}\\.[0-9]{1,24}",
        0..4_u8,
    );
    proptest::collection::vec(line, 1..12).prop_map(|picked| {
        let all = cur();
        let pick = |(at, cost, hour): (prop::sample::Index, String, u8)| {
            let mut line = all[at.index(all.len())].clone();
            set(&mut line, "lineItem/UnblendedCost", &cost);
            set(
                &mut line,
                "lineItem/UsageStartDate",
                &format!("2026-10-03T0{hour}:00:00Z"),
            );
            line
        };
        picked.into_iter().map(pick).collect()
    })
}

proptest! {
    #[test]
    fn merging_is_adding_in_any_order(a in parts(), b in parts(), c in parts()) {
        let [a, b, c] = [("a", a), ("b", b), ("c", c)].map(|(name, lines)| evidence(name, &lines));
        let left = merged(merged(a.clone(), &b), &c);
        prop_assert_eq!(&left, &merged(a.clone(), &merged(b.clone(), &c)));
        prop_assert_eq!(&left, &merged(merged(c.clone(), &b), &a));
        prop_assert_eq!(left, merged(merged(b, &a), &c));
    }

    #[test]
    fn files_round_trip(lines in parts()) {
        let evidence = evidence("bill", &lines);
        prop_assert_eq!(Evidence::decode(&evidence.encode().unwrap()), Ok(evidence));
    }

    /// A damaged file is refused or read as some evidence, whose invariants can be checked.
    #[test]
    fn damage_never_panics(lines in parts(), at: prop::sample::Index, byte: u8, junk: Vec<u8>) {
        let file = evidence("bill", &lines).encode().unwrap();
        let mut json = zstd::bulk::decompress(&file[8..], 1 << 24).unwrap();
        let at = at.index(json.len());
        json[at] = byte;
        for body in [json, junk] {
            let file = [&file[..8], &zstd::bulk::compress(&body, 1).unwrap()].concat();
            if let Ok(evidence) = Evidence::decode(&file) {
                check(&evidence, &Known::default());
            }
        }
    }
}
