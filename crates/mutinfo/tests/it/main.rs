//! Integration tests: the estimators against analytic truth, independent oracles and invariants.

mod bins;
mod discrete;
mod fixtures;
mod ksg;
mod reference;
