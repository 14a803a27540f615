//! Integration tests: the estimators against analytic truth, independent oracles and invariants.

mod fixtures;
