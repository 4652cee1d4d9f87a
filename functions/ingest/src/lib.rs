//! The pipeline: a file arrives, is transformed, and its bills are committed.
//!
//! Every stage may run twice, late or at the same time as its twin: what it writes is keyed by what
//! it works on, and every change of the table is conditional on what was read.

/// The file of a delivery arrived.
pub mod arrive;
/// The bills of a delivery are checked and switched in.
pub mod commit;
/// A file becomes bills.
pub mod transform;

mod reading;
mod stages;
