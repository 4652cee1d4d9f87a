use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
};

use jiff::civil::{Date, Weekday};

use super::{
    CostAnswer, CostBlock, CostRow, Engine, LoadedRollup, MetricValues, Plan, VersionUsed,
    overflow,
    scan::{self, Group, Place, Scan, Sums},
};
use crate::query::{CostQuery, Dimension, Granularity, QueryError, TimeAxis};
use outlay_billing::rollup::{to_date, to_day};

/// Rows of an answer: with long keys this many stay below the 6 MB of a Lambda response.
const MAX_ROWS: usize = 15_000;

/// Answers a question from the roll-ups of the selected versions. `data_as_of` is the caller's to set.
///
/// Refused as `needs-rows`: hours, and tags that a roll-up in question does not keep.
pub fn evaluate(query: &CostQuery, rollups: &[LoadedRollup]) -> Result<CostAnswer, QueryError> {
    let rollups = pinned(query, rollups);
    covered(query, &rollups)?;
    let place = |day| bucket(query, day);
    let sums = scan::scan(
        &Scan {
            groups: &query.group_by,
            metrics: &query.metrics,
            filter: query.filter.as_ref(),
            currency: query.currency.as_deref(),
            place: match query.time_axis {
                TimeAxis::Charge => Place::Charge(&place),
                TimeAxis::Billing => Place::Billing(&place),
            },
        },
        &rollups,
    )?;
    let used = |loaded: &LoadedRollup| VersionUsed {
        id: loaded.version.clone(),
        source_id: loaded.source.clone(),
        billing_period: loaded.period,
    };
    Ok(CostAnswer {
        query: query.clone(),
        blocks: blocks(query, &sums)?,
        data_as_of: None,
        cost_basis: query.metrics.clone(),
        versions: rollups.iter().map(used).collect(),
        plan: Plan {
            engine: Engine::Rollup,
            versions: rollups.len() as u64,
            rows: sums.rows,
        },
    })
}

fn pinned(query: &CostQuery, rollups: &[LoadedRollup]) -> Vec<LoadedRollup> {
    let wanted = |loaded: &&LoadedRollup| match &query.versions {
        None => true,
        Some(versions) => versions.contains(&loaded.version),
    };
    rollups.iter().filter(wanted).cloned().collect()
}

fn covered(query: &CostQuery, rollups: &[LoadedRollup]) -> Result<(), QueryError> {
    if query.granularity == Granularity::Hour {
        let detail = "roll-ups are by day; hours need the rows, which cannot be asked yet";
        return Err(QueryError::needs_rows("/granularity", detail));
    }
    let tested = query.filter.iter().flat_map(|filter| filter.dimensions());
    let named = query
        .group_by
        .iter()
        .map(|d| ("/groupBy", d))
        .chain(tested.map(|d| ("/filter", d)));
    for (pointer, dimension) in named {
        let kept = |loaded: &LoadedRollup| {
            loaded.rollup.is_empty() || dimension.column_in(&loaded.rollup).is_some()
        };
        if matches!(dimension, Dimension::Tag(_)) && !rollups.iter().all(kept) {
            let detail = format!(
                "{dimension} is not in the daily sums of every bill asked; it needs the rows, which \
                 cannot be asked yet"
            );
            return Err(QueryError::needs_rows(pointer, detail));
        }
    }
    Ok(())
}

/// The first day of the bucket that holds a day, or `None` outside the question's range.
fn bucket(query: &CostQuery, day: i32) -> Option<i32> {
    if !(to_day(query.start)..to_day(query.end)).contains(&day) {
        return None;
    }
    let date = to_date(day);
    Some(match query.granularity {
        Granularity::Total => i32::MIN,
        Granularity::Day | Granularity::Hour | Granularity::Cumulative => day,
        Granularity::Week => day - i32::from(date.weekday().since(Weekday::Monday)),
        Granularity::Month => to_day(date.first_of_month()),
    })
}

fn blocks(query: &CostQuery, sums: &Sums) -> Result<Vec<CostBlock>, QueryError> {
    let mut rows_left = MAX_ROWS;
    (ranked(sums).into_iter())
        .map(|(currency, groups)| {
            let block = block(query, sums, currency, &groups, rows_left)?;
            rows_left -= block.rows.len();
            Ok(block)
        })
        .collect()
}

/// The groups of each currency, largest first by the first metric.
fn ranked(sums: &Sums) -> BTreeMap<&str, Vec<&Group>> {
    let mut by_currency: BTreeMap<&str, Vec<&Group>> = BTreeMap::new();
    for group in &sums.groups {
        by_currency
            .entry(sums.currency(group))
            .or_default()
            .push(group);
    }
    let size = |group: &Group| group.total.first().map_or(0, |total| total.unsigned_abs());
    for groups in by_currency.values_mut() {
        groups.sort_by(|a, b| size(b).cmp(&size(a)).then_with(|| by_keys(sums, a, b)));
    }
    by_currency
}

fn by_keys(sums: &Sums, a: &Group, b: &Group) -> Ordering {
    sums.keys(a).cmp(sums.keys(b))
}

/// The sums of one group or of the folded ones, by the first day of each bucket.
struct Series {
    keys: Vec<Option<String>>,
    other: bool,
    points: BTreeMap<i32, Vec<i128>>,
}

fn add(into: &mut [i128], sums: &[i128]) -> Result<(), QueryError> {
    for (into, sum) in into.iter_mut().zip(sums) {
        *into = into.checked_add(*sum).ok_or_else(overflow)?;
    }
    Ok(())
}

fn block(
    query: &CostQuery,
    sums: &Sums,
    currency: &str,
    groups: &[&Group],
    max_rows: usize,
) -> Result<CostBlock, QueryError> {
    let mut total = vec![0; query.metrics.len()];
    for group in groups {
        add(&mut total, &group.total)?;
    }
    let top = query
        .top
        .and_then(|top| usize::try_from(top).ok())
        .unwrap_or(usize::MAX);
    let (kept, small) = groups.split_at(top.min(groups.len()));
    within(kept.len(), max_rows)?;
    let mut kept = kept.to_vec();
    kept.sort_by(|a, b| {
        b.total
            .first()
            .cmp(&a.total.first())
            .then_with(|| by_keys(sums, a, b))
    });
    let mut series: Vec<Series> = kept
        .into_iter()
        .map(|group| whole(sums, group))
        .collect::<Result<_, _>>()?;
    if !small.is_empty() {
        series.push(folded(query, sums, small)?);
    }
    if query.granularity == Granularity::Cumulative {
        accumulate(&mut series)?;
    }
    within(series.iter().map(|one| one.points.len()).sum(), max_rows)?;
    Ok(CostBlock {
        currency: currency.to_owned(),
        totals: MetricValues::new(&query.metrics, &total)?,
        rows: rows(query, &series)?,
        groups: groups.len() as u64,
    })
}

fn within(rows: usize, max_rows: usize) -> Result<(), QueryError> {
    if rows <= max_rows {
        return Ok(());
    }
    let detail =
        format!("the answer has more than {MAX_ROWS} rows: ask for `top` or a coarser time");
    Err(QueryError::too_large("/top", detail))
}

fn whole(sums: &Sums, group: &Group) -> Result<Series, QueryError> {
    let mut points = BTreeMap::new();
    for &cell in &group.cells {
        let (bucket, units) = sums.cell(cell);
        let point = points
            .entry(sums.buckets[bucket])
            .or_insert_with(|| vec![0; units.len()]);
        add(point, units)?;
    }
    let keys = sums.keys(group).map(|key| key.map(str::to_owned)).collect();
    Ok(Series {
        keys,
        other: false,
        points,
    })
}

/// The groups that `top` leaves out, as one series.
fn folded(query: &CostQuery, sums: &Sums, small: &[&Group]) -> Result<Series, QueryError> {
    let mut points: Vec<Option<Vec<i128>>> = vec![None; sums.buckets.len()];
    for &cell in small.iter().flat_map(|group| &group.cells) {
        let (bucket, units) = sums.cell(cell);
        add(
            points[bucket].get_or_insert_with(|| vec![0; units.len()]),
            units,
        )?;
    }
    let points = sums.buckets.iter().zip(points);
    Ok(Series {
        keys: vec![None; query.group_by.len()],
        other: true,
        points: points
            .filter_map(|(&bucket, point)| Some((bucket, point?)))
            .collect(),
    })
}

/// Each day with all days before it, on every day on which any group has a cost.
fn accumulate(series: &mut [Series]) -> Result<(), QueryError> {
    let days: BTreeSet<i32> = series
        .iter()
        .flat_map(|one| one.points.keys().copied())
        .collect();
    for one in series {
        let mut points = std::mem::take(&mut one.points);
        let Some((&first, sums)) = points.first_key_value() else {
            continue;
        };
        let mut running = vec![0; sums.len()];
        for &day in days.range(first..) {
            if let Some(sums) = points.remove(&day) {
                add(&mut running, &sums)?;
            }
            one.points.insert(day, running.clone());
        }
    }
    Ok(())
}

fn rows(query: &CostQuery, series: &[Series]) -> Result<Vec<CostRow>, QueryError> {
    let mut rows = Vec::new();
    for one in series {
        for (&bucket, sums) in &one.points {
            rows.push(CostRow {
                start: start(query, bucket),
                keys: one.keys.clone(),
                other: one.other,
                metrics: MetricValues::new(&query.metrics, sums)?,
            });
        }
    }
    // Stable: within a start the order of the series stays.
    rows.sort_by_key(|row| row.start);
    Ok(rows)
}

fn start(query: &CostQuery, bucket: i32) -> Option<Date> {
    (query.granularity != Granularity::Total).then(|| to_date(bucket))
}
