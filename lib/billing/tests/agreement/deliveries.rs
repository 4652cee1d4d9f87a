//! What an export leaves in a bucket: the newest manifest of a month, and all of its parts and
//! nothing else, are that month.

use outlay_billing::Manifest;
use outlay_testkit::bill::{Company, DiscountStyle, Export, FileType, Keep, Table, Tree};

use crate::{
    reading::{Reading, input},
    truth::{Kind, check},
};

/// Four versions of a month into one bucket, in more parts and in fewer.
fn deliver(table: Table, file_type: FileType, kind: Kind) {
    for (keep, seed) in [(Keep::Latest, 401), (Keep::All, 402), (Keep::Latest, 404)] {
        let export = Export::new("daily", table, file_type, keep);
        let month = "2026-09".parse().unwrap();
        let company = (seed..seed + 20)
            .map(Company::awkward)
            .find(Company::fits_doubles);
        let versions = company.unwrap().versions(month).unwrap();
        let mut tree = Tree::default();
        for (bill, parts) in versions.iter().zip([2, 4, 3, 1]) {
            export.deliver(bill, parts, &mut tree).unwrap();
            let key = &tree.manifests[&month];
            let manifest = Manifest::read(&tree.objects[key], &export.bucket, key).unwrap();
            assert_eq!(manifest.billing_period, month);
            assert_eq!(manifest.parts.len(), parts);
            let files = manifest.parts.iter().map(|p| &tree.objects[&p.key]);
            for (part, bytes) in manifest.parts.iter().zip(files.clone()) {
                assert!(part.size.is_none_or(|size| size == bytes.len() as u64));
            }
            let reading = Reading::of(files.map(|bytes| input(bytes)).collect());
            let what = format!("{table:?} in {file_type:?}, {keep:?}, {parts} parts");
            check(&what, kind, &reading, bill);
        }
        let parts = tree
            .objects
            .keys()
            .filter(|key| !key.contains("-Manifest."));
        let left = match (keep, table, file_type) {
            (Keep::All, Table::LegacyCur, FileType::Parquet) | (Keep::Latest, ..) => 4,
            (Keep::All, ..) => 10,
        };
        assert_eq!(parts.count(), left, "old parts stay behind");
    }
}

#[test]
fn a_legacy_report() {
    deliver(Table::LegacyCur, FileType::CsvGz, Kind::Rows);
}

#[test]
fn a_cur_2_export() {
    deliver(Table::Cur2(DiscountStyle::Map), FileType::CsvGz, Kind::Map);
    deliver(
        Table::Cur2(DiscountStyle::Rows),
        FileType::CsvGz,
        Kind::Rows,
    );
}

#[test]
fn a_focus_export() {
    deliver(Table::Focus, FileType::CsvGz, Kind::Focus);
}

#[cfg(feature = "parquet")]
#[test]
fn the_same_in_parquet() {
    deliver(Table::LegacyCur, FileType::Parquet, Kind::Rows);
    deliver(
        Table::Cur2(DiscountStyle::Map),
        FileType::Parquet,
        Kind::Map,
    );
    deliver(
        Table::Cur2(DiscountStyle::Rows),
        FileType::Parquet,
        Kind::Rows,
    );
    deliver(Table::Focus, FileType::Parquet, Kind::Focus);
}
