//! Where the cells of a record stand: RFC 4180, by 64 bytes at a time.

use wide::u8x64;

use super::Span;

/// What the bytes at hand hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scanned {
    /// A whole record.
    Record {
        /// Bytes, without what ends it.
        length: usize,
        /// Bytes, with what ends it.
        consumed: usize,
        /// Line feeds among the bytes consumed.
        feeds: u64,
    },
    /// The bytes end inside a record.
    Open {
        /// Where its last cell starts.
        cell: usize,
        /// That cell is quoted.
        quoted: bool,
    },
    /// More cells than allowed.
    TooManyCells,
}

/// The cells of a record.
#[derive(Debug, Default)]
pub(super) struct Cells {
    pub(super) spans: Vec<Span>,
    /// Cells whose quotes are still to be taken out.
    pub(super) raw: Vec<usize>,
}

/// Finds the first record and its cells, at most `most` of them. `ended`: nothing follows `bytes`.
/// Lines end in LF, CRLF or CR. A quote inside a cell that does not begin with one stands for
/// itself.
pub(super) fn scan(bytes: &[u8], ended: bool, most: usize, cells: &mut Cells) -> Scanned {
    cells.spans.clear();
    cells.raw.clear();
    let mut separators = Separators::new(bytes);
    let (mut start, mut feeds) = (0, 0);
    loop {
        let quoted = bytes.get(start) == Some(&b'"');
        let found = if quoted {
            quoted_cell(bytes, start, ended, &mut separators, cells)
        } else {
            let end = separators
                .next(start)
                .or_else(|| ended.then_some(bytes.len()));
            end.map(|end| (Span::new(start, end), end))
        };
        let Some((span, end)) = found else {
            return Scanned::Open {
                cell: start,
                quoted,
            };
        };
        if quoted {
            feeds += memchr::memchr_iter(b'\n', &bytes[start..end]).count() as u64;
        }
        if cells.spans.len() == most {
            return Scanned::TooManyCells;
        }
        cells.spans.push(span);
        match bytes.get(end) {
            Some(b',') => start = end + 1,
            last => {
                feeds += u64::from(last == Some(&b'\n'));
                return Scanned::Record {
                    length: end,
                    consumed: end + usize::from(last.is_some()),
                    feeds,
                };
            }
        }
    }
}

/// A cell that begins with a quote, and where its separator stands; `None` when that is not in
/// sight.
fn quoted_cell(
    bytes: &[u8],
    start: usize,
    ended: bool,
    separators: &mut Separators,
    cells: &mut Cells,
) -> Option<(Span, usize)> {
    let (mut at, mut raw) = (start + 1, false);
    let close = loop {
        let close = at + memchr::memchr(b'"', bytes.get(at..)?)?;
        match bytes.get(close + 1) {
            Some(b'"') => (at, raw) = (close + 2, true),
            None if !ended => return None,
            _ => break close,
        }
    };
    let end = match bytes.get(close + 1) {
        None | Some(b',' | b'\n' | b'\r') => close + 1,
        // Text behind the closing quote belongs to the cell.
        Some(_) => {
            raw = true;
            separators
                .next(close + 1)
                .or_else(|| ended.then_some(bytes.len()))?
        }
    };
    if raw {
        cells.raw.push(cells.spans.len());
        return Some((Span::new(start, end), end));
    }
    Some((Span::new(start + 1, close), end))
}

/// Takes the quotes out of a cell and returns its new length; what is left over becomes spaces.
/// A doubled quote inside quotes is one quote.
pub(super) fn unquote(cell: &mut [u8]) -> usize {
    let (mut from, mut to, mut open) = (1, 0, true);
    while from < cell.len() {
        let byte = cell[from];
        from += 1;
        if open && byte == b'"' {
            if cell.get(from) != Some(&b'"') {
                open = false;
                continue;
            }
            from += 1;
        }
        cell[to] = byte;
        to += 1;
    }
    cell[to..].fill(b' ');
    to
}

/// The commas and line ends of some bytes.
struct Separators<'b> {
    bytes: &'b [u8],
    /// Start of the block that `mask` describes.
    block: usize,
    mask: u64,
}

const BLOCK: usize = 64;

impl<'b> Separators<'b> {
    fn new(bytes: &'b [u8]) -> Self {
        Self {
            bytes,
            block: 0,
            mask: mask(bytes, 0),
        }
    }

    /// The first one at or behind `from`, which never goes back.
    fn next(&mut self, from: usize) -> Option<usize> {
        if from >= self.block + BLOCK {
            self.load(from - from % BLOCK);
        }
        self.mask &= u64::MAX << (from - self.block).min(BLOCK - 1);
        while self.mask == 0 {
            if self.block + BLOCK >= self.bytes.len() {
                return None;
            }
            self.load(self.block + BLOCK);
        }
        Some(self.block + self.mask.trailing_zeros() as usize)
    }

    fn load(&mut self, block: usize) {
        self.block = block;
        self.mask = mask(self.bytes, block);
    }
}

/// A bit for each separator among the 64 bytes from `start`.
fn mask(bytes: &[u8], start: usize) -> u64 {
    let rest = bytes.get(start..).unwrap_or_default();
    let block = if let Some(block) = rest.first_chunk::<BLOCK>() {
        u8x64::new(*block)
    } else {
        let mut block = [0; BLOCK];
        block[..rest.len()].copy_from_slice(rest);
        u8x64::new(block)
    };
    let is = |byte| block.simd_eq(u8x64::splat(byte));
    (is(b',') | is(b'\n') | is(b'\r')).to_bitmask()
}
