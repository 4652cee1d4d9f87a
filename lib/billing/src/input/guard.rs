use std::{
    io::{self, Read},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use super::Container;
use crate::rejection::Rejection;

/// Most bytes a compressed file may hold: more than any upload we take (50 GB) compressed well.
const MAX_INFLATED: u64 = 1 << 40;
/// Most bytes per compressed byte, once [`RATIO_FREE`] are read. Deflate cannot pass 1,032, so
/// legal rows, however alike, always fit; only zstd can.
const MAX_RATIO: u64 = 2_000;
const RATIO_FREE: u64 = 64 << 20;

/// Counts what the source gave, and marks its failures, so that a broken connection is never
/// taken for a broken file.
pub(super) struct Source<R> {
    inner: R,
    read: Count,
}

/// Bytes that a source gave so far.
#[derive(Clone, Default)]
pub(super) struct Count(Arc<AtomicU64>);

#[derive(Debug, thiserror::Error)]
#[error("the source of the file failed")]
struct SourceFailed(#[source] io::Error);

impl<R: Read> Source<R> {
    pub(super) fn new(inner: R) -> (Self, Count) {
        let read = Count::default();
        let source = Self {
            inner,
            read: read.clone(),
        };
        (source, read)
    }
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.inner.read(buffer) {
                Ok(count) => {
                    self.read.0.fetch_add(count as u64, Ordering::Relaxed);
                    return Ok(count);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(io::Error::other(SourceFailed(error))),
            }
        }
    }
}

/// A decoder whose failures are rejections, and whose output is bounded.
pub(super) struct Guard<R> {
    inner: R,
    container: Container,
    read: Count,
    inflated: u64,
}

impl<R> Guard<R> {
    /// `read` counts the compressed bytes that `inner` has taken.
    pub(super) fn new(inner: R, container: Container, read: Count) -> Self {
        Self {
            inner,
            container,
            read,
            inflated: 0,
        }
    }

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
            Container::Zip => ("ZIP", "truncated-zip", "bad-zip-checksum", "corrupt-zip"),
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

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self
            .inner
            .read(buffer)
            .map_err(|error| self.explain(error))?;
        self.inflated += count as u64;
        let ratio_passed = self.inflated > RATIO_FREE
            && self.inflated / MAX_RATIO > self.read.0.load(Ordering::Relaxed);
        if ratio_passed || self.inflated > MAX_INFLATED {
            return Err(io::Error::other(bomb()));
        }
        Ok(count)
    }
}

fn bomb() -> Rejection {
    let detail = "The file inflates to more than a bill can hold; upload the plain CSV";
    Rejection::new("bomb", detail)
}
