#![deny(unsafe_code)]
//! Mutual information: exact, fast estimators that are honest about units, bias and uncertainty.
//!
//! The modules follow one sample on its way to a number:
//!
//! | step | module |
//! |---|---|
//! | data with a known answer | [`sample`], [`family`] |
//! | what an estimator takes | [`variable`] |
//! | cut a range into bins | [`bins`] |
//! | count | [`contingency`], [`histogram`], [`counts`] |
//! | counts to probabilities | [`pmf`] |
//! | the bias of counting | [`correction`] |
//! | information from counts | [`discrete`], [`binned`], [`clustering`] |
//! | comparable columns | [`scaling`] |
//! | information from neighbours' distances | [`ksg`], [`mixed`], [`lnc`] |
//! | information from covariances | [`gaussian`] |
//! | information that flows between series | [`transfer`] |
//! | the estimate to report | [`recommended`] |
//! | how sure? | [`interval`] |
//! | more than chance? | [`significance`] |
//! | all three in one | [`measure`](mod@measure) |
//! | one way to call them all | [`estimator`] |
//! | which one to call | [`choosing`] |
//! | how far an estimator is off | [`experiment`] |
//! | bits and nats | [`units`] |
//! | long work: watched, stopped, spread over threads | [`progress`], [`mod@threads`] |
//! | what can go wrong | [`error`] |
//!
//! The crate computes in nats; `.to_bits()` converts. The two are types that do not mix.
//!
//! ```
//! use mutinfo::prelude::*;
//!
//! let data = Sample::coupled_normals(200, 1.0, 42)?;
//! let estimate: Nats = Ksg1::default().estimate(&data.x, &data.y)?;
//! println!("{:.3}, exactly {:.3}", estimate.to_bits(), data.exact.to_bits());
//! # Ok::<(), mutinfo::Error>(())
//! ```

pub mod binned;
pub mod bins;
pub mod choosing;
pub mod clustering;
pub mod contingency;
pub mod correction;
pub mod counts;
pub mod discrete;
pub mod error;
pub mod estimator;
pub mod experiment;
pub mod family;
pub mod gaussian;
pub mod histogram;
pub mod interval;
pub mod ksg;
mod linear;
pub mod lnc;
pub mod matrix;
pub mod measure;
pub mod mixed;
mod neighbours;
mod nsb;
mod plane;
pub mod pmf;
pub mod prelude;
pub mod progress;
mod quadrature;
pub mod recommended;
pub mod sample;
pub mod scaling;
pub mod significance;
mod simd;
pub mod threads;
pub mod transfer;
pub mod units;
pub mod variable;

pub use error::{Error, Result};
pub use prelude::*;
pub use threads::{set_threads, threads};
