//! Which files on disk are the bill: what the current manifests name, and nothing else.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
    time::SystemTime,
};

use outlay_core::BillingPeriod;

use super::summary::FileRejection;
use crate::{
    manifest::{Body, Manifest, ManifestKey, ManifestKind, ManifestPart, misplaced},
    rejection::Rejection,
};

/// The files of one bill.
pub(super) struct Found {
    /// The file or the manifest, as the user would name it.
    pub(super) name: String,
    /// `None` for a file without one.
    pub(super) manifest: Option<Manifest>,
    pub(super) files: Vec<FoundFile>,
}

pub(super) struct FoundFile {
    /// As the user would name it.
    pub(super) name: String,
    pub(super) path: PathBuf,
    /// As the manifest tells it.
    pub(super) size: Option<u64>,
    /// By a manifest.
    pub(super) listed: bool,
}

/// Folders within folders; what exports make has fewer than ten.
const MAX_DEPTH: usize = 32;

/// The bills at a path. What is wrong with one does not hide the others.
pub(super) fn find(path: &Path) -> io::Result<Vec<Result<Found, FileRejection>>> {
    let at = |error: io::Error| super::named(&path.display().to_string(), &error);
    if fs::metadata(path).map_err(at)?.is_dir() {
        return tree(path);
    }
    if path.to_string_lossy().ends_with("-Manifest.json") {
        let found = Candidate::at(path)?.and_then(Candidate::open);
        return Ok(vec![found]);
    }
    let name = path.display().to_string();
    Ok(vec![Ok(Found {
        manifest: None,
        files: vec![FoundFile {
            name: name.clone(),
            path: path.to_owned(),
            size: None,
            listed: false,
        }],
        name,
    })])
}

fn tree(path: &Path) -> io::Result<Vec<Result<Found, FileRejection>>> {
    let mut manifests = Vec::new();
    walk(path, MAX_DEPTH, &mut manifests)?;
    manifests.sort();
    let mut current = BTreeMap::<Slot, Candidate>::new();
    let mut found = Vec::new();
    for manifest in manifests {
        match Candidate::at(&manifest)? {
            Ok(candidate) => candidate.compete(&mut current),
            Err(rejection) => found.push(Err(rejection)),
        }
    }
    found.extend(current.into_values().map(Candidate::open));
    if found.is_empty() {
        found.push(Err(FileRejection {
            file: path.display().to_string(),
            rejection: no_manifest(),
        }));
    }
    Ok(found)
}

/// Manifests below a folder. Links are not followed: they may lead anywhere, and back.
fn walk(folder: &Path, depth: usize, manifests: &mut Vec<PathBuf>) -> io::Result<()> {
    let at = |error: io::Error| super::named(&folder.display().to_string(), &error);
    for entry in fs::read_dir(folder).map_err(at)? {
        let entry = entry.map_err(at)?;
        let kind = entry.file_type().map_err(at)?;
        if kind.is_dir() && depth > 0 {
            walk(&entry.path(), depth - 1, manifests)?;
        } else if kind.is_file()
            && entry
                .file_name()
                .to_string_lossy()
                .ends_with("-Manifest.json")
        {
            manifests.push(entry.path());
        }
    }
    Ok(())
}

/// What has one current manifest: an export and a month.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Slot {
    /// The export's folder, full, with a trailing slash.
    home: String,
    kind: ManifestKind,
    period: BillingPeriod,
}

/// A manifest on disk.
struct Candidate {
    path: PathBuf,
    /// The same, without links and dots.
    full: String,
    slot: Slot,
    /// Whether it lies in a folder of its own delivery.
    kept: bool,
    modified: SystemTime,
    body: Result<Body, Rejection>,
}

impl Candidate {
    fn at(path: &Path) -> io::Result<Result<Self, FileRejection>> {
        let at = |error: io::Error| super::named(&path.display().to_string(), &error);
        let full = fs::canonicalize(path).map_err(at)?;
        let full = full.to_string_lossy().into_owned();
        let Some(key) = ManifestKey::parse(&full) else {
            return Ok(Err(FileRejection {
                file: path.display().to_string(),
                rejection: misplaced(&full),
            }));
        };
        let slot = Slot {
            home: key.prefix.to_owned(),
            kind: key.kind,
            period: key.period,
        };
        let kept = key.execution.is_some();
        Ok(Ok(Self {
            body: Body::parse(&read_bounded(path).map_err(at)?),
            modified: fs::metadata(path).and_then(|m| m.modified()).map_err(at)?,
            path: path.to_owned(),
            kept,
            slot,
            full,
        }))
    }

    /// Takes the place of an older manifest of the same export and month. A legacy report always
    /// repeats its newest manifest in the period's own folder. Data Exports are ordered by time,
    /// to the second as S3 tells it, and by execution id.
    fn compete(self, current: &mut BTreeMap<Slot, Self>) {
        match current.get(&self.slot) {
            Some(holder) if holder.rank() >= self.rank() => {}
            _ => {
                current.insert(self.slot.clone(), self);
            }
        }
    }

    fn rank(&self) -> (bool, u64, &str, bool) {
        let age = self.modified.duration_since(SystemTime::UNIX_EPOCH);
        let seconds = age.map_or(0, |age| age.as_secs());
        let version = self
            .body
            .as_ref()
            .ok()
            .and_then(|b| b.version_id.as_deref());
        let newest = self.slot.kind == ManifestKind::LegacyCur && !self.kept;
        (newest, seconds, version.unwrap_or_default(), !self.kept)
    }

    /// Finds the files that the manifest names.
    fn open(self) -> Result<Found, FileRejection> {
        let name = self.path.display().to_string();
        let home = &self.slot.home;
        let below = self.full.strip_prefix(home).unwrap_or_default();
        let checked = self.body.and_then(|body| {
            let (bucket, prefix) = delivered_to(&body, home);
            body.check(&bucket, &format!("{prefix}{below}"))
        });
        let manifest = checked.map_err(|rejection| FileRejection {
            file: name.clone(),
            rejection,
        })?;
        let home_shown = name.strip_suffix(below).unwrap_or(home);
        let file = |part: &ManifestPart| {
            let rest = part.key.strip_prefix(&manifest.prefix).unwrap_or_default();
            FoundFile {
                name: format!("{home_shown}{rest}"),
                path: Path::new(home).join(rest),
                size: part.size,
                listed: true,
            }
        };
        Ok(Found {
            files: manifest.parts.iter().map(file).collect(),
            name,
            manifest: Some(manifest),
        })
    }
}

/// The bucket and the prefix of an export whose folder is now `home`: a copy on disk may begin
/// anywhere above the export's folder, so the keys tell. The folder's name may be in a key more
/// than once; then it is the one below which the file is.
fn delivered_to(body: &Body, home: &str) -> (String, String) {
    let export = home
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default();
    let Some(first) = body.files.first() else {
        return (String::new(), format!("{export}/"));
    };
    let key = first.key.strip_prefix('/').unwrap_or(&first.key);
    let folder = format!("{export}/");
    let ends = key.match_indices(&folder).filter_map(|(at, _)| {
        let whole = at == 0 || key[..at].ends_with('/');
        whole.then_some(at + folder.len())
    });
    let ends: Vec<usize> = ends.collect();
    let there = |end: &&usize| Path::new(home).join(&key[**end..]).exists();
    let end = ends.iter().find(there).or(ends.first());
    let prefix = end.map_or(folder.as_str(), |&end| &key[..end]);
    (first.bucket.clone().unwrap_or_default(), prefix.to_owned())
}

/// One byte more than a manifest may have, at most: enough to see that it has too many.
fn read_bounded(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = Manifest::MAX_BYTES as u64 + 1;
    fs::File::open(path)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn no_manifest() -> Rejection {
    let detail = "No delivery is in this folder: no <export>-Manifest.json. Name the file of a bill \
                  itself, or copy the export's folder with its manifests";
    Rejection::new("no-manifest", detail)
}
