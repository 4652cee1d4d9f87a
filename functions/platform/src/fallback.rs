//! What no route of this API answers.

pub use outlay_runtime::fallback as handler;
