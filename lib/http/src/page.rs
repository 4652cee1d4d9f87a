use std::str::FromStr;

use outlay_core::TenantId;
use outlay_store::Entity;

use crate::{Cursor, Params, Problem};

/// Which page of a list is asked for.
#[derive(Debug)]
pub struct PageRequest {
    /// How many items at most.
    pub limit: i32,
    /// The sort key after which the page begins.
    pub after: Option<String>,
}

impl PageRequest {
    /// The parameters that [`PageRequest::of`] reads.
    pub const PARAMS: [&'static str; 2] = ["limit", "cursor"];

    /// Reads `limit` and `cursor` of a list of these entities.
    pub fn of<E: Entity>(params: &Params, tenant: &TenantId, route: &str) -> Result<Self, Problem>
    where
        E::Id: FromStr,
    {
        let limit = params.number("limit", 25, 1, 100)?;
        let after = params
            .get("cursor")
            .map(|text| position::<E>(text, tenant, route))
            .transpose()?;
        Ok(Self {
            limit: limit.cast_signed(),
            after,
        })
    }
}

/// The key after which a page begins. DynamoDB fails on one that no item of the list can have.
fn position<E: Entity>(cursor: &str, tenant: &TenantId, route: &str) -> Result<String, Problem>
where
    E::Id: FromStr,
{
    let cursor = Cursor::decode(cursor, tenant, route)?;
    let id = cursor
        .position()
        .strip_prefix(E::PREFIX)
        .map(str::parse::<E::Id>);
    match id {
        Some(Ok(_)) => Ok(cursor.position().to_owned()),
        _ => Err(Cursor::refused()),
    }
}

#[cfg(test)]
mod tests {
    use outlay_core::UploadId;
    use outlay_store::Upload;

    use super::*;

    #[test]
    fn a_page_begins_after_an_item_of_the_list_and_nothing_else() {
        let (tenant, upload) = (TenantId::mint(), UploadId::mint());
        let read = |at: &str| {
            let cursor = Cursor::after(at).encode(&tenant, "route");
            position::<Upload>(&cursor, &tenant, "route")
        };
        let key = format!("UPLOAD#{upload}");
        assert_eq!(read(&key).unwrap(), key);
        for made_up in [
            "",
            "ACTIVE#",
            "UPLOAD#",
            "UPLOAD#x",
            &key[1..],
            &format!("{key}\nx"),
        ] {
            assert_eq!(read(made_up).unwrap_err().status(), 400, "{made_up:?}");
        }
    }

    #[test]
    fn a_page_has_25_items_unless_asked_otherwise() {
        let of = |query: &str| {
            let params = Params::parse(query, &PageRequest::PARAMS).unwrap();
            PageRequest::of::<Upload>(&params, &TenantId::mint(), "route")
        };
        assert_eq!(of("").unwrap().limit, 25);
        assert_eq!(of("limit=100").unwrap().limit, 100);
        for bad in ["limit=0", "limit=101", "limit=-1", "cursor=x"] {
            assert_eq!(of(bad).unwrap_err().status(), 400, "{bad}");
        }
    }
}
