use outlay_billing::{Evidence, invariants};

use super::{formats, reading::read};

/// Magic and format version, before what is packed.
const HEAD: usize = 8;
const BILL: &str = "BilledCost,BillingCurrency,BillingPeriodStart,ChargePeriodStart,BillingAccountId\n\
                    1,USD,2026-10-01,2026-10-01,1\n";

/// The first byte says what follows: a file, the inside of one, or rows.
pub fn evidence(data: &[u8]) {
    match data.split_first() {
        Some((b'o', _)) => decode(data),
        Some((b'i', inside)) => {
            let bill = read(BILL.as_bytes()).expect("a bill of one row");
            let file = encoded(&bill.report.evidence[0]);
            let body = zstd::bulk::compress(inside, 1).expect("memory takes all");
            decode(&[&file[..HEAD], &body].concat());
        }
        Some((_, rest)) => {
            let table = formats::focus_table(rest);
            if let Ok(bill) = read(table.as_bytes()) {
                for evidence in &bill.report.evidence {
                    decode(&encoded(evidence));
                }
            }
        }
        None => {}
    }
}

/// What can be read can be written, is then the same for ever, can be checked, and adds up.
fn decode(bytes: &[u8]) {
    let Ok(evidence) = Evidence::decode(bytes) else {
        return;
    };
    let written = encoded(&evidence);
    let again = Evidence::decode(&written).expect("what was written can be read");
    assert_eq!(again, evidence);
    let checked = invariants::check(&evidence, &invariants::Known::default());
    assert_eq!(
        checked,
        invariants::check(&again, &invariants::Known::default())
    );
    let mut sum = evidence;
    sum.merge(again).expect("the same bill");
}

fn encoded(evidence: &Evidence) -> Vec<u8> {
    evidence.encode().expect("it was gathered or read")
}
