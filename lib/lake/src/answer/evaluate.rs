use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet, HashMap},
};

use jiff::civil::{Date, Weekday};

use super::{
    CostAnswer, CostBlock, CostRow, Engine, LoadedRollup, MetricValues, Plan, VersionUsed,
    overflow,
    scan::{self, ByCode, Cell, Group, Place, Scan, Sums},
};
use crate::{
    query::{CostQuery, Dimension, Granularity, QueryError, TimeAxis},
    rollup::{to_date, to_day},
};

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
            loaded.rollup.is_empty() || loaded.rollup.column(dimension).is_some()
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
    (ranked(query, sums)?.into_iter())
        .map(|(currency, groups)| {
            let block = block(query, sums, currency, &groups, rows_left)?;
            rows_left -= block.rows.len();
            Ok(block)
        })
        .collect()
}

/// A group with its total and its cells.
struct Ranked {
    group: Group,
    total: Vec<i128>,
    cells: Vec<usize>,
}

/// The groups of each currency, largest first by the first metric.
fn ranked<'s>(
    query: &CostQuery,
    sums: &'s Sums,
) -> Result<BTreeMap<&'s str, Vec<Ranked>>, QueryError> {
    let mut at = HashMap::<Cell, usize, ByCode>::default();
    let mut groups: Vec<(u32, Ranked)> = Vec::new();
    for (position, cell) in sums.cells.iter().enumerate() {
        let at = *at.entry(Cell { bucket: 0, ..*cell }).or_insert_with(|| {
            let total = vec![0; query.metrics.len()];
            groups.push((
                cell.currency,
                Ranked {
                    group: cell.group,
                    total,
                    cells: Vec::new(),
                },
            ));
            groups.len() - 1
        });
        let (_, ranked) = &mut groups[at];
        add(&mut ranked.total, sums.of(position))?;
        ranked.cells.push(position);
    }
    let mut by_currency: BTreeMap<&str, Vec<Ranked>> = BTreeMap::new();
    for (currency, ranked) in groups {
        by_currency
            .entry(sums.currency(currency))
            .or_default()
            .push(ranked);
    }
    for groups in by_currency.values_mut() {
        let size = |ranked: &Ranked| ranked.total.first().map_or(0, |total| total.unsigned_abs());
        groups.sort_by(|a, b| {
            size(b)
                .cmp(&size(a))
                .then_with(|| by_keys(sums, a.group, b.group))
        });
    }
    Ok(by_currency)
}

fn by_keys(sums: &Sums, a: Group, b: Group) -> Ordering {
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
    groups: &[Ranked],
    max_rows: usize,
) -> Result<CostBlock, QueryError> {
    let mut total = vec![0; query.metrics.len()];
    for ranked in groups {
        add(&mut total, &ranked.total)?;
    }
    let top = query
        .top
        .and_then(|top| usize::try_from(top).ok())
        .unwrap_or(usize::MAX);
    let (kept, small) = groups.split_at(top.min(groups.len()));
    within(kept.iter().map(|ranked| ranked.cells.len()).sum(), max_rows)?;
    let mut kept: Vec<&Ranked> = kept.iter().collect();
    kept.sort_by(|a, b| {
        b.total
            .first()
            .cmp(&a.total.first())
            .then_with(|| by_keys(sums, a.group, b.group))
    });
    let mut series: Vec<Series> = kept.into_iter().map(|ranked| whole(sums, ranked)).collect();
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

fn whole(sums: &Sums, ranked: &Ranked) -> Series {
    let point = |&cell: &usize| {
        let bucket = sums.buckets[sums.cells[cell].bucket as usize];
        (bucket, sums.of(cell).to_vec())
    };
    Series {
        keys: sums
            .keys(ranked.group)
            .map(|key| key.map(str::to_owned))
            .collect(),
        other: false,
        points: ranked.cells.iter().map(point).collect(),
    }
}

/// The groups that `top` leaves out, as one series.
fn folded(query: &CostQuery, sums: &Sums, small: &[Ranked]) -> Result<Series, QueryError> {
    let mut points: Vec<Option<Vec<i128>>> = vec![None; sums.buckets.len()];
    for &cell in small.iter().flat_map(|ranked| &ranked.cells) {
        let point = &mut points[sums.cells[cell].bucket as usize];
        add(
            point.get_or_insert_with(|| vec![0; query.metrics.len()]),
            sums.of(cell),
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
