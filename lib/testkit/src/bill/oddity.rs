//! What happens in some companies and not in others.

use super::random::Random;

/// Something that a bill may show and that careless readers get wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Oddity {
    /// Costs of 21 fractional digits. No double holds them.
    FineDigits,
    /// Fees of a savings plan for days of a running month that are still to come.
    FutureFees,
    /// Rows that are the same in all but their line id.
    Duplicates,
    /// Rows that split an instance's cost among pods and tasks.
    SplitRows,
    /// A savings plan, and a reservation, bought and given back within a week.
    Returns,
    /// Refunds of what earlier months invoiced.
    Corrections,
    /// An account gets another name in the middle of history.
    Renames,
    /// `Team` beside `team`, and AWS's own tags.
    TagVariants,
    /// Spot prices and free usage.
    SpotAndFree,
}

/// Company-wide discounts, and how reports show them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Discounts {
    None,
    /// Rows of their own; the report has no net columns.
    Rows,
    /// Net columns, in reports that list discounts as rows also beside them.
    Net {
        /// The agreement covers what is paid for commitments too.
        commitments: bool,
    },
}

/// The habits of one company.
#[derive(Debug, Clone)]
pub(super) struct Habits {
    pub(super) discounts: Discounts,
    /// Months after the epoch in which the discounts begin.
    pub(super) discounts_since: i32,
    oddities: Vec<Oddity>,
}

impl Habits {
    /// Nothing that could spoil a screenshot.
    pub(super) fn calm() -> Self {
        Self {
            discounts: Discounts::Rows,
            discounts_since: 0,
            oddities: vec![Oddity::SpotAndFree],
        }
    }

    /// Each oddity in about half of the companies.
    pub(super) fn awkward(seed: u64) -> Self {
        use Oddity::{
            Corrections, Duplicates, FineDigits, FutureFees, Renames, Returns, SplitRows,
            SpotAndFree, TagVariants,
        };
        const ALL: [Oddity; 8] = [
            FutureFees,
            Duplicates,
            SplitRows,
            Returns,
            Corrections,
            Renames,
            TagVariants,
            SpotAndFree,
        ];
        let mut random = Random::stream(&[seed, 21]);
        let discounts = match random.between(0, 4) {
            0 => Discounts::None,
            1 => Discounts::Rows,
            2 => Discounts::Net { commitments: false },
            _ => Discounts::Net { commitments: true },
        };
        // What is bought before an agreement is not covered by it: where it covers commitments, it
        // has always been there.
        let always = discounts == Discounts::Net { commitments: true } || random.chance(50);
        let begun = i32::try_from(random.between(15, 30)).unwrap_or(0);
        let mut oddities: Vec<Oddity> = ALL.into_iter().filter(|_| random.chance(55)).collect();
        if random.chance(25) {
            oddities.push(FineDigits);
        }
        Self {
            discounts,
            discounts_since: if always { 0 } else { begun },
            oddities,
        }
    }

    pub(super) fn have(&self, oddity: Oddity) -> bool {
        self.oddities.contains(&oddity)
    }

    /// The discounts in a month of this age.
    pub(super) fn discounts(&self, age: i32) -> Discounts {
        if age >= self.discounts_since {
            self.discounts
        } else {
            Discounts::None
        }
    }

    pub(super) fn commitments_are_discounted(&self) -> bool {
        self.discounts == Discounts::Net { commitments: true }
    }
}
