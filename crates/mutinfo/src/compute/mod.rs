//! Threads, progress, vector instructions, linear algebra and special functions.

pub(crate) mod linear;
pub mod progress;
pub(crate) mod simd;
pub(crate) mod special;
pub mod threads;
