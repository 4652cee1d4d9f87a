use std::io::{self, BufRead, Read};

use crate::rejection::Rejection;

/// UTF-16 text, given on as UTF-8: what spreadsheets save as "Unicode text".
pub(super) struct Utf16<R> {
    source: R,
    decoder: Decoder,
    /// Decoded, and given on up to `given`.
    text: String,
    given: usize,
    /// Damage behind `text`.
    broken: bool,
}

/// Which byte of a unit comes first.
#[derive(Debug, Clone, Copy)]
pub(super) enum ByteOrder {
    Little,
    Big,
}

/// What must be remembered from one piece of the source to the next.
struct Decoder {
    order: ByteOrder,
    /// The first byte of a unit whose second has not come yet.
    half: Option<u8>,
    /// The first unit of a pair whose second has not come yet.
    high: Option<u16>,
    /// The line that is being decoded, counted from one.
    line: u64,
}

impl<R: BufRead> Utf16<R> {
    pub(super) fn new(source: R, order: ByteOrder) -> Self {
        Self {
            source,
            decoder: Decoder {
                order,
                half: None,
                high: None,
                line: 1,
            },
            text: String::new(),
            given: 0,
            broken: false,
        }
    }

    fn rejection(&self) -> Rejection {
        let detail = "The UTF-16 text is damaged: half a character stands alone; save the file as \
                      CSV in UTF-8";
        let mut rejection = Rejection::new("bad-utf16", detail);
        rejection.line = Some(self.decoder.line);
        rejection
    }
}

impl<R: BufRead> BufRead for Utf16<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.given == self.text.len() {
            // What stands before the damage was given on first: it lies in the row that is read.
            if self.broken {
                return Err(io::Error::other(self.rejection()));
            }
            self.text.clear();
            self.given = 0;
            let bytes = self.source.fill_buf()?;
            if bytes.is_empty() {
                if self.decoder.is_whole() {
                    break;
                }
                self.broken = true;
                continue;
            }
            self.broken = !self.decoder.decode(bytes, &mut self.text);
            let count = bytes.len();
            self.source.consume(count);
        }
        Ok(&self.text.as_bytes()[self.given..])
    }

    fn consume(&mut self, amount: usize) {
        self.given += amount;
    }
}

impl<R: BufRead> Read for Utf16<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

impl Decoder {
    /// Appends all whole characters; false when it comes to damage.
    fn decode(&mut self, bytes: &[u8], text: &mut String) -> bool {
        for &byte in bytes {
            let Some(first) = self.half.take() else {
                self.half = Some(byte);
                continue;
            };
            let unit = match self.order {
                ByteOrder::Little => u16::from_le_bytes([first, byte]),
                ByteOrder::Big => u16::from_be_bytes([first, byte]),
            };
            if !self.push(unit, text) {
                return false;
            }
        }
        true
    }

    /// False when the unit neither completes nor begins a character.
    fn push(&mut self, unit: u16, text: &mut String) -> bool {
        let decoded = match self.high.take() {
            None if (0xd800..0xdc00).contains(&unit) => {
                self.high = Some(unit);
                return true;
            }
            None => char::from_u32(unit.into()),
            Some(high) => char::decode_utf16([high, unit]).next().and_then(Result::ok),
        };
        self.line += u64::from(decoded == Some('\n'));
        text.extend(decoded);
        decoded.is_some()
    }

    fn is_whole(&self) -> bool {
        self.half.is_none() && self.high.is_none()
    }
}
