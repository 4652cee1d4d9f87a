//! ZIP files, written here byte by byte: as programs write them, and as none should.

use std::io::{Seek, Write};

use flate2::{Compression, Crc, write::DeflateEncoder};

use super::{accept, focus_file, read, read_input, reject, shown};
use crate::{Input, ReadError, Rejection, read_bill};

const STORE: u16 = 0;
const DEFLATE: u16 = 8;
const ZSTD: u16 = 93;

/// One entry, and what is odd about it.
#[derive(Clone)]
struct Entry {
    name: &'static str,
    data: Vec<u8>,
    method: u16,
    /// Bit 0: encrypted. Bit 3: lengths and checksum follow the data.
    flags: u16,
    zip64: bool,
    crc: Option<u32>,
    /// Added to the length that the directory promises.
    longer: i64,
}

fn entry(name: &'static str, data: impl AsRef<[u8]>) -> Entry {
    Entry {
        name,
        data: data.as_ref().to_vec(),
        method: DEFLATE,
        flags: 0,
        zip64: false,
        crc: None,
        longer: 0,
    }
}

fn pack(method: u16, data: &[u8]) -> Vec<u8> {
    match method {
        DEFLATE => {
            let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(data).unwrap();
            encoder.finish().unwrap()
        }
        ZSTD => zstd::stream::encode_all(data, 1).unwrap(),
        _ => data.to_vec(),
    }
}

/// Little-endian fields of the given widths, one behind the other.
fn fields(out: &mut Vec<u8>, values: &[(usize, u64)]) {
    for &(width, value) in values {
        out.extend(&value.to_le_bytes()[..width]);
    }
}

/// An archive as APPNOTE.TXT 6.3 describes it.
fn zip(entries: &[Entry]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for e in entries {
        let start = out.len() as u64;
        let packed = pack(e.method, &e.data);
        let mut sum = Crc::new();
        sum.update(&e.data);
        let crc = u64::from(e.crc.unwrap_or(sum.sum()));
        let size = (e.data.len() as u64).checked_add_signed(e.longer).unwrap();
        let known = u64::from(e.flags & 8 == 0);
        let (method, flags) = (u64::from(e.method), u64::from(e.flags));
        let packed_size = packed.len() as u64;
        let small = |size: u64| if e.zip64 { 0xffff_ffff } else { size };
        let name = e.name.len() as u64;
        // The local header has an extra field of its own length, as Info-ZIP writes.
        fields(
            &mut out,
            &[(4, 0x0403_4b50), (2, 20), (2, flags), (2, method), (4, 0)],
        );
        let sizes = [
            (4, crc * known),
            (4, packed_size * known),
            (4, size * known),
        ];
        fields(&mut out, &sizes);
        fields(&mut out, &[(2, name), (2, 5)]);
        out.extend(e.name.as_bytes());
        fields(&mut out, &[(2, 0x5455), (2, 1), (1, 0)]);
        out.extend(&packed);
        if known == 0 {
            fields(
                &mut out,
                &[(4, 0x0807_4b50), (4, crc), (4, packed_size), (4, size)],
            );
        }
        fields(
            &mut directory,
            &[(4, 0x0201_4b50), (2, 20), (2, 20), (2, flags), (2, method)],
        );
        fields(
            &mut directory,
            &[(4, 0), (4, crc), (4, small(packed_size)), (4, small(size))],
        );
        let extra = if e.zip64 { 20 } else { 0 };
        fields(
            &mut directory,
            &[
                (2, name),
                (2, extra),
                (2, 0),
                (2, 0),
                (2, 0),
                (4, 0),
                (4, start),
            ],
        );
        directory.extend(e.name.as_bytes());
        if e.zip64 {
            fields(
                &mut directory,
                &[(2, 1), (2, 16), (8, size), (8, packed_size)],
            );
        }
    }
    let count = entries.len() as u64;
    end(out, &directory, count, entries.iter().any(|e| e.zip64))
}

/// Appends the directory and what ends an archive.
fn end(mut out: Vec<u8>, directory: &[u8], count: u64, zip64: bool) -> Vec<u8> {
    let (start, length) = (out.len() as u64, directory.len() as u64);
    out.extend(directory);
    let record = out.len() as u64;
    if zip64 {
        fields(
            &mut out,
            &[(4, 0x0606_4b50), (8, 44), (2, 45), (2, 45), (4, 0), (4, 0)],
        );
        fields(&mut out, &[(8, count), (8, count), (8, length), (8, start)]);
        fields(&mut out, &[(4, 0x0706_4b50), (4, 0), (8, record), (4, 1)]);
    }
    let (count, length, start) = if zip64 {
        (0xffff, 0xffff_ffff, 0xffff_ffff)
    } else {
        (count, length, start)
    };
    fields(
        &mut out,
        &[(4, 0x0605_4b50), (2, 0), (2, 0), (2, count), (2, count)],
    );
    fields(&mut out, &[(4, length), (4, start), (2, 0)]);
    out
}

fn on_disk(bytes: &[u8]) -> Input<'static> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file.rewind().unwrap();
    Input::File(file)
}

fn refused(bytes: &[u8]) -> Rejection {
    match read_input(on_disk(bytes)) {
        Err(ReadError::Rejected(rejection)) => rejection,
        Err(other) => panic!("not a rejection: {other}"),
        Ok(bill) => panic!("accepted with {:?}", bill.report),
    }
}

fn rows(bytes: &[u8]) -> usize {
    read_input(on_disk(bytes)).unwrap().rows.len()
}

fn bill() -> Entry {
    entry("cur/bill-1.csv", focus_file(&[]))
}

#[test]
fn one_file_is_read_however_it_was_packed() {
    let bill = bill();
    let plain = shown(&accept(&bill.data));
    for method in [STORE, DEFLATE, ZSTD] {
        for zip64 in [false, true] {
            for flags in [0, 8] {
                let one = Entry {
                    method,
                    flags,
                    zip64,
                    ..bill.clone()
                };
                let read = read_input(on_disk(&zip(&[one]))).unwrap();
                assert_eq!(shown(&read), plain, "{method} {zip64} {flags}");
            }
        }
    }
}

#[test]
fn what_systems_leave_in_archives_is_no_data() {
    let clutter = [
        entry("cur/", ""),
        entry("__MACOSX/cur/._bill-1.csv", "resource fork"),
        entry("__MACOSX/bill.csv", "resource fork"),
        entry("cur/._bill-1.csv", "resource fork"),
        entry("cur/.DS_Store", "Bud1"),
        entry("Thumbs.db", "x"),
        entry("cur/desktop.ini", "x"),
    ];
    let mut all = clutter.to_vec();
    assert_eq!(refused(&zip(&all)).rule, "empty-zip");
    all.insert(3, bill());
    assert_eq!(rows(&zip(&all)), 1);
    assert_eq!(refused(&zip(&[])).rule, "empty-zip");
}

#[test]
fn several_files_are_no_bill() {
    let rejection = refused(&zip(&[bill(), entry("cur/bill-2.csv", "x")]));
    assert_eq!(rejection.rule, "several-files");
    assert!(rejection.detail.contains("bill-1.csv") && rejection.detail.contains("bill-2.csv"));
    // Two of one name are two.
    assert_eq!(refused(&zip(&[bill(), bill()])).rule, "several-files");
}

#[test]
fn what_is_no_bill_is_named() {
    let spreadsheet = [
        entry("xl/workbook.xml", "<workbook/>"),
        entry("[Content_Types].xml", "<Types/>"),
    ];
    let gzip = |bytes: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    for (bytes, rule) in [
        (zip(&spreadsheet), "spreadsheet"),
        (
            zip(&[entry("content.xml", ""), entry("META-INF/manifest.xml", "")]),
            "spreadsheet",
        ),
        (zip(&[Entry { flags: 1, ..bill() }]), "encrypted-zip"),
        (
            zip(&[Entry {
                method: 14,
                ..bill()
            }]),
            "unsupported-compression",
        ),
        (
            zip(&[entry("bill.parquet", "PAR1....")]),
            "nested-compression",
        ),
        (
            zip(&[entry("bill.csv.gz", gzip(b"a,b"))]),
            "nested-compression",
        ),
        (
            zip(&[entry("bill.zip", zip(&[bill()]))]),
            "nested-compression",
        ),
        (
            zip(&[entry("bill.xls", b"\xd0\xcf\x11\xe0")]),
            "spreadsheet",
        ),
        (zip(&[entry("bill.csv", "")]), "empty-file"),
    ] {
        assert_eq!(refused(&bytes).rule, rule);
    }
    assert_eq!(reject(zip(&[bill()])).rule, "zip-stream");
    let packed = read(&gzip(&zip(&[bill()])));
    assert!(packed.is_err_and(|e| e.to_string().contains("packed twice")));
}

#[test]
fn what_is_damaged_is_refused_by_name() {
    let whole = zip(&[bill()]);
    let moved = [b"PK\x03\x04", &whole[..]].concat();
    for (bytes, rule) in [
        (whole[..whole.len() - 30].to_vec(), "corrupt-zip"),
        (whole[..40].to_vec(), "corrupt-zip"),
        (b"PK\x05\x06".to_vec(), "corrupt-zip"),
        (b"PK\x07\x08PK\x03\x04".to_vec(), "corrupt-zip"),
        (moved, "corrupt-zip"),
        (
            zip(&[Entry {
                crc: Some(7),
                ..bill()
            }]),
            "bad-zip-checksum",
        ),
        (
            zip(&[Entry {
                longer: 1,
                ..bill()
            }]),
            "truncated-zip",
        ),
        (
            zip(&[Entry {
                longer: -1,
                ..bill()
            }]),
            "corrupt-zip",
        ),
        (
            zip(&[Entry {
                longer: 1,
                method: STORE,
                ..bill()
            }]),
            "truncated-zip",
        ),
    ] {
        assert_eq!(refused(&bytes).rule, rule);
    }
    for at in 0..whole.len() {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x41;
        // Times, names and attributes may change; nothing else does unseen.
        if let Ok(bill) = read_input(on_disk(&damaged)) {
            assert_eq!(shown(&bill), shown(&accept(focus_file(&[]))), "byte {at}");
        }
    }
}

/// A directory of millions of entries is refused before it is read.
#[test]
fn a_directory_without_end_is_refused() {
    let one = zip(&[entry("d/", "")]);
    let length = one.len() - 22;
    let directory = &one[length - 48..length];
    let many = directory.repeat(30_000);
    for zip64 in [false, true] {
        let bytes = end(one[..length - 48].to_vec(), &many, 30_000, zip64);
        let rejection = refused(&bytes);
        assert_eq!(rejection.rule, "corrupt-zip");
        assert!(
            rejection.detail.contains("directory is too large"),
            "{rejection:?}"
        );
    }
    let some = directory.repeat(20_000);
    let bytes = end(one[..length - 48].to_vec(), &some, 20_000, false);
    assert_eq!(refused(&bytes).rule, "empty-zip");
}

#[test]
fn the_name_of_an_archive_is_known() {
    let warned = |name: &str, bytes: &[u8]| {
        let report = read_bill(on_disk(bytes), name, &mut |_| Ok(())).unwrap();
        report.warnings.iter().any(|w| w.rule == "misnamed-file")
    };
    let archive = zip(&[bill()]);
    assert!(!warned("bill.csv.zip", &archive));
    assert!(warned("bill.csv.gz", &archive));
    assert!(warned("bill.zip", &bill().data));
}
