//! Information from the distances of nearest neighbours.
//!
//! The estimators of Kraskov, Stögbauer and Grassberger (2004) look at each point's k nearest
//! neighbours in the joint space, in the maximum norm, and count how many points are as near in x
//! alone and in y alone: the more there are, the less the two variables share.
//!
//! | | for |
//! |---|---|
//! | [`Ksg1`](crate::Ksg1) | numbers and vectors |
//! | [`Ksg2`](crate::Ksg2) | the same: less bias in many dimensions, about 10 % more scatter at small k |
//! | [`Lnc`](crate::Lnc) | numbers of which one nearly follows from the other |
//! | [`MixedKsg`](crate::MixedKsg) | numbers with repeated values |
//! | [`Ross`](crate::Ross) | numbers or vectors against a label |
//!
//! The first two fail in three ways. On *tied* data (integers, rounded numbers, repeated rows)
//! distances of 0 mean nothing: they return [`Error::Ties`](crate::Error::Ties) unless told
//! otherwise with [`Ties`](crate::Ties). On *very strong dependence*, where the law is thin on the
//! scale of the neighbours' distance, they come out too low (at most ψ(N) − ψ(k) ≈ ln(N / k)). In
//! *many dimensions* they are biased towards 0.

pub mod ksg1;
pub mod ksg2;
pub mod lnc;
pub mod mixed;
mod parameters;
pub mod ties;
