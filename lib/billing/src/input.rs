use std::{
    cell::Cell,
    io::{self, BufRead, BufReader, Cursor, Read},
    rc::Rc,
};

use flate2::bufread::MultiGzDecoder;

use crate::rejection::{ReadError, Rejection};

/// Where the bytes of a bill come from.
pub enum Input<'a> {
    /// Any bytes, read once from front to back: CSV, plain or compressed.
    Stream(Box<dyn Read + Send + 'a>),
    /// A file on disk: what Parquet needs, and good for everything else.
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
    /// ZIP, and what is built on it (XLSX).
    Zip,
    /// bzip2 or xz.
    OtherCompression,
}

impl Container {
    /// Looks at the first bytes of a file; four are enough.
    pub fn of(head: &[u8]) -> Self {
        match head {
            [0x1f, 0x8b, ..] => Self::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Self::Zstd,
            [b'P', b'A', b'R', b'1', ..] => Self::Parquet,
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Self::Zip,
            [b'B', b'Z', b'h', ..] | [0xfd, b'7', b'z', b'X', ..] => Self::OtherCompression,
            _ => Self::Plain,
        }
    }
}

/// Most bytes a compressed file may hold: more than any upload we take (50 GB) compressed well.
const MAX_INFLATED: u64 = 1 << 40;
/// Most bytes per compressed byte, once [`RATIO_FREE`] are read. Gzip cannot pass 1,032, so legal
/// rows, however alike, always fit; only zstd can.
const MAX_RATIO: u64 = 2_000;
const RATIO_FREE: u64 = 64 << 20;
/// Largest zstd window we keep in memory: 64 MiB, what `zstd -21` uses.
const ZSTD_WINDOW_LOG: u32 = 26;
const BUFFER: usize = 64 << 10;

/// The text of a bill: decompressed, checked for encodings we do not read, without its BOM.
pub(crate) fn open_text<'a>(
    source: Box<dyn Read + 'a>,
) -> Result<(Container, Box<dyn BufRead + 'a>), ReadError> {
    let read = Rc::new(Cell::new(0));
    let source = Source {
        inner: source,
        read: Rc::clone(&read),
    };
    let (head, source) = peek(source)?;
    let container = Container::of(&head);
    let decoder: Box<dyn Read + 'a> = match container {
        Container::Plain => return Ok((container, without_bom(&head, source)?)),
        Container::Gzip => Box::new(MultiGzDecoder::new(source)),
        Container::Zstd => Box::new(zstd_decoder(source)?),
        Container::Parquet => return Err(parquet_stream().into()),
        Container::Zip => return Err(zip().into()),
        Container::OtherCompression => return Err(other_compression().into()),
    };
    let (head, text) = peek(Guard {
        inner: decoder,
        container,
        read,
        inflated: 0,
    })?;
    if Container::of(&head) != Container::Plain {
        return Err(nested().into());
    }
    Ok((container, without_bom(&head, text)?))
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

fn without_bom<'a>(
    head: &[u8],
    mut text: impl BufRead + 'a,
) -> Result<Box<dyn BufRead + 'a>, ReadError> {
    match head {
        [0xef, 0xbb, 0xbf, ..] => {
            let mut bom = [0; 3];
            text.read_exact(&mut bom).map_err(ReadError::from_io)?;
        }
        // With a byte order mark, or a NUL beside an ASCII letter.
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, _, ..] | [_, 0, ..] => {
            let detail = "The file is UTF-16 or binary; save it as CSV in UTF-8";
            return Err(Rejection::new("utf-16", detail).into());
        }
        _ => {}
    }
    Ok(Box::new(text))
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

/// Counts what the source gave, and marks its failures, so that a broken connection is never
/// taken for a broken file.
struct Source<R> {
    inner: R,
    read: Rc<Cell<u64>>,
}

#[derive(Debug, thiserror::Error)]
#[error("the source of the file failed")]
struct SourceFailed(#[source] io::Error);

impl<R: Read> Read for Source<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.inner.read(buffer) {
                Ok(count) => {
                    self.read.set(self.read.get() + count as u64);
                    return Ok(count);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(io::Error::other(SourceFailed(error))),
            }
        }
    }
}

/// A decoder whose failures are rejections, and whose output is bounded.
struct Guard<R> {
    inner: R,
    container: Container,
    read: Rc<Cell<u64>>,
    inflated: u64,
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self
            .inner
            .read(buffer)
            .map_err(|error| self.explain(error))?;
        self.inflated += count as u64;
        let ratio_passed =
            self.inflated > RATIO_FREE && self.inflated / MAX_RATIO > self.read.get();
        if ratio_passed || self.inflated > MAX_INFLATED {
            return Err(io::Error::other(bomb()));
        }
        Ok(count)
    }
}

impl<R> Guard<R> {
    fn explain(&self, error: io::Error) -> io::Error {
        let from_source = error
            .get_ref()
            .is_some_and(<dyn std::error::Error + Send + Sync>::is::<SourceFailed>);
        if from_source || error.kind() == io::ErrorKind::Interrupted {
            return error;
        }
        io::Error::other(self.rejection(&error))
    }

    fn rejection(&self, error: &io::Error) -> Rejection {
        let (name, truncated, checksum, corrupt) = match self.container {
            Container::Zstd => (
                "zstd",
                "truncated-zstd",
                "bad-zstd-checksum",
                "corrupt-zstd",
            ),
            _ => (
                "gzip",
                "truncated-gzip",
                "bad-gzip-checksum",
                "corrupt-gzip",
            ),
        };
        let reason = error.to_string();
        if error.kind() == io::ErrorKind::UnexpectedEof {
            let detail = format!("The {name} file is cut off; upload it again in full");
            Rejection::new(truncated, detail)
        } else if reason.contains("checksum") {
            let detail =
                format!("The {name} checksum does not match; the file is damaged, upload it again");
            Rejection::new(checksum, detail)
        } else {
            let detail =
                format!("The {name} file is damaged ({reason}); compress and upload it again");
            Rejection::new(corrupt, detail)
        }
    }
}

fn bomb() -> Rejection {
    let detail = "The file inflates to more than a bill can hold; upload the plain CSV";
    Rejection::new("bomb", detail)
}

fn zip() -> Rejection {
    let detail =
        "The file is a ZIP archive or a spreadsheet; upload the CSV inside it, plain or as .csv.gz";
    Rejection::new("zip", detail)
}

fn other_compression() -> Rejection {
    let detail = "The file is compressed with bzip2 or xz; upload it plain, as gzip or as zstd";
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
