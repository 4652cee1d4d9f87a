//! ZIP: what AWS's legacy report is delivered as when asked for, and what people upload. The
//! `zip` crate reads the directory; the one file in it goes the way of every compressed file.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
};

use flate2::{Crc, bufread::DeflateDecoder};
use zip::{
    CompressionMethod,
    read::{ArchiveOffset, Config, OwnedZipFileEntry},
    result::ZipError,
    unstable::read::ZipIterable,
};

use super::{Container, OpenText, guard::Source, inflated, zstd_decoder};
use crate::rejection::{ReadError, Rejection, quote};

/// The directory, which lies at the end, must begin in the last MiB: neither memory nor time grow
/// with it.
const MAX_DIRECTORY: u64 = 1 << 20;

/// The text of the one file in an archive.
pub(crate) fn open_archive<'a>(mut file: File) -> Result<OpenText<'a>, ReadError> {
    let entry = only_file(&mut file)?;
    if entry.encrypted() {
        let detail = "The ZIP file asks for a password; pack the bill without one";
        return Err(Rejection::new("encrypted-zip", detail).into());
    }
    seek_to_content(&mut file, &entry)?;
    let (source, read) = Source::new(file.take(entry.compressed_size()));
    let source = io::BufReader::with_capacity(super::BUFFER, source);
    let decoder: Box<dyn Read + Send> = match entry.compression() {
        CompressionMethod::STORE => Box::new(source),
        CompressionMethod::DEFLATE => Box::new(DeflateDecoder::new(source)),
        CompressionMethod::ZSTD => Box::new(zstd_decoder(source)?),
        _ => return Err(method().into()),
    };
    let whole = Whole {
        inner: decoder,
        crc: Crc::new(),
        left: entry.size(),
        expected: entry.crc32(),
    };
    inflated(whole, Container::Zip, read)
}

/// The one entry that holds data.
fn only_file(file: &mut File) -> Result<OwnedZipFileEntry, ReadError> {
    let length = file.seek(SeekFrom::End(0)).map_err(ReadError::Io)?;
    let tail = Tail {
        file,
        start: length.saturating_sub(MAX_DIRECTORY),
    };
    // Searching for a displaced directory would cost memory by the size of the file.
    let config = Config {
        archive_offset: ArchiveOffset::Known(0),
    };
    let mut archive = ZipIterable::try_new(tail, config).map_err(explain)?;
    let mut found: Option<OwnedZipFileEntry> = None;
    let mut second = None;
    for entry in archive.files().map_err(explain)? {
        let entry = entry.map_err(explain)?;
        let name = entry.name_raw();
        if is_spreadsheet(name) {
            return Err(super::spreadsheet().into());
        }
        if entry.is_dir() || is_clutter(name) {
            continue;
        }
        if found.is_none() {
            found = Some(entry.into());
        } else {
            second = Some(entry);
        }
    }
    match (found, second) {
        (Some(entry), None) => Ok(entry),
        (Some(first), Some(second)) => Err(several(first.name_raw(), second.name_raw()).into()),
        (None, _) => {
            let detail = "The ZIP file holds no file; pack the bill and upload it again";
            Err(Rejection::new("empty-zip", detail).into())
        }
    }
}

/// What Office and OpenDocument files have, and no archive of bills.
fn is_spreadsheet(name: &[u8]) -> bool {
    matches!(name, b"[Content_Types].xml" | b"META-INF/manifest.xml")
}

/// What macOS and Windows leave in folders.
fn is_clutter(name: &[u8]) -> bool {
    let base = name.rsplit(|&byte| byte == b'/').next().unwrap_or_default();
    name.starts_with(b"__MACOSX/")
        || base.starts_with(b"._")
        || matches!(base, b".DS_Store" | b"Thumbs.db" | b"desktop.ini")
}

/// Behind the header that stands before the content; its lengths differ from the directory's.
fn seek_to_content(file: &mut File, entry: &OwnedZipFileEntry) -> Result<(), ReadError> {
    const LENGTH: usize = 30;
    let mut header = [0; LENGTH];
    let start = SeekFrom::Start(entry.header_start());
    file.seek(start)
        .and_then(|_| file.read_exact(&mut header))
        .map_err(|error| explain(error.into()))?;
    let [b'P', b'K', 3, 4, .., name, name_high, extra, extra_high] = header else {
        return Err(damaged("the file is not where the directory says").into());
    };
    let skip = u16::from_le_bytes([name, name_high]);
    let more = u16::from_le_bytes([extra, extra_high]);
    file.seek_relative(i64::from(skip) + i64::from(more))
        .map_err(ReadError::Io)
}

/// An unpacked file, held against the length and the checksum that the directory promises.
struct Whole<R> {
    inner: R,
    crc: Crc,
    left: u64,
    expected: u32,
}

impl<R: Read> Read for Whole<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.crc.update(&buffer[..count]);
        self.left = self
            .left
            .checked_sub(count as u64)
            .ok_or_else(|| io::Error::other("it holds more than its directory says"))?;
        if count > 0 || buffer.is_empty() {
            return Ok(count);
        }
        if self.left > 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if self.crc.sum() != self.expected {
            return Err(io::Error::other("checksum"));
        }
        Ok(0)
    }
}

/// The end of a file, for those who look for the directory.
struct Tail<'f> {
    file: &'f mut File,
    start: u64,
}

impl Read for Tail<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.read(buffer)
    }
}

impl Seek for Tail<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = self.file.seek(to)?;
        if at < self.start {
            return Err(io::Error::other(damaged("its directory is too large")));
        }
        Ok(at)
    }
}

fn explain(error: ZipError) -> ReadError {
    match error {
        ZipError::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            damaged("it ends too early").into()
        }
        ZipError::Io(error) => ReadError::from_io(error),
        other => damaged(&other.to_string()).into(),
    }
}

fn damaged(reason: &str) -> Rejection {
    let detail = format!("The ZIP file is cut off or damaged ({reason}); pack and upload it again");
    Rejection::new("corrupt-zip", detail)
}

fn several(first: &[u8], second: &[u8]) -> Rejection {
    let name = |bytes: &[u8]| quote(&String::from_utf8_lossy(bytes));
    let detail = format!(
        "The ZIP file holds more than one file ({}, {}); upload each bill on its own",
        name(first),
        name(second)
    );
    Rejection::new("several-files", detail)
}

fn method() -> Rejection {
    let detail = "The ZIP file is packed by a method we do not read; pack it by deflate, which is \
                  what every program does when not told otherwise";
    Rejection::new("unsupported-compression", detail)
}
