//! Availability of a month, computed from the log of downtimes. Whole seconds and integers: no rounding up.

use jiff::{Timestamp, ToSpan, tz::TimeZone};
use outlay_core::BillingPeriod;
use outlay_store::Downtime;
use serde::Serialize;
use utoipa::ToSchema;

use crate::config::percent;

/// How a service did in a month.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ServiceMonth)]
pub struct ServiceMonth {
    /// Which service.
    pub service: String,
    /// The month.
    #[schema(value_type = String, example = "2026-11")]
    pub month: BillingPeriod,
    /// Seconds of the month for which it was watched so far.
    pub watched_seconds: i64,
    /// Seconds of them for which it was down.
    pub down_seconds: i64,
    /// The share of the time for which it was up, in percent, rounded down; null where it was not watched.
    #[schema(required, example = "99.953")]
    pub availability: Option<String>,
    /// Whether that is at least what is promised.
    pub kept: bool,
}

/// How a service, watched since `first_seen`, did in a month until now.
pub(crate) fn month(
    service: &str,
    month: BillingPeriod,
    first_seen: Timestamp,
    downtimes: &[Downtime],
    target: u32,
    now: Timestamp,
) -> ServiceMonth {
    let (start, end) = bounds(month).unwrap_or((now, now));
    let (from, to) = (start.max(first_seen), end.min(now));
    let watched = seconds(from, to);
    let down: i64 = downtimes
        .iter()
        .filter(|d| d.service == service && d.month == month)
        .map(|d| seconds(d.began_at.max(from), d.ended_at.unwrap_or(to).min(to)))
        .sum();
    let down = down.min(watched);
    let share = (watched > 0).then(|| (watched - down) * 100_000 / watched);
    let share = share.and_then(|share| u32::try_from(share).ok());
    ServiceMonth {
        service: service.to_owned(),
        month,
        watched_seconds: watched,
        down_seconds: down,
        availability: share.map(percent),
        kept: share.is_none_or(|share| share >= target),
    }
}

/// The first instant of a month, and the one after its last.
fn bounds(month: BillingPeriod) -> Option<(Timestamp, Timestamp)> {
    let start = month.start();
    let end = start.checked_add(1.month()).ok()?;
    let instant = |day: jiff::civil::Date| Some(day.to_zoned(TimeZone::UTC).ok()?.timestamp());
    Some((instant(start)?, instant(end)?))
}

fn seconds(from: Timestamp, to: Timestamp) -> i64 {
    to.duration_since(from).as_secs().max(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn down(began: &str, ended: Option<&str>) -> Downtime {
        Downtime {
            service: "w".into(),
            month: "2026-11".parse().unwrap(),
            began_at: at(began),
            ended_at: ended.map(at),
        }
    }

    fn november(first_seen: &str, downtimes: &[Downtime], now: &str) -> ServiceMonth {
        month(
            "w",
            "2026-11".parse().unwrap(),
            at(first_seen),
            downtimes,
            99_900,
            at(now),
        )
    }

    #[test]
    fn a_whole_month_with_an_hour_down() {
        let log = [down("2026-11-10T10:00:00Z", Some("2026-11-10T11:00:00Z"))];
        let found = november("2026-01-01T00:00:00Z", &log, "2026-12-24T00:00:00Z");
        assert_eq!(
            (found.watched_seconds, found.down_seconds),
            (2_592_000, 3600)
        );
        assert_eq!(found.availability.as_deref(), Some("99.861"));
        assert!(!found.kept);
    }

    #[test]
    fn a_month_counts_from_when_it_is_watched_until_now() {
        let log = [down("2026-11-20T00:00:00Z", None)];
        let found = november("2026-11-19T00:00:00Z", &log, "2026-11-20T00:00:10Z");
        assert_eq!((found.watched_seconds, found.down_seconds), (86_410, 10));
        assert_eq!(found.availability.as_deref(), Some("99.988"));
        assert!(found.kept);
    }

    #[test]
    fn nothing_is_said_of_a_month_that_was_not_watched() {
        let found = november("2026-12-02T00:00:00Z", &[], "2026-12-24T00:00:00Z");
        assert_eq!((found.watched_seconds, found.availability), (0, None));
        let future = november("2026-01-01T00:00:00Z", &[], "2026-10-24T00:00:00Z");
        assert_eq!(future.watched_seconds, 0);
    }

    #[test]
    fn a_second_down_is_never_rounded_away() {
        let log = [down("2026-11-10T10:00:00Z", Some("2026-11-10T10:00:01Z"))];
        let found = november("2026-01-01T00:00:00Z", &log, "2026-12-24T00:00:00Z");
        assert_eq!(found.availability.as_deref(), Some("99.999"));
    }
}
