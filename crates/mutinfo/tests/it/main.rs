//! Integration tests: the estimators against analytic truth, independent oracles and invariants.

mod any_column;
mod atoms;
mod bins;
mod columns;
mod discrete;
mod every;
mod everything;
mod fixtures;
mod gaussian;
mod kinds;
mod ksg;
#[allow(dead_code, reason = "the tests use a part of them")]
#[path = "../../examples/experiments/laws.rs"]
mod laws;
mod lnc;
mod mixed;
mod reference;
mod transfer;
