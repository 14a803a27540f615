//! Information from the distances of nearest neighbours.

pub mod ksg;
pub mod lnc;
pub mod mixed;
