use std::collections::{BTreeMap, HashMap};

use jiff::civil::{Date, Weekday};

use super::{
    CostAnswer, CostBlock, CostRow, Engine, LoadedRollup, MetricValues, Plan, VersionUsed,
    overflow,
    scan::{self, Place, Scan, Sums},
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
    let mut series: BTreeMap<&str, HashMap<[u32; 3], Series>> = BTreeMap::new();
    for cell in &sums.cells {
        let groups = series.entry(sums.currency(cell)).or_default();
        let one = groups.entry(Sums::group(cell)).or_default();
        one.add(cell.bucket, &cell.sums)?;
    }
    let mut rows_left = MAX_ROWS;
    (series.into_iter())
        .map(|(currency, groups)| {
            let named = groups.into_iter().map(|(group, mut series)| {
                series.keys = sums.keys(group);
                series
            });
            let block = block(query, currency, named.collect(), rows_left)?;
            rows_left -= block.rows.len();
            Ok(block)
        })
        .collect()
}

/// The sums of one group, by the first day of each bucket.
#[derive(Default)]
struct Series {
    keys: Vec<Option<String>>,
    other: bool,
    points: BTreeMap<i32, Vec<i128>>,
    total: Vec<i128>,
}

impl Series {
    fn add(&mut self, bucket: i32, sums: &[i128]) -> Result<(), QueryError> {
        add(self.points.entry(bucket).or_default(), sums)?;
        add(&mut self.total, sums)
    }

    /// What ranks it: its total by the first metric.
    fn rank(&self) -> i128 {
        self.total.first().copied().unwrap_or_default()
    }
}

fn add(into: &mut Vec<i128>, sums: &[i128]) -> Result<(), QueryError> {
    into.resize(sums.len(), 0);
    for (into, sum) in into.iter_mut().zip(sums) {
        *into = into.checked_add(*sum).ok_or_else(overflow)?;
    }
    Ok(())
}

fn block(
    query: &CostQuery,
    currency: &str,
    mut series: Vec<Series>,
    max_rows: usize,
) -> Result<CostBlock, QueryError> {
    let groups = series.len() as u64;
    series.sort_by(|a, b| {
        b.rank()
            .abs()
            .cmp(&a.rank().abs())
            .then_with(|| a.keys.cmp(&b.keys))
    });
    let mut total = vec![0; query.metrics.len()];
    for one in &series {
        add(&mut total, &one.total)?;
    }
    fold_small(query, &mut series)?;
    series.sort_by(|a, b| {
        a.other
            .cmp(&b.other)
            .then(b.rank().cmp(&a.rank()))
            .then_with(|| a.keys.cmp(&b.keys))
    });
    if query.granularity == Granularity::Cumulative {
        accumulate(&mut series)?;
    }
    if series.iter().map(|one| one.points.len()).sum::<usize>() > max_rows {
        let detail =
            format!("the answer has more than {MAX_ROWS} rows: ask for `top` or a coarser time");
        return Err(QueryError::too_large("/top", detail));
    }
    Ok(CostBlock {
        currency: currency.to_owned(),
        totals: MetricValues::new(&query.metrics, &total)?,
        rows: rows(query, &series)?,
        groups,
    })
}

/// Folds all but the first `top` series into one.
fn fold_small(query: &CostQuery, series: &mut Vec<Series>) -> Result<(), QueryError> {
    let keep = query
        .top
        .and_then(|top| usize::try_from(top).ok())
        .unwrap_or(usize::MAX);
    if series.len() <= keep {
        return Ok(());
    }
    let mut other = Series {
        keys: vec![None; query.group_by.len()],
        other: true,
        ..Series::default()
    };
    for small in series.split_off(keep) {
        for (bucket, sums) in &small.points {
            other.add(*bucket, sums)?;
        }
    }
    series.push(other);
    Ok(())
}

/// Each day with all days before it, on every day on which any group has a cost.
fn accumulate(series: &mut [Series]) -> Result<(), QueryError> {
    let mut days: Vec<i32> = series
        .iter()
        .flat_map(|one| one.points.keys().copied())
        .collect();
    days.sort_unstable();
    days.dedup();
    for one in series {
        let mut running = Vec::new();
        let first = one.points.keys().next().copied().unwrap_or(i32::MAX);
        let points = std::mem::take(&mut one.points);
        for &day in days.iter().filter(|&&day| day >= first) {
            if let Some(sums) = points.get(&day) {
                add(&mut running, sums)?;
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
