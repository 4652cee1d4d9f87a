//! What the readers of providers' exports share: columns that go by several spellings, and a line
//! of them.

use std::marker::PhantomData;

use jiff::Timestamp;

use crate::{
    amount::Exact,
    cells::Cells,
    dates::DateFormat,
    detect::{canonical, duplicate, header_rejection},
    rejection::{Rejection, quote},
};

/// The columns of a format that are read.
pub(crate) trait SourceColumn: Copy + 'static {
    /// Every column in order, with its spellings; of several in one file the first is read.
    const ALL: &'static [(Self, &'static [&'static str])];

    /// Position in `ALL`.
    fn index(self) -> usize;

    /// The name that the provider documents.
    fn name(self) -> &'static str {
        Self::ALL
            .get(self.index())
            .and_then(|(_, spellings)| spellings.first())
            .copied()
            .unwrap_or_default()
    }
}

/// Declares the columns of a format: `Cost = "costInBillingCurrency" | "cost",`.
macro_rules! source_columns {
    ($(#[$doc:meta])* $kind:ident {
        $($column:ident = $name:literal $(| $other:literal)*,)*
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum $kind { $($column,)* }

        impl $crate::source::SourceColumn for $kind {
            const ALL: &'static [(Self, &'static [&'static str])] =
                &[$((Self::$column, &[$name $(, $other)*]),)*];

            fn index(self) -> usize {
                self as usize
            }
        }
    };
}
pub(crate) use source_columns;

/// Where each column stands in the file; absent columns are null.
#[derive(Debug)]
pub(crate) struct Positions<C> {
    at: Vec<Option<usize>>,
    kind: PhantomData<C>,
}

impl<C: SourceColumn> Positions<C> {
    /// Looks every column up by its canonical name, and demands some.
    pub(crate) fn find(
        header: &[String],
        names: &[String],
        required: &[C],
    ) -> Result<Self, Rejection> {
        let at = C::ALL
            .iter()
            .map(|(_, spellings)| spellings.iter().find_map(|s| position(names, s)))
            .collect();
        let positions = Self {
            at,
            kind: PhantomData,
        };
        for &index in positions.at.iter().flatten() {
            if names.iter().filter(|name| **name == names[index]).count() > 1 {
                return Err(duplicate(&header[index]));
            }
        }
        match required.iter().find(|c| positions.get(**c).is_none()) {
            Some(missing) => Err(no_column(missing.name())),
            None => Ok(positions),
        }
    }

    pub(crate) fn get(&self, column: C) -> Option<usize> {
        self.at.get(column.index()).copied().flatten()
    }

    /// Columns up to the last one that is read.
    pub(crate) fn needed(&self) -> usize {
        self.at.iter().flatten().max().map_or(0, |last| last + 1)
    }

    /// Columns of the header that this table does not know, nor the list of those that are known
    /// to say nothing.
    pub(crate) fn unknown<'h>(
        header: &'h [String],
        names: &'h [String],
        unread: &[&str],
    ) -> impl Iterator<Item = (usize, &'h String)> + use<'h, C> {
        let known: Vec<String> = C::ALL
            .iter()
            .flat_map(|(_, spellings)| spellings.iter())
            .chain(unread)
            .map(|spelling| canonical(spelling))
            .collect();
        header
            .iter()
            .enumerate()
            .filter(move |(index, _)| !known.contains(&names[*index]))
    }
}

/// Where the column of this name stands, whatever its spelling.
pub(crate) fn position(names: &[String], spelling: &str) -> Option<usize> {
    let wanted = canonical(spelling);
    names.iter().position(|name| *name == wanted)
}

fn no_column(name: &str) -> Rejection {
    let detail = format!("The header has no column {name}, and without it a row is no bill");
    header_rejection("missing-column", detail).column(name)
}

/// One row, by the columns of its format.
pub(crate) struct Line<'l, C> {
    pub(crate) cells: &'l Cells<'l>,
    pub(crate) positions: &'l Positions<C>,
}

impl<'l, C: SourceColumn> Line<'l, C> {
    pub(crate) fn text(&self, column: C) -> Option<&'l str> {
        self.cells.get(self.positions.get(column)?)
    }

    pub(crate) fn account(&self, column: C) -> Result<Option<&'l str>, Rejection> {
        match self.positions.get(column) {
            Some(index) => self.cells.account(index),
            None => Ok(None),
        }
    }

    pub(crate) fn amount(&self, column: C) -> Result<Option<Exact>, Rejection> {
        match self.positions.get(column) {
            Some(index) => self.cells.amount(index),
            None => Ok(None),
        }
    }

    pub(crate) fn time(&self, column: C) -> Result<Option<Timestamp>, Rejection> {
        match self.positions.get(column) {
            Some(index) => self.cells.time(index),
            None => Ok(None),
        }
    }

    /// A date in one of the forms that the provider documents, told apart by `form`.
    pub(crate) fn date(
        &self,
        column: C,
        form: impl FnOnce(&str) -> DateFormat,
    ) -> Result<Option<Timestamp>, Rejection> {
        let Some(index) = self.positions.get(column) else {
            return Ok(None);
        };
        let Some(text) = self.cells.get(index) else {
            return Ok(None);
        };
        let form = form(text);
        match form.parse(text) {
            Some(instant) => Ok(Some(instant)),
            None => Err(bad_date(self.cells, index, text, form)),
        }
    }

    /// The value, or a rejection that names the column.
    pub(crate) fn demand<T>(&self, column: C, value: Option<T>) -> Result<T, Rejection> {
        value.ok_or_else(|| {
            let name = self
                .positions
                .get(column)
                .and_then(|index| self.cells.header.get(index))
                .map_or(column.name(), String::as_str);
            missing_value(self.cells, name)
        })
    }
}

/// A row that lacks what it is counted by.
pub(crate) fn missing_value(cells: &Cells, name: &str) -> Rejection {
    let detail = format!("The row has no {name}, and without it it cannot be counted");
    Rejection::new("missing-value", detail)
        .at(cells.place)
        .column(name)
}

/// A cell that is no date in the form of its file.
pub(crate) fn bad_date(cells: &Cells, index: usize, text: &str, form: DateFormat) -> Rejection {
    let detail = format!(
        "{} is not a date between 1970 and 9998 written like {}",
        quote(text),
        form.example()
    );
    cells.reject(index, "bad-date", detail)
}
