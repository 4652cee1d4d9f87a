//! How the cells of one roll-up are numbered.

use outlay_core::BillingPeriod;

use super::{LoadedRollup, Place, Scan};
use crate::query::Dimension;
use outlay_billing::{
    Rollup,
    rollup::{Codes, to_day},
};

/// How the cells of one roll-up are numbered: a mixed-radix number of bucket, currency and groups.
pub(super) struct Layout<'r> {
    pub(super) buckets: Vec<i32>,
    /// Bucket of each day code; `None` is outside. Absent on the billing axis.
    pub(super) bucket_of_day: Option<Vec<Option<u32>>>,
    /// Each with its stride and number of values.
    digits: Vec<Digit<'r>>,
    pub(super) days: &'r Codes,
    pub(super) currency: &'r [Option<Box<str>>],
    pub(super) groups: Vec<GroupValues<'r>>,
}

struct Digit<'r> {
    codes: &'r Codes,
    /// What each code adds to the number of the cell.
    adds: Vec<u64>,
}

pub(super) enum GroupValues<'r> {
    Column(&'r [Option<Box<str>>]),
    Period(BillingPeriod),
}

impl GroupValues<'_> {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Column(values) => values.len(),
            Self::Period(_) => 1,
        }
    }
}

impl<'r> Layout<'r> {
    /// `None` where no row can be inside.
    pub(super) fn of(scan: &Scan<'_>, loaded: &'r LoadedRollup) -> Option<Self> {
        let rollup = &*loaded.rollup;
        let days = rollup.day_column();
        let (buckets, bucket_of_day) = match scan.place {
            Place::Billing(bucket) => (vec![bucket(to_day(loaded.period.start()))?], None),
            Place::Charge(bucket) => {
                let of_days: Vec<Option<i32>> =
                    days.values.iter().map(|&day| bucket(day)).collect();
                let mut buckets: Vec<i32> = of_days.iter().flatten().copied().collect();
                buckets.dedup();
                let number = |b: i32| u32::try_from(buckets.binary_search(&b).ok()?).ok();
                let of_days = of_days.into_iter().map(|b| b.and_then(number)).collect();
                (buckets, Some(of_days))
            }
        };
        if buckets.is_empty() || rollup.is_empty() {
            return None;
        }
        let mut layout = Self {
            buckets,
            bucket_of_day,
            digits: Vec::new(),
            days: &days.codes,
            currency: &rollup.currency().values,
            groups: Vec::new(),
        };
        layout.number(scan, loaded, rollup)?;
        Some(layout)
    }

    fn number(&mut self, scan: &Scan<'_>, loaded: &LoadedRollup, rollup: &'r Rollup) -> Option<()> {
        let mut stride = 1;
        if let Some(of_day) = self
            .bucket_of_day
            .as_ref()
            .filter(|_| self.buckets.len() > 1)
        {
            let adds = of_day
                .iter()
                .map(|bucket| u64::from(bucket.unwrap_or(0)))
                .collect();
            self.digits.push(Digit {
                codes: self.days,
                adds,
            });
        }
        stride *= self.buckets.len() as u64;
        let mut digit = |digits: &mut Vec<Digit<'r>>, codes, values: u64| -> Option<()> {
            if values > 1 {
                digits.push(Digit {
                    codes,
                    adds: (0..values).map(|code| code * stride).collect(),
                });
            }
            stride = stride.checked_mul(values)?;
            Some(())
        };
        digit(
            &mut self.digits,
            &rollup.currency().codes,
            self.currency.len() as u64,
        )?;
        for group in scan.groups {
            if *group == Dimension::BillingPeriod {
                self.groups.push(GroupValues::Period(loaded.period));
                continue;
            }
            let column = group.column_in(rollup)?;
            digit(&mut self.digits, &column.codes, column.values.len() as u64)?;
            self.groups.push(GroupValues::Column(&column.values));
        }
        Some(())
    }

    pub(super) fn cells(&self) -> u64 {
        let groups: u64 = self.groups.iter().map(|group| group.len() as u64).product();
        self.buckets.len() as u64 * self.currency.len() as u64 * groups
    }

    /// The number of the cell of each row.
    pub(super) fn slots(&self, rows: &[usize], slots: &mut Vec<u64>) {
        slots.clear();
        slots.resize(rows.len(), 0);
        for digit in &self.digits {
            match digit.codes {
                Codes::U8(codes) => add_digit(codes, &digit.adds, rows, slots),
                Codes::U16(codes) => add_digit(codes, &digit.adds, rows, slots),
                Codes::U32(codes) => add_digit(codes, &digit.adds, rows, slots),
            }
        }
    }

    /// Positions of bucket, currency and group values of a cell, by the numbering above.
    pub(super) fn parts(&self, mut cell: u64) -> (usize, usize, [usize; 3]) {
        let mut digit = |values: usize| {
            let code = usize::try_from(cell % values as u64).unwrap_or_default();
            cell /= values as u64;
            code
        };
        let (bucket, currency) = (digit(self.buckets.len()), digit(self.currency.len()));
        let mut group = [0; 3];
        for (part, values) in group.iter_mut().zip(&self.groups) {
            *part = digit(values.len());
        }
        (bucket, currency, group)
    }
}

fn add_digit<C: Copy + Into<u32>>(codes: &[C], adds: &[u64], rows: &[usize], slots: &mut [u64]) {
    for (slot, &row) in slots.iter_mut().zip(rows) {
        *slot += adds[codes[row].into() as usize];
    }
}
