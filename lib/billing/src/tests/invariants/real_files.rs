//! The invariants of public files that live beside the workspace, and not in it.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use crate::{
    Input,
    invariants::{InvariantName, InvariantStatus, Known, check},
    read_bill,
};

/// Every file below a folder, sorted.
fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = folder.read_dir() else {
        return Vec::new();
    };
    let mut found: Vec<PathBuf> = entries
        .map(|entry| entry.unwrap().path())
        .flat_map(|path| {
            if path.is_dir() {
                files(&path)
            } else {
                vec![path]
            }
        })
        .collect();
    found.sort();
    found
}

/// No row and no amount of any file that is read is lost on the way, and what was covered by a
/// Savings Plan was taken back.
#[test]
#[expect(
    clippy::print_stderr,
    reason = "the table is what the test shows; a skipped test says so"
)]
fn no_row_and_no_amount_is_lost() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let mut bills = 0;
    for path in files(&folder) {
        let file = Input::File(File::open(&path).unwrap());
        let Ok(report) = read_bill(file, "bill", &mut |_| Ok(())) else {
            continue;
        };
        for evidence in &report.evidence {
            bills += 1;
            let invariants = check(evidence, &Known::default());
            let broken: Vec<_> = invariants
                .iter()
                .filter(|i| i.status == InvariantStatus::Broken)
                .map(|i| (i.name, i.violation_count))
                .collect();
            let file = path.file_name().unwrap_or_default().display();
            eprintln!(
                "{file} {} {}: {broken:?}",
                evidence.provider, evidence.period
            );
            for (name, _) in broken {
                let may_be = matches!(
                    name,
                    InvariantName::ListCost | InvariantName::CommitmentBalance
                );
                assert!(may_be, "{name} of {}", path.display());
            }
        }
    }
    if bills == 0 {
        eprintln!("skipped: {} is not here", folder.display());
    }
}
