//! Costs: answers from the roll-ups.

/// The first page.
pub mod dashboard;
/// What costs can be grouped and filtered by.
pub mod dimensions;
/// Any question.
pub mod query;
/// The months.
pub mod trends;

mod selection;
