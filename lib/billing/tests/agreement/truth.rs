//! The oracle's answers in the form of a reading, and how the two are held against each other.

use std::collections::BTreeMap;

use outlay_core::{Decimal, money::Residue};
use outlay_testkit::bill::{Bill, Cell, Expected};

use crate::reading::{Counts, Place, Reading, without_zeros};

/// Which format a reading comes from: they differ in what they can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Focus,
    /// A report of AWS that lists discounts as rows.
    Rows,
    /// One that has them beside the charge.
    Map,
}

/// Holds a reading against the truth; `what` names it where they differ.
pub(crate) fn check(what: &str, kind: Kind, reading: &Reading, bill: &Bill) {
    let expected = bill.expected();
    same(what, "place", &reading.places, &places(expected));
    same(what, "list cost", &reading.list, &list(expected));
    same(what, "invoice", &reading.invoices, &invoices(expected));
    same(
        what,
        "commitment",
        &reading.commitments,
        &commitments(expected),
    );
    same(
        what,
        "correction",
        &reading.corrections,
        &corrections(expected),
    );
    same(what, "allocation", &reading.allocated, &allocated(bill));
    same(what, "residue", &reading.residues, &residues(expected));
    assert_eq!(reading.counts, counts(kind, expected), "{what}: rows");
    rollup(what, reading, expected);
}

/// Differences by key, so that a failure names them and not the whole bill.
fn same<K, V>(what: &str, of: &str, found: &BTreeMap<K, V>, expected: &BTreeMap<K, V>)
where
    K: Ord + std::fmt::Debug,
    V: PartialEq + std::fmt::Debug,
{
    if found == expected {
        return;
    }
    let keys: std::collections::BTreeSet<&K> = found.keys().chain(expected.keys()).collect();
    let differ = keys.iter().filter(|k| found.get(k) != expected.get(k));
    let told: Vec<String> = differ
        .clone()
        .take(5)
        .map(|k| {
            format!(
                "{k:?}\n  read  {:?}\n  truth {:?}",
                found.get(k),
                expected.get(k)
            )
        })
        .collect();
    panic!(
        "{what}: {} times another {of}:\n{}",
        differ.count(),
        told.join("\n")
    );
}

fn place(cell: &Cell) -> Place {
    (
        cell.currency.clone(),
        format!("{}T00:00:00Z", cell.period.start()),
        format!("{}T00:00:00Z", cell.day),
        cell.service.clone(),
        cell.account.clone(),
    )
}

fn places(expected: &Expected) -> BTreeMap<Place, [Decimal; 3]> {
    let sums = expected.by(|cell| Some(place(cell))).unwrap().into_iter();
    let sums = sums.map(|(k, t)| (k, [t.billed, t.effective, t.contracted]));
    without_zeros(sums.collect(), |costs| costs.iter().all(|c| c.is_zero()))
}

fn list(expected: &Expected) -> BTreeMap<Place, Decimal> {
    let used = |c: &Cell| c.category == "Usage" && c.frequency == "Usage-Based";
    let sums = expected.by(|c| used(c).then(|| place(c))).unwrap();
    let sums = sums.into_iter().map(|(place, t)| (place, t.list));
    without_zeros(sums.collect(), |cost| cost.is_zero())
}

fn invoices(expected: &Expected) -> BTreeMap<(String, String), [Decimal; 2]> {
    let sums = expected.by(|c| Some((c.currency.clone(), c.invoice.clone())));
    let sums = sums.unwrap().into_iter();
    sums.map(|(key, t)| (key, [t.billed, t.effective]))
        .collect()
}

fn commitments(expected: &Expected) -> BTreeMap<(String, &'static str), Decimal> {
    let mut sums = BTreeMap::new();
    for (id, totals) in expected.by_commitment().unwrap() {
        sums.insert((id.clone(), "purchased"), totals.purchased);
        sums.insert((id.clone(), "used"), totals.used);
        sums.insert((id, "unused"), totals.unused);
    }
    without_zeros(sums, |cost| cost.is_zero())
}

fn corrections(expected: &Expected) -> BTreeMap<String, Decimal> {
    let month = |c: &Cell| c.correction.then(|| c.day.to_string()[..7].to_owned());
    let sums = expected.by(month).unwrap().into_iter();
    sums.map(|(month, t)| (month, t.billed)).collect()
}

fn allocated(bill: &Bill) -> BTreeMap<(String, String), Decimal> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let key = |c: &Cell| Some((text(&c.region), text(&c.team_of_any_case)));
    let sums = bill.expected().by(key).unwrap().into_iter();
    let sums = sums.map(|(key, t)| (key, t.effective)).collect();
    without_zeros(sums, |cost| cost.is_zero())
}

fn residues(expected: &Expected) -> BTreeMap<(String, &'static str), (u64, Residue)> {
    let sums = expected.residues().unwrap().into_iter();
    sums.map(|(key, r)| (key, (r.rows, r.residue))).collect()
}

/// No row is lost, and each is accounted for by what it was.
fn counts(kind: Kind, expected: &Expected) -> Counts {
    if kind == Kind::Focus {
        return Counts {
            read: expected.rows().values().sum(),
            ..Counts::default()
        };
    }
    let items = expected.line_items();
    let of = |item: &str| items.get(item).copied().unwrap_or_default();
    let discounts: u64 = items
        .iter()
        .filter(|(item, _)| kind == Kind::Map && item.ends_with("Discount"))
        .map(|(_, rows)| rows)
        .sum();
    let unused = expected.count(|c| (c.status == Some("Unused")).then_some(()));
    Counts {
        read: items.values().sum::<u64>() - discounts,
        folded: of("SavingsPlanNegation"),
        left_out: of("SplitRow"),
        added: unused.get(&()).copied().unwrap_or_default(),
    }
}

fn rollup(what: &str, reading: &Reading, expected: &Expected) {
    let found: BTreeMap<_, _> = reading
        .rollup
        .totals()
        .unwrap()
        .into_iter()
        .map(|t| (t.currency.clone(), [t.billed_cost, t.effective_cost]))
        .collect();
    let truth = expected.by(|c| Some(c.currency.clone())).unwrap();
    let truth = truth.into_iter();
    let truth = truth.map(|(currency, t)| (currency, [t.billed, t.effective]));
    same(what, "roll-up", &found, &truth.collect());
}
