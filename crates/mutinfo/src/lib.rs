//! Mutual information.
