//! How the bytes are wrapped: compression, encodings, lines, quotes, sizes.

use std::io::{self, Read, Write};

use super::{accept, focus_file, read_input, reject, text, warnings};
use crate::{Container, Input, ReadError, TextColumn as T, read_bill};

const HEADER: &str = "BilledCost,BillingCurrency,BillingPeriodStart,ChargePeriodStart,ServiceName";
const ROW: &str = "1,USD,2026-10-01,2026-10-02,Queue";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::stream::encode_all(bytes, 3).unwrap()
}

fn file() -> Vec<u8> {
    let rows: Vec<String> = (0..500)
        .map(|n| format!("{n},USD,2026-10-01,2026-10-02,S{n}"))
        .collect();
    format!("{HEADER}\n{}\n", rows.join("\n")).into_bytes()
}

#[test]
fn plain_gzip_and_zstd_say_the_same() {
    let plain = file();
    let (head, tail) = plain.split_at(1000);
    let two = |pack: fn(&[u8]) -> Vec<u8>| [pack(head), pack(tail)].concat();
    let many: Vec<u8> = plain.chunks(7).flat_map(gzip).collect();
    for bytes in [
        plain.clone(),
        gzip(&plain),
        two(gzip),
        many,
        zstd(&plain),
        two(zstd),
    ] {
        let bill = accept(&bytes);
        assert_eq!(bill.rows.len(), 500);
        assert_eq!(text(&bill.rows[499], T::ServiceName), "S499");
    }
}

#[test]
fn what_is_cut_off_or_damaged_is_refused_by_name() {
    let (gz, zst) = (gzip(&file()), zstd(&file()));
    assert_eq!(reject(&gz[..gz.len() / 2]).rule, "truncated-gzip");
    assert_eq!(reject(&gz[..gz.len() - 1]).rule, "truncated-gzip");
    assert_eq!(reject(&gz[..12]).rule, "truncated-gzip");
    assert_eq!(reject(&zst[..zst.len() / 2]).rule, "truncated-zstd");
    let mut wrong_crc = gz.clone();
    let crc = wrong_crc.len() - 8;
    wrong_crc[crc] ^= 1;
    assert_eq!(reject(&wrong_crc).rule, "bad-gzip-checksum");
    let trailing = [gz.as_slice(), b"rubbish behind the last member"].concat();
    assert_eq!(reject(&trailing).rule, "corrupt-gzip");
    let rejection = reject(&gz[..gz.len() - 9]);
    assert!(rejection.row.is_some_and(|row| row > 0), "{rejection:?}");
}

#[test]
fn other_wrappings_are_told_what_to_do() {
    for (bytes, rule) in [
        (b"PK\x03\x04rest".to_vec(), "zip-stream"),
        (b"BZh91AY".to_vec(), "unsupported-compression"),
        (b"7z\xbc\xaf\x27\x1c".to_vec(), "unsupported-compression"),
        (b"Rar!\x1a\x07".to_vec(), "unsupported-compression"),
        (b"\xd0\xcf\x11\xe0".to_vec(), "spreadsheet"),
        (b"PAR1....".to_vec(), "parquet-stream"),
        (gzip(&gzip(&file())), "nested-compression"),
        (Vec::new(), "empty-file"),
        (b"\n\r\n\n".to_vec(), "empty-file"),
        (gzip(b""), "empty-file"),
        (b"\xef\xbb\xbf".to_vec(), "empty-file"),
    ] {
        assert_eq!(reject(&bytes).rule, rule, "{bytes:?}");
    }
    assert_eq!(Container::of(b""), Container::Plain);
}

#[test]
fn the_name_has_no_say_but_a_wrong_one_is_told() {
    let plain = file();
    let mut rows = 0;
    let report = read_bill(
        Input::Stream(Box::new(&plain[..])),
        "bill.csv.gz",
        &mut |_| {
            rows += 1;
            Ok(())
        },
    )
    .unwrap();
    assert_eq!(rows, 500);
    assert_eq!(report.warnings[0].rule, "misnamed-file");
}

#[test]
fn zeros_that_inflate_without_end_are_stopped() {
    let zeros = gzip(&vec![b'0'; 8 << 20]);
    assert!(zeros.len() < 16 << 10);
    assert_eq!(reject(&zeros).rule, "cell-too-large");
    let blank = zstd(&vec![b'\n'; 80 << 20]);
    assert_eq!(reject(&blank).rule, "bomb");
}

#[test]
fn lines_quotes_and_marks() {
    for (bytes, rows) in [
        (format!("\u{feff}{HEADER}\r\n{ROW}\r\n{ROW}\r\n"), 2),
        (format!("{HEADER}\r{ROW}\r{ROW}"), 2),
        (format!("{HEADER}\n\n{ROW}\n\n\n{ROW}"), 2),
        (
            format!("{HEADER}\n1,USD,2026-10-01,2026-10-02,\"a\r\nb \"\"c\"\", d\"\n"),
            1,
        ),
        (HEADER.to_owned(), 0),
        (format!("{HEADER}\n"), 0),
    ] {
        let bill = accept(&bytes);
        assert_eq!(bill.rows.len(), rows, "{bytes:?}");
    }
    let quoted = accept(format!(
        "{HEADER}\n1,USD,2026-10-01,2026-10-02,\"a\r\nb \"\"c\"\", d\"\n"
    ));
    assert_eq!(text(&quoted.rows[0], T::ServiceName), "a\r\nb \"c\", d");
}

#[test]
fn rows_and_lines_are_counted_from_one() {
    let bytes = format!("{HEADER}\r\n1,USD,2026-10-01,2026-10-02,\"a\nb\"\r\n\r\nx{ROW}\r\n");
    let rejection = reject(bytes);
    assert_eq!((rejection.row, rejection.line), (Some(2), Some(5)));
    let rejection = reject(format!("{HEADER}\r{ROW}\rx{ROW}"));
    assert_eq!(
        (rejection.row, rejection.line),
        (Some(2), None),
        "CR alone counts no lines"
    );
}

#[test]
fn ragged_rows() {
    for row in [
        "1,USD,2026-10-01,2026-10-02",
        "1,USD,2026-10-01,2026-10-02,a,b",
        "1",
        &",".repeat(9),
    ] {
        let rejection = reject(format!("{HEADER}\n{ROW}\n{row}\n"));
        assert_eq!(
            (rejection.rule, rejection.row),
            ("ragged-row", Some(2)),
            "{row}"
        );
        assert_eq!(
            reject(format!("{HEADER}\n{row}\n")).rule,
            "ragged-row",
            "{row}"
        );
    }
}

/// A header that is longer than every row by columns that nobody reads is an exporter's slip.
#[test]
fn rows_that_are_all_short_alike_are_whole() {
    let bill = accept(format!("{HEADER},extra\n{ROW}\n{ROW}\n"));
    assert_eq!(bill.rows.len(), 2);
    assert!(warnings(&bill).contains(&"short-rows x1".to_owned()));
    for rows in [format!("{ROW},\n{ROW}\n"), format!("{ROW}\n{ROW},\n")] {
        assert_eq!(reject(format!("{HEADER},extra\n{rows}")).row, Some(2));
    }
}

#[test]
fn text_that_is_no_utf8_or_holds_nul() {
    let mut latin1 = focus_file(&[("ServiceName", "Caf?")]).into_bytes();
    let at = latin1.iter().position(|&b| b == b'?').unwrap();
    latin1[at] = 0xe9;
    let rejection = reject(&latin1);
    assert_eq!((rejection.rule, rejection.row), ("not-utf8", Some(1)));
    assert_eq!(rejection.column.as_deref(), Some("ServiceName"));
    latin1[at] = 0;
    let rejection = reject(&latin1);
    assert_eq!(
        (rejection.rule, rejection.column.as_deref()),
        ("nul-byte", Some("ServiceName"))
    );
    // A character torn apart by a comma: valid as a whole, not in its cells.
    let torn = [
        HEADER.as_bytes(),
        b"\n1,USD,2026-10-01,2026-10-02\xc3,\xa9\n",
    ]
    .concat();
    assert_eq!(reject(torn).rule, "not-utf8");
}

#[test]
fn sizes_are_capped() {
    let wide: Vec<String> = (0..1025).map(|n| format!("c{n}")).collect();
    assert_eq!(reject(wide.join(",")).rule, "header-too-wide");
    assert_eq!(reject(wide.join(",") + ",a,b,c").rule, "header-too-wide");
    let widest = format!("{HEADER},{}", wide[..1019].join(","));
    assert_eq!(accept(&widest).rows.len(), 0);
    let cell = |bytes: usize| {
        format!(
            "{HEADER}\n1,USD,2026-10-01,2026-10-02,{}\n",
            "x".repeat(bytes)
        )
    };
    assert_eq!(accept(cell(1 << 20)).rows.len(), 1);
    let rejection = reject(cell((1 << 20) + 1));
    assert_eq!((rejection.rule, rejection.row), ("cell-too-large", Some(1)));
    assert_eq!(rejection.column.as_deref(), Some("ServiceName"));
    let columns: Vec<String> = (0..20).map(|n| format!("c{n}")).collect();
    let cells = vec!["x".repeat(1 << 20); 20].join(",");
    let rejection = reject(format!("{HEADER},{}\n{ROW},{cells}\n", columns.join(",")));
    assert_eq!(rejection.rule, "row-too-large");
}

#[test]
fn an_open_quote_is_no_end_of_file() {
    let rejection = reject(format!(
        "{HEADER}\n{ROW}\n1,USD,2026-10-01,2026-10-02,\"cut of"
    ));
    assert_eq!((rejection.rule, rejection.row), ("unclosed-quote", Some(2)));
    let whole = accept(format!("{HEADER}\n1,USD,2026-10-01,2026-10-02,\"whole\""));
    assert_eq!(whole.rows.len(), 1);
}

/// Breaks off after some bytes, as a connection does.
struct Broken<'a>(&'a [u8]);

impl Read for Broken<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buffer)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            count => Ok(count),
        }
    }
}

#[test]
fn a_broken_source_is_not_a_broken_file() {
    let plain = file();
    for bytes in [plain.clone(), gzip(&plain), zstd(&plain)] {
        for length in [0, 3, bytes.len() / 2, bytes.len() - 1] {
            let result = read_input(Input::Stream(Box::new(Broken(&bytes[..length]))));
            assert!(matches!(result, Err(ReadError::Io(_))), "{length}");
        }
    }
}

#[test]
fn a_failing_sink_stops_the_reading() {
    let plain = file();
    let mut seen = 0;
    let result = read_bill(Input::Stream(Box::new(&plain[..])), "bill.csv", &mut |_| {
        seen += 1;
        if seen == 3 {
            Err("full".into())
        } else {
            Ok(())
        }
    });
    assert!(matches!(result, Err(ReadError::Sink(_))));
    assert_eq!(seen, 3);
}

#[test]
fn a_file_on_disk_reads_like_a_stream() {
    let mut on_disk = tempfile::tempfile().unwrap();
    on_disk.write_all(&gzip(&file())).unwrap();
    io::Seek::rewind(&mut on_disk).unwrap();
    assert_eq!(read_input(Input::File(on_disk)).unwrap().rows.len(), 500);
}
