//! Tags and cost categories: columns of their own in a legacy report, maps in CUR 2.0.

use crate::{
    cells::Cells,
    columns::TextColumn,
    detect::canonical,
    json_map::{self, MapError},
    rejection::{Rejection, quote},
    report::Output,
    row::FocusRow,
};

/// Cost categories are rules over the bill, not tags of a resource: a scheme of their own keeps
/// them apart.
const COST_CATEGORY: &str = "costCategory";

/// Where the tags of a row stand.
#[derive(Debug, Default)]
pub(super) struct TagColumns {
    /// A column for each key, sorted by key so that tags arrive in order.
    keys: Vec<(String, usize)>,
    maps: Vec<TagMap>,
    /// Where the tag `Name` stands, by which AWS's console calls a resource.
    name: Option<usize>,
    /// The key at hand; its memory serves every row.
    key: String,
}

#[derive(Debug)]
struct TagMap {
    index: usize,
    scheme: Scheme,
}

/// How a key tells its scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scheme {
    /// By its beginning: `user_team`, `aws_created_by`.
    InKey,
    CostCategory,
}

impl TagColumns {
    /// Takes a column that holds tags; `false` for any other.
    pub(super) fn take(&mut self, written: &str, index: usize) -> bool {
        let scheme = match canonical(written).as_str() {
            "resourcetags" | "tags" => Scheme::InKey,
            "costcategory" => Scheme::CostCategory,
            _ => {
                let Some(key) = column_key(written) else {
                    return false;
                };
                self.keys.push((key, index));
                return true;
            }
        };
        self.maps.push(TagMap { index, scheme });
        true
    }

    /// To be called once, after the last column.
    pub(super) fn sort(&mut self) {
        self.keys.sort();
        let name = self.keys.iter().find(|(key, _)| is_name(key));
        self.name = name.map(|(_, index)| *index);
    }

    pub(super) fn read(
        &mut self,
        cells: &Cells,
        row: &mut FocusRow,
        output: &mut Output,
    ) -> Result<(), Rejection> {
        for map in &self.maps {
            read_map(cells, map, &mut self.key, row, output)?;
        }
        for (key, index) in &self.keys {
            if let Some(value) = cells.get(*index) {
                row.set_tag(key, value);
            }
        }
        if let Some(name) = self.name.and_then(|index| cells.get(index)) {
            name_resource(row, name);
        }
        Ok(())
    }
}

fn is_name(key: &str) -> bool {
    key == "user:Name" || key == "user:name"
}

/// FOCUS has no name without a resource.
fn name_resource(row: &mut FocusRow, name: &str) {
    if row.text(TextColumn::ResourceId).is_some() {
        row.set_text(TextColumn::ResourceName, name);
    }
}

/// What is no JSON object costs the row the tags from the fault on, not the bill its row.
fn read_map(
    cells: &Cells,
    map: &TagMap,
    key_at_hand: &mut String,
    row: &mut FocusRow,
    output: &mut Output,
) -> Result<(), Rejection> {
    let Some(text) = cells.get(map.index) else {
        return Ok(());
    };
    let read = json_map::for_each(text, |key, value| {
        write_key(key, map.scheme, key_at_hand);
        row.set_tag(key_at_hand, value);
        if is_name(key_at_hand) {
            name_resource(row, value);
        }
    });
    match read {
        Ok(()) => Ok(()),
        Err(MapError::TooManyEntries) => Err(json_map::too_many(cells, map.index)),
        Err(MapError::NoObject) => {
            let column = cells.header.get(map.index).map(String::as_str);
            output.warn("bad-tags", column, Some(cells.place), || {
                format!(
                    "{} is not a JSON object; the row is kept without it",
                    quote(text)
                )
            });
            Ok(())
        }
    }
}

/// `user_team` is `user:team`; a key that names no scheme of AWS stays as it is.
fn write_key(key: &str, scheme: Scheme, out: &mut String) {
    out.clear();
    if scheme == Scheme::CostCategory {
        out.push_str(COST_CATEGORY);
        out.push(':');
        out.push_str(key);
        return;
    }
    match key.split_once('_') {
        Some((scheme @ ("user" | "aws"), key)) => {
            out.push_str(scheme);
            out.push(':');
            out.push_str(key);
        }
        _ => out.push_str(key),
    }
}

/// The tag key of a column, verbatim: `resourceTags/user:Team`, `resource_tags_user_team` and
/// `resource_tags.user_team` (whose case AWS has already dropped), `costCategory/Unit`.
fn column_key(name: &str) -> Option<String> {
    const MARKS: [(&str, Scheme); 6] = [
        ("resourceTags/", Scheme::InKey),
        ("resource_tags_", Scheme::InKey),
        ("resource_tags.", Scheme::InKey),
        ("costCategory/", Scheme::CostCategory),
        ("cost_category_", Scheme::CostCategory),
        ("cost_category.", Scheme::CostCategory),
    ];
    let (key, scheme) = MARKS
        .into_iter()
        .find_map(|(mark, scheme)| Some((name.strip_prefix(mark)?, scheme)))?;
    let mut out = String::new();
    write_key(key, scheme, &mut out);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tag_keys_are_verbatim_and_schemes_stay_apart() {
        for (name, key) in [
            ("resourceTags/user:Cost Center", Some("user:Cost Center")),
            ("resourceTags/aws:createdBy", Some("aws:createdBy")),
            ("resourceTags/user:a_b", Some("user:a_b")),
            (
                "resource_tags_user_insights_project",
                Some("user:insights_project"),
            ),
            ("resource_tags_aws_created_by", Some("aws:created_by")),
            ("resource_tags.user_team", Some("user:team")),
            ("costCategory/Cost Center", Some("costCategory:Cost Center")),
            ("cost_category_unit", Some("costCategory:unit")),
            ("product/sku", None),
        ] {
            assert_eq!(column_key(name).as_deref(), key, "{name}");
        }
    }
}
