use std::{
    io::{self, BufRead, Read},
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread::{Scope, available_parallelism},
};

/// Text that a thread of its own inflates, so that rows are read meanwhile.
struct Ahead {
    blocks: Receiver<io::Result<Vec<u8>>>,
    /// Blocks to be filled again.
    spent: SyncSender<Vec<u8>>,
    block: Vec<u8>,
    at: usize,
}

/// Bytes that are handed over at a time.
const BLOCK: usize = 256 << 10;
/// Blocks that may wait.
const WAITING: usize = 2;

/// Inflates ahead of the reader where there is a second core; where there is none, as it was.
pub(crate) fn ahead<'scope, 'text: 'scope>(
    scope: &'scope Scope<'scope, '_>,
    text: Box<dyn BufRead + Send + 'text>,
) -> Box<dyn Read + 'text> {
    if !is_parallel() {
        return Box::new(text);
    }
    let (filled, blocks) = sync_channel(WAITING);
    let (spent, empty) = sync_channel(WAITING + 2);
    scope.spawn(move || inflate(text, &filled, &empty));
    Box::new(Ahead {
        blocks,
        spent,
        block: Vec::new(),
        at: 0,
    })
}

/// Whether this process may use more than one core.
pub(crate) fn is_parallel() -> bool {
    available_parallelism().is_ok_and(|cores| cores.get() > 1)
}

/// Ends with the text, with its first error, or when nobody reads any more.
fn inflate(
    mut text: Box<dyn BufRead + Send + '_>,
    filled: &SyncSender<io::Result<Vec<u8>>>,
    empty: &Receiver<Vec<u8>>,
) {
    loop {
        let mut block = empty.try_recv().unwrap_or_default();
        block.resize(BLOCK, 0);
        let read = text.read(&mut block).map(|count| {
            block.truncate(count);
            block
        });
        let ended = read.as_ref().map_or(true, Vec::is_empty);
        if filled.send(read).is_err() || ended {
            return;
        }
    }
}

impl Read for Ahead {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at == self.block.len() {
            // A channel that ended has handed over its end or its error before.
            let next = self.blocks.recv().unwrap_or_else(|_| Ok(Vec::new()))?;
            let spent = std::mem::replace(&mut self.block, next);
            self.at = 0;
            // Full or gone: then the block is let go.
            let _ = self.spent.try_send(spent);
        }
        let count = buffer.len().min(self.block.len() - self.at);
        buffer[..count].copy_from_slice(&self.block[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{io::Cursor, thread::scope};

    struct Breaking(usize);

    impl Read for Breaking {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.0 == 0 {
                return Err(io::ErrorKind::ConnectionReset.into());
            }
            let count = buffer.len().min(self.0);
            buffer[..count].fill(b'x');
            self.0 -= count;
            Ok(count)
        }
    }

    #[test]
    fn every_byte_arrives_in_order() {
        let text: Vec<u8> = (0..3_000_000_u32).flat_map(u32::to_le_bytes).collect();
        let mut back = Vec::new();
        scope(|scope| {
            let source = Box::new(Cursor::new(text.clone()));
            ahead(scope, source).read_to_end(&mut back)
        })
        .unwrap();
        assert!(back == text);
    }

    #[test]
    fn an_error_arrives_behind_what_was_read_before() {
        let source = io::BufReader::new(Breaking(BLOCK + 5));
        let mut back = Vec::new();
        let error = scope(|scope| ahead(scope, Box::new(source)).read_to_end(&mut back));
        assert_eq!(error.unwrap_err().kind(), io::ErrorKind::ConnectionReset);
        assert_eq!(back.len(), BLOCK + 5);
    }

    #[test]
    fn a_reader_that_stops_early_waits_for_nobody() {
        scope(|scope| {
            let mut text = ahead(scope, Box::new(io::BufReader::new(io::repeat(b'x'))));
            text.read_exact(&mut [0; 10]).unwrap();
        });
    }
}
