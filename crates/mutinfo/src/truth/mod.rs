//! Data whose mutual information is known: a [`Distribution`] draws a [`Sample`], and many of them
//! show an estimator's [`SamplingDistribution`].

pub mod distribution;
pub mod experiment;
pub mod sample;

pub use distribution::{Distribution, Transform};
pub use experiment::SamplingDistribution;
pub use sample::{Sample, Values};
