//! Which rows of a roll-up count.

use std::ops::Range;

use super::{LoadedRollup, Scan, layout::Layout};
use crate::query::Filter;
use outlay_billing::rollup::Codes;

/// Which rows of a roll-up count. Tests are answered once per value of their column.
pub(super) enum Mask<'r> {
    Constant(bool),
    Values { codes: &'r Codes, pass: Vec<bool> },
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
}

impl<'r> Mask<'r> {
    pub(super) fn of(scan: &Scan<'_>, loaded: &'r LoadedRollup, layout: &Layout<'r>) -> Self {
        let mut parts = Vec::new();
        if let Some(of_day) = &layout.bucket_of_day {
            parts.push(Self::values(
                layout.days,
                of_day.iter().map(Option::is_some).collect(),
            ));
        }
        if let Some(currency) = scan.currency {
            let column = loaded.rollup.currency();
            let pass = column
                .values
                .iter()
                .map(|value| value.as_deref() == Some(currency))
                .collect();
            parts.push(Self::values(&column.codes, pass));
        }
        if let Some(filter) = scan.filter {
            parts.push(Self::of_filter(filter, loaded));
        }
        Self::all(parts)
    }

    fn of_filter(filter: &Filter, loaded: &'r LoadedRollup) -> Self {
        match filter {
            Filter::And { and } => {
                Self::all(and.iter().map(|f| Self::of_filter(f, loaded)).collect())
            }
            Filter::Or { or } => Self::any(or.iter().map(|f| Self::of_filter(f, loaded)).collect()),
            Filter::Not { not } => match Self::of_filter(not, loaded) {
                Self::Constant(value) => Self::Constant(!value),
                other => Self::Not(Box::new(other)),
            },
            Filter::Test(test) => match test.dimension.column_in(&loaded.rollup) {
                Some(column) => {
                    let pass = column
                        .values
                        .iter()
                        .map(|value| test.passes(value.as_deref()));
                    Self::values(&column.codes, pass.collect())
                }
                None => Self::Constant(test.passes(Some(&loaded.period.to_string()))),
            },
        }
    }

    fn values(codes: &'r Codes, pass: Vec<bool>) -> Self {
        match pass.first() {
            None => Self::Constant(false),
            Some(&first) if pass.iter().all(|&p| p == first) => Self::Constant(first),
            Some(_) => Self::Values { codes, pass },
        }
    }

    fn all(mut parts: Vec<Self>) -> Self {
        if parts
            .iter()
            .any(|part| matches!(part, Self::Constant(false)))
        {
            return Self::Constant(false);
        }
        parts.retain(|part| !matches!(part, Self::Constant(true)));
        if parts.is_empty() {
            Self::Constant(true)
        } else {
            Self::All(parts)
        }
    }

    fn any(mut parts: Vec<Self>) -> Self {
        if parts
            .iter()
            .any(|part| matches!(part, Self::Constant(true)))
        {
            return Self::Constant(true);
        }
        parts.retain(|part| !matches!(part, Self::Constant(false)));
        if parts.is_empty() {
            Self::Constant(false)
        } else {
            Self::Any(parts)
        }
    }

    /// The rows of a block that count.
    pub(super) fn select(&self, block: Range<usize>, rows: &mut Vec<usize>) {
        rows.clear();
        if let Self::Constant(true) = self {
            rows.extend(block);
            return;
        }
        let passes = self.passes(&block);
        rows.extend(
            block
                .zip(passes)
                .filter_map(|(row, passes)| passes.then_some(row)),
        );
    }

    fn passes(&self, block: &Range<usize>) -> Vec<bool> {
        match self {
            Self::Constant(value) => vec![*value; block.len()],
            Self::Values { codes, pass } => match codes {
                Codes::U8(codes) => look_up(&codes[block.clone()], pass),
                Codes::U16(codes) => look_up(&codes[block.clone()], pass),
                Codes::U32(codes) => look_up(&codes[block.clone()], pass),
            },
            Self::All(parts) => combine(parts, block, |a, b| a & b),
            Self::Any(parts) => combine(parts, block, |a, b| a | b),
            Self::Not(part) => part
                .passes(block)
                .into_iter()
                .map(|passes| !passes)
                .collect(),
        }
    }
}

fn look_up<C: Copy + Into<u32>>(codes: &[C], pass: &[bool]) -> Vec<bool> {
    codes
        .iter()
        .map(|&code| pass[code.into() as usize])
        .collect()
}

fn combine(parts: &[Mask<'_>], block: &Range<usize>, with: fn(bool, bool) -> bool) -> Vec<bool> {
    let mut parts = parts.iter().map(|part| part.passes(block));
    let mut passes = parts.next().unwrap_or_default();
    for part in parts {
        for (a, b) in passes.iter_mut().zip(part) {
            *a = with(*a, b);
        }
    }
    passes
}
