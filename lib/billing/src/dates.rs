//! Dates as exporters write them, each in one stated form.

use jiff::{
    Timestamp,
    civil::{Date, Time},
    tz::TimeZone,
};
use outlay_core::BillingPeriod;
use serde::{Deserialize, Serialize};

use crate::time;

/// How a file writes its dates. A form is chosen for a file, never guessed for a value: `3/4/2026`
/// is one day in America and another in Europe.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateFormat {
    /// `2026-11-30`, `2026-11-30T23:00:00Z`, `2026-11-30 23:00:00`; without a zone it is UTC.
    #[default]
    Iso,
    /// `11/30/2026`, `11/30/26 4:05 PM`: month first, UTC.
    Us,
    /// `30.11.2026`, `30/11/2026 16:05`: day first, UTC.
    Eu,
    /// `20261130`, or `202611` for the first of a month.
    Compact,
    /// Seconds since 1970.
    EpochSeconds,
    /// Milliseconds since 1970.
    EpochMillis,
}

impl DateFormat {
    /// Every form, with one that suits it for messages.
    pub(crate) const ALL: [(Self, &'static str); 6] = [
        (Self::Iso, "2026-11-30 or 2026-11-30T23:00:00Z"),
        (Self::Us, "11/30/2026"),
        (Self::Eu, "30.11.2026"),
        (Self::Compact, "20261130"),
        (Self::EpochSeconds, "1795993200"),
        (Self::EpochMillis, "1795993200000"),
    ];

    /// How a date looks in this form.
    pub(crate) fn example(self) -> &'static str {
        Self::ALL
            .into_iter()
            .find(|(form, _)| *form == self)
            .map_or("", |(_, example)| example)
    }

    /// The instant; `None` if it is not written so, or outside the years 1970 to 9998.
    pub(crate) fn parse(self, text: &str) -> Option<Timestamp> {
        match self {
            Self::Iso => time::parse(text),
            Self::Us => parted(text, |[month, day, year]| [year, month, day]),
            Self::Eu => parted(text, |[day, month, year]| [year, month, day]),
            Self::Compact => compact(text),
            Self::EpochSeconds => Timestamp::from_second(digits(text)?).ok().filter(known),
            Self::EpochMillis => Timestamp::from_millisecond(digits(text)?)
                .ok()
                .filter(known),
        }
    }
}

/// First instant of the month in UTC, and of the next one.
pub(crate) fn month_of(instant: Timestamp) -> Option<(Timestamp, Timestamp)> {
    let period = BillingPeriod::containing(instant).ok()?;
    let midnight = |day: Date| Some(day.to_zoned(TimeZone::UTC).ok()?.timestamp());
    Some((midnight(period.start())?, midnight(period.end())?))
}

fn known(instant: &Timestamp) -> bool {
    time::in_range(*instant)
}

/// Three numbers parted by slashes, dots or hyphens, and a time of day or none.
fn parted(text: &str, order: fn([&str; 3]) -> [&str; 3]) -> Option<Timestamp> {
    let (date, clock) = match text.find([' ', 'T']) {
        Some(at) => (&text[..at], Some(text[at + 1..].trim())),
        None => (text, None),
    };
    let mark = date.chars().find(|c| matches!(c, '/' | '.' | '-'))?;
    let mut parts = date.split(mark);
    let three = [parts.next()?, parts.next()?, parts.next()?];
    if parts.next().is_some() {
        return None;
    }
    let [year, month, day] = order(three);
    let year = match year.len() {
        // Bills are of this century.
        2 => 2000 + number(year)?,
        4 => number(year)?,
        _ => return None,
    };
    let day = Date::new(year, short(month)?, short(day)?).ok()?;
    let clock = clock.map_or(Some(Time::midnight()), time_of_day)?;
    at(day, clock)
}

/// `16:05`, `16:05:00`, `4:05 PM`.
fn time_of_day(text: &str) -> Option<Time> {
    let (clock, afternoon) = match text.rsplit_once(' ') {
        Some((clock, "AM" | "am")) => (clock, Some(false)),
        Some((clock, "PM" | "pm")) => (clock, Some(true)),
        Some(_) => return None,
        None => (text.strip_suffix('Z').unwrap_or(text), None),
    };
    let mut parts = clock.split(':');
    let hour = short(parts.next()?)?;
    let minute = short(parts.next()?)?;
    let second = parts.next().map_or(Some(0), short)?;
    if parts.next().is_some() {
        return None;
    }
    let hour = match (afternoon, hour) {
        (Some(_), 0 | 13..) => return None,
        (Some(false), 12) => 0,
        (Some(true), 1..=11) => hour + 12,
        _ => hour,
    };
    Time::new(hour, minute, second, 0).ok()
}

fn compact(text: &str) -> Option<Timestamp> {
    let day = match text.len() {
        6 => "01",
        8 => text.get(6..)?,
        _ => return None,
    };
    let (year, month) = (text.get(..4)?, text.get(4..6)?);
    let day = Date::new(number(year)?, short(month)?, short(day)?).ok()?;
    at(day, Time::midnight())
}

fn at(day: Date, clock: Time) -> Option<Timestamp> {
    let zoned = day.to_datetime(clock).to_zoned(TimeZone::UTC).ok()?;
    Some(zoned.timestamp()).filter(known)
}

/// One or two digits.
fn short(text: &str) -> Option<i8> {
    let two = text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit());
    two.then(|| text.parse().ok())?
}

fn number(text: &str) -> Option<i16> {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok())?
}

fn digits(text: &str) -> Option<i64> {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_reads_its_own() {
        for (form, text, expected) in [
            (DateFormat::Us, "09/02/2023", "2023-09-02T00:00:00Z"),
            (DateFormat::Us, "9/2/2023", "2023-09-02T00:00:00Z"),
            (DateFormat::Us, "10/1/25", "2025-10-01T00:00:00Z"),
            (
                DateFormat::Us,
                "9/2/2023 12:00:00 AM",
                "2023-09-02T00:00:00Z",
            ),
            (DateFormat::Us, "9/2/2023 4:05 PM", "2023-09-02T16:05:00Z"),
            (
                DateFormat::Us,
                "09/02/2023 00:00:00",
                "2023-09-02T00:00:00Z",
            ),
            (
                DateFormat::Us,
                "09/02/2023T00:00:00Z",
                "2023-09-02T00:00:00Z",
            ),
            (DateFormat::Eu, "2.9.2023", "2023-09-02T00:00:00Z"),
            (DateFormat::Eu, "02/09/2023 16:05", "2023-09-02T16:05:00Z"),
            (DateFormat::Compact, "20230902", "2023-09-02T00:00:00Z"),
            (DateFormat::Compact, "202309", "2023-09-01T00:00:00Z"),
            (
                DateFormat::EpochSeconds,
                "1693612800",
                "2023-09-02T00:00:00Z",
            ),
            (
                DateFormat::EpochMillis,
                "1693612800000",
                "2023-09-02T00:00:00Z",
            ),
            (DateFormat::Iso, "2023-09-02", "2023-09-02T00:00:00Z"),
        ] {
            let instant = form.parse(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(instant.to_string(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_written_otherwise_is_refused() {
        for (form, text) in [
            (DateFormat::Us, "30/11/2026"),
            (DateFormat::Us, "2026-11-30"),
            (DateFormat::Us, "11/30"),
            (DateFormat::Us, "11/30/2026/1"),
            (DateFormat::Us, "1/1/202"),
            (DateFormat::Us, "1/1/2026 13:00 PM"),
            (DateFormat::Us, "1/1/2026 noon"),
            (DateFormat::Us, "1/1/1969"),
            (DateFormat::Us, "1/1/9999"),
            (DateFormat::Us, "+1/1/2026"),
            (DateFormat::Us, "é/1/2026"),
            (DateFormat::Eu, "11/30/2026"),
            (DateFormat::Compact, "2026-11"),
            (DateFormat::Compact, "20261301"),
            (DateFormat::Compact, "ééé"),
            (DateFormat::EpochSeconds, "-5"),
            (DateFormat::EpochSeconds, "1e9"),
            (DateFormat::EpochSeconds, ""),
            (DateFormat::EpochMillis, "99999999999999999999"),
            (DateFormat::Iso, "11/30/2026"),
        ] {
            assert_eq!(form.parse(text), None, "{text}");
        }
    }

    #[test]
    fn examples_suit_their_form() {
        for (form, example) in DateFormat::ALL {
            let first = example.split(" or ").next().unwrap();
            assert!(form.parse(first).is_some(), "{example}");
            assert_eq!(form.example(), example);
        }
    }
}
