//! The functions of the fuzz targets over their committed seeds, and over some random bytes: they
//! never rot, and what was found once stays found.
#![cfg(feature = "parquet")]

#[expect(unreachable_pub, reason = "elsewhere it is a library")]
#[path = "../fuzz/src/lib.rs"]
mod targets;

use std::{fs, path::Path};

use proptest::{collection::vec, prelude::*};

fn fuzz() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz"))
}

#[test]
fn every_target_holds_over_its_seeds() {
    for (name, target) in targets::TARGETS {
        let seeds = fuzz().join("seeds").join(name);
        let mut count = 0;
        for seed in fs::read_dir(&seeds).unwrap() {
            target(&fs::read(seed.unwrap().path()).unwrap());
            count += 1;
        }
        assert!(
            count >= 4,
            "{name} has {count} seeds: run the example fuzz_seeds"
        );
    }
}

/// A target that libFuzzer does not know, or that only libFuzzer knows, is half a target.
#[test]
fn every_target_is_a_program() {
    let mut programs: Vec<String> = fs::read_dir(fuzz().join("fuzz_targets"))
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    let mut names: Vec<String> = targets::TARGETS
        .iter()
        .map(|(name, _)| format!("{name}.rs"))
        .collect();
    programs.sort();
    names.sort();
    assert_eq!(programs, names);
    let manifest = fs::read_to_string(fuzz().join("Cargo.toml")).unwrap();
    for (name, _) in targets::TARGETS {
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_target_holds_over_any_bytes(data in vec(any::<u8>(), 0..400)) {
        for (_, target) in targets::TARGETS {
            target(&data);
        }
    }
}
