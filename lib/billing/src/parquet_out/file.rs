use std::{
    fs::File,
    io::BufWriter,
    path::{Path, PathBuf},
    sync::Arc,
};

use parquet::{
    errors::ParquetError, file::writer::SerializedFileWriter, schema::types::SchemaDescPtr,
};

use super::{batch::Batch, chunk::ChunkWriter};
use crate::row::FocusRow;

/// One Parquet file, written row group by row group.
pub(super) struct ParquetFile {
    path: PathBuf,
    schema: SchemaDescPtr,
    batch: Batch,
    writer: SerializedFileWriter<BufWriter<File>>,
}

/// Rows of a full row group.
const GROUP_ROWS: usize = 32 * 1024;

impl ParquetFile {
    pub(super) fn create(path: PathBuf, schema: SchemaDescPtr) -> Result<Self, ParquetError> {
        let file = BufWriter::new(File::create(&path)?);
        let writer = SerializedFileWriter::new(file, schema.root_schema_ptr(), Arc::default())?;
        Ok(Self {
            path,
            schema,
            batch: Batch::new(),
            writer,
        })
    }

    /// Adds a row; true when it is time to write what is gathered.
    pub(super) fn push(&mut self, row: &FocusRow) -> bool {
        self.batch.push(row);
        self.batch.rows() >= GROUP_ROWS
    }

    /// Memory of the rows not yet written.
    pub(super) fn bytes(&self) -> usize {
        self.batch.bytes()
    }

    /// Writes what is gathered as a row group.
    pub(super) fn flush(&mut self, chunks: &mut ChunkWriter) -> Result<(), ParquetError> {
        if self.batch.rows() > 0 {
            let mut group = self.writer.next_row_group()?;
            self.batch.write(&self.schema, chunks, &mut group)?;
            group.close()?;
        }
        Ok(())
    }

    /// Ends the file.
    pub(super) fn close(mut self, chunks: &mut ChunkWriter) -> Result<PathBuf, ParquetError> {
        self.flush(chunks)?;
        self.writer.close()?;
        Ok(self.path)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}
