//! Integration tests: the estimators against analytic truth, independent oracles and invariants.

mod any_column;
mod bins;
mod discrete;
mod every;
mod fixtures;
mod gaussian;
mod kinds;
mod ksg;
mod lnc;
mod mixed;
mod reference;
mod transfer;
