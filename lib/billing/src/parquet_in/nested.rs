//! Nested columns: the fields of a struct become columns of their own, named as flattened CSV
//! exports name them (`service.description`), and lists become JSON, as `TO_JSON_STRING` writes
//! them.

use arrow::{
    array::{Array, ArrayRef, AsArray},
    datatypes::{DataType, Field, Fields},
};
use serde_json::{Map, Value};

use super::{is_readable, render};

/// Structs deeper than this are not opened; exports have two levels.
const MAX_DEPTH: usize = 4;

/// A column that is no struct.
pub(super) struct Leaf {
    pub(super) name: String,
    pub(super) data_type: DataType,
}

/// The leaves of a schema, in the order of [`columns`].
pub(super) fn leaves(fields: &Fields) -> Vec<Leaf> {
    let mut leaves = Vec::with_capacity(fields.len());
    for field in fields {
        add_leaves(field, "", MAX_DEPTH, &mut leaves);
    }
    leaves
}

fn add_leaves(field: &Field, path: &str, depth: usize, leaves: &mut Vec<Leaf>) {
    let name = match path {
        "" => field.name().clone(),
        _ => format!("{path}.{}", field.name()),
    };
    match field.data_type() {
        DataType::Struct(fields) if depth > 0 => {
            for field in fields {
                add_leaves(field, &name, depth - 1, leaves);
            }
        }
        data_type => leaves.push(Leaf {
            name,
            data_type: data_type.clone(),
        }),
    }
}

/// The columns of a batch, structs opened; what a null struct holds is null.
pub(super) fn columns(batch: &[ArrayRef]) -> Vec<ArrayRef> {
    let mut columns = Vec::with_capacity(batch.len());
    for column in batch {
        add_columns(column, MAX_DEPTH, &mut columns);
    }
    columns
}

fn add_columns(column: &ArrayRef, depth: usize, columns: &mut Vec<ArrayRef>) {
    match column.as_struct_opt() {
        Some(opened) if depth > 0 => {
            for child in opened.flatten().1 {
                add_columns(&child, depth - 1, columns);
            }
        }
        _ => columns.push(column.clone()),
    }
}

/// Whether [`render_list`] can write items of this type: values, or structs of values.
pub(super) fn is_list_of(item: &Field) -> bool {
    match item.data_type() {
        DataType::Struct(fields) => fields.iter().all(|field| is_value(field.data_type())),
        other => is_value(other),
    }
}

fn is_value(data_type: &DataType) -> bool {
    !matches!(data_type, DataType::List(_) | DataType::LargeList(_)) && is_readable(data_type)
}

/// A list as a JSON array: of objects where its items are structs, else of texts.
pub(super) fn render_list(items: &dyn Array, out: &mut String) -> Option<()> {
    let mut list = Vec::with_capacity(items.len());
    for index in 0..items.len() {
        list.push(item(items, index)?);
    }
    out.push_str(&serde_json::to_string(&list).ok()?);
    Some(())
}

fn item(items: &dyn Array, index: usize) -> Option<Value> {
    let Some(record) = items.as_struct_opt() else {
        return text(items, index);
    };
    if record.is_null(index) {
        return Some(Value::Null);
    }
    let mut object = Map::new();
    for (field, column) in record.fields().iter().zip(record.columns()) {
        object.insert(field.name().clone(), text(column, index)?);
    }
    Some(Value::Object(object))
}

/// Numbers stay texts, so that none of their digits is lost.
fn text(column: &dyn Array, index: usize) -> Option<Value> {
    if column.is_null(index) {
        return Some(Value::Null);
    }
    let mut text = String::new();
    render(column, index, &mut text)?;
    Some(Value::String(text))
}
