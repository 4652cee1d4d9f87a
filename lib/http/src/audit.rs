use std::{fmt::Display, future::Future, ops::Range};

use jiff::{SignedDuration, Timestamp};
use lambda_http::Request;
use outlay_core::{AuditId, BillingPeriod};
use outlay_store::{AuditEntry, AuditPortion, Listing, StoreError, keys};
use serde::Serialize;

use crate::{Cursor, Params, Problem};

/// Without `from`, this far back.
const USUAL: SignedDuration = SignedDuration::from_hours(90 * 24);
/// At most this far back at once: every month is a partition of its own.
const LONGEST: SignedDuration = SignedDuration::from_hours(400 * 24);
/// Entries looked at for one answer: past it the page is shorter than asked for.
const MOST_LOOKED_AT: usize = 2000;
const PORTION: i32 = 200;

/// A page of an audit log, newest first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditPage {
    items: Vec<AuditEntry>,
    /// Give it back as `cursor` for the next page; null at the end.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// What is asked of an audit log: a span of time, who, what, and to what.
#[derive(Debug)]
pub struct AuditSearch {
    span: Range<Timestamp>,
    filter: Filter,
    limit: usize,
    after: Option<String>,
    of: String,
    route: &'static str,
}

impl AuditSearch {
    /// Reads the parameters of a route; cursors are good for `of` and this route alone.
    pub fn read(
        request: &Request,
        of: &impl Display,
        route: &'static str,
        now: Timestamp,
    ) -> Result<Self, Problem> {
        let known = ["actor", "action", "target", "from", "to", "limit", "cursor"];
        let params = Params::of(request, &known)?;
        let span = span(&params, now)?;
        let cursor = params.get("cursor");
        Ok(Self {
            filter: Filter::of(&params)?,
            limit: params.number("limit", 25, 1, 100)? as usize,
            after: cursor
                .map(|text| position(text, of, route, &span))
                .transpose()?,
            of: of.to_string(),
            route,
            span,
        })
    }

    /// Month by month, backwards, until the page is full, the span is through, or enough was looked at.
    pub async fn page<F, Fut>(mut self, read: F) -> Result<AuditPage, Problem>
    where
        F: Fn(AuditPortion) -> Fut,
        Fut: Future<Output = Result<Listing<AuditEntry>, StoreError>>,
    {
        let (first, mut month) = (month_of(self.span.start)?, month_of(self.span.end)?);
        let mut after = self.after.take();
        if let Some(after) = &after {
            month = after[..7].parse().unwrap_or(month);
        }
        let (mut items, mut looked_at) = (Vec::new(), 0);
        loop {
            let portion = AuditPortion {
                month,
                span: self.span.clone(),
                after: after.take(),
                limit: PORTION,
            };
            let portion = read(portion).await?;
            looked_at += portion.items.len();
            for entry in portion.items {
                let place = place(&entry);
                if self.filter.admits(&entry) {
                    items.push(entry);
                }
                if items.len() == self.limit {
                    return Ok(self.shown(items, Some(place)));
                }
            }
            after = portion.next;
            if after.is_some() && looked_at >= MOST_LOOKED_AT {
                return Ok(self.shown(items, after));
            }
            if after.is_none() {
                if month <= first {
                    return Ok(self.shown(items, None));
                }
                month = month.previous();
            }
        }
    }

    fn shown(&self, items: Vec<AuditEntry>, next: Option<String>) -> AuditPage {
        let next_cursor = next.map(|at| Cursor::after(at).encode(&self.of, self.route));
        AuditPage { items, next_cursor }
    }
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
fn position(
    cursor: &str,
    of: &impl Display,
    route: &str,
    span: &Range<Timestamp>,
) -> Result<String, Problem> {
    let cursor = Cursor::decode(cursor, of, route)?;
    let at = |sk: &str| {
        let (at, id) = sk.split_once('#')?;
        id.parse::<AuditId>().ok()?;
        let instant = at.parse::<Timestamp>().ok()?;
        (keys::sortable(instant) == at && span.contains(&instant)).then_some(())
    };
    at(cursor.position()).ok_or_else(Cursor::refused)?;
    Ok(cursor.position().to_owned())
}

fn place(entry: &AuditEntry) -> String {
    format!("{}#{}", keys::sortable(entry.at), entry.audit_id)
}

fn month_of(at: Timestamp) -> Result<BillingPeriod, StoreError> {
    BillingPeriod::containing(at).map_err(|e| StoreError::Malformed(Box::new(e)))
}

#[cfg(test)]
mod tests {
    use outlay_core::TenantId;
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
        let read =
            |at: &str| position(&Cursor::after(at).encode(&tenant, "r"), &tenant, "r", &span);
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
