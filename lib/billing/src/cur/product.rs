//! CUR 2.0's `product` map: the product attributes that have no column of their own.

use std::collections::HashMap;

use super::columns::CurColumn;
use crate::{
    cells::Cells,
    detect::canonical,
    json_map::{self, MAX_ENTRIES, MapError},
    rejection::{Rejection, quote},
    report::Output,
};

/// The attributes of the row at hand.
#[derive(Debug)]
pub(super) struct ProductMap {
    /// Where the map stands; a legacy report has none.
    cell: Option<usize>,
    /// The cell as last read: neighbours often have the same product.
    read: String,
    values: String,
    spans: [Option<(usize, usize)>; CurColumn::COUNT],
    /// What the keys seen so far mean.
    keys: HashMap<String, Option<CurColumn>>,
}

impl ProductMap {
    pub(super) fn new(cell: Option<usize>) -> Self {
        Self {
            cell,
            read: String::new(),
            values: String::new(),
            spans: [None; CurColumn::COUNT],
            keys: HashMap::new(),
        }
    }

    /// The value of a column that this report keeps in the map.
    pub(super) fn get(&self, column: CurColumn) -> Option<&str> {
        self.cell?;
        let (start, end) = self.spans[column as usize]?;
        self.values.get(start..end)
    }

    pub(super) fn read(&mut self, cells: &Cells, output: &mut Output) -> Result<(), Rejection> {
        let Some(index) = self.cell else {
            return Ok(());
        };
        let text = cells.get(index).unwrap_or_default();
        if text == self.read {
            return Ok(());
        }
        self.read.clear();
        self.read.push_str(text);
        self.values.clear();
        self.spans = [None; CurColumn::COUNT];
        if text.is_empty() {
            return Ok(());
        }
        match json_map::for_each(text, |key, value| take(self, key, value)) {
            Ok(()) => Ok(()),
            Err(MapError::TooManyEntries) => Err(json_map::too_many(cells, index)),
            Err(MapError::NoObject) => {
                self.spans = [None; CurColumn::COUNT];
                let column = cells.header.get(index).map(String::as_str);
                output.warn("bad-map", column, Some(cells.place), || {
                    format!("{} is not a JSON object; it is taken as null", quote(text))
                });
                Ok(())
            }
        }
    }
}

fn take(map: &mut ProductMap, key: &str, value: &str) {
    if value.is_empty() {
        return;
    }
    let column = match map.keys.get(key) {
        Some(column) => *column,
        None => learn(map, key),
    };
    if let Some(column) = column {
        let start = map.values.len();
        map.values.push_str(value);
        map.spans[column as usize] = Some((start, map.values.len()));
    }
}

fn learn(map: &mut ProductMap, key: &str) -> Option<CurColumn> {
    let wanted = canonical(key);
    let column = CurColumn::ALL
        .into_iter()
        .find(|column| column.product_key().is_some_and(|known| known == wanted));
    if map.keys.len() < MAX_ENTRIES {
        map.keys.insert(key.to_owned(), column);
    }
    column
}
