//! The platform itself: health, and the answer to unknown paths.
