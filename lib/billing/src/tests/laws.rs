use std::io::{self, Read};

use proptest::prelude::*;

use super::{focus_file, read, read_input};
use crate::{Input, ReadError, TextColumn};

/// Gives the bytes in pieces of these sizes, again and again.
struct Pieces<'a> {
    bytes: &'a [u8],
    sizes: std::iter::Cycle<std::slice::Iter<'a, usize>>,
}

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let size = self.sizes.next().copied().unwrap_or(1).min(buffer.len());
        self.bytes.read(&mut buffer[..size])
    }
}

/// All that can be told from outside: the rows as text, the report, the failure.
fn outcome(result: Result<super::Bill, ReadError>) -> String {
    match result {
        Ok(bill) => format!("{:?} {:?}", bill.report, bill.rows),
        Err(error) => format!("{error:?}"),
    }
}

fn pieces_of(bytes: &[u8], sizes: &[usize]) -> String {
    let pieces = Pieces {
        bytes,
        sizes: sizes.iter().cycle(),
    };
    // The reader must be Send for the public type; slices are.
    outcome(read_input(Input::Stream(Box::new(pieces))))
}

const FILES: [&[u8]; 2] = [
    include_bytes!("../../test_data/focus-1.0.csv"),
    include_bytes!("../../test_data/cur-slash.csv"),
];

proptest! {
    #[test]
    fn any_bytes_never_panic(bytes: Vec<u8>) {
        let _ = read(&bytes);
    }

    #[test]
    fn any_text_under_a_known_header_never_panics(text in "[\\PC\n\r\",]{0,200}") {
        let header = "BilledCost,BillingCurrency,BillingPeriodStart,ChargePeriodStart,Tags\n";
        let _ = read(format!("{header}{text}").as_bytes());
    }

    #[test]
    fn damaged_files_never_panic(
        file in 0_usize..2,
        packed: bool,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut bytes = FILES[file].to_vec();
        if packed {
            bytes = zstd::stream::encode_all(&bytes[..], 1).unwrap();
        }
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        let _ = read(&bytes);
    }

    #[test]
    fn the_borders_of_reads_do_not_matter(
        file in 0_usize..2,
        cut in any::<prop::sample::Index>(),
        sizes in prop::collection::vec(1_usize..40, 1..8),
    ) {
        let bytes = &FILES[file][..=cut.index(FILES[file].len())];
        let bytes = &bytes[..bytes.len() - 1];
        prop_assert_eq!(pieces_of(bytes, &sizes), outcome(read(bytes)));
    }

    #[test]
    fn stored_and_residue_are_the_source(whole in 0_u64..1_000_000, fraction in "[0-9]{1,30}", negative: bool) {
        let source = format!("{}{whole}.{fraction}", if negative { "-" } else { "" });
        let bill = read(focus_file(&[("BilledCost", &source)]).as_bytes()).unwrap();
        let stored = bill.rows[0].exact(crate::AmountColumn::BilledCost).unwrap();
        prop_assert_eq!(stored, crate::Exact::parse(&source).unwrap());
        let summed = bill.report.residues.iter().find(|r| r.column == "BilledCost");
        prop_assert_eq!(summed.map_or(outlay_core::money::Residue::ZERO, |r| r.residue), stored.residue);
    }

    /// What is written as CSV comes back, quoted or not, whatever ends the lines.
    #[test]
    fn any_cell_comes_back(
        cells in prop::collection::vec("(?s)[^\\x00]{1,40}", 1..5),
        quote_all: bool,
        crlf: bool,
    ) {
        let end = if crlf { "\r\n" } else { "\n" };
        let written = |cell: &str| if quote_all || cell.contains([',', '"', '\r', '\n']) {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell.to_owned()
        };
        let known = ["BilledCost,BillingCurrency,BillingPeriodStart,ChargePeriodStart", "1,USD,2026-10-01,2026-10-02"];
        let mut file = format!("{},ChargeDescription{end}", known[0]);
        for cell in &cells {
            file.extend([known[1], ",", &written(cell), end]);
        }
        let bill = read(file.as_bytes()).unwrap();
        let found: Vec<_> = bill.rows.iter().map(|r| r.text(TextColumn::ChargeDescription)).collect();
        let null = |cell: &&str| !matches!(*cell, "NULL" | "null");
        let expected: Vec<_> = cells.iter().map(|c| Some(c.as_str()).filter(null)).collect();
        prop_assert_eq!(found, expected);
    }
}
