use std::{fmt, str::FromStr};

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

/// A text that is not a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a billing period as YYYY-MM, from 1970-01 to 9998-12")]
pub struct PeriodError;

/// A calendar month in UTC, written `2026-11`: the unit in which bills are replaced.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BillingPeriod(Date);

impl BillingPeriod {
    /// The month that holds this day.
    pub fn of(day: Date) -> Result<Self, PeriodError> {
        if (1970..=9998).contains(&day.year()) {
            Ok(Self(day.first_of_month()))
        } else {
            Err(PeriodError)
        }
    }

    /// The month that holds this instant, in UTC.
    pub fn containing(instant: Timestamp) -> Result<Self, PeriodError> {
        Self::of(instant.to_zoned(TimeZone::UTC).date())
    }

    /// First day of the month.
    pub fn start(self) -> Date {
        self.0
    }

    /// First day of the next month: periods are half-open, `[start, end)`.
    pub fn end(self) -> Date {
        self.0.saturating_add(1.month())
    }

    /// The month before, at the earliest 1970-01.
    #[must_use]
    pub fn previous(self) -> Self {
        Self::of(self.0.saturating_sub(1.month())).unwrap_or(self)
    }
}

impl FromStr for BillingPeriod {
    type Err = PeriodError;
    fn from_str(text: &str) -> Result<Self, PeriodError> {
        let (year, month) = text.split_once('-').ok_or(PeriodError)?;
        let digits = |s: &str, n| s.len() == n && s.bytes().all(|b| b.is_ascii_digit());
        if !digits(year, 4) || !digits(month, 2) {
            return Err(PeriodError);
        }
        let year = year.parse().map_err(|_| PeriodError)?;
        let month = month.parse().map_err(|_| PeriodError)?;
        Date::new(year, month, 1)
            .map_err(|_| PeriodError)
            .and_then(Self::of)
    }
}

impl TryFrom<String> for BillingPeriod {
    type Error = PeriodError;
    fn try_from(text: String) -> Result<Self, PeriodError> {
        text.parse()
    }
}

impl From<BillingPeriod> for String {
    fn from(period: BillingPeriod) -> Self {
        period.to_string()
    }
}

impl fmt::Display for BillingPeriod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0.year(), self.0.month())
    }
}

impl fmt::Debug for BillingPeriod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_half_open_and_chain_over_the_year() {
        let december: BillingPeriod = "2026-12".parse().unwrap();
        assert_eq!(december.end().to_string(), "2027-01-01");
        assert_eq!(
            BillingPeriod::of(december.end()).unwrap().previous(),
            december
        );
    }

    #[test]
    fn only_months_are_periods() {
        for bad in [
            "2026-13",
            "2026-00",
            "2026-1",
            "26-01",
            "2026-01-01",
            "+026-01",
            "9999-12",
            "",
        ] {
            assert!(bad.parse::<BillingPeriod>().is_err(), "{bad}");
        }
    }

    #[test]
    fn the_last_instant_of_a_month_is_inside_it() {
        let instant: Timestamp = "2026-01-31T23:59:59.999Z".parse().unwrap();
        assert_eq!(
            BillingPeriod::containing(instant).unwrap().to_string(),
            "2026-01"
        );
    }
}
