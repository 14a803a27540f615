#![deny(unsafe_code)]
//! Mutual information: exact, fast estimators that are honest about units, bias and uncertainty.
//!
//! The modules follow one sample on its way to a number:
//!
//! | step | module |
//! |---|---|
//! | data with a known answer | [`truth`] |
//! | what an estimator takes, in comparable columns | [`data`] |
//! | cut into bins, count, correct for the bias of counting | [`counting`] |
//! | information from neighbours' distances | [`neighbours`] |
//! | information from covariances | [`gaussian`] |
//! | information that flows between series | [`transfer`] |
//! | the estimate to report | [`mod@recommended`] |
//! | how sure? more than chance? | [`inference`] |
//! | all pairs of columns | [`pairwise`] |
//! | one way to call every estimator | [`estimator`] |
//! | which one to call | [`choosing`] |
//! | bits and nats | [`units`] |
//! | long work: progress, cancelling, threads | [`compute`] |
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

pub mod choosing;
pub mod compute;
pub mod counting;
pub mod data;
pub mod error;
pub mod estimator;
pub mod gaussian;
pub mod inference;
pub mod neighbours;
pub mod pairwise;
pub mod prelude;
pub mod recommended;
mod search;
pub mod transfer;
pub mod truth;
pub mod units;

pub use compute::threads::{set_threads, threads, with_threads};
pub use error::{Error, Result};
pub use prelude::*;

/// The code that README.md shows.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub mod readme {}
