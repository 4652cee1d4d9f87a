//! UTF-16, with a byte order mark and without.

use std::io::Write;

use proptest::prelude::*;

use super::{accept, focus_file, read, reject, shown, text, warnings};
use crate::TextColumn as T;

type Encode = fn(&str) -> Vec<u8>;

fn little(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn big(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

const ORDERS: [(Encode, &[u8]); 2] = [(little, b"\xff\xfe"), (big, b"\xfe\xff")];

#[test]
fn utf16_reads_like_utf8() {
    let plain = focus_file(&[("ServiceName", "Größe \u{1f600}, \"日本\"\r\nend")]);
    let utf8 = accept(&plain);
    assert_eq!(
        text(&utf8.rows[0], T::ServiceName),
        "Größe \u{1f600}, \"日本\"\r\nend"
    );
    for (encode, mark) in ORDERS {
        let bare = encode(&plain);
        let marked = [mark, &bare].concat();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(&marked).unwrap();
        let zstd = zstd::stream::encode_all(&bare[..], 1).unwrap();
        for bytes in [bare, marked, gzip.finish().unwrap(), zstd] {
            let bill = accept(&bytes);
            assert_eq!(shown(&bill), shown(&utf8));
            assert_eq!(warnings(&bill), warnings(&utf8));
        }
    }
}

#[test]
fn half_a_character_is_refused_with_its_line() {
    let plain = focus_file(&[("ServiceName", "a\nX")]);
    for (encode, mark) in ORDERS {
        let whole = [mark, &encode(&plain)].concat();
        let at = plain.find('X').unwrap();
        for unit in [0xd83d_u16, 0xde00] {
            let mut bytes = whole.clone();
            let lone: String = char::from_u32(0xe000).unwrap().into();
            let place = 2 + 2 * at;
            let swapped = encode(&lone)[0] == 0xe0;
            let unit = if swapped {
                unit.to_be_bytes()
            } else {
                unit.to_le_bytes()
            };
            bytes[place..place + 2].copy_from_slice(&unit);
            let rejection = reject(&bytes);
            assert_eq!(rejection.rule, "bad-utf16");
            assert_eq!((rejection.row, rejection.line), (Some(1), Some(3)));
        }
        let rejection = reject(&whole[..whole.len() - 1]);
        assert_eq!((rejection.rule, rejection.line), ("bad-utf16", Some(3)));
        let cut = [mark, &encode("BilledCost\u{1f600}")].concat();
        assert_eq!(reject(&cut[..cut.len() - 2]).rule, "bad-utf16");
    }
}

#[test]
fn what_is_neither_is_named() {
    let utf32 = |text: &str| -> Vec<u8> {
        text.chars()
            .flat_map(|c| u32::from(c).to_le_bytes())
            .collect()
    };
    for (bytes, rule) in [
        (utf32("Billed"), "utf-32"),
        (utf32("\u{feff}Billed"), "utf-32"),
        (vec![0, 0, 0xfe, 0xff], "utf-32"),
        (b"\xff\xfe".to_vec(), "empty-file"),
        (b"\xfe\xff".to_vec(), "empty-file"),
        (little("\u{feff}a\0,b\n"), "nul-byte"),
        (b"\xff\xfeB\0i\0".to_vec(), "unknown-format"),
        (b"B\0i\0".to_vec(), "unknown-format"),
        (little("\u{feff}BilledCost\tTags\n"), "unknown-format"),
    ] {
        assert_eq!(reject(&bytes).rule, rule, "{bytes:?}");
    }
}

proptest! {
    #[test]
    fn any_text_survives_utf16(cell in any::<String>(), order in 0_usize..2, marked: bool) {
        let plain = focus_file(&[("ServiceName", &cell)]);
        let (encode, mark) = ORDERS[order];
        let mark = if marked { mark } else { &[] };
        let outcome = |bytes: &[u8]| match read(bytes) {
            Ok(bill) => format!("{:?} {:?}", bill.report, bill.rows),
            Err(error) => format!("{error:?}"),
        };
        prop_assert_eq!(outcome(&[mark, &encode(&plain)].concat()), outcome(plain.as_bytes()));
    }
}
