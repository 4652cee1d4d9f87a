//! Hostile files end in a clear rejection, in bounded memory. One test, alone in its process: the
//! kernel's high-water mark belongs to all threads.

use std::{
    fs,
    io::{self, Read, Write},
};

use flate2::{Compression, write::GzEncoder};
use outlay_billing::{Input, ReadError, read_bill};

const HEADER: &str = "BilledCost,BillingCurrency,BillingPeriodStart,ChargePeriodStart,Tags\n";
const ROW: &str = "1,USD,2026-10-01,2026-10-02,\n";
/// What reading may take at most, whatever the file: a row of 16 MiB while its buffer grows, and
/// the 64 MiB window of a zstd frame.
const MOST_MB: u64 = 128;

/// A file that is larger than memory: its beginning, then one piece again and again, then its end.
struct Endless {
    begin: io::Cursor<Vec<u8>>,
    piece: Vec<u8>,
    left: u64,
    at: usize,
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let begun = self.begin.read(buffer)?;
        if begun > 0 || self.left == 0 {
            return Ok(begun);
        }
        let count = (&self.piece[self.at..]).read(buffer)?;
        self.at += count;
        if self.at == self.piece.len() {
            (self.at, self.left) = (0, self.left - 1);
        }
        Ok(count)
    }
}

fn endless(begin: impl Into<Vec<u8>>, piece: impl Into<Vec<u8>>, bytes: u64) -> Endless {
    let piece = piece.into();
    Endless {
        begin: io::Cursor::new(begin.into()),
        left: bytes / piece.len() as u64,
        piece,
        at: 0,
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Reads, and gives the rule that refused the file (or `read`) and the MB that it took.
fn read(source: impl Read + Send) -> (String, Option<u64>) {
    let before = reset_peak();
    let result = read_bill(Input::Stream(Box::new(source)), "bill.csv", &mut |_| Ok(()));
    let after = status_mb("VmHWM:");
    let rule = match result {
        Ok(_) => "read".to_owned(),
        Err(ReadError::Rejected(rejection)) => rejection.rule.to_owned(),
        Err(other) => panic!("not a rejection: {other}"),
    };
    let peak = before
        .zip(after)
        .map(|(before, after)| after.saturating_sub(before));
    (rule, peak)
}

/// Begins a new high-water mark; gives what is in use now. Linux alone can.
fn reset_peak() -> Option<u64> {
    fs::write("/proc/self/clear_refs", "5").ok()?;
    status_mb("VmRSS:")
}

fn status_mb(name: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kb: u64 = line.trim().trim_end_matches(" kB").parse().ok()?;
    Some(kb / 1024)
}

#[expect(clippy::print_stderr, reason = "a skipped measurement says so")]
#[test]
fn hostile_files_end_in_bounded_memory() {
    const MB: u64 = 1 << 20;
    let quote = format!("{HEADER}{ROW}1,USD,2026-10-01,2026-10-02,\"");
    // FLG.FNAME: a name follows, up to a zero byte that never comes.
    let name = b"\x1f\x8b\x08\x08\0\0\0\0\0\xff".to_vec();
    let zeros = gzip(&vec![b'0'; 8 << 20]);
    let rows = gzip(ROW.repeat(1_000).as_bytes());
    let blank = zstd::stream::encode_all(&vec![b'\n'; 64 << 20][..], 19).unwrap();
    let tags: Vec<String> = (0..10_000)
        .map(|n| format!("\"\"k{n}\"\":\"\"v\"\""))
        .collect();
    let tags = format!(
        "{HEADER}1,USD,2026-10-01,2026-10-02,\"{{{}}}\"\n",
        tags.join(",")
    );
    let columns: Vec<String> = (0..2_000).map(|n| format!("c{n}")).collect();
    let wide = format!("{},{}", HEADER.trim_end(), columns.join(","));
    let cases: Vec<(&str, &str, Endless)> = vec![
        (
            "a quote open over 1 GB",
            "cell-too-large",
            endless(quote.clone(), "a\n", 1_000 * MB),
        ),
        (
            "a cell of 100 MB",
            "cell-too-large",
            endless(quote, "a".repeat(4096), 100 * MB),
        ),
        (
            "a gzip header with a name of 1 GB",
            "corrupt-gzip",
            endless(name, "a".repeat(4096), 1_000 * MB),
        ),
        (
            "a gzip bomb of one cell",
            "cell-too-large",
            endless(Vec::new(), zeros, 64 * MB),
        ),
        (
            "a zstd bomb of blank lines",
            "bomb",
            endless(Vec::new(), blank, 10 * MB),
        ),
        (
            "1,500 gzip members",
            "read",
            endless(
                gzip(HEADER.as_bytes()),
                rows.clone(),
                1_500 * rows.len() as u64,
            ),
        ),
        (
            "100,000 empty gzip members",
            "empty-file",
            endless(Vec::new(), gzip(b""), 100_000 * 20),
        ),
        ("2,000 columns", "header-too-wide", endless(wide, "\n", 1)),
        (
            "10,000 tags in a cell",
            "too-many-tags",
            endless(tags, "\n", 1),
        ),
        (
            "a header that never ends",
            "header-too-wide",
            endless("a", ",a", 100 * MB),
        ),
        (
            "cells without end in a row",
            "ragged-row",
            endless(HEADER, "a,", 100 * MB),
        ),
    ];
    for (what, expected, file) in cases {
        let (rule, peak) = read(file);
        assert_eq!(rule, expected, "{what}");
        match peak {
            Some(peak) => assert!(peak <= MOST_MB, "{what}: {peak} MB"),
            None => eprintln!("{what}: memory is not measured here (no /proc)"),
        }
    }
}
