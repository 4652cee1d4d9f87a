use std::sync::Arc;

use parquet::{arrow::ArrowSchemaConverter, errors::ParquetError, schema::types::SchemaDescPtr};

use crate::Column;
use arrow::datatypes::{DataType, Field, Fields, Schema, SchemaRef, TimeUnit};

/// Money, prices and quantities: DECIMAL(38,18).
const DECIMAL: (u8, i8) = (38, 18);

/// The columns of a Parquet file in the lake: FOCUS 1.4 with its exact names, then ours with `x_`.
/// Every file has every column, so that any version reads as any other.
pub fn schema() -> SchemaRef {
    Arc::new(Schema::new(Column::ALL.map(field).to_vec()))
}

/// The same as Parquet writes it.
pub(super) fn parquet_schema() -> Result<SchemaDescPtr, ParquetError> {
    Ok(Arc::new(ArrowSchemaConverter::new().convert(&schema())?))
}

fn field(column: Column) -> Field {
    Field::new(column.name(), data_type(column), true)
}

fn data_type(column: Column) -> DataType {
    match column {
        Column::Time(_) => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        Column::Text(_) => DataType::Utf8,
        Column::Amount(_) => DataType::Decimal128(DECIMAL.0, DECIMAL.1),
        Column::Tags => DataType::Map(Arc::new(Field::new("key_value", entry(), false)), false),
    }
}

/// Key and value of a tag, with the names that the Parquet format prescribes.
fn entry() -> DataType {
    DataType::Struct(Fields::from(vec![
        Field::new("key", DataType::Utf8, false),
        Field::new("value", DataType::Utf8, true),
    ]))
}
