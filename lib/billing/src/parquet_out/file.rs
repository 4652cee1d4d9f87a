use std::{
    fs::File,
    io::BufWriter,
    path::{Path, PathBuf},
};

use crate::FocusRow;
use arrow::datatypes::SchemaRef;
use parquet::{
    arrow::ArrowWriter,
    basic::{Compression, ZstdLevel},
    errors::ParquetError,
    file::properties::WriterProperties,
};

use super::batch::Batch;

/// One Parquet file, written row group by row group.
pub(super) struct ParquetFile {
    path: PathBuf,
    schema: SchemaRef,
    batch: Batch,
    writer: ArrowWriter<BufWriter<File>>,
}

/// Rows of a full row group.
const GROUP_ROWS: usize = 32 * 1024;

impl ParquetFile {
    pub(super) fn create(path: PathBuf, schema: SchemaRef) -> Result<Self, ParquetError> {
        let file = BufWriter::new(File::create(&path)?);
        // Level 3 saves 0.7 % for 14 % more CPU.
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .build();
        let writer = ArrowWriter::try_new(file, SchemaRef::clone(&schema), Some(properties))?;
        Ok(Self {
            path,
            schema,
            batch: Batch::new(),
            writer,
        })
    }

    pub(super) fn push(&mut self, row: &FocusRow) -> Result<(), ParquetError> {
        self.batch.push(row)?;
        if self.batch.rows() < GROUP_ROWS {
            Ok(())
        } else {
            self.flush()
        }
    }

    /// Memory of the rows not yet written.
    pub(super) fn bytes(&self) -> usize {
        self.batch.bytes()
    }

    /// Writes what is gathered as a row group.
    pub(super) fn flush(&mut self) -> Result<(), ParquetError> {
        if self.batch.rows() > 0 {
            self.writer.write(&self.batch.finish(&self.schema)?)?;
            self.writer.flush()?;
        }
        Ok(())
    }

    /// Ends the file.
    pub(super) fn close(mut self) -> Result<PathBuf, ParquetError> {
        self.flush()?;
        self.writer.close()?;
        Ok(self.path)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}
