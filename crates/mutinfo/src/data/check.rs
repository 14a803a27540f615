//! What every estimator checks of its arguments, once, at the edge.

use ndarray::ArrayView2;

use crate::data::variable::Variable;
use crate::error::{Error, Result};

/// Two continuous variables with as many samples.
pub(crate) fn both_continuous<'a>(
    x: &'a Variable<'_>,
    y: &'a Variable<'_>,
    method: &'static str,
) -> Result<[ArrayView2<'a, f64>; 2]> {
    let (x, y) = (x.continuous("x", method)?, y.continuous("y", method)?);
    check_lengths("x", x.nrows(), "y", y.nrows())?;
    Ok([x, y])
}

/// Two or more continuous variables.
pub(crate) fn all_continuous<'a>(
    variables: &'a [Variable<'_>],
    method: &'static str,
) -> Result<Vec<ArrayView2<'a, f64>>> {
    if variables.len() < 2 {
        return Err(Error::TooFewVariables {
            got: variables.len(),
            needed: 2,
        });
    }
    variables
        .iter()
        .map(|variable| variable.continuous("a variable", method))
        .collect()
}

/// Checks that values are there and finite.
pub(crate) fn check_finite(values: ArrayView2<'_, f64>, argument: &'static str) -> Result<()> {
    if values.is_empty() {
        return Err(Error::Empty { argument });
    }
    // Without a way out, the processor checks several at once.
    if values.fold(true, |finite, value| finite & value.is_finite()) {
        return Ok(());
    }
    for ((row, column), &value) in values.indexed_iter() {
        if !value.is_finite() {
            return Err(Error::NotFinite {
                argument,
                row,
                column,
                value,
            });
        }
    }
    Ok(())
}

/// Checks that continuous variables have as many samples, more of them than dimensions, and more
/// than the `k` neighbours asked for.
pub(crate) fn check_samples(variables: &[ArrayView2<'_, f64>], k: usize) -> Result<()> {
    let samples = variables[0].nrows();
    for other in &variables[1..] {
        check_lengths("the first variable", samples, "another", other.nrows())?;
    }
    let dimensions = variables.iter().map(|variable| variable.ncols()).sum();
    if dimensions > samples {
        return Err(Error::TooManyDimensions {
            dimensions,
            samples,
        });
    }
    check_neighbours(samples, k)
}

/// Checks that each sample has `k` others.
pub(crate) fn check_neighbours(samples: usize, k: usize) -> Result<()> {
    if k >= samples {
        return Err(Error::TooManyNeighbours { k, samples });
    }
    Ok(())
}

/// Checks that two variables have as many samples.
pub(crate) fn check_lengths(
    first: &'static str,
    first_len: usize,
    second: &'static str,
    second_len: usize,
) -> Result<()> {
    if first_len != second_len {
        return Err(Error::LengthMismatch {
            first,
            first_len,
            second,
            second_len,
        });
    }
    Ok(())
}
