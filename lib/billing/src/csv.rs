use std::io::BufRead;

use csv_core::{ReadRecordResult, Reader};

use crate::{
    cells::Cells,
    read::too_wide,
    rejection::{ReadError, Rejection},
    row::Place,
};

/// A CSV file, record by record, in memory bounded by [`MAX_RECORD`].
pub(crate) struct CsvReader<'a> {
    input: Box<dyn BufRead + 'a>,
    core: Reader,
    header: Vec<String>,
    record: Record,
    place: Place,
    /// Cells per data row, set by the first one.
    width: Option<usize>,
}

/// The cells of the current record, one behind the other.
struct Record {
    bytes: Vec<u8>,
    length: usize,
    ends: Vec<usize>,
    cells: usize,
}

/// Most bytes of one cell.
pub(crate) const MAX_CELL: usize = 1 << 20;
/// Most bytes of one record.
const MAX_RECORD: usize = 16 << 20;
/// Most columns.
pub(crate) const MAX_COLUMNS: usize = 4096;

impl<'a> CsvReader<'a> {
    /// Reads the header. A file without one has zero bytes, or blank lines only.
    pub(crate) fn new(input: Box<dyn BufRead + 'a>) -> Result<Self, ReadError> {
        let mut reader = Self {
            input,
            core: Reader::new(),
            header: Vec::new(),
            record: Record::new(),
            place: Place {
                row: 0,
                line: Some(1),
            },
            width: None,
        };
        if !reader.read_record()? {
            let detail = "The file is empty; a bill has at least a header line";
            return Err(Rejection::new("empty-file", detail).into());
        }
        let text = reader.utf8()?;
        let cells = reader.cells(text);
        let header = (0..reader.record.cells)
            .map(|i| cells.get(i).unwrap_or_default().trim().to_owned())
            .collect();
        reader.header = header;
        if reader.header.len() > MAX_COLUMNS {
            return Err(too_wide(MAX_COLUMNS).at(reader.place).into());
        }
        reader.record.ends.truncate(reader.header.len() + 1);
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
        let text = self.utf8()?;
        Ok(Some(self.cells(text)))
    }

    /// How many columns at the right end every row lacks; `None` when none does.
    pub(crate) fn missing_columns(&self) -> Option<usize> {
        let missing = self.header.len().checked_sub(self.width?)?;
        (missing > 0).then_some(missing)
    }

    fn cells<'r>(&'r self, text: &'r str) -> Cells<'r> {
        Cells {
            text,
            ends: &self.record.ends[..self.record.cells],
            header: &self.header,
            place: self.place,
        }
    }

    /// A row as wide as the header is whole. Exporters that append a column to the header and
    /// leave the rows short exist: such rows are taken when every row is short alike and what is
    /// missing is not read anyway. A row that was cut off or lost a cell differs from the others.
    fn check_width(&mut self, spare: usize) -> Result<(), Rejection> {
        let (cells, columns) = (self.record.cells, self.header.len());
        let width = *self.width.get_or_insert(cells);
        if cells == width && (cells == columns || (cells < columns && cells + spare >= columns)) {
            return Ok(());
        }
        let found = if cells > columns {
            format!("more than {columns}")
        } else {
            cells.to_string()
        };
        let detail = format!(
            "The row has {found} cells, the header {columns}; a cell is missing, or a comma or \
             quote inside a cell is not quoted"
        );
        Err(Rejection::new("ragged-row", detail).at(self.place))
    }

    /// The record as text: the whole, and each cell on its own.
    fn utf8(&self) -> Result<&str, Rejection> {
        let bytes = &self.record.bytes[..self.record.length];
        let ends = &self.record.ends[..self.record.cells];
        let at = match std::str::from_utf8(bytes) {
            Ok(text) => {
                if let Some(nul) = text.find('\0') {
                    let detail =
                        "The cell holds a NUL character; save the file as plain UTF-8 text";
                    return Err(self.reject_cell("nul-byte", detail, nul));
                }
                match ends.iter().find(|&&end| !text.is_char_boundary(end)) {
                    None => return Ok(text),
                    Some(&end) => end.saturating_sub(1),
                }
            }
            Err(error) => error.valid_up_to(),
        };
        let detail = "The cell is not UTF-8 text; save the file as UTF-8 (it may be Latin-1 or Windows-1252)";
        Err(self.reject_cell("not-utf8", detail, at))
    }

    fn reject_cell(&self, rule: &'static str, detail: &str, byte: usize) -> Rejection {
        let ends = &self.record.ends[..self.record.cells];
        let column = ends.partition_point(|&end| end <= byte);
        let rejection = Rejection::new(rule, detail).at(self.place);
        match self.header.get(column) {
            Some(name) => rejection.column(name),
            None => rejection,
        }
    }

    /// Fills the record; false at the end of the file.
    fn read_record(&mut self) -> Result<bool, ReadError> {
        self.record.length = 0;
        self.record.cells = 0;
        if !self.skip_blank_lines()? {
            return Ok(false);
        }
        // A file whose lines end in CR alone has rows, but no lines to count.
        let line = self.core.line();
        self.place.line = (line > self.place.row).then_some(line);
        loop {
            let input = self.input.fill_buf().map_err(ReadError::from_io)?;
            // At the end a line feed closes the record, unless a quote is still open: then it
            // would become part of the cell.
            let (at_end, input) = match input {
                [] => (true, b"\n".as_slice()),
                some => (false, some),
            };
            let record = &mut self.record;
            let (result, consumed, written, ended) = self.core.read_record(
                input,
                &mut record.bytes[record.length..],
                &mut record.ends[record.cells..],
            );
            record.length += written;
            record.cells += ended;
            if !at_end {
                self.input.consume(consumed);
            }
            self.check_open_cell()?;
            match result {
                ReadRecordResult::Record => break,
                ReadRecordResult::OutputFull => self.grow()?,
                ReadRecordResult::OutputEndsFull => return self.too_many_cells(),
                ReadRecordResult::InputEmpty if !at_end => {}
                ReadRecordResult::InputEmpty | ReadRecordResult::End => {
                    return Err(self.unclosed_quote().into());
                }
            }
        }
        self.check_cells()?;
        Ok(true)
    }

    /// Blank lines, and the second half of a CRLF.
    fn skip_blank_lines(&mut self) -> Result<bool, ReadError> {
        loop {
            let input = self.input.fill_buf().map_err(ReadError::from_io)?;
            if input.is_empty() {
                return Ok(false);
            }
            let mut blank = 0;
            let mut feeds = 0;
            while let Some(b'\r' | b'\n') = input.get(blank) {
                feeds += u64::from(input[blank] == b'\n');
                blank += 1;
            }
            let done = blank < input.len();
            self.core.set_line(self.core.line() + feeds);
            self.input.consume(blank);
            if done {
                return Ok(true);
            }
        }
    }

    fn grow(&mut self) -> Result<(), Rejection> {
        let size = self.record.bytes.len() * 2;
        if size > MAX_RECORD {
            let detail = "The row is larger than 16 MiB; a quote may be open since an earlier row";
            return Err(Rejection::new("row-too-large", detail).at(self.place));
        }
        self.record.bytes.resize(size, 0);
        Ok(())
    }

    fn check_open_cell(&self) -> Result<(), Rejection> {
        let start = match self.record.cells {
            0 => 0,
            n => self.record.ends[n - 1],
        };
        // Before a cell ends, its bytes are counted here; afterwards in `check_cells`.
        if self.record.length.saturating_sub(start) > MAX_CELL {
            return Err(self.cell_too_large(self.record.cells));
        }
        Ok(())
    }

    fn check_cells(&self) -> Result<(), Rejection> {
        if self.record.length <= MAX_CELL {
            return Ok(());
        }
        let ends = &self.record.ends[..self.record.cells];
        let mut start = 0;
        for (column, &end) in ends.iter().enumerate() {
            if end - start > MAX_CELL {
                return Err(self.cell_too_large(column));
            }
            start = end;
        }
        Ok(())
    }

    fn cell_too_large(&self, column: usize) -> Rejection {
        let detail = "The cell is larger than 1 MiB; a quote may be open since an earlier row";
        let rejection = Rejection::new("cell-too-large", detail).at(self.place);
        match self.header.get(column) {
            Some(name) => rejection.column(name),
            None => rejection,
        }
    }

    /// A header too wide is refused here; a data row is compared with the header later.
    fn too_many_cells(&mut self) -> Result<bool, ReadError> {
        if self.header.is_empty() {
            return Err(too_wide(MAX_COLUMNS).at(self.place).into());
        }
        self.record.cells = self.record.ends.len();
        let columns = self.header.len();
        let detail = format!(
            "The row has more than {columns} cells, the header {columns}; a comma or quote inside \
             a cell is not quoted"
        );
        Err(Rejection::new("ragged-row", detail).at(self.place).into())
    }

    fn unclosed_quote(&self) -> Rejection {
        let detail = "A quote that opens in this row is never closed; the file may be cut off";
        Rejection::new("unclosed-quote", detail).at(self.place)
    }
}

impl Record {
    fn new() -> Self {
        Self {
            bytes: vec![0; 64 << 10],
            length: 0,
            ends: vec![0; MAX_COLUMNS + 1],
            cells: 0,
        }
    }
}
