mod scan;

use std::io::Read;

use self::scan::{Scanned, scan, unquote};
use crate::{
    cells::Cells,
    read::too_wide,
    rejection::{ReadError, Rejection},
    row::Place,
};

/// A CSV file, record by record, in memory bounded by [`MAX_RECORD`].
pub(crate) struct CsvReader<'a> {
    input: Box<dyn Read + 'a>,
    /// Read from the input; what stands before `at` is done with.
    buffer: Vec<u8>,
    at: usize,
    filled: usize,
    ended: bool,
    /// Line feeds before `at`.
    feeds: u64,
    /// Where the current record stands, and its cells within it.
    record: (usize, usize),
    cells: scan::Cells,
    header: Vec<String>,
    place: Place,
    /// Cells per data row, set by the first one.
    width: Option<usize>,
}

/// Where a cell stands within its record, which is far below 4 GiB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    start: u32,
    end: u32,
}

/// The rule that a file without a header breaks.
pub(crate) const EMPTY_FILE: &str = "empty-file";
/// Most bytes of one cell.
pub(crate) const MAX_CELL: usize = 1 << 20;
/// Most bytes of one record.
const MAX_RECORD: usize = 16 << 20;
/// Most columns. AWS's largest reports have 250 of their own, 500 tags and 50 cost categories.
pub(crate) const MAX_COLUMNS: usize = 1024;
const BUFFER: usize = 256 << 10;

impl<'a> CsvReader<'a> {
    /// Reads the header. A file without one has zero bytes, or blank lines only.
    pub(crate) fn new(input: Box<dyn Read + 'a>) -> Result<Self, ReadError> {
        let mut reader = Self {
            input,
            buffer: vec![0; BUFFER],
            at: 0,
            filled: 0,
            ended: false,
            feeds: 0,
            record: (0, 0),
            cells: scan::Cells::default(),
            header: Vec::new(),
            place: Place {
                row: 0,
                line: Some(1),
            },
            width: None,
        };
        if !reader.read_record()? {
            let detail = "The file is empty; a bill has at least a header line";
            return Err(Rejection::new(EMPTY_FILE, detail).into());
        }
        let cells = reader.cells()?;
        let header = (0..reader.cells.spans.len())
            .map(|i| cells.get(i).unwrap_or_default().trim().to_owned())
            .collect();
        reader.header = header;
        Ok(reader)
    }

    /// Names as the file writes them.
    pub(crate) fn header(&self) -> &[String] {
        &self.header
    }

    /// The next data row; `None` at the end. `spare` columns at the right may be missing.
    pub(crate) fn next_row(&mut self, spare: usize) -> Result<Option<Cells<'_>>, ReadError> {
        self.place.row += 1;
        let place = self.place;
        if !self.read_record().map_err(|error| error.near(place))? {
            return Ok(None);
        }
        self.check_width(spare)?;
        Ok(Some(self.cells()?))
    }

    /// How many columns at the right end every row lacks; `None` when none does.
    pub(crate) fn missing_columns(&self) -> Option<usize> {
        let missing = self.header.len().checked_sub(self.width?)?;
        (missing > 0).then_some(missing)
    }

    /// The current record as text.
    fn cells(&self) -> Result<Cells<'_>, Rejection> {
        let record = &self.buffer[self.record.0..self.record.1];
        let text = std::str::from_utf8(record).map_err(|error| {
            let detail = "The cell is not UTF-8 text; save the file as UTF-8 (it may be Latin-1 or Windows-1252)";
            self.reject_cell("not-utf8", detail, error.valid_up_to())
        })?;
        if let Some(nul) = memchr::memchr(0, record) {
            let detail = "The cell holds a NUL character; save the file as plain UTF-8 text";
            return Err(self.reject_cell("nul-byte", detail, nul));
        }
        Ok(Cells {
            text,
            spans: &self.cells.spans,
            header: &self.header,
            place: self.place,
        })
    }

    /// A row as wide as the header is whole. Exporters that append a column to the header and
    /// leave the rows short exist: such rows are taken when every row is short alike and what is
    /// missing is not read anyway. A row that was cut off or lost a cell differs from the others.
    fn check_width(&mut self, spare: usize) -> Result<(), Rejection> {
        let (cells, columns) = (self.cells.spans.len(), self.header.len());
        let width = *self.width.get_or_insert(cells);
        if cells == width && (cells == columns || (cells < columns && cells + spare >= columns)) {
            return Ok(());
        }
        let detail = format!(
            "The row has {cells} cells, the header {columns}; a cell is missing, or a comma or \
             quote inside a cell is not quoted"
        );
        Err(Rejection::new("ragged-row", detail).at(self.place))
    }

    fn reject_cell(&self, rule: &'static str, detail: &str, byte: usize) -> Rejection {
        let column = self.cells.spans.partition_point(|cell| cell.end() <= byte);
        self.reject(rule, detail, column)
    }

    fn reject(&self, rule: &'static str, detail: &str, column: usize) -> Rejection {
        let rejection = Rejection::new(rule, detail).at(self.place);
        match self.header.get(column) {
            Some(name) => rejection.column(name),
            None => rejection,
        }
    }

    /// Finds the next record and its cells; false at the end of the file.
    fn read_record(&mut self) -> Result<bool, ReadError> {
        if !self.skip_blank_lines()? {
            return Ok(false);
        }
        // A file whose lines end in CR alone has rows, but no lines to count.
        let line = self.feeds + 1;
        self.place.line = (line > self.place.row).then_some(line);
        let most = match self.header.len() {
            0 => MAX_COLUMNS,
            columns => columns,
        };
        loop {
            let bytes = &self.buffer[self.at..self.filled];
            match scan(bytes, self.ended, most, &mut self.cells) {
                Scanned::Record {
                    length,
                    consumed,
                    feeds,
                } => {
                    self.record = (self.at, self.at + length);
                    self.at += consumed;
                    self.feeds += feeds;
                    self.check_sizes(length)?;
                    self.unquote();
                    return Ok(true);
                }
                Scanned::Open { quoted: true, .. } if self.ended => {
                    return Err(self.unclosed_quote().into());
                }
                Scanned::Open { cell, .. } => {
                    if bytes.len() - cell > MAX_CELL {
                        return Err(self.cell_too_large(self.cells.spans.len()).into());
                    }
                    self.fill()?;
                }
                Scanned::TooManyCells => return Err(self.too_many_cells().into()),
            }
        }
    }

    /// Blank lines, and the second half of a CRLF.
    fn skip_blank_lines(&mut self) -> Result<bool, ReadError> {
        loop {
            while self.at < self.filled {
                match self.buffer[self.at] {
                    b'\n' => self.feeds += 1,
                    b'\r' => {}
                    _ => return Ok(true),
                }
                self.at += 1;
            }
            if self.ended {
                return Ok(false);
            }
            self.fill()?;
        }
    }

    /// Reads more behind what is not yet done with.
    fn fill(&mut self) -> Result<(), ReadError> {
        self.buffer.copy_within(self.at..self.filled, 0);
        self.filled -= self.at;
        self.at = 0;
        if self.filled == self.buffer.len() {
            if self.filled >= MAX_RECORD {
                return Err(self.row_too_large().into());
            }
            self.buffer.resize(self.filled * 2, 0);
        }
        let count = self
            .input
            .read(&mut self.buffer[self.filled..])
            .map_err(ReadError::from_io)?;
        self.filled += count;
        self.ended = count == 0;
        Ok(())
    }

    fn unquote(&mut self) {
        let start = self.record.0;
        for &cell in &self.cells.raw {
            let span = &mut self.cells.spans[cell];
            let bytes = &mut self.buffer[start + span.start()..start + span.end()];
            *span = Span::new(span.start(), span.start() + unquote(bytes));
        }
    }

    fn check_sizes(&self, length: usize) -> Result<(), Rejection> {
        if length <= MAX_CELL {
            return Ok(());
        }
        let large = |cell: &Span| cell.end() - cell.start() > MAX_CELL;
        match self.cells.spans.iter().position(large) {
            Some(column) => Err(self.cell_too_large(column)),
            None => Ok(()),
        }
    }

    fn cell_too_large(&self, column: usize) -> Rejection {
        let detail = "The cell is larger than 1 MiB; a quote may be open since an earlier row";
        self.reject("cell-too-large", detail, column)
    }

    fn row_too_large(&self) -> Rejection {
        let detail = "The row is larger than 16 MiB; a quote may be open since an earlier row";
        Rejection::new("row-too-large", detail).at(self.place)
    }

    /// A header too wide is refused here, as a data row wider than the header.
    fn too_many_cells(&self) -> Rejection {
        if self.header.is_empty() {
            return too_wide(MAX_COLUMNS).at(self.place);
        }
        let columns = self.header.len();
        let detail = format!(
            "The row has more than {columns} cells, the header {columns}; a comma or quote inside \
             a cell is not quoted"
        );
        Rejection::new("ragged-row", detail).at(self.place)
    }

    fn unclosed_quote(&self) -> Rejection {
        let detail = "A quote that opens in this row is never closed; the file may be cut off";
        Rejection::new("unclosed-quote", detail).at(self.place)
    }
}

impl Span {
    pub(crate) fn new(start: usize, end: usize) -> Self {
        let place = |at| u32::try_from(at).unwrap_or(u32::MAX);
        Self {
            start: place(start),
            end: place(end),
        }
    }

    pub(crate) fn start(self) -> usize {
        self.start as usize
    }

    pub(crate) fn end(self) -> usize {
        self.end as usize
    }
}
