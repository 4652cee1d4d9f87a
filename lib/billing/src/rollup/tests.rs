use super::*;
use crate::AmountColumn;
use crate::testing::{TAGS, rollup, row, rows, try_rollup};
use proptest::prelude::*;

#[test]
fn rows_of_one_day_and_kind_become_one() {
    let mut rows = vec![
        row(0, Some("EC2")),
        row(0, Some("EC2")),
        row(1, Some("EC2")),
        row(1, None),
    ];
    rows[0].set_text(TextColumn::SubAccountId, "012");
    rows[1].set_text(TextColumn::SubAccountId, "012");
    rows[0].set_text(TextColumn::SubAccountName, "old");
    rows[2].set_text(TextColumn::SubAccountId, "012");
    rows[2].set_text(TextColumn::SubAccountName, "new");
    let rollup = rollup(&rows);
    assert_eq!((rollup.len(), rollup.source_rows()), (3, 4));
    assert_eq!(rollup.sub_account_name("012"), Some("new"));
    let days = rollup.days().map(|(first, last)| format!("{first} {last}"));
    assert_eq!(days.as_deref(), Some("2026-10-01 2026-10-02"));
    insta::assert_snapshot!(
        serde_json::to_string(&rollup.totals().unwrap()).unwrap(),
        @r#"[{"currency":"USD","BilledCost":"4","EffectiveCost":"4","ListCost":"0","ContractedCost":"4"}]"#
    );
}

#[test]
fn what_cannot_be_summed_is_refused() {
    let mut timeless = row(0, None);
    timeless.set_time(crate::TimeColumn::ChargePeriodStart, None);
    assert_eq!(try_rollup(&[timeless]), Err(RollupError::NoDay));
    let mut huge = row(0, None);
    huge.set_amount(
        AmountColumn::ListCost,
        Decimal::from_units(10_i128.pow(38) - 1),
    );
    assert!(try_rollup(std::slice::from_ref(&huge)).is_ok());
    assert_eq!(
        try_rollup(&[huge.clone(), huge]),
        Err(RollupError::Overflow)
    );
}

#[test]
fn past_the_cap_the_tag_that_covers_least_goes() {
    let mut builder = RollupBuilder::new(TAGS.map(str::to_owned));
    let mut row = row(0, Some("EC2"));
    for i in 0..Rollup::CAP + 5 {
        row.set_tag("team", ["a", "b"][i % 2]);
        if i % 2 == 0 {
            row.set_tag("env", &i.to_string());
        }
        row.set_text(TextColumn::SubAccountId, &format!("{}", i % 1000));
        builder.push(&row).unwrap();
        row.clear();
        row.clone_from(&crate::testing::row(0, Some("EC2")));
    }
    // Half the rows have no `env`: 75,000 and some combinations, all kept.
    assert!(builder.len() < Rollup::CAP);
    for i in 0..Rollup::CAP {
        row.set_tag("env", &format!("more {i}"));
        builder.push(&row).unwrap();
    }
    let rollup = builder.finish().unwrap();
    assert_eq!(rollup.tag_keys().collect::<Vec<_>>(), ["team"]);
    assert_eq!(rollup.dropped_tag_keys().collect::<Vec<_>>(), ["env"]);
    assert_eq!(rollup.source_rows(), 2 * Rollup::CAP as u64 + 5);
    assert!(rollup.len() <= 1001);
    assert_eq!(
        rollup.totals().unwrap()[0].billed_cost.to_string(),
        "300005"
    );
}

#[test]
fn merging_keeps_the_tags_that_both_have() {
    let one = rollup(&[row(0, Some("EC2"))]);
    let mut builder = RollupBuilder::new(["team".to_owned(), "app".to_owned()]);
    builder.push(&row(0, Some("EC2"))).unwrap();
    let both = one.merge(&builder.finish().unwrap()).unwrap();
    assert_eq!(both.tag_keys().collect::<Vec<_>>(), ["team"]);
    assert_eq!(both.dropped_tag_keys().collect::<Vec<_>>(), ["app", "env"]);
    assert_eq!((both.len(), both.source_rows()), (1, 2));
}

#[test]
fn other_files_are_refused() {
    let file = rollup(&[row(0, Some("EC2")), row(40, None)])
        .encode()
        .unwrap();
    assert!(Rollup::decode(&[]).is_err());
    assert!(Rollup::decode(b"PAR1").is_err());
    for cut in 0..file.len() {
        assert!(Rollup::decode(&file[..cut]).is_err(), "cut at {cut}");
    }
    let mut newer = file.clone();
    newer[6] = 2;
    assert_eq!(
        Rollup::decode(&newer),
        Err(RollupError::Damaged("unknown format version"))
    );
    let body = |bytes: &[u8]| [&file[..8], &zstd::bulk::compress(bytes, 3).unwrap()].concat();
    let plain = zstd::bulk::decompress(&file[8..], 1 << 20).unwrap();
    assert!(Rollup::decode(&body(&plain)).is_ok());
    assert!(Rollup::decode(&body(&[plain.as_slice(), b"x"].concat())).is_err());
    assert!(Rollup::decode(&body(&[0xff; 64])).is_err());
    // A length of four billion, and nothing behind it.
    assert!(Rollup::decode(&body(&[&[2, 0, 0, 0], [0xff_u8; 4].as_slice()].concat())).is_err());
}

proptest! {
    #[test]
    fn merging_is_summing_in_any_order(a in rows(20), b in rows(20), c in rows(20)) {
        let all = rollup(&[a.clone(), b.clone(), c.clone()].concat());
        let (a, b, c) = (rollup(&a), rollup(&b), rollup(&c));
        let left = a.merge(&b).unwrap().merge(&c).unwrap();
        prop_assert_eq!(&left, &a.merge(&b.merge(&c).unwrap()).unwrap());
        prop_assert_eq!(&left, &c.merge(&b).unwrap().merge(&a).unwrap());
        prop_assert_eq!(left, all);
    }

    #[test]
    fn files_round_trip(rows in rows(50)) {
        let rollup = rollup(&rows);
        prop_assert_eq!(Rollup::decode(&rollup.encode().unwrap()).unwrap(), rollup);
    }

    /// Any damage is refused or read as some well-formed roll-up; nothing panics.
    #[test]
    fn damage_never_panics(rows in rows(20), at: prop::sample::Index, flip in 1..=255_u8, junk: Vec<u8>) {
        let file = rollup(&rows).encode().unwrap();
        let plain = zstd::bulk::decompress(&file[8..], 1 << 20).unwrap();
        let mut damaged = plain.clone();
        damaged[at.index(plain.len())] ^= flip;
        for body in [damaged, junk.clone()] {
            let file = [&file[..8], &zstd::bulk::compress(&body, 1).unwrap()].concat();
            if let Ok(read) = Rollup::decode(&file) {
                prop_assert_eq!(read.source_rows(), read.counts.iter().map(|&c| u64::from(c)).sum::<u64>());
                let _ = (read.totals(), read.days());
            }
        }
        let _ = Rollup::decode(&junk);
        let mut damaged = file.clone();
        damaged[at.index(file.len())] ^= flip;
        let _ = Rollup::decode(&damaged);
    }
}
