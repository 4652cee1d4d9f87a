use jiff::Timestamp;

/// Where the time comes from. A plain function, so that tests pass their own.
pub type Clock = fn() -> Timestamp;

/// The system clock, UTC.
pub fn now() -> Timestamp {
    Timestamp::now()
}
