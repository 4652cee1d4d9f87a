use super::result::{Invariant, InvariantName, InvariantStatus, Violation};
use crate::evidence::{SourceRow, Sum, Tally, half_unit};

/// Comparisons of one invariant, while they are made.
pub(super) struct Findings {
    name: InvariantName,
    checked: u64,
    violation_count: u64,
    violations: Vec<Violation>,
}

/// Violations that are named; the others are counted.
const MOST_VIOLATIONS: usize = 20;

/// Rows that are named per violation.
const MOST_ROWS: usize = 6;

/// AWS writes the costs of a report with ten fractional digits.
const AWS_DIGITS: u8 = 10;

impl Findings {
    pub(super) const fn new(name: InvariantName) -> Self {
        Self {
            name,
            checked: 0,
            violation_count: 0,
            violations: Vec::new(),
        }
    }

    /// Counts a comparison; `violation` is written only where it failed.
    pub(super) fn check(&mut self, holds: bool, violation: impl FnOnce() -> Violation) {
        self.checked += 1;
        if holds {
            return;
        }
        self.violation_count += 1;
        if self.violations.len() < MOST_VIOLATIONS {
            self.violations.push(violation());
        }
    }

    /// Counts comparisons made elsewhere.
    pub(super) const fn add_checked(&mut self, count: u64) {
        self.checked += count;
    }

    /// Counts violations found elsewhere, of which only examples are known.
    pub(super) fn add_violations(
        &mut self,
        count: u64,
        examples: impl IntoIterator<Item = Violation>,
    ) {
        self.violation_count += count;
        let free = MOST_VIOLATIONS - self.violations.len();
        self.violations.extend(examples.into_iter().take(free));
    }

    pub(super) const fn checked(&self) -> u64 {
        self.checked
    }

    pub(super) const fn has_violations(&self) -> bool {
        self.violation_count > 0
    }

    /// Held or broken.
    pub(super) fn finish(self, detail: impl Into<String>) -> Invariant {
        let status = match self.violation_count {
            0 => InvariantStatus::Held,
            _ => InvariantStatus::Broken,
        };
        Invariant {
            name: self.name,
            status,
            checked: self.checked,
            violation_count: self.violation_count,
            violations: self.violations,
            detail: detail.into(),
        }
    }

    pub(super) fn not_checked(self, why: impl Into<String>) -> Invariant {
        Invariant {
            status: InvariantStatus::NotChecked,
            ..self.finish(why)
        }
    }

    /// There were too many keys to hold their sums.
    pub(super) fn beyond_memory(self, keys: &str) -> Invariant {
        self.not_checked(format!("There are more {keys} than 32 MiB hold"))
    }

    pub(super) fn not_applicable(self, why: impl Into<String>) -> Invariant {
        Invariant {
            status: InvariantStatus::NotApplicable,
            ..self.finish(why)
        }
    }
}

/// A sum that is not what it should be.
pub(super) fn sums_differ<'r>(
    key: String,
    currency: &str,
    expected: Sum,
    found: Sum,
    rows: impl IntoIterator<Item = &'r SourceRow>,
) -> Violation {
    Violation {
        key,
        expected: expected.to_string(),
        found: found.to_string(),
        difference: Some(found.minus(expected).to_string()),
        currency: Some(currency.to_owned()),
        rows: rows.into_iter().take(MOST_ROWS).cloned().collect(),
    }
}

/// A number of rows that is not what it should be.
pub(super) fn counts_differ(key: String, expected: u64, found: u64) -> Violation {
    Violation {
        key,
        expected: expected.to_string(),
        found: found.to_string(),
        difference: Some((i128::from(found) - i128::from(expected)).to_string()),
        currency: None,
        rows: Vec::new(),
    }
}

/// By how much, in units of 10^-36, the amounts of these tallies may be off together, each of them
/// rounded at the digits that they have or at AWS's ten, whichever is finer.
pub(super) fn tolerance<'t, const MOST: usize>(
    tallies: impl IntoIterator<Item = &'t Tally<MOST>>,
) -> u128 {
    let (amounts, digits) = tallies
        .into_iter()
        .fold((0_u64, AWS_DIGITS), |(amounts, digits), tally| {
            (amounts.saturating_add(tally.rows), digits.max(tally.digits))
        });
    half_unit(digits).saturating_mul(amounts.into())
}
