//! One truth in every format: what `read_bill` makes of it equals the generator's oracle, to the
//! last digit, and so the formats equal each other. The oracle's arithmetic is its own.

mod deliveries;
mod formats;
mod invariants;
mod reading;
mod truth;
mod versions;
