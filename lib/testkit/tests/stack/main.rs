//! Drives the running local stack over HTTP, S3 and SQS as users and customers do:
//! `cargo xtask up --detach`, then `cargo nextest run --profile stack -p outlay-testkit`.
//!
//! One binary, a module per subject. Every test makes its own tenant, so they run side by side.

mod accounts;
mod answers;
mod audit;
mod bad_inputs;
mod bills;
mod broken;
mod conflicts;
mod demo;
mod deployed;
mod formats;
mod global_owner;
mod ingestion;
mod isolation;
mod limits;
mod offboarding;
mod operations;
mod outside;
mod own_account;
mod pages;
mod passwords;
mod people;
mod platform;
mod policy;
mod programs;
mod proof;
mod raw;
mod real_files;
mod root;
mod sessions;
mod support;
mod tables;
mod telemetry;
mod terms;
