//! What the stages tell each other and what people are mailed.
