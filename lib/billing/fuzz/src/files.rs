use std::io::{Seek, Write};

use flate2::{Compression, write::GzEncoder};
use outlay_billing::{Container, Input, Manifest, ManifestKey, PartWriter, Rejection};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::{
    formats,
    reading::{Bill, assert_same, check, fingerprint, read, read_input},
};

/// A file as it comes: whatever it is, it reads the same in pieces.
pub fn csv(data: &[u8]) {
    let _ = check(data);
}

/// The first byte says how the rest is packed: packing does not change what a file says.
pub fn framing(data: &[u8]) {
    let Some((&how, inner)) = data.split_first() else {
        return;
    };
    let text = std::str::from_utf8(inner).ok();
    let packed = match (how, text) {
        (b'g', _) => gzip(inner),
        (b's', _) => zstd::stream::encode_all(inner, 1).expect("memory takes all"),
        (b'Z', _) => zip_of(inner),
        (b'l', Some(text)) => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        (b'b', Some(text)) => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        _ => return raw(data),
    };
    let mark: &[u8] = match how {
        b'l' => b"\xff\xfe",
        b'b' => b"\xfe\xff",
        _ => b"",
    };
    let packed = [mark, &packed].concat();
    let unpacked = read(inner);
    // What is refused for what it is, is refused for what it is in. NULs at the beginning say another encoding.
    let looks_wide = inner.iter().take(4).any(|byte| *byte == 0);
    if Container::of(inner) != Container::Plain || looks_wide {
        assert!(read_file(&packed).is_err());
        return;
    }
    assert_same(&nameless(unpacked), &nameless(read_file(&packed)));
}

/// A stream and a file on disk read alike, save what only a disk can give.
fn raw(data: &[u8]) {
    let streamed = check(data);
    let on_disk = read_file(data);
    match streamed {
        Err(rejection) if matches!(rejection.rule, "zip-stream" | "parquet-stream") => {}
        Err(_) if Container::of(data) != Container::Plain => assert!(on_disk.is_err()),
        streamed => assert_same(&streamed, &on_disk),
    }
}

/// Without the warning of a wrong name, which is about the packing.
fn nameless(bill: Result<Bill, Rejection>) -> Result<Bill, Rejection> {
    bill.map(|mut bill| {
        bill.report.warnings.retain(|w| w.rule != "misnamed-file");
        bill
    })
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    // Two members, as tools that append write them.
    let (head, tail) = bytes.split_at(bytes.len() / 2);
    let member = |bytes: &[u8]| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).expect("memory takes all");
        encoder.finish().expect("memory takes all")
    };
    [member(head), member(tail)].concat()
}

fn zip_of(bytes: &[u8]) -> Vec<u8> {
    let mut writer = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::STORE);
    writer.start_file("bill.csv", options).expect("a name");
    writer.write_all(bytes).expect("memory takes all");
    writer.finish().expect("memory takes all").into_inner()
}

fn read_file(bytes: &[u8]) -> Result<Bill, Rejection> {
    let mut file = tempfile::tempfile().expect("a place for files");
    file.write_all(bytes).expect("room for files");
    file.rewind().expect("a file on disk");
    read_input(Input::File(file), &mut |_| ())
}

/// Parquet, damaged; or rows, written as Parquet and read back.
pub fn parquet(data: &[u8]) {
    if data.starts_with(b"PAR1") {
        assert_same(&read_file(data), &read_file(data));
        return;
    }
    let dir = tempfile::tempdir().expect("a place for files");
    let mut writer = PartWriter::new(dir.path(), []).expect("room for files");
    let ours = |name: &str| !name.starts_with("x_");
    let mut written = Vec::new();
    let mut homeless = false;
    let table = formats::focus_table(data);
    let input = Input::Stream(Box::new(table.as_bytes()));
    let read = read_input(input, &mut |row| {
        written.push(fingerprint(row, ours));
        match writer.push(row) {
            Err(error) if error.rejection().is_some() => homeless = true,
            pushed => pushed.expect("what was read can be written"),
        }
    });
    // A row without provider or payer belongs to no bill.
    if read.is_err() || homeless {
        return;
    }
    let mut found = Vec::new();
    for bill in writer.finish().expect("what was read can be written") {
        let file = std::fs::File::open(&bill.parquet).expect("it was written");
        let back = read_input(Input::File(file), &mut |row| {
            found.push(fingerprint(row, ours));
        });
        assert!(back.is_ok_and(|bill| !bill.prints.is_empty()));
    }
    written.sort_unstable();
    found.sort_unstable();
    assert_eq!(written, found);
}

/// The first line is the manifest's key, the rest its text.
pub fn manifest(data: &[u8]) {
    let end = data
        .iter()
        .position(|&byte| byte == b'\n')
        .unwrap_or(data.len());
    let (key, body) = data.split_at(end);
    let Ok(key) = std::str::from_utf8(key) else {
        return;
    };
    let body = body.get(1..).unwrap_or_default();
    let read = Manifest::read(body, "bills", key);
    assert_eq!(read, Manifest::read(body, "bills", key));
    let Ok(manifest) = read else {
        return;
    };
    let place = ManifestKey::parse(key).expect("a manifest lies where one may lie");
    assert_eq!(
        (manifest.kind, &*manifest.prefix),
        (place.kind, place.prefix)
    );
    assert_eq!(manifest.billing_period, place.period);
    assert_eq!(manifest.bucket, "bills");
    assert!(!manifest.parts.is_empty() && manifest.parts.len() <= Manifest::MAX_PARTS);
    let mut keys: Vec<&str> = manifest.parts.iter().map(|part| &*part.key).collect();
    for key in &keys {
        assert!(key.starts_with(&manifest.prefix), "{key} is outside");
        assert!(
            !key.split('/').any(|folder| folder == ".."),
            "{key} leads out"
        );
    }
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), manifest.parts.len(), "a file twice");
}
