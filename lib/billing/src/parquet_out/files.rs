use std::{
    fs::File,
    io::BufWriter,
    path::Path,
    sync::{
        Arc,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread::JoinHandle,
};

use parquet::{
    errors::ParquetError, file::writer::SerializedFileWriter, schema::types::SchemaDescPtr,
};

use super::{batch::Batch, chunk::ChunkWriter, schema::parquet_schema};
use crate::input::is_parallel;

/// Parquet files, written row group by row group: by a thread of their own where there is a second
/// core.
pub(super) enum Files {
    Here(Encoder),
    Beside(Beside),
}

/// Encodes and writes row groups.
pub(super) struct Encoder {
    schema: SchemaDescPtr,
    chunks: ChunkWriter,
    files: Vec<SerializedFileWriter<BufWriter<File>>>,
}

/// An encoder in a thread. One row group is encoded while the next one is gathered.
pub(super) struct Beside {
    work: SyncSender<Work>,
    /// Batches to be filled again.
    empty: Receiver<Batch>,
    encoder: JoinHandle<Result<Encoder, ParquetError>>,
}

enum Work {
    Open(File),
    Write(usize, Box<Batch>),
}

impl Files {
    pub(super) fn new() -> Result<Self, ParquetError> {
        let encoder = Encoder {
            schema: parquet_schema()?,
            chunks: ChunkWriter::new()?,
            files: Vec::new(),
        };
        Ok(if is_parallel() {
            Self::Beside(Beside::new(encoder))
        } else {
            Self::Here(encoder)
        })
    }

    /// Opens the next file; they are numbered from 0.
    pub(super) fn open(&mut self, path: &Path) -> Result<(), ParquetError> {
        let file = File::create(path)?;
        match self {
            Self::Here(encoder) => encoder.open(file),
            Self::Beside(beside) => beside.send(Work::Open(file)),
        }
    }

    /// Writes the rows of a batch as a row group of a file, and empties it.
    pub(super) fn write(&mut self, file: usize, batch: &mut Batch) -> Result<(), ParquetError> {
        if batch.rows() == 0 {
            return Ok(());
        }
        match self {
            Self::Here(encoder) => encoder.write(file, batch),
            Self::Beside(beside) => {
                let empty = beside.empty.try_recv().unwrap_or_else(|_| Batch::new());
                let full = batch.take(empty);
                beside.send(Work::Write(file, Box::new(full)))
            }
        }
    }

    /// Ends all files.
    pub(super) fn close(self) -> Result<(), ParquetError> {
        let encoder = match self {
            Self::Here(encoder) => encoder,
            Self::Beside(beside) => beside.finish()?,
        };
        for file in encoder.files {
            file.close()?;
        }
        Ok(())
    }
}

impl Encoder {
    fn open(&mut self, file: File) -> Result<(), ParquetError> {
        let root = self.schema.root_schema_ptr();
        let writer = SerializedFileWriter::new(BufWriter::new(file), root, Arc::default())?;
        self.files.push(writer);
        Ok(())
    }

    fn write(&mut self, file: usize, batch: &mut Batch) -> Result<(), ParquetError> {
        let mut group = self.files[file].next_row_group()?;
        batch.write(&self.schema, &mut self.chunks, &mut group)?;
        group.close()?;
        Ok(())
    }

    fn run(
        mut self,
        work: &Receiver<Work>,
        empty: &SyncSender<Batch>,
    ) -> Result<Self, ParquetError> {
        while let Ok(work) = work.recv() {
            match work {
                Work::Open(file) => self.open(file)?,
                Work::Write(file, mut batch) => {
                    self.write(file, &mut batch)?;
                    // Full: then the batch is let go.
                    let _ = empty.try_send(*batch);
                }
            }
        }
        Ok(self)
    }
}

impl Beside {
    fn new(encoder: Encoder) -> Self {
        // No queue: a batch that waits would only take memory.
        let (work, to_do) = sync_channel(0);
        let (emptied, empty) = sync_channel(1);
        let encoder = std::thread::spawn(move || encoder.run(&to_do, &emptied));
        Self {
            work,
            empty,
            encoder,
        }
    }

    /// An encoder that takes no more work has failed; [`Self::finish`] tells how.
    fn send(&self, work: Work) -> Result<(), ParquetError> {
        self.work
            .send(work)
            .map_err(|_| ParquetError::General("a row group before this one failed".to_owned()))
    }

    fn finish(self) -> Result<Encoder, ParquetError> {
        drop(self.work);
        self.encoder
            .join()
            .unwrap_or_else(|_| Err(ParquetError::General("the encoder panicked".to_owned())))
    }
}
