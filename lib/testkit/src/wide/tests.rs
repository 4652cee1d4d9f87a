use super::{columns, write_wide_cur};

fn written(rows: u64, seed: u64) -> String {
    let mut out = Vec::new();
    write_wide_cur(rows, seed, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Cells of a line, quotes taken off.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            other => cells.last_mut().unwrap().push(other),
        }
    }
    cells
}

#[test]
fn a_report_has_195_columns_and_as_many_rows_as_asked_for() {
    let text = written(3000, 1);
    let lines: Vec<Vec<String>> = text.lines().map(cells).collect();
    assert_eq!(lines.len(), 3001);
    assert!(lines.iter().all(|line| line.len() == 195));
    let names: std::collections::BTreeSet<&str> = columns::names().collect();
    assert_eq!(names.len(), 195);
}

#[test]
fn every_line_item_type_occurs_and_most_cells_are_empty() {
    let text = written(20_000, 1);
    let types = lines_by_type(&text);
    for line_type in [
        "Credit",
        "DiscountedUsage",
        "EdpDiscount",
        "Fee",
        "RIFee",
        "Refund",
        "SavingsPlanCoveredUsage",
        "SavingsPlanNegation",
        "SavingsPlanRecurringFee",
        "SavingsPlanUpfrontFee",
        "Tax",
        "Usage",
    ] {
        assert!(types.contains_key(line_type), "{line_type}");
    }
    let covered = types["SavingsPlanCoveredUsage"];
    assert!(covered.abs_diff(types["SavingsPlanNegation"]) <= 1);
    let bytes = text.len() / 20_000;
    assert!((900..1600).contains(&bytes), "{bytes} bytes in a row");
}

#[test]
fn the_same_seed_writes_the_same_report() {
    assert_eq!(written(500, 7), written(500, 7));
    assert_ne!(written(500, 7), written(500, 8));
}

fn lines_by_type(text: &str) -> std::collections::BTreeMap<String, u32> {
    let mut types = std::collections::BTreeMap::new();
    for line in text.lines().skip(1) {
        *types.entry(cells(line)[10].clone()).or_default() += 1;
    }
    types
}
