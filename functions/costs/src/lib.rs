//! Costs: answers from the roll-ups.
