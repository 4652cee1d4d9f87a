//! The `x_` columns of a FOCUS file for which we have no column: kept together, as one object.

use crate::{cells::Cells, columns::TextColumn, row::FocusRow};

/// Where such columns stand, and the object of the current row.
#[derive(Debug, Default)]
pub(super) struct Extras {
    /// Position, and the name as the key of a JSON object.
    columns: Vec<(usize, String)>,
    object: String,
}

impl Extras {
    /// Keeps a column if it is a custom one.
    pub(super) fn keep(&mut self, index: usize, name: &str) -> bool {
        let custom = name
            .get(..2)
            .is_some_and(|start| start.eq_ignore_ascii_case("x_"));
        if custom {
            self.columns.push((index, format!("{}:", quoted(name))));
        }
        custom
    }

    /// Writes what is not null into `x_SourceColumns`.
    pub(super) fn write(&mut self, cells: &Cells, row: &mut FocusRow) {
        self.object.clear();
        for (index, key) in &self.columns {
            let Some(value) = cells.get(*index) else {
                continue;
            };
            self.object
                .push(if self.object.is_empty() { '{' } else { ',' });
            self.object.push_str(key);
            push_quoted(value, &mut self.object);
        }
        if !self.object.is_empty() {
            self.object.push('}');
            row.set_text(TextColumn::XSourceColumns, &self.object);
        }
    }
}

fn quoted(text: &str) -> String {
    let mut json = String::new();
    push_quoted(text, &mut json);
    json
}

fn push_quoted(text: &str, json: &mut String) {
    if text.bytes().any(|b| matches!(b, b'"' | b'\\' | 0..=0x1f)) {
        json.push_str(&serde_json::Value::from(text).to_string());
    } else {
        json.push('"');
        json.push_str(text);
        json.push('"');
    }
}
