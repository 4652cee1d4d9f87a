//! Which versions an answer is made of.

use jiff::Timestamp;
use lambda_http::http::StatusCode;
use outlay_core::VersionId;
use outlay_http::Problem;
use outlay_identity::TenantContext;
use outlay_lake::{
    ObjectsError,
    answer::LoadedRollup,
    query::{QueryError, QueryErrorKind},
};
use outlay_runtime::{App, TenantData};
use outlay_store::{ActiveVersion, VersionRecord};

/// The selected versions, loaded, and when the newest of them was switched in.
pub(crate) struct Selection {
    pub(crate) rollups: Vec<LoadedRollup>,
    pub(crate) data_as_of: Option<Timestamp>,
}

/// Loads the versions that count for the caller's tenant, or those the caller pins.
pub(crate) async fn load(
    app: &App,
    caller: &TenantContext,
    pinned: Option<&[VersionId]>,
) -> Result<(Selection, TenantData), Problem> {
    let data = app.reader(caller).await?;
    // A bill may be deleted between the pointer and its roll-up: then the pointers have changed.
    let selection = match try_load(app, &data, pinned).await? {
        Some(selection) => Some(selection),
        None => try_load(app, &data, pinned).await?,
    };
    let selection = selection.ok_or_else(|| {
        Problem::conflict(
            "changed-meanwhile",
            "Bills were changed while this was read. Ask again.",
        )
    })?;
    Ok((selection, data))
}

async fn try_load(
    app: &App,
    data: &TenantData,
    pinned: Option<&[VersionId]>,
) -> Result<Option<Selection>, Problem> {
    let selected = match pinned {
        None => counting(&data.table.list_all::<ActiveVersion>().await?),
        Some(versions) => pick(data.table.list_all().await?, versions)?,
    };
    let ids: Vec<VersionId> = selected.iter().map(|v| v.version_id.clone()).collect();
    let rollups = match app.rollups.load(&data.objects, &ids).await {
        Ok(rollups) => rollups,
        Err(ObjectsError::Missing) => return Ok(None),
        Err(error) => return Err(Problem::unavailable(error)),
    };
    let data_as_of = selected.iter().map(|version| version.switched_at).max();
    let loaded = selected
        .into_iter()
        .zip(rollups)
        .map(|(version, rollup)| LoadedRollup {
            version: version.version_id,
            source: version.source_id,
            period: version.billing_period,
            rollup,
        });
    Ok(Some(Selection {
        rollups: loaded.collect(),
        data_as_of,
    }))
}

/// Per payer and month one source counts; cross-checks are never added.
fn counting(active: &[ActiveVersion]) -> Vec<ActiveVersion> {
    active
        .iter()
        .filter(|version| version.counts(active))
        .cloned()
        .collect()
}

/// The pinned versions, from the whole history: at most one per source and period.
fn pick(history: Vec<VersionRecord>, ids: &[VersionId]) -> Result<Vec<ActiveVersion>, Problem> {
    let invalid = |detail: String| Problem::invalid("versions", detail);
    let there = history
        .into_iter()
        .filter(|record| record.deleted_at.is_none());
    let known: Vec<ActiveVersion> = there.map(|record| record.version).collect();
    let mut picked: Vec<ActiveVersion> = Vec::with_capacity(ids.len());
    for id in ids {
        let version = known.iter().find(|version| version.version_id == *id);
        let version = version.ok_or_else(|| invalid(format!("{id} is not a version of yours")))?;
        let place = (&version.source_id, version.billing_period);
        if picked
            .iter()
            .any(|other| (&other.source_id, other.billing_period) == place)
        {
            return Err(invalid(format!(
                "{id} is a second version of {} of one source",
                place.1
            )));
        }
        picked.push(version.clone());
    }
    Ok(picked)
}

/// A question that cannot be answered is the caller's to change: 400, by its kind.
pub(crate) fn refused(error: QueryError) -> Problem {
    let title = match error.kind {
        QueryErrorKind::Invalid => return Problem::invalid(error.pointer, error.detail),
        QueryErrorKind::NeedsRows => "Roll-ups cannot answer this",
        QueryErrorKind::TooLarge => "The answer would be too large",
    };
    let detail = format!("{}: {}", error.pointer, error.detail);
    Problem::new(StatusCode::BAD_REQUEST, error.kind.slug(), title, detail)
}

#[cfg(test)]
mod tests {
    use outlay_core::{PayerId, SourceId, UploadId};

    use super::*;

    fn record(source: &str, version: &str, deleted: bool) -> VersionRecord {
        let at = Timestamp::UNIX_EPOCH;
        let version = ActiveVersion {
            source_id: SourceId::derive(&[source]),
            billing_period: "2026-10".parse().unwrap(),
            version_id: VersionId::derive(&[version]),
            upload_id: UploadId::derive(&[version]),
            payer_id: PayerId::derive(&["1"]),
            rows: 1,
            totals: Vec::new(),
            content_sha256: String::new(),
            switched_at: at,
            since: at,
        };
        VersionRecord {
            version,
            deleted_at: deleted.then_some(at),
        }
    }

    fn picked(ids: &[&str]) -> Result<usize, Problem> {
        let history = vec![
            record("a", "1", false),
            record("a", "2", false),
            record("b", "3", false),
            record("b", "4", true),
        ];
        let ids: Vec<VersionId> = ids.iter().map(|id| VersionId::derive(&[id])).collect();
        pick(history, &ids).map(|versions| versions.len())
    }

    #[test]
    fn pins_are_known_versions_and_one_per_source_and_period() {
        assert_eq!(picked(&["1", "3"]).unwrap(), 2);
        for bad in [&["1", "2"][..], &["4"], &["unknown"], &["1", "1"]] {
            assert_eq!(picked(bad).unwrap_err().status(), 400, "{bad:?}");
        }
    }

    #[test]
    fn what_cross_checks_is_not_added() {
        let active = [record("a", "1", false), record("b", "3", false)]
            .map(|r| r.version)
            .to_vec();
        assert_eq!(counting(&active).len(), 1);
    }
}
