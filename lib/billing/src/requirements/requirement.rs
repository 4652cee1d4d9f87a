//! One requirement: what it wants of a column, and in which rows.

use super::{Pattern, facts::Fact};
use crate::{
    columns::{AmountColumn, Column, TextColumn, TimeColumn},
    rejection::quote,
    row::FocusRow,
};

/// A requirement of the specification.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Requirement {
    /// As the specification names it.
    pub(crate) id: &'static str,
    pub(crate) column: Column,
    pub(crate) wants: Wants,
    /// In rows to which one of these applies.
    pub(crate) when: &'static [When],
}

/// What a requirement wants of its column.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Wants {
    Null,
    Value,
    /// This fact must not hold.
    Not(Fact),
}

/// Which rows: all conditions must be met.
#[derive(Debug, Clone, Copy)]
pub(crate) struct When {
    /// One of these facts holds; none given: no condition.
    any: u64,
    none: u64,
    filled: u128,
    null: u128,
}

/// Every row.
pub(super) const ALWAYS: When = When {
    any: 0,
    none: 0,
    filled: 0,
    null: 0,
};

/// Rows of which one of these facts holds.
pub(super) const fn any(facts: &[Fact]) -> When {
    When {
        any: bits(facts),
        ..ALWAYS
    }
}

const fn bits(facts: &[Fact]) -> u64 {
    let (mut bits, mut at) = (0, 0);
    while at < facts.len() {
        bits |= facts[at].bit();
        at += 1;
    }
    bits
}

impl When {
    /// And this fact does not hold.
    pub(super) const fn unless(mut self, fact: Fact) -> Self {
        self.none |= fact.bit();
        self
    }

    /// And the column holds a value.
    pub(super) const fn with(mut self, column: Column) -> Self {
        self.filled |= column.bit();
        self
    }

    /// And the column is null.
    pub(super) const fn without(mut self, column: Column) -> Self {
        self.null |= column.bit();
        self
    }

    /// The columns it looks at.
    pub(super) const fn columns(self) -> u128 {
        self.filled | self.null
    }

    fn holds(self, Pattern { filled, facts }: Pattern) -> bool {
        (self.any == 0 || facts & self.any != 0)
            && facts & self.none == 0
            && filled & self.filled == self.filled
            && filled & self.null == 0
    }

    /// In words; nothing for every row.
    fn words(self) -> String {
        let any = Fact::in_words(self.any);
        let conditions = any
            .map(|(column, values)| format!("{column} is {}", values.join(" or ")))
            .into_iter()
            .chain(
                Fact::in_words(self.none)
                    .map(|(column, values)| format!("{column} is not {}", values.join(" or "))),
            )
            .chain(named(self.filled).map(|name| format!("{name} has a value")))
            .chain(named(self.null).map(|name| format!("{name} is null")));
        conditions.collect::<Vec<_>>().join(" and ")
    }
}

fn named(columns: u128) -> impl Iterator<Item = &'static str> {
    Column::ALL
        .into_iter()
        .filter(move |column| column.bit() & columns != 0)
        .map(Column::name)
}

impl Requirement {
    pub(super) fn is_violated(&self, pattern: Pattern) -> bool {
        let filled = pattern.filled & self.column.bit() != 0;
        let broken = match self.wants {
            Wants::Null => filled,
            Wants::Value => !filled,
            Wants::Not(fact) => pattern.facts & fact.bit() != 0,
        };
        broken && self.when.iter().any(|when| when.holds(pattern))
    }

    /// Says what is wrong with a row that violates it.
    pub(super) fn explain(&self, row: &FocusRow) -> String {
        let name = self.column.name();
        let value = shown(row, self.column);
        match self.wants {
            Wants::Null => format!("{name} is {value}; FOCUS wants null{}", self.place()),
            Wants::Value => format!("{name} is null; FOCUS wants a value{}", self.place()),
            Wants::Not(fact) => format!("{value} {}", fact.says()),
        }
    }

    fn place(&self) -> String {
        let cases: Vec<String> = self.when.iter().map(|when| when.words()).collect();
        match cases.join(", or ") {
            words if words.is_empty() => words,
            words => format!(" where {words}"),
        }
    }
}

fn shown(row: &FocusRow, column: Column) -> String {
    let value = match column {
        Column::Text(text) => row.text(text).map(quote),
        Column::Amount(amount) => row.amount(amount).map(|a| a.to_string()),
        Column::Time(time) => row.time(time).map(|t| t.to_string()),
        Column::Tags => None,
    };
    value.unwrap_or_else(|| "null".into())
}

pub(super) const fn text(column: TextColumn) -> Column {
    Column::Text(column)
}

pub(super) const fn amount(column: AmountColumn) -> Column {
    Column::Amount(column)
}

pub(super) const fn time(column: TimeColumn) -> Column {
    Column::Time(column)
}
