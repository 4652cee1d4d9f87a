use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

/// Reads an instant as bills write them: RFC 3339, or a date or date and time without zone (UTC).
/// `None` if it is anything else, or outside the years 1970 to 9998 that a billing period can have.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
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

fn in_range(instant: Timestamp) -> bool {
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
}
