use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use super::{LoadedRollup, dashboard::label};
use crate::query::{Dimension, QueryError};

/// What costs can be grouped and filtered by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DimensionList {
    /// FOCUS columns first, then tags in order of their keys.
    pub dimensions: Vec<DimensionInfo>,
}

/// A dimension, as questions name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DimensionInfo {
    /// As questions name it.
    #[schema(example = "ServiceName")]
    pub name: String,
    /// For people.
    #[schema(example = "Service")]
    pub label: String,
    /// Column or tag.
    pub kind: DimensionKind,
}

/// Where a dimension comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum DimensionKind {
    /// A FOCUS column or the billing period.
    Dimension,
    /// A tag.
    Tag,
}

/// The values of a dimension.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DimensionValues {
    /// The dimension.
    #[schema(value_type = String, example = "ServiceName")]
    pub dimension: Dimension,
    /// In order; null first, if there.
    pub values: Vec<DimensionValue>,
}

/// A value of a dimension.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DimensionValue {
    /// As questions name it.
    #[schema(required)]
    pub value: Option<String>,
    /// Its name for people, where it has one.
    #[schema(required)]
    pub label: Option<String>,
}

/// The dimensions that questions about these roll-ups can use: tags only where every one keeps them.
pub fn dimensions(rollups: &[LoadedRollup]) -> DimensionList {
    let mut filled = rollups.iter().filter(|loaded| !loaded.rollup.is_empty());
    let keys = |loaded: &LoadedRollup| loaded.rollup.tag_keys().map(str::to_owned).collect();
    let first: BTreeSet<String> = filled.next().map(keys).unwrap_or_default();
    let tags = filled.fold(first, |tags, loaded| &tags & &keys(loaded));
    let fixed = Dimension::FIXED
        .into_iter()
        .map(|dimension| (dimension, DimensionKind::Dimension));
    let tags = tags
        .into_iter()
        .map(|key| (Dimension::Tag(key), DimensionKind::Tag));
    let info = |(dimension, kind): (Dimension, DimensionKind)| DimensionInfo {
        name: dimension.to_string(),
        label: dimension.label().into_owned(),
        kind,
    };
    DimensionList {
        dimensions: fixed.chain(tags).map(info).collect(),
    }
}

/// The first `limit` values of a dimension whose value or label contains `search`, whatever the case.
///
/// Refused as `needs-rows`: a tag that a roll-up does not keep.
pub fn dimension_values(
    rollups: &[LoadedRollup],
    dimension: &Dimension,
    search: Option<&str>,
    limit: usize,
) -> Result<DimensionValues, QueryError> {
    let search = search.unwrap_or_default().to_lowercase();
    let values = distinct(rollups, dimension)?
        .into_iter()
        .map(|value| DimensionValue {
            label: label(rollups, dimension, value.as_deref()),
            value,
        });
    let found = |text: &Option<String>| {
        text.as_ref()
            .is_some_and(|text| text.to_lowercase().contains(&search))
    };
    let matches =
        |one: &DimensionValue| search.is_empty() || found(&one.value) || found(&one.label);
    Ok(DimensionValues {
        dimension: dimension.clone(),
        values: values.filter(matches).take(limit).collect(),
    })
}

fn distinct(
    rollups: &[LoadedRollup],
    dimension: &Dimension,
) -> Result<BTreeSet<Option<String>>, QueryError> {
    let mut distinct = BTreeSet::new();
    for loaded in rollups.iter().filter(|loaded| !loaded.rollup.is_empty()) {
        match (dimension.column_in(&loaded.rollup), dimension) {
            (Some(column), _) => {
                distinct.extend(
                    column
                        .values
                        .iter()
                        .map(|value| value.as_deref().map(str::to_owned)),
                );
            }
            (None, Dimension::Tag(_)) => {
                let detail = format!("{dimension} is not in the daily sums of every bill");
                return Err(QueryError::needs_rows("dimension", detail));
            }
            (None, _) => {
                distinct.insert(Some(loaded.period.to_string()));
            }
        }
    }
    Ok(distinct)
}
