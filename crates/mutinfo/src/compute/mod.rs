//! Threads, progress, vector instructions, sums, exponentials, linear algebra, integrals and special
//! functions.

pub(crate) mod exponential;
pub(crate) mod linear;
pub(crate) mod memory;
pub mod progress;
pub(crate) mod quadrature;
pub(crate) mod simd;
pub(crate) mod special;
pub(crate) mod sum;
pub mod threads;
