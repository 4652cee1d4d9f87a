use outlay_billing::{FocusRow, Input, Rollup, RollupBuilder};

use super::{formats, reading::read_input};

/// Magic and format version, before what is packed.
const HEAD: usize = 8;

/// The first byte says what follows: a file, the inside of one, or rows.
pub fn rollup(data: &[u8]) {
    match data.split_first() {
        Some((b'o', _)) => decode(data),
        Some((b'i', inside)) => {
            let body = zstd::bulk::compress(inside, 1).expect("memory takes all");
            let empty = encoded(RollupBuilder::new([]));
            decode(&[&empty[..HEAD], &body].concat());
        }
        Some((_, rest)) => rows(rest),
        None => {}
    }
}

/// What can be read can be written, and is then the same for ever.
fn decode(bytes: &[u8]) {
    let Ok(rollup) = Rollup::decode(bytes) else {
        return;
    };
    let written = rollup.encode().expect("what was read can be written");
    let again = Rollup::decode(&written).expect("what was written can be read");
    assert_eq!(again.encode().expect("as before"), written);
    assert_eq!(again.len(), rollup.len());
    let _ = rollup.totals();
    let _ = rollup.merge(&again);
}

/// Rows of a file in two halves: merged in either order they are the whole.
fn rows(data: &[u8]) {
    let builders = || RollupBuilder::new(["team".to_owned(), "Team".to_owned()]);
    let (mut whole, mut halves) = (builders(), [builders(), builders()]);
    let mut count = 0;
    let mut failed = false;
    let table = formats::focus_table(data);
    let read = read_input(
        Input::Stream(Box::new(table.as_bytes())),
        &mut |row: &FocusRow| {
            failed |= whole.push(row).is_err() | halves[count % 2].push(row).is_err();
            count += 1;
        },
    );
    if read.is_err() || failed {
        return;
    }
    let whole = encoded(whole);
    decode(&whole);
    let [one, other] = halves.map(|half| half.finish().expect("half of what fits"));
    for merged in [one.merge(&other), other.merge(&one)] {
        let merged = merged.and_then(|rollup| rollup.encode());
        assert_eq!(merged.expect("what fits at once"), whole);
    }
}

fn encoded(builder: RollupBuilder) -> Vec<u8> {
    let rollup = builder.finish().expect("it fits");
    rollup.encode().expect("it was built")
}
