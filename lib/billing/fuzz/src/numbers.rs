use outlay_billing::{AmountColumn, FocusRow, Input, Rejection, TimeColumn};
use outlay_core::{Decimal, MoneyError, money::Residue};

use super::{oracle, reading::read_input};

/// One number, or two with a space between them.
pub fn decimal(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Some((one, other)) = text.split_once(' ') {
        sum(one, other);
    } else {
        one(&text);
        cell(&text);
    }
}

/// Stored + residue = source; rounded half to even; printed and read again the same.
fn one(text: &str) {
    let expected = oracle::number(text);
    match (Decimal::parse(text.as_bytes()), expected) {
        (Ok((value, residue)), Some(source)) => {
            let printed = value.to_string();
            let rest = oracle::number(&residue.to_string()).expect("a residue is a number");
            assert_eq!(oracle::number(&printed), Some(&source - &rest), "{text}");
            let half = oracle::units(5, 19);
            assert!(-&half <= rest && rest <= half, "{text}: {residue}");
            if rest == half || rest == -half {
                assert_eq!(value.units() % 2, 0, "{text}: a tie goes to the even digit");
            }
            assert_eq!(
                Decimal::parse(printed.as_bytes()),
                Ok((value, Residue::ZERO))
            );
            assert_eq!(residue.to_string().parse(), Ok(residue));
        }
        (Ok((value, _)), None) => panic!("{text:?} was read as {value}"),
        (Err(MoneyError::Overflow), Some(source)) => {
            let most = oracle::units(10_i128.pow(38), 18) - oracle::units(5, 19);
            assert!(source >= most || source <= -most, "{text} fits");
        }
        (Err(MoneyError::TooPrecise), Some(source)) => {
            let digits = oracle::units(1, 36);
            let fraction = text.split_once('.').map_or(0, |(_, rest)| rest.len());
            assert!(
                source % digits != 0.into() || fraction > 36,
                "{text} is exact"
            );
        }
        // Signs and points that stand alone are refused, and a few odd spellings.
        (Err(error), Some(_)) => {
            let plain = |c: char| c.is_ascii_digit() || matches!(c, '-' | '.');
            let odd =
                !text.chars().all(plain) || text.starts_with(['.', '+']) || text.ends_with('.');
            assert!(odd || text.starts_with("-."), "{text}: {error:?}");
        }
        (Err(_), None) => {}
    }
}

/// Sums and differences are exact, or beyond the range.
fn sum(one: &str, other: &str) {
    let parse = |text: &str| Decimal::parse(text.as_bytes()).ok().map(|(value, _)| value);
    let (Some(one), Some(other)) = (parse(one), parse(other)) else {
        return;
    };
    for (result, units) in [
        (
            one.checked_add(other),
            one.units().checked_add(other.units()),
        ),
        (
            one.checked_sub(other),
            one.units().checked_sub(other.units()),
        ),
    ] {
        assert_eq!(result, units.and_then(Decimal::from_units));
    }
}

/// The cell of a bill is read as the number alone is.
fn cell(text: &str) {
    if text.contains('\0') {
        return;
    }
    let mut found = None;
    let read = focus("ListCost", text, &mut |row| {
        let cost = AmountColumn::ListCost;
        found = Some((row.amount(cost), row.residue(cost)));
    });
    let null = matches!(text, "" | "NULL" | "null");
    match (read, Decimal::parse(text.as_bytes())) {
        (Ok(()), Ok((value, residue))) => assert_eq!(found, Some((Some(value), residue))),
        (Ok(()), Err(_)) => assert!(null && found == Some((None, Residue::ZERO)), "{text:?}"),
        (Err(rejection), parsed) => {
            assert!(parsed.is_err() && !null, "{text:?}: {rejection:?}");
            assert_eq!(rejection.column.as_deref(), Some("ListCost"));
        }
    }
}

/// An instant in a cell: what is accepted prints and reads again the same, and the usual spellings
/// mean what the calendar says.
pub fn date(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if text.contains('\0') || matches!(&*text, "" | "NULL" | "null") {
        return;
    }
    let read = |text: &str| {
        let mut found = None;
        focus("ChargePeriodEnd", text, &mut |row| {
            found = row.time(TimeColumn::ChargePeriodEnd);
        })
        .map(|()| found.expect("accepted, so it is there"))
    };
    let found = read(&text);
    if let Some(expected) = usual(&text) {
        let nanoseconds = found.as_ref().ok().map(|instant| instant.as_nanosecond());
        assert_eq!(nanoseconds, expected, "{text}: {found:?}");
    }
    if let Ok(instant) = found {
        assert!(
            (0..253_370_764_800).contains(&instant.as_second()),
            "{text}"
        );
        assert_eq!(read(&instant.to_string()), Ok(instant), "{text}");
    }
}

/// `2026-05-01`, `2026-05-01 07:00:00`, with T, Z and a fraction: the nanosecond it means, or that
/// there is no such time. `None`: spelled otherwise.
#[expect(
    clippy::option_option,
    reason = "no such time is not the same as another spelling"
)]
fn usual(text: &str) -> Option<Option<i128>> {
    let bytes = text.strip_suffix('Z').unwrap_or(text).as_bytes();
    let zoned = bytes.len() < text.len();
    let digits = |range: std::ops::Range<usize>| -> Option<i64> {
        let part = bytes.get(range)?;
        let plain = part.iter().all(u8::is_ascii_digit);
        plain.then(|| part.iter().fold(0, |n, b| n * 10 + i64::from(b - b'0')))
    };
    let is = |at: usize, wanted: &[u8]| bytes.get(at).is_some_and(|byte| wanted.contains(byte));
    let (year, month, day) = (digits(0..4)?, digits(5..7)?, digits(8..10)?);
    if !is(4, b"-") || !is(7, b"-") {
        return None;
    }
    let (mut seconds, mut nanoseconds) = (0, 0);
    let mut clock = true;
    if bytes.len() > 10 {
        let (hour, minute, second) = (digits(11..13)?, digits(14..16)?, digits(17..19)?);
        if !is(10, b"T ") || !is(13, b":") || !is(16, b":") || second == 60 {
            return None;
        }
        clock = hour < 24 && minute < 60 && second < 60;
        seconds = hour * 3_600 + minute * 60 + second;
        if bytes.len() > 19 {
            let count = bytes.len() - 20;
            if !is(19, b".") || !(1..=9).contains(&count) {
                return None;
            }
            let scale = 10_i64.pow(9 - u32::try_from(count).ok()?);
            nanoseconds = digits(20..bytes.len())? * scale;
        }
    } else if zoned {
        return None;
    }
    let valid = clock && (1970..=9998).contains(&year) && day >= 1 && day <= days(year, month);
    let instant = || {
        let second = i128::from(days_before(year, month) + day - 1) * 86_400 + i128::from(seconds);
        second * 1_000_000_000 + i128::from(nanoseconds)
    };
    Some(valid.then(instant))
}

fn days(year: i64, month: i64) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => 0,
    }
}

/// Days from 1970-01-01 to the first of a month.
fn days_before(year: i64, month: i64) -> i64 {
    let years = year - 1;
    let until_year = years * 365 + years / 4 - years / 100 + years / 400 - 719_162;
    until_year + (1..month).map(|month| days(year, month)).sum::<i64>()
}

/// One row of FOCUS with one more cell.
fn focus(column: &str, cell: &str, each: &mut dyn FnMut(&FocusRow)) -> Result<(), Rejection> {
    let cell = cell.replace('"', "\"\"");
    let file = format!(
        "BilledCost,BillingCurrency,BillingPeriodStart,ChargePeriodStart,{column}\n\
         1,USD,2026-10-01,2026-10-02,\"{cell}\"\n"
    );
    read_input(Input::Stream(Box::new(file.as_bytes())), each).map(|_| ())
}
