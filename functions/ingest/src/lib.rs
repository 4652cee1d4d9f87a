//! The pipeline: arrive, transform, commit.
