//! What the functions wrote into their logs, structured.

use futures::future::try_join_all;
use jiff::{SignedDuration, Timestamp};
use lambda_http::http::StatusCode;
use outlay_core::{TenantId, UserId};
use outlay_http::{Body, Cursor, Params, Problem, ProblemBody, Reply, Request, Response, reply};
use outlay_identity::{PlatformCaller, PlatformRead};
use outlay_operations::{LogEvent, LogSpan, Logs, LogsError};
use outlay_runtime::{App, Variable, operating};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::action::looked_at;

const ROUTE: &str = "admin-logs";
/// A search goes over this much at most.
const LONGEST: SignedDuration = SignedDuration::from_hours(31 * 24);
/// What is searched where nobody says from when.
const USUAL: SignedDuration = SignedDuration::from_hours(1);
/// Calls for one log group within one request.
const PAGES: usize = 8;

/// A page of log lines, oldest first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = LogPage)]
pub struct LogPage {
    /// The lines.
    pub items: Vec<LogLine>,
    /// Give it back as `cursor` for the next page; null at the end.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

/// One line of a log.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = LogLine)]
pub struct LogLine {
    /// When it was written.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// The domain whose log it stands in; `api` is the gateway's own.
    pub domain: String,
    /// The function that wrote it, where the log tells.
    #[schema(required)]
    pub function: Option<String>,
    /// How severe it is.
    pub level: LogLevel,
    /// What happened, in words.
    pub message: String,
    /// The request that it belongs to.
    #[schema(required)]
    pub request_id: Option<String>,
    /// The company that it is about.
    #[schema(required)]
    pub tenant_id: Option<String>,
    /// Everything else that the line says, by name.
    #[schema(value_type = Object)]
    pub fields: Map<String, Value>,
}

/// How severe a line is, in rising order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// Steps.
    Trace,
    /// For those who look for a fault.
    Debug,
    /// What happens.
    Info,
    /// Worth a look.
    Warn,
    /// Something failed.
    Error,
}

impl LogLevel {
    fn of(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            "trace" => Some(Self::Trace),
            "debug" => Some(Self::Debug),
            "info" => Some(Self::Info),
            "warn" => Some(Self::Warn),
            "error" => Some(Self::Error),
            _ => None,
        }
    }
}

/// What is looked for.
#[derive(Debug)]
struct Search<'a> {
    groups: Vec<(&'a str, &'a str)>,
    level: LogLevel,
    tenant: Option<TenantId>,
    request: Option<&'a str>,
    from: Timestamp,
    to: Timestamp,
    after: Option<Position>,
    limit: usize,
}

/// Where a page ends: lines are in the order of time, domain and CloudWatch's name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Position(i64, String, String);

/// The route, for the binary.
pub fn handler(app: &'static App, request: Request) -> Reply {
    operating(app, request, logs)
}

/// Lines of the functions' logs, oldest first, in a span of time: by default the last hour.
#[utoipa::path(
    get,
    path = "/v1/admin/logs",
    operation_id = "admin-logs",
    tag = "admin",
    params(
        ("domain" = Option<String>, Query, description = "One domain, such as `ingest`; all without."),
        ("level" = Option<LogLevel>, Query, description = "The least severe level; `info` without."),
        ("tenantId" = Option<String>, Query, description = "Lines about this company."),
        ("requestId" = Option<String>, Query, description = "Lines of this request."),
        ("from" = Option<String>, Query, format = DateTime, description = "The first instant; an hour before `to` without."),
        ("to" = Option<String>, Query, format = DateTime, description = "The instant after the last; now without. At most 31 days after `from`."),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 500, description = "1 to 500; 100 without."),
        ("cursor" = Option<String>, Query, description = "Where the page begins: nextCursor of the page before, with the same question."),
    ),
    responses(
        (status = 200, description = "A page", body = LogPage),
        (status = 400, description = "A parameter is not valid, or there is too much to search", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "Not a global owner", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("bearer" = []))
)]
pub async fn logs(
    app: &'static App,
    caller: PlatformCaller<PlatformRead>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let params = Params::of(
        &request,
        &[
            "domain",
            "level",
            "tenantId",
            "requestId",
            "from",
            "to",
            "limit",
            "cursor",
        ],
    )?;
    let groups = app
        .config
        .get(Variable::LogGroups)
        .map_err(Problem::internal)?;
    let search = search(&params, groups, caller.user(), (app.clock)())?;
    let about = params.get("domain").unwrap_or("all");
    looked_at(app, &caller, &request, "admin.read-logs", "logs", &about).await?;
    let reader = Logs::new(app.own());
    let found = try_join_all(
        search
            .groups
            .iter()
            .map(|group| one(&reader, &search, *group)),
    );
    let found = found.await.map_err(refused)?;
    reply::ok(&page(
        found.into_iter().flatten().collect(),
        search.limit,
        caller.user(),
    ))
}

fn search<'a>(
    params: &'a Params,
    groups: &'a str,
    caller: &UserId,
    now: Timestamp,
) -> Result<Search<'a>, Problem> {
    let instant = |name| {
        let text = params.get(name);
        text.map(|text| {
            text.parse::<Timestamp>()
                .map_err(|_| Problem::invalid(name, "must be a time such as 2026-11-20T09:30:00Z"))
        })
        .transpose()
    };
    let to = instant("to")?.unwrap_or(now);
    let from = match instant("from")? {
        Some(from) => from,
        None => to.checked_sub(USUAL).map_err(|_| too_early())?,
    };
    if from >= to {
        return Err(Problem::invalid("from", "must be before `to`"));
    }
    if to.duration_since(from) > LONGEST {
        return Err(Problem::invalid(
            "from",
            "must be at most 31 days before `to`",
        ));
    }
    if from.as_second() < 0 {
        return Err(too_early());
    }
    let level = params.get("level").map(|text| {
        LogLevel::of(text)
            .ok_or_else(|| Problem::invalid("level", "must be trace, debug, info, warn or error"))
    });
    let tenant = params.get("tenantId").map(|text| {
        text.parse::<TenantId>()
            .map_err(|error| Problem::invalid("tenantId", error.to_string()))
    });
    let request = params.get("requestId").map(|text| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_=+/".contains(c);
        let good = !text.is_empty() && text.len() <= 128 && text.chars().all(plain);
        good.then_some(text)
            .ok_or_else(|| Problem::invalid("requestId", "is no id of a request"))
    });
    let after = params.get("cursor").map(|text| position(text, caller));
    Ok(Search {
        groups: chosen(groups, params.get("domain"))?,
        level: level.transpose()?.unwrap_or(LogLevel::Info),
        tenant: tenant.transpose()?,
        request: request.transpose()?,
        from,
        to,
        after: after.transpose()?,
        limit: params.number("limit", 100, 1, 500)? as usize,
    })
}

fn too_early() -> Problem {
    Problem::invalid("from", "must not be before 1970")
}

/// `auth=/outlay/prod/auth,...` as template.yaml writes it: one domain's, or all.
fn chosen<'a>(groups: &'a str, domain: Option<&str>) -> Result<Vec<(&'a str, &'a str)>, Problem> {
    let all = groups.split(',').filter_map(|entry| entry.split_once('='));
    let chosen: Vec<_> = all
        .clone()
        .filter(|(name, _)| domain.is_none_or(|domain| domain == *name))
        .collect();
    if chosen.is_empty() {
        let known: Vec<&str> = all.map(|(name, _)| name).collect();
        let detail = format!("must be one of {}", known.join(", "));
        return Err(Problem::invalid("domain", detail));
    }
    Ok(chosen)
}

async fn one(
    reader: &Logs,
    search: &Search<'_>,
    (domain, group): (&str, &str),
) -> Result<Vec<(Position, LogLine)>, LogsError> {
    let mut words: Vec<&str> = search.request.into_iter().collect();
    words.extend(search.tenant.as_ref().map(TenantId::as_str));
    if search.level == LogLevel::Error {
        words.push("ERROR");
    }
    let after = search.after.as_ref();
    let begins = after.and_then(|p| Timestamp::from_millisecond(p.0).ok());
    let span = LogSpan {
        group,
        from: begins.unwrap_or(search.from).max(search.from),
        to: search.to,
        words: &words,
    };
    let place = |event: &LogEvent| {
        Position(
            event.at.as_millisecond(),
            domain.to_owned(),
            event.id.clone(),
        )
    };
    let wanted = |event: &LogEvent| {
        after.is_none_or(|after| place(event) > *after) && search.wants(&line(domain, event))
    };
    // One more than the page holds: then there is a next one.
    let found = reader.first(&span, search.limit + 1, PAGES, wanted).await?;
    Ok(found
        .iter()
        .map(|event| (place(event), line(domain, event)))
        .collect())
}

impl Search<'_> {
    fn wants(&self, line: &LogLine) -> bool {
        let tenant = self.tenant.as_ref().map(TenantId::as_str);
        line.level >= self.level
            && tenant.is_none_or(|wanted| line.tenant_id.as_deref() == Some(wanted))
            && self
                .request
                .is_none_or(|wanted| line.request_id.as_deref() == Some(wanted))
    }
}

fn page(mut found: Vec<(Position, LogLine)>, limit: usize, caller: &UserId) -> LogPage {
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    let more = found.len() > limit;
    found.truncate(limit);
    let last = found.last().filter(|_| more).map(|(position, _)| position);
    let next_cursor = last.map(|Position(at, domain, id)| {
        Cursor::after(format!("{at}#{domain}#{id}")).encode(caller, ROUTE)
    });
    LogPage {
        items: found.into_iter().map(|(_, line)| line).collect(),
        next_cursor,
    }
}

fn position(cursor: &str, caller: &UserId) -> Result<Position, Problem> {
    let cursor = Cursor::decode(cursor, caller, ROUTE)?;
    let mut parts = cursor.position().splitn(3, '#');
    let parsed = (|| {
        let at = parts.next()?.parse().ok()?;
        Timestamp::from_millisecond(at).ok()?;
        Some(Position(
            at,
            parts.next()?.to_owned(),
            parts.next()?.to_owned(),
        ))
    })();
    parsed.ok_or_else(Cursor::refused)
}

/// Our functions write JSON objects; what else stands in a log is a message as it is.
fn line(domain: &str, event: &LogEvent) -> LogLine {
    let parsed = serde_json::from_str(event.line.trim_end()).unwrap_or_default();
    let Value::Object(mut fields) = parsed else {
        return LogLine {
            at: event.at,
            domain: domain.to_owned(),
            function: function(&event.stream),
            level: LogLevel::Info,
            message: event.line.trim_end().to_owned(),
            request_id: None,
            tenant_id: None,
            fields: Map::new(),
        };
    };
    fields.remove("timestamp");
    let mut take = |names: &[&str]| {
        let found = names.iter().find_map(|name| match fields.get(*name) {
            Some(Value::String(text)) if !text.is_empty() => Some((*name, text.clone())),
            _ => None,
        });
        let (name, text) = found?;
        fields.remove(name);
        Some(text)
    };
    let level = take(&["level"]).and_then(|text| LogLevel::of(&text));
    // `type` is Lambda's own line about a start or an end; `route` the gateway's about a request.
    let message = take(&["message", "type", "route"]).unwrap_or_default();
    let request_id = take(&["request.id", "requestId"]);
    let tenant_id = take(&["tenant.id"]);
    LogLine {
        at: event.at,
        domain: domain.to_owned(),
        function: function(&event.stream),
        level: level.unwrap_or(LogLevel::Info),
        message,
        request_id,
        tenant_id,
        fields,
    }
}

/// `2026/11/20/outlay-prod-costs-query[$LATEST]0123abcd` of a log group that functions share.
fn function(stream: &str) -> Option<String> {
    let (name, _) = stream.rsplit('/').next()?.split_once('[')?;
    name.splitn(3, '-').nth(2).map(str::to_owned)
}

fn refused(error: LogsError) -> Problem {
    match error {
        LogsError::Service(_) => Problem::unavailable(error),
        LogsError::TooMuch => Problem::new(
            StatusCode::BAD_REQUEST,
            "too-much-to-search",
            "There is too much to search",
            "Bring `from` and `to` closer together, or name a domain.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GROUPS: &str = "auth=/outlay/test/auth,ingest=/outlay/test/ingest";

    fn event(millis: i64, line: &str) -> LogEvent {
        LogEvent {
            at: Timestamp::from_millisecond(millis).unwrap(),
            id: format!("{millis:08}"),
            stream: "2026/11/20/outlay-test-costs-query[$LATEST]ab".into(),
            line: line.into(),
        }
    }

    #[test]
    fn a_line_of_ours_is_taken_apart() {
        let text = r#"{"timestamp":"x","level":"ERROR","message":"request failed","http.status":500,"request.id":"r1","tenant.id":"ten_1","cause":"c"}"#;
        let line = line("costs", &event(5, text));
        assert_eq!(line.level, LogLevel::Error);
        assert_eq!(line.function.as_deref(), Some("costs-query"));
        assert_eq!(
            (line.request_id.as_deref(), line.tenant_id.as_deref()),
            (Some("r1"), Some("ten_1"))
        );
        let fields: Vec<&String> = line.fields.keys().collect();
        assert_eq!(fields, ["cause", "http.status"]);
    }

    #[test]
    fn what_is_no_json_is_a_message() {
        for text in ["INIT_START Runtime", "[1]", "{", "\"x\"", ""] {
            let line = line("auth", &event(5, text));
            assert_eq!((line.message.as_str(), line.level), (text, LogLevel::Info));
        }
        let report = line(
            "auth",
            &event(5, r#"{"type":"platform.report","record":{"a":1}}"#),
        );
        assert_eq!(report.message, "platform.report");
    }

    #[test]
    fn pages_follow_each_other_without_gap_or_repetition() {
        let user = UserId::mint();
        let place = |n: i64| {
            (
                Position(n / 2, "auth".into(), format!("{n:04}")),
                line("auth", &event(n / 2, &n.to_string())),
            )
        };
        let all: Vec<_> = (0..7).map(place).collect();
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let rest = all
                .iter()
                .filter(|(p, _)| after.as_ref().is_none_or(|a| p > a))
                .cloned();
            let page = page(rest.rev().collect(), 3, &user);
            seen.extend(page.items.into_iter().map(|line| line.message));
            match page.next_cursor {
                Some(cursor) => after = Some(position(&cursor, &user).unwrap()),
                None => break,
            }
        }
        assert_eq!(seen.join(""), "0123456");
        assert!(position(&Cursor::after("x").encode(&user, ROUTE), &user).is_err());
        let other = UserId::mint();
        let foreign = Cursor::after("1#auth#x").encode(&other, ROUTE);
        assert!(position(&foreign, &user).is_err());
    }

    #[test]
    fn a_question_is_checked() {
        let (user, now) = (
            UserId::mint(),
            Timestamp::from_second(1_795_167_000).unwrap(),
        );
        let ask = |query: &str| {
            let params = Params::parse(
                query,
                &[
                    "domain",
                    "level",
                    "tenantId",
                    "requestId",
                    "from",
                    "to",
                    "limit",
                    "cursor",
                ],
            )?;
            search(&params, GROUPS, &user, now).map(|s| s.groups.len())
        };
        assert_eq!(ask("").unwrap(), 2);
        assert_eq!(
            ask("domain=auth&level=warn&from=2026-11-20T00:00:00Z").unwrap(),
            1
        );
        for bad in [
            "domain=x",
            "domain=",
            "level=loud",
            "tenantId=x",
            "requestId=%22",
            "requestId=",
            "from=yesterday",
            "from=2026-11-21T00:00:00Z",
            "from=2026-01-01T00:00:00Z",
            "to=1960-01-01T00:00:00Z",
            "limit=0",
            "limit=501",
            "cursor=x",
            "from=2026-02-30T00:00:00Z",
            "to=9999-12-31T23:59:59Z",
        ] {
            assert_eq!(ask(bad).unwrap_err().status(), 400, "{bad}");
        }
    }
}
