//! The keys of the bucket: kind first, then tenant. Nothing else in the product builds one.
//!
//! ```text
//! lake/tenant=<t>/version=<v>/part-00001.parquet      FOCUS 1.4 rows
//! rollup/tenant=<t>/<v>.rollup                        daily roll-up of a version
//! evidence/tenant=<t>/<v>/part-00001                  what the invariants need
//! evidence/tenant=<t>/<v>/part-00001.rollup           what the part adds to the roll-up
//! inbox/tenant=<t>/<upload>/<name>                    what users put
//! ```

use outlay_core::{TenantId, UploadId, VersionId};

/// First path segments of the bucket: each belongs to tenants alone.
pub const KINDS: [&str; 7] = [
    "inbox",
    "lake",
    "rollup",
    "evidence",
    "certificates",
    "athena",
    "exports",
];
/// The longest file name kept in a key.
const MAX_NAME: usize = 128;

/// A Parquet part of a version; parts count from 1.
pub fn lake_part(tenant: &TenantId, version: &VersionId, part: u32) -> String {
    format!("{}part-{part:05}.parquet", lake_prefix(tenant, version))
}

/// All Parquet parts of a version.
pub fn lake_prefix(tenant: &TenantId, version: &VersionId) -> String {
    format!("lake/tenant={tenant}/version={version}/")
}

/// The roll-up of a version.
pub fn rollup(tenant: &TenantId, version: &VersionId) -> String {
    format!("rollup/tenant={tenant}/{version}.rollup")
}

/// Evidence of one part of a version; parts count from 1.
pub fn evidence_part(tenant: &TenantId, version: &VersionId, part: u32) -> String {
    format!("{}part-{part:05}", evidence_prefix(tenant, version))
}

/// The roll-up of one part of a version; parts count from 1.
pub fn part_rollup(tenant: &TenantId, version: &VersionId, part: u32) -> String {
    format!("{}.rollup", evidence_part(tenant, version, part))
}

/// All evidence of a version.
pub fn evidence_prefix(tenant: &TenantId, version: &VersionId) -> String {
    format!("evidence/tenant={tenant}/{version}/")
}

/// Where a user puts a file, whatever its name.
pub fn inbox(tenant: &TenantId, upload: &UploadId, name: &str) -> String {
    format!("{}{}", inbox_prefix(tenant, upload), file_name(name))
}

/// All files of an upload.
pub fn inbox_prefix(tenant: &TenantId, upload: &UploadId) -> String {
    format!("inbox/tenant={tenant}/{upload}/")
}

/// Everything that a tenant has.
pub fn tenant_prefixes(tenant: &TenantId) -> [String; 7] {
    KINDS.map(|kind| format!("{kind}/tenant={tenant}/"))
}

/// Reads a key that [`inbox`] built, already URL-decoded. It only locates an upload: that the upload
/// exists and waits for this file is for the table to say.
pub fn parse_inbox_key(key: &str) -> Option<(TenantId, UploadId, String)> {
    let (tenant, rest) = key.strip_prefix("inbox/tenant=")?.split_once('/')?;
    let (upload, name) = rest.split_once('/')?;
    let (tenant, upload) = (tenant.parse().ok()?, upload.parse().ok()?);
    (inbox(&tenant, &upload, name) == key).then(|| (tenant, upload, name.to_owned()))
}

/// A name as keys hold it: the last segment of a path, `_` for what is not a letter, digit, `.`, `-`
/// or `_`, at most 128 characters of which the last (the extension) are kept.
pub fn file_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let keep = |c: char| {
        if c.is_ascii_alphanumeric() || ".-_".contains(c) {
            c
        } else {
            '_'
        }
    };
    let safe: String = last.chars().map(keep).collect();
    let safe = &safe[safe.len().saturating_sub(MAX_NAME)..];
    if safe.chars().all(|c| c == '.') {
        "file".to_owned()
    } else {
        safe.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_keep_their_last_segment_and_extension() {
        for (name, kept) in [
            ("bill.csv.gz", "bill.csv.gz"),
            ("C:\\bills\\November bill.csv", "November_bill.csv"),
            ("../../etc/passwd", "passwd"),
            ("..", "file"),
            ("", "file"),
            ("a/", "file"),
            ("Rechnung März.csv", "Rechnung_M_rz.csv"),
            ("a\0b?c#d%2F", "a_b_c_d_2F"),
        ] {
            assert_eq!(file_name(name), kept, "{name:?}");
        }
        let long = file_name(&format!("{}.csv", "x".repeat(500)));
        assert_eq!(long, format!("{}.csv", "x".repeat(124)));
    }

    #[test]
    fn keys_follow_the_layout() {
        let tenant = TenantId::derive(&["t"]);
        let version = VersionId::derive(&["v"]);
        let upload = UploadId::derive(&["u"]);
        assert_eq!(
            lake_part(&tenant, &version, 1),
            format!("lake/tenant={tenant}/version={version}/part-00001.parquet")
        );
        assert_eq!(
            rollup(&tenant, &version),
            format!("rollup/tenant={tenant}/{version}.rollup")
        );
        assert_eq!(
            evidence_part(&tenant, &version, 12),
            format!("evidence/tenant={tenant}/{version}/part-00012")
        );
        assert_eq!(
            part_rollup(&tenant, &version, 12),
            format!("evidence/tenant={tenant}/{version}/part-00012.rollup")
        );
        assert_eq!(
            inbox(&tenant, &upload, "a.csv"),
            format!("inbox/tenant={tenant}/{upload}/a.csv")
        );
    }

    #[test]
    fn only_inbox_keys_are_read() {
        let (tenant, upload) = (TenantId::mint(), UploadId::mint());
        let prefix = inbox_prefix(&tenant, &upload);
        for bad in [
            String::new(),
            prefix.clone(),
            format!("{prefix}a/b"),
            format!("{prefix}a b"),
            format!("/{prefix}a"),
            format!("{prefix}.."),
            prefix.replace("inbox", "lake") + "a",
            prefix.replace("tenant=", "") + "a",
            format!("inbox/tenant={tenant}/{tenant}/a"),
        ] {
            assert_eq!(parse_inbox_key(&bad), None, "{bad}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100_000))]

        /// Promise 6: whatever the name, a key stays in its tenant's prefix.
        #[test]
        fn nothing_escapes_the_tenant(name in r"(\PC|[./\\%#?*$ \x00-\x1f]|\.\./|tenant=){0,24}") {
            let tenant = TenantId::derive(&["t1"]);
            let upload = UploadId::derive(&["u1"]);
            let key = inbox(&tenant, &upload, &name);
            let prefix = format!("inbox/tenant={tenant}/{upload}/");
            let rest = key.strip_prefix(&prefix).unwrap();
            prop_assert!((1..=128).contains(&rest.len()) && !rest.contains(['/', '\\', '%', '#', '\0']));
            prop_assert!(rest != "." && rest != "..");
            prop_assert_eq!(parse_inbox_key(&key), Some((tenant, upload, rest.to_owned())));
        }

        /// A hostile key is refused, or is exactly what `inbox` would build.
        #[test]
        fn hostile_keys_are_refused(
            key in r"(inbox/|tenant=|ten_[0-9a-z]{26}|upl_[0-9a-z]{26}|/|\.\.|[a-z%#]|\PC){0,9}",
        ) {
            if let Some((tenant, upload, name)) = parse_inbox_key(&key) {
                prop_assert_eq!(inbox(&tenant, &upload, &name), key);
            }
        }
    }
}
