use std::{
    fs::File,
    io::{Read, Seek},
    thread,
};

use crate::{
    csv::CsvReader,
    detect::{Detected, detect, detect_mapped},
    input::{Container, Input, OpenText, ahead, open_archive, open_text},
    mapping::Mapping,
    rejection::{ReadError, Rejection, shorten},
    report::{Output, ReadReport, RowSink},
    row::FocusRow,
};

/// Reads a bill of any supported format and hands each FOCUS 1.4 row to the sink, in bounded
/// memory. The format is told by the content; `file_name` only serves to point out a wrong name.
///
/// Nothing that was handed out before an error may be kept: a bill is whole or not at all.
pub fn read_bill(
    input: Input<'_>,
    file_name: &str,
    sink: RowSink<'_>,
) -> Result<ReadReport, ReadError> {
    read_detected(input, file_name, &detect, sink)
}

/// Reads any file through a mapping, like [`read_bill`] otherwise. A mapping that does not suit
/// the file is a rejection of a rule that begins with `mapping-`.
pub fn read_mapped(
    input: Input<'_>,
    file_name: &str,
    mapping: &Mapping,
    sink: RowSink<'_>,
) -> Result<ReadReport, ReadError> {
    let through = |header: &[String]| detect_mapped(mapping, header);
    read_detected(input, file_name, &through, sink)
}

/// Makes a reader of a header.
pub(crate) type Detect<'d> = &'d dyn Fn(&[String]) -> Result<Detected, Rejection>;

fn read_detected(
    input: Input<'_>,
    file_name: &str,
    detect: Detect<'_>,
    sink: RowSink<'_>,
) -> Result<ReadReport, ReadError> {
    match input {
        Input::Stream(stream) => read_text(open_text(stream)?, file_name, detect, sink),
        Input::File(mut file) => match container(&mut file)? {
            Container::Parquet => read_parquet(file, file_name, detect, sink),
            Container::Zip => read_text(open_archive(file)?, file_name, detect, sink),
            _ => read_text(open_text(Box::new(file))?, file_name, detect, sink),
        },
    }
}

/// The header of a file and its first rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// Names as the file writes them.
    pub header: Vec<String>,
    /// Cells as the file writes them; null is empty.
    pub rows: Vec<Vec<String>>,
}

/// Reads the header and the first rows of a CSV file, whatever it is: what
/// [`suggest`](crate::suggest) needs.
pub fn sample(input: Input<'_>, rows: usize) -> Result<Sample, ReadError> {
    let (_, text) = match input {
        Input::Stream(stream) => open_text(stream)?,
        Input::File(mut file) => match container(&mut file)? {
            Container::Zip => open_archive(file)?,
            _ => open_text(Box::new(file))?,
        },
    };
    let mut csv = CsvReader::new(Box::new(text))?;
    let header = csv.header().to_vec();
    let mut found = Vec::new();
    while found.len() < rows {
        let Some(cells) = csv.next_row(0)? else { break };
        let cell = |index| cells.get(index).unwrap_or_default().to_owned();
        found.push((0..header.len()).map(cell).collect());
    }
    Ok(Sample {
        header,
        rows: found,
    })
}

/// What a file is; it is read from its begin afterwards.
fn container(file: &mut File) -> Result<Container, ReadError> {
    let mut head = Vec::with_capacity(4);
    file.take(4).read_to_end(&mut head).map_err(ReadError::Io)?;
    file.rewind().map_err(ReadError::Io)?;
    Ok(Container::of(&head))
}

#[cfg(feature = "parquet")]
fn read_parquet(
    file: File,
    file_name: &str,
    detect: Detect<'_>,
    sink: RowSink<'_>,
) -> Result<ReadReport, ReadError> {
    crate::parquet_in::read(file, file_name, detect, sink)
}

#[cfg(not(feature = "parquet"))]
fn read_parquet(
    _file: File,
    _file_name: &str,
    _detect: Detect<'_>,
    _sink: RowSink<'_>,
) -> Result<ReadReport, ReadError> {
    let detail = "Parquet is not read here; upload the bill as CSV";
    Err(Rejection::new("parquet-stream", detail).into())
}

fn read_text(
    (container, text): OpenText<'_>,
    file_name: &str,
    detect: Detect<'_>,
    sink: RowSink<'_>,
) -> Result<ReadReport, ReadError> {
    match container {
        Container::Plain => read_rows(container, Box::new(text), file_name, detect, sink),
        _ => {
            thread::scope(|scope| read_rows(container, ahead(scope, text), file_name, detect, sink))
        }
    }
}

fn read_rows(
    container: Container,
    text: Box<dyn Read + '_>,
    file_name: &str,
    detect: Detect<'_>,
    sink: RowSink<'_>,
) -> Result<ReadReport, ReadError> {
    let mut csv = CsvReader::new(text)?;
    let mut detected = detect(csv.header())?;
    let mut output = start(&detected, file_name, sink);
    warn_of_wrong_name(container, file_name, &mut output);
    let mut row = FocusRow::default();
    while let Some(cells) = csv.next_row(detected.spare)? {
        output.report.rows_read += 1;
        detected.read(&cells, &mut row, &mut output)?;
    }
    if let Some(missing) = csv.missing_columns() {
        output.warn("short-rows", None, None, || {
            format!(
                "Every row lacks the last {missing} columns of the header; none of them is read"
            )
        });
    }
    detected.finish(&mut output);
    Ok(output.into_report(detected.listed))
}

/// Starts the report of a recognised file.
pub(crate) fn start<'s>(detected: &Detected, file_name: &str, sink: RowSink<'s>) -> Output<'s> {
    const NAMED: usize = 20;
    let mut output = Output::new(detected.format, file_name, sink);
    let unread = &detected.unread;
    for _ in unread {
        output.warn("unknown-columns", None, None, || {
            let names: Vec<String> = unread.iter().take(NAMED).map(|n| shorten(n)).collect();
            let more = match unread.len().saturating_sub(NAMED) {
                0 => String::new(),
                n => format!(" and {n} more"),
            };
            format!("Columns that are not read: {}{more}", names.join(", "))
        });
    }
    output
}

fn warn_of_wrong_name(container: Container, file_name: &str, output: &mut Output) {
    let extension = file_name.rsplit('.').next().unwrap_or_default();
    let named = match extension.to_ascii_lowercase().as_str() {
        "gz" => Container::Gzip,
        "zst" | "zstd" => Container::Zstd,
        "zip" => Container::Zip,
        "csv" => Container::Plain,
        _ => return,
    };
    if named != container {
        output.warn("misnamed-file", None, None, || {
            format!("The file is named .{extension} but holds something else; it was read by its content")
        });
    }
}

/// A rejection of the file by its number of columns.
pub(crate) fn too_wide(most: usize) -> Rejection {
    let detail = format!("The header has more than {most} columns");
    Rejection::new("header-too-wide", detail)
}
