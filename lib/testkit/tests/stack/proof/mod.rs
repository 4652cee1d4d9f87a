//! The proof of isolation on the running stack: every operation of the API document, made as everybody who may and
//! everybody who may not. Its entries are in `outlay_testkit::proof::cases`; docs/PROOF.md tells the promises.

mod actors;
mod canary;
mod entries;
mod enumeration;
mod forge;
mod hostile;
mod matrix;
mod missing;
mod parties;
mod root;
mod things;
