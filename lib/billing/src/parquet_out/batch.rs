use std::sync::Arc;

use crate::{AmountColumn, Column, FocusRow, TextColumn, TimeColumn};
use arrow::{
    array::{
        ArrayRef, Decimal128Builder, MapBuilder, MapFieldNames, RecordBatch, StringBuilder,
        TimestampMicrosecondBuilder,
    },
    compute::{SortColumn, lexsort_to_indices, take_record_batch},
    datatypes::SchemaRef,
    error::ArrowError,
};
use outlay_core::Decimal;

use super::schema::DECIMAL;

/// Rows gathered for one row group, column by column.
pub(super) struct Batch {
    times: Vec<TimestampMicrosecondBuilder>,
    texts: Vec<StringBuilder>,
    amounts: Vec<Decimal128Builder>,
    tags: MapBuilder<StringBuilder, StringBuilder>,
    rows: usize,
    bytes: usize,
}

impl Batch {
    pub(super) fn new() -> Self {
        let names = MapFieldNames {
            entry: "key_value".to_owned(),
            key: "key".to_owned(),
            value: "value".to_owned(),
        };
        let time = || TimestampMicrosecondBuilder::with_capacity(0).with_timezone("UTC");
        let amount = || {
            let decimal = arrow::datatypes::DataType::Decimal128(DECIMAL.0, DECIMAL.1);
            Decimal128Builder::with_capacity(0).with_data_type(decimal)
        };
        Self {
            times: TimeColumn::ALL.iter().map(|_| time()).collect(),
            texts: TextColumn::ALL
                .iter()
                .map(|_| StringBuilder::with_capacity(0, 0))
                .collect(),
            amounts: AmountColumn::ALL.iter().map(|_| amount()).collect(),
            tags: MapBuilder::new(
                Some(names),
                StringBuilder::with_capacity(0, 0),
                StringBuilder::with_capacity(0, 0),
            ),
            rows: 0,
            bytes: 0,
        }
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// Memory that the rows take, near enough to bound it.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn push(&mut self, row: &FocusRow) -> Result<(), ArrowError> {
        for (builder, column) in self.times.iter_mut().zip(TimeColumn::ALL) {
            builder.append_option(row.time(column).map(jiff::Timestamp::as_microsecond));
        }
        for (builder, column) in self.texts.iter_mut().zip(TextColumn::ALL) {
            let text = row.text(column);
            self.bytes += text.map_or(0, str::len);
            builder.append_option(text);
        }
        for (builder, column) in self.amounts.iter_mut().zip(AmountColumn::ALL) {
            builder.append_option(row.amount(column).map(Decimal::units));
        }
        for (key, value) in row.tags() {
            self.bytes += key.len() + value.len() + 8;
            self.tags.keys().append_value(key);
            self.tags.values().append_value(value);
        }
        self.tags.append(true)?;
        self.bytes += FIXED_BYTES;
        self.rows += 1;
        Ok(())
    }

    /// The rows, sorted by time and service, which is how they are asked for. The batch is empty then.
    pub(super) fn finish(&mut self, schema: &SchemaRef) -> Result<RecordBatch, ArrowError> {
        (self.rows, self.bytes) = (0, 0);
        // Fresh builders: finished ones would keep the capacity of their largest group.
        let mut full = std::mem::replace(self, Self::new());
        let columns = Column::ALL.map(|column| full.column(column)).to_vec();
        let batch = RecordBatch::try_new(Arc::clone(schema), columns)?;
        let by = |column: Column| -> Result<SortColumn, ArrowError> {
            let at = schema.index_of(column.name())?;
            Ok(SortColumn {
                values: Arc::clone(batch.column(at)),
                options: None,
            })
        };
        let order = lexsort_to_indices(
            &[
                by(Column::Time(TimeColumn::ChargePeriodStart))?,
                by(Column::Text(TextColumn::ServiceName))?,
            ],
            None,
        )?;
        take_record_batch(&batch, &order)
    }

    fn column(&mut self, column: Column) -> ArrayRef {
        match column {
            Column::Time(time) => Arc::new(self.times[time.index()].finish()),
            Column::Text(text) => Arc::new(self.texts[text.index()].finish()),
            Column::Amount(amount) => Arc::new(self.amounts[amount.index()].finish()),
            Column::Tags => Arc::new(self.tags.finish()),
        }
    }
}

/// What a row takes besides its texts: values of fixed width, offsets and null bits.
const FIXED_BYTES: usize = TimeColumn::COUNT * 8
    + TextColumn::COUNT * 4
    + AmountColumn::COUNT * 16
    + 4
    + Column::COUNT / 8;
