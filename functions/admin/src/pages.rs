//! Pages of the directory: what a search keeps of it.

use outlay_core::UserId;
use outlay_http::{Cursor, Problem};
use outlay_store::{Entity, OperatorTable, Standing};

/// Entries read at once.
const READ: i32 = 500;
/// Reads for one page: a search that finds little gives a short page and goes on with the next.
const READS: usize = 8;

/// What a page is to hold.
pub(crate) struct Wanted<'a> {
    pub(crate) route: &'static str,
    pub(crate) caller: &'a UserId,
    pub(crate) cursor: Option<&'a str>,
    pub(crate) limit: usize,
}

/// The next entries of a kind that `keep` keeps, and the cursor of those after them.
pub(crate) async fn page<E>(
    table: &OperatorTable,
    any: &E::Id,
    wanted: &Wanted<'_>,
    keep: impl Fn(&E) -> bool + Send + Sync,
) -> Result<(Vec<E>, Option<String>), Problem>
where
    E: Entity<Owner = ()>,
{
    let mut after = wanted
        .cursor
        .map(|text| position::<E>(text, wanted))
        .transpose()?;
    let mut kept: Vec<E> = Vec::new();
    for _ in 0..READS {
        let read = table.list::<E>(any, READ, after).await?;
        for entry in read.items {
            if keep(&entry) {
                if kept.len() == wanted.limit {
                    let last = kept.last().map(|entry| E::key(&(), &entry.id()).sk);
                    return Ok((kept, last.map(|sk| cursor(sk, wanted))));
                }
                kept.push(entry);
            }
        }
        after = read.next;
        if after.is_none() {
            break;
        }
    }
    Ok((kept, after.map(|sk| cursor(sk, wanted))))
}

fn cursor(sk: String, wanted: &Wanted<'_>) -> String {
    Cursor::after(sk).encode(wanted.caller, wanted.route)
}

/// The key after which a page begins. DynamoDB fails on one that no entry can have.
fn position<E: Entity>(text: &str, wanted: &Wanted<'_>) -> Result<String, Problem> {
    let cursor = Cursor::decode(text, wanted.caller, wanted.route)?;
    let at = cursor.position();
    let id = at.strip_prefix(E::PREFIX).filter(|id| {
        id.len() == 26
            && id
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    });
    id.map(|_| at.to_owned()).ok_or_else(Cursor::refused)
}

/// What a parameter `standing` asks for.
pub(crate) fn standing(text: Option<&str>) -> Result<Option<Standing>, Problem> {
    match text {
        None => Ok(None),
        Some("active") => Ok(Some(Standing::Active)),
        Some("suspended") => Ok(Some(Standing::Suspended)),
        Some(_) => Err(Problem::invalid("standing", "must be active or suspended")),
    }
}

/// The standing of an entry of the directory, which copies what the item itself says.
pub(crate) fn standing_of(copied: Option<&str>) -> Standing {
    match copied {
        Some("suspended") => Standing::Suspended,
        _ => Standing::Active,
    }
}

/// Whether a name or an id is what somebody searches for.
pub(crate) fn matches(search: Option<&str>, name: &str, id: &str) -> bool {
    search.is_none_or(|search| name.to_lowercase().contains(&search.to_lowercase()) || id == search)
}

#[cfg(test)]
mod tests {
    use outlay_store::DirectoryTenant;

    use super::*;

    #[test]
    fn a_page_begins_after_an_entry_and_nothing_else() {
        let caller = UserId::mint();
        let wanted = Wanted {
            route: "admin-tenants-list",
            caller: &caller,
            cursor: None,
            limit: 5,
        };
        let read = |at: &str| {
            let text = Cursor::after(at).encode(&caller, wanted.route);
            position::<DirectoryTenant>(&text, &wanted)
        };
        let tenant = outlay_core::TenantId::mint();
        assert_eq!(read(tenant.as_str()).unwrap(), tenant.as_str());
        for bad in [
            "",
            "ten_",
            "usr_00000000000000000000000000",
            "ten_#",
            "TENANT",
        ] {
            assert_eq!(read(bad).unwrap_err().status(), 400, "{bad}");
        }
    }

    #[test]
    fn a_search_looks_at_names_in_any_case_and_at_whole_ids() {
        assert!(matches(None, "Example", "ten_1"));
        assert!(matches(Some("EXAM"), "Example", "ten_1"));
        assert!(matches(Some("ten_1"), "Example", "ten_1"));
        assert!(!matches(Some("ten_"), "Example", "ten_1"));
    }
}
