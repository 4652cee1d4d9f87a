//! Where manifests lie, and what may lie beside them.

use jiff::civil::Date;
use outlay_core::BillingPeriod;

use super::ManifestKind;

/// What the key of a manifest says. Layouts:
/// `<prefix>/<report>/<yyyymmdd-yyyymmdd>/[<assembly>/]<report>-Manifest.json` and
/// `<prefix>/<export>/metadata/BILLING_PERIOD=<yyyy-mm>/[<execution>/]<export>-Manifest.json`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ManifestKey<'k> {
    /// Which kind of export lays its files out so.
    pub kind: ManifestKind,
    /// The export's folder with the trailing slash: everything it delivers is below.
    pub prefix: &'k str,
    /// Name of the export: the last folder of the prefix.
    pub export: &'k str,
    /// The month of the folder.
    pub period: BillingPeriod,
    /// The folder of one delivery, where old ones are kept; `None` in the period's own folder.
    pub execution: Option<&'k str>,
}

/// Whether an object with this key is a manifest. Only manifests start work.
pub fn is_manifest_key(key: &str) -> bool {
    ManifestKey::parse(key).is_some()
}

impl<'k> ManifestKey<'k> {
    /// Reads a key; `None` where no export would put its manifest.
    pub fn parse(key: &'k str) -> Option<Self> {
        let (folders, file) = key.rsplit_once('/')?;
        let export = file.strip_suffix("-Manifest.json")?;
        Self::of(folders, None, export).or_else(|| {
            let (folders, execution) = folders.rsplit_once('/')?;
            Self::of(folders, Some(execution), export)
        })
    }

    /// `folders` ends with the folder of the period.
    fn of(folders: &'k str, execution: Option<&'k str>, export: &'k str) -> Option<Self> {
        let (above, period) = folders.rsplit_once('/')?;
        let (kind, period, home) = match period.strip_prefix("BILLING_PERIOD=") {
            Some(month) => {
                let home = above.strip_suffix("/metadata")?;
                (ManifestKind::DataExports, month.parse().ok()?, home)
            }
            None => (ManifestKind::LegacyCur, month_of_range(period)?, above),
        };
        let name = home.rsplit('/').next()?;
        (name == export && !export.is_empty()).then_some(Self {
            kind,
            prefix: folders.get(..=home.len())?,
            export,
            period,
            execution,
        })
    }
}

/// `20180801-20180901` is August 2018.
fn month_of_range(range: &str) -> Option<BillingPeriod> {
    let (start, end) = range.split_once('-')?;
    let month = BillingPeriod::of(day(start)?).ok()?;
    (month.start() == day(start)? && month.end() == day(end)?).then_some(month)
}

fn day(text: &str) -> Option<Date> {
    let digits = text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

/// The key as S3 knows it, if it is below the prefix and says so plainly: no `..`, no empty
/// folder, no control character. A manifest may write a leading slash that the key does not have,
/// or leave out one that it has.
pub(super) fn within(prefix: &str, key: &str) -> Option<String> {
    const MOST: usize = 1024;
    let slashed = format!("/{key}");
    let spellings = [key, key.strip_prefix('/').unwrap_or(key), &slashed];
    let (key, rest) = spellings
        .into_iter()
        .find_map(|spelling| Some((spelling, spelling.strip_prefix(prefix)?)))?;
    let plain = |folder: &str| {
        !matches!(folder, "" | "." | "..")
            && !folder.contains(|c: char| c.is_control() || c == '\\')
    };
    (key.len() <= MOST && rest.split('/').all(plain)).then(|| key.to_owned())
}
