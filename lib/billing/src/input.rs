mod ahead;
mod archive;
mod guard;
mod utf16;

use std::io::{self, BufRead, BufReader, Cursor, Read};

use flate2::bufread::MultiGzDecoder;

use self::{
    guard::{Count, Guard, Source},
    utf16::{ByteOrder, Utf16},
};
use crate::rejection::{ReadError, Rejection};

pub(crate) use ahead::ahead;
#[cfg(feature = "parquet")]
pub(crate) use ahead::is_parallel;
pub(crate) use archive::open_archive;

/// Where the bytes of a bill come from.
pub enum Input<'a> {
    /// Any bytes, read once from front to back: CSV, plain or compressed.
    Stream(Box<dyn Read + Send + 'a>),
    /// A file on disk: what Parquet and ZIP need, and good for everything else.
    File(std::fs::File),
}

/// What a file is, by its first bytes; its name has no say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// Nothing we know: text, or rubbish.
    Plain,
    /// RFC 1952, one member or many.
    Gzip,
    /// Zstandard, one frame or many.
    Zstd,
    /// Parquet: to be given as [`Input::File`].
    Parquet,
    /// ZIP, and what is built on it (XLSX): to be given as [`Input::File`].
    Zip,
    /// A spreadsheet of old (XLS).
    Spreadsheet,
    /// bzip2, xz, 7z or RAR.
    OtherCompression,
}

impl Container {
    /// Looks at the first bytes of a file; four are enough.
    pub fn of(head: &[u8]) -> Self {
        match head {
            [0x1f, 0x8b, ..] => Self::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Self::Zstd,
            [b'P', b'A', b'R', b'1', ..] => Self::Parquet,
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] | [b'P', b'K', 7, 8, ..] => Self::Zip,
            [0xd0, 0xcf, 0x11, 0xe0, ..] => Self::Spreadsheet,
            [b'B', b'Z', b'h', ..]
            | [0xfd, b'7', b'z', b'X', ..]
            | [b'7', b'z', 0xbc, 0xaf, ..]
            | [b'R', b'a', b'r', b'!', ..] => Self::OtherCompression,
            _ => Self::Plain,
        }
    }
}

/// How a file was packed, and its text: UTF-8 without a byte order mark, as far as it is valid.
pub(crate) type OpenText<'a> = (Container, Box<dyn BufRead + Send + 'a>);

/// Largest zstd window we keep in memory: 64 MiB, what `zstd -21` uses.
const ZSTD_WINDOW_LOG: u32 = 26;
const BUFFER: usize = 128 << 10;

/// The text of a bill that is read from front to back.
pub(crate) fn open_text<'a>(source: Box<dyn Read + Send + 'a>) -> Result<OpenText<'a>, ReadError> {
    let (source, read) = Source::new(source);
    let (head, source) = peek(source)?;
    let container = Container::of(&head);
    match container {
        Container::Plain => Ok((container, as_utf8(&head, source)?)),
        Container::Gzip => inflated(MultiGzDecoder::new(source), container, read),
        Container::Zstd => inflated(zstd_decoder(source)?, container, read),
        Container::Parquet => Err(parquet_stream().into()),
        Container::Zip => Err(zip_stream().into()),
        Container::Spreadsheet => Err(spreadsheet().into()),
        Container::OtherCompression => Err(other_compression().into()),
    }
}

/// The text that a decoder gives; `read` counts the bytes it has taken.
fn inflated<'a>(
    decoder: impl Read + Send + 'a,
    container: Container,
    read: Count,
) -> Result<OpenText<'a>, ReadError> {
    let (head, text) = peek(Guard::new(decoder, container, read))?;
    match Container::of(&head) {
        Container::Plain => Ok((container, as_utf8(&head, text)?)),
        Container::Spreadsheet => Err(spreadsheet().into()),
        _ => Err(nested().into()),
    }
}

type Peeked<R> = BufReader<io::Chain<Cursor<Vec<u8>>, R>>;

/// The first four bytes (fewer at the end), and a reader that still has them.
fn peek<R: Read>(mut source: R) -> Result<(Vec<u8>, Peeked<R>), ReadError> {
    let mut head = Vec::with_capacity(4);
    (&mut source)
        .take(4)
        .read_to_end(&mut head)
        .map_err(ReadError::from_io)?;
    let whole = Cursor::new(head.clone()).chain(source);
    Ok((head, BufReader::with_capacity(BUFFER, whole)))
}

/// Told by the byte order mark, or by a NUL beside an ASCII letter.
fn as_utf8<'a>(
    head: &[u8],
    mut text: impl BufRead + Send + 'a,
) -> Result<Box<dyn BufRead + Send + 'a>, ReadError> {
    let (mark, utf16) = match head {
        [0xef, 0xbb, 0xbf, ..] => (3, None),
        [0xff, 0xfe, 0, 0] | [0, 0, ..] | [_, 0, 0, 0] => return Err(utf32().into()),
        [0xff, 0xfe, ..] => (2, Some(ByteOrder::Little)),
        [0xfe, 0xff, ..] => (2, Some(ByteOrder::Big)),
        [0, _, ..] => (0, Some(ByteOrder::Big)),
        [_, 0, ..] => (0, Some(ByteOrder::Little)),
        _ => (0, None),
    };
    let mut skipped = [0; 3];
    text.read_exact(&mut skipped[..mark])
        .map_err(ReadError::from_io)?;
    Ok(match utf16 {
        Some(order) => Box::new(Utf16::new(text, order)),
        None => Box::new(text),
    })
}

fn zstd_decoder<'a, R: BufRead + 'a>(
    source: R,
) -> Result<zstd::stream::read::Decoder<'a, R>, ReadError> {
    let mut decoder = zstd::stream::read::Decoder::with_buffer(source).map_err(ReadError::Io)?;
    decoder
        .window_log_max(ZSTD_WINDOW_LOG)
        .map_err(ReadError::Io)?;
    Ok(decoder)
}

fn utf32() -> Rejection {
    let detail = "The file is UTF-32 or no text at all; save it as CSV in UTF-8";
    Rejection::new("utf-32", detail)
}

fn spreadsheet() -> Rejection {
    let detail = "The file is a spreadsheet; upload the CSV that the cloud delivered, or save the \
                  sheet as CSV in UTF-8";
    Rejection::new("spreadsheet", detail)
}

fn other_compression() -> Rejection {
    let detail =
        "The file is compressed with bzip2, xz, 7z or RAR; upload it plain, as gzip or as zstd";
    Rejection::new("unsupported-compression", detail)
}

fn nested() -> Rejection {
    let detail = "The file is packed twice; unpack it once and upload what is inside";
    Rejection::new("nested-compression", detail)
}

fn parquet_stream() -> Rejection {
    let detail =
        "Parquet is read from a file on disk and from nothing else; upload it uncompressed";
    Rejection::new("parquet-stream", detail)
}

fn zip_stream() -> Rejection {
    let detail = "ZIP is read from a file on disk and from nothing else; upload the CSV inside it, \
                  plain or as .csv.gz";
    Rejection::new("zip-stream", detail)
}
