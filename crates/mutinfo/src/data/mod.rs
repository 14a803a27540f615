//! What an estimator takes: numbers or labels, checked once, and comparable columns.

pub(crate) mod check;
pub mod columns;
pub mod labels;
pub mod scaling;
pub mod variable;
pub(crate) mod varying;
