use std::ops::Range;

use jiff::{SignedDuration, Timestamp};
use outlay_core::{AuditId, BillingPeriod, TenantId};
use outlay_http::{Body, Cursor, Params, Problem, ProblemBody, Reply, Request, Response, reply};
use outlay_identity::{AuditRead, Caller};
use outlay_runtime::{App, authorised};
use outlay_store::{AuditEntry, StoreError, TenantTable};
use serde::Serialize;

const ROUTE: &str = "audit-list";
/// Without `from`, this far back.
const USUAL: SignedDuration = SignedDuration::from_hours(90 * 24);
/// At most this far back at once: every month is a partition of its own.
const LONGEST: SignedDuration = SignedDuration::from_hours(400 * 24);
/// Entries looked at for one answer: past it the page is shorter than asked for.
const MOST_LOOKED_AT: usize = 2000;
const PORTION: i32 = 200;

/// A page of the audit log, newest first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditPage {
    items: Vec<AuditEntry>,
    /// Give it back as `cursor` for the next page; null at the end.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// `GET /v1/audit`
pub fn handler(app: &'static App, request: Request) -> Reply {
    authorised(app, request, list)
}

/// Who did what in the company, newest first. A page may hold fewer entries than `limit`.
#[utoipa::path(get, path = "/v1/audit", operation_id = "audit-list", tag = "audit",
    security(("bearer" = [])),
    params(("actor" = Option<String>, Query, description = "Id of a person or token, or name of a worker."),
        ("action" = Option<String>, Query, description = "Such as `uploads.delete`, or a domain such as `uploads`."),
        ("target" = Option<String>, Query, description = "Id of what was changed."),
        ("from" = Option<String>, Query, description = "RFC 3339 in UTC; 90 days before `to` without, at most 400."),
        ("to" = Option<String>, Query, description = "RFC 3339 in UTC, exclusive; now without."),
        ("limit" = Option<u32>, Query, description = "1 to 100; 25 without."),
        ("cursor" = Option<String>, Query, description = "Where the page begins: nextCursor of the page before.")),
    responses((status = 200, body = AuditPage),
        (status = 400, body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, body = ProblemBody, content_type = "application/problem+json")))]
pub async fn list(
    app: &'static App,
    caller: Caller<AuditRead>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let known = ["actor", "action", "target", "from", "to", "limit", "cursor"];
    let params = Params::of(&request, &known)?;
    let span = span(&params, (app.clock)())?;
    let filter = Filter::of(&params)?;
    let limit = params.number("limit", 25, 1, 100)? as usize;
    let after = params
        .get("cursor")
        .map(|text| position(text, caller.tenant(), &span))
        .transpose()?;
    let table = app.reading(&caller).await?;
    let page = page(&table, &span, &filter, after, limit).await?;
    reply::ok(&AuditPage {
        items: page.items,
        next_cursor: page
            .next
            .map(|at| Cursor::after(at).encode(caller.tenant(), ROUTE)),
    })
}

/// What an entry must be like.
#[derive(Debug, Default)]
struct Filter {
    actor: Option<String>,
    action: Option<String>,
    target: Option<String>,
}

impl Filter {
    fn of(params: &Params) -> Result<Self, Problem> {
        let word = |name: &str| {
            let Some(text) = params.get(name) else {
                return Ok(None);
            };
            let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
            if (1..=100).contains(&text.len()) && text.chars().all(plain) {
                Ok(Some(text.to_owned()))
            } else {
                let detail = "must be 1 to 100 letters, digits, `-`, `_` or `.`";
                Err(Problem::invalid(name, detail))
            }
        };
        Ok(Self {
            actor: word("actor")?,
            action: word("action")?,
            target: word("target")?,
        })
    }

    fn admits(&self, entry: &AuditEntry) -> bool {
        let is = |wanted: &Option<String>, text: &str| wanted.as_deref().is_none_or(|w| w == text);
        let domain = entry.action.split('.').next().unwrap_or_default();
        is(&self.actor, &entry.actor.id)
            && is(&self.target, &entry.target.id)
            && (is(&self.action, &entry.action) || is(&self.action, domain))
    }
}

/// The instants that are asked for; the end is exclusive.
fn span(params: &Params, now: Timestamp) -> Result<Range<Timestamp>, Problem> {
    let instant = |name: &str| {
        let Some(text) = params.get(name) else {
            return Ok(None);
        };
        text.parse::<Timestamp>()
            .map(Some)
            .map_err(|_| Problem::invalid(name, "must be an instant such as 2026-11-21T00:00:00Z"))
    };
    let to = instant("to")?.unwrap_or(now);
    let usual = to.saturating_sub(USUAL).map_err(Problem::internal)?;
    let from = instant("from")?.unwrap_or(usual);
    if from >= to {
        return Err(Problem::invalid("from", "must be before `to`"));
    }
    if to.duration_since(from) > LONGEST {
        return Err(Problem::invalid(
            "from",
            "must be at most 400 days before `to`",
        ));
    }
    let calendar = |at| BillingPeriod::containing(at);
    calendar(from).map_err(|_| Problem::invalid("from", "is outside of the calendar"))?;
    calendar(to).map_err(|_| Problem::invalid("to", "is outside of the calendar"))?;
    Ok(from..to)
}

/// The key after which a page begins. DynamoDB fails on one that no entry can have.
fn position(cursor: &str, tenant: &TenantId, span: &Range<Timestamp>) -> Result<String, Problem> {
    let cursor = Cursor::decode(cursor, tenant, ROUTE)?;
    let at = |sk: &str| {
        let (at, id) = sk.split_once('#')?;
        id.parse::<AuditId>().ok()?;
        let instant = at.parse::<Timestamp>().ok()?;
        (outlay_store::keys::sortable(instant) == at && span.contains(&instant)).then_some(())
    };
    at(cursor.position()).ok_or_else(Cursor::refused)?;
    Ok(cursor.position().to_owned())
}

struct Page {
    items: Vec<AuditEntry>,
    next: Option<String>,
}

/// Month by month, backwards, until the page is full, the span is through, or enough was looked at.
async fn page(
    table: &TenantTable,
    span: &Range<Timestamp>,
    filter: &Filter,
    mut after: Option<String>,
    limit: usize,
) -> Result<Page, StoreError> {
    let (first, mut month) = (month_of(span.start)?, month_of(span.end)?);
    if let Some(after) = &after {
        month = after[..7].parse().unwrap_or(month);
    }
    let (mut items, mut looked_at) = (Vec::new(), 0);
    loop {
        let portion = table.audit(month, span, after.take(), PORTION).await?;
        looked_at += portion.items.len();
        for entry in portion.items {
            let place = place(&entry);
            if filter.admits(&entry) {
                items.push(entry);
            }
            if items.len() == limit {
                return Ok(Page {
                    items,
                    next: Some(place),
                });
            }
        }
        after = portion.next;
        if after.is_some() && looked_at >= MOST_LOOKED_AT {
            return Ok(Page { items, next: after });
        }
        if after.is_none() {
            if month <= first {
                return Ok(Page { items, next: None });
            }
            month = month.previous();
        }
    }
}

fn place(entry: &AuditEntry) -> String {
    format!(
        "{}#{}",
        outlay_store::keys::sortable(entry.at),
        entry.audit_id
    )
}

fn month_of(at: Timestamp) -> Result<BillingPeriod, StoreError> {
    BillingPeriod::containing(at).map_err(|e| StoreError::Malformed(Box::new(e)))
}

#[cfg(test)]
mod tests {
    use outlay_store::{Actor, Target};
    use serde_json::Value;

    use super::*;

    fn entry(actor: &str, action: &str, target: &str) -> AuditEntry {
        AuditEntry {
            audit_id: AuditId::mint(),
            at: Timestamp::UNIX_EPOCH,
            actor: Actor::worker(actor),
            action: action.to_owned(),
            target: Target {
                kind: "upload".to_owned(),
                id: target.to_owned(),
            },
            before: Value::Null,
            after: Value::Null,
            origin: None,
            request_id: None,
        }
    }

    fn params(query: &str) -> Params {
        let known = ["actor", "action", "target", "from", "to"];
        Params::parse(query, &known).unwrap()
    }

    #[test]
    fn a_filter_takes_an_action_or_its_domain() {
        let admits = |query: &str| {
            let filter = Filter::of(&params(query)).unwrap();
            filter.admits(&entry("usr_1", "uploads.delete", "upl_1"))
        };
        for query in [
            "",
            "action=uploads",
            "action=uploads.delete",
            "actor=usr_1&target=upl_1",
        ] {
            assert!(admits(query), "{query}");
        }
        for query in [
            "action=upload",
            "action=delete",
            "actor=usr_2",
            "actor=usr_1&target=upl_2",
        ] {
            assert!(!admits(query), "{query}");
        }
        for query in [
            "actor=",
            "action=%23",
            "target=a%00",
            &format!("actor={}", "x".repeat(101)),
        ] {
            assert_eq!(
                Filter::of(&params(query)).unwrap_err().status(),
                400,
                "{query}"
            );
        }
    }

    #[test]
    fn a_span_ends_after_it_begins_and_is_not_endless() {
        let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        let usual = span(&params(""), now).unwrap();
        assert_eq!(
            (usual.end, usual.end.duration_since(usual.start)),
            (now, USUAL)
        );
        assert!(span(&params("from=2026-01-01T00:00:00Z"), now).is_ok());
        for query in [
            "from=2026-12-01T00:00:00Z",
            "from=2026-11-21T12:00:00Z",
            "from=2020-01-01T00:00:00Z",
            "from=2026-02-30T00:00:00Z",
            "from=yesterday",
            "to=-009999-01-02T01:59:59Z",
            "to=",
        ] {
            assert_eq!(
                span(&params(query), now).unwrap_err().status(),
                400,
                "{query}"
            );
        }
    }

    #[test]
    fn a_page_begins_after_an_entry_of_the_span_and_nothing_else() {
        let tenant = TenantId::mint();
        let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        let span = span(&params(""), now).unwrap();
        let read = |at: &str| position(&Cursor::after(at).encode(&tenant, ROUTE), &tenant, &span);
        let id = AuditId::mint();
        let key = format!("2026-11-20T12:00:00.000000Z#{id}");
        assert_eq!(read(&key).unwrap(), key);
        for made_up in [
            String::new(),
            format!("2026-11-20T12:00:00Z#{id}"),
            format!("2025-11-20T12:00:00.000000Z#{id}"),
            format!("{key}x"),
            "2026-11-20T12:00:00.000000Z#".to_owned(),
        ] {
            assert_eq!(read(&made_up).unwrap_err().status(), 400, "{made_up:?}");
        }
    }
}
