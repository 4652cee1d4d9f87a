use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

/// Reads an instant as bills write them: RFC 3339, or a date or date and time without zone (UTC).
/// `None` if it is anything else, or outside the years 1970 to 9998 that a billing period can have.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    if let Some(instant) = usual(text.as_bytes()) {
        return Some(instant);
    }
    let text = text.strip_suffix(" UTC").unwrap_or(text);
    // jiff's civil parser ignores an offset, so what has one must never reach it.
    let zoned = text.get(10..)?.contains(['+', '-', 'Z', 'z', '[']);
    let instant = if zoned {
        text.parse().ok()?
    } else {
        let civil: DateTime = text.parse().ok()?;
        civil.to_zoned(TimeZone::UTC).ok()?.timestamp()
    };
    in_range(instant).then_some(instant)
}

/// `2026-11-30T23:00:00Z` and `2026-11-30T23:00:00.000Z`: what nearly every cell is, and a third of
/// the time of the general parser. `None` says nothing: the other one decides.
fn usual(text: &[u8]) -> Option<Timestamp> {
    let (date, rest) = text.split_at_checked(10)?;
    let (time, zone) = rest.split_at_checked(9)?;
    if !matches!(zone, b"Z" | b".000Z") {
        return None;
    }
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *date else {
        return None;
    };
    let [b'T', h1, h2, b':', n1, n2, b':', s1, s2] = *time else {
        return None;
    };
    let year = number([y1, y2])? * 100 + number([y3, y4])?;
    let (month, day) = (number([m1, m2])?, number([d1, d2])?);
    let (hour, minute, second) = (number([h1, h2])?, number([n1, n2])?, number([s1, s2])?);
    // Days up to the 28th need no calendar of months.
    if !(1970..=9998).contains(&year)
        || !(1..=12).contains(&month)
        || !(1..=28).contains(&day)
        || hour > 23
        || minute > 59
        || second > 59
    {
        return None;
    }
    let seconds = days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
    Timestamp::from_second(seconds).ok()
}

fn number([tens, ones]: [u8; 2]) -> Option<i64> {
    let digit = |byte: u8| byte.is_ascii_digit().then(|| i64::from(byte - b'0'));
    Some(digit(tens)? * 10 + digit(ones)?)
}

/// Days from 1970-01-01 in the Gregorian calendar, for years that begin with March.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let leap_days = year / 4 - year / 100 + year / 400;
    year * 365 + leap_days + (month * 153 + 2) / 5 + day - 1 - 719_468
}

pub(crate) fn in_range(instant: Timestamp) -> bool {
    const END_OF_9998: i64 = 253_370_764_799;
    (0..=END_OF_9998).contains(&instant.as_second())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_as_bills_write_them() {
        for (text, expected) in [
            ("2024-09-01 00:00:00", "2024-09-01T00:00:00Z"),
            ("2023-11-04T23:00:00.000Z", "2023-11-04T23:00:00Z"),
            ("2022-07-01 01:00:00.000", "2022-07-01T01:00:00Z"),
            ("2026-05-01T02:00:00+02:00", "2026-05-01T00:00:00Z"),
            (
                "2026-05-01T00:00:00.123456789Z",
                "2026-05-01T00:00:00.123456789Z",
            ),
            ("2026-05-01", "2026-05-01T00:00:00Z"),
            ("2026-05-01 07:00:00 UTC", "2026-05-01T07:00:00Z"),
            ("2026-05-01T00:00Z", "2026-05-01T00:00:00Z"),
            ("2028-02-29T23:59:59Z", "2028-02-29T23:59:59Z"),
            ("2026-10-31T23:00:00.000Z", "2026-10-31T23:00:00Z"),
        ] {
            let instant = parse(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(instant.to_string(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_instant_is_refused() {
        for text in [
            "",
            "10/1/25",
            "2026-05-01T24:00:00Z",
            "2026-13-01",
            "0000-01-01",
            "9999-01-01",
            "1969-12-31T23:59:59Z",
            "2026-05-01T00:00:00+99:00",
            "yesterday",
            "1746057600",
            "2026-05-01T00:00:00[Europe/Berlin]",
            "20260501",
            "éééééééééé",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn the_usual_form_is_read_as_the_general_parser_reads_it(
            seconds in 0..253_370_764_799_i64,
        ) {
            let instant = Timestamp::from_second(seconds).unwrap();
            for text in [instant.to_string(), format!("{instant:.3}")] {
                proptest::prop_assert_eq!(parse(&text), Some(instant));
                if let Some(usual) = usual(text.as_bytes()) {
                    proptest::prop_assert_eq!(usual, instant);
                }
            }
        }
    }
}
