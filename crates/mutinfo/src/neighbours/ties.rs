//! [`Ties`]: what an estimator from distances does with equal values.

use std::cmp::Ordering;

use ndarray::ArrayView2;

use crate::error::{Error, Result};

/// What to do where a point and its k nearest neighbours are all the same point, so that the
/// distance to the k-th is 0. The theory assumes that this has probability 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ties {
    /// Return [`Error::Ties`].
    #[default]
    Refuse,
    /// Count the points at distance 0 as near, as scikit-learn does. [`Ksg2`](crate::Ksg2) takes a
    /// variable in which a point and its neighbours are all at one place as a label there.
    Include,
    /// Count what the paper's formula says: for [`Ksg1`](crate::Ksg1) points nearer than 0, so none;
    /// for [`Ksg2`](crate::Ksg2) points no farther than 0.
    Formula,
}

/// An error where less than half of the values are different ones.
pub(super) fn check_distinct(
    argument: &'static str,
    distinct: usize,
    samples: usize,
    method: &'static str,
) -> Result<()> {
    if 2 * distinct < samples {
        return Err(Error::RepeatedValues {
            argument,
            column: None,
            distinct,
            samples,
            method,
        });
    }
    Ok(())
}

/// How many rows differ from all others, or stand for those that are equal.
pub(super) fn distinct_rows(variable: ArrayView2<'_, f64>) -> usize {
    let mut order: Vec<usize> = (0..variable.nrows()).collect();
    // −0 and 0 are the same value.
    let by_values = |&a: &usize, &b: &usize| {
        let pairs = variable.row(a).into_iter().zip(variable.row(b));
        pairs
            .map(|(a, b)| (a + 0.0).total_cmp(&(b + 0.0)))
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    };
    order.sort_unstable_by(by_values);
    let runs = order.chunk_by(|a, b| by_values(a, b).is_eq());
    runs.count()
}
