//! What every estimator checks of its arguments, once, at the edge.

use ndarray::ArrayView2;

use crate::error::{Error, Result};

/// Checks that values are there and finite.
pub(crate) fn check_finite(values: ArrayView2<'_, f64>, argument: &'static str) -> Result<()> {
    if values.is_empty() {
        return Err(Error::Empty { argument });
    }
    check_count(argument, values.nrows())?;
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

/// The most samples of a variable: rows are counted in 32 bits, one of them for the sign.
const MOST_SAMPLES: usize = i32::MAX as usize;

/// Checks that there are not more samples than rows are counted.
pub(crate) fn check_count(argument: &'static str, samples: usize) -> Result<()> {
    if samples > MOST_SAMPLES {
        return Err(Error::TooManyRows {
            argument,
            samples,
            most: MOST_SAMPLES,
        });
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

/// Checks what a parameter must be.
pub(crate) fn require(
    parameter: &'static str,
    value: f64,
    holds: bool,
    requirement: &'static str,
) -> Result<()> {
    if holds {
        Ok(())
    } else {
        Err(Error::Parameter {
            parameter,
            value,
            requirement,
        })
    }
}
