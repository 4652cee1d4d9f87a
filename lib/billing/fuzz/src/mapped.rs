use outlay_billing::{Input, Mapping, Rejection, RowSink, read_mapped, sample, suggest};

use super::{
    reading::{Bill, assert_same, read_by},
    table::{Bytes, Table},
};

/// Rows that a suggestion sees.
const SAMPLE: usize = 5;

/// Any table through the mapping that is suggested for it, whole or not.
pub fn mapping(data: &[u8]) {
    let table = Table::new(&mut Bytes(data), COLUMNS).csv();
    let Ok(sample) = sample(input(&table), SAMPLE) else {
        return;
    };
    let mapping = suggest(&sample.header, &sample.rows).mapping;
    let text = serde_json::to_string(&mapping).expect("a mapping is JSON");
    let back: Mapping = serde_json::from_str(&text).expect("and comes back");
    assert_eq!(back, mapping);
    assert_same(&through(&table, &mapping), &through(&table, &back));
}

fn through(table: &str, mapping: &Mapping) -> Result<Bill, Rejection> {
    let read = |sink: RowSink<'_>| read_mapped(input(table), "bill.csv", mapping, sink);
    read_by(read, &mut |_| ())
}

fn input(table: &str) -> Input<'_> {
    Input::Stream(Box::new(table.as_bytes()))
}

/// Names that people give, some of them close to FOCUS.
const COLUMNS: &[&str] = &[
    "Date",
    "Month",
    "End",
    "Cost",
    "Amortised cost",
    "Currency",
    "Account",
    "Project",
    "Service",
    "Region",
    "Quantity",
    "Unit",
    "Invoice",
    "Vendor",
    "Tags",
    "Notes",
];
