//! Checks that values can be drawn.

use mutinfo::{Error, Result};

use crate::axis::LARGEST;

/// Checks that there are values and that they can be drawn.
pub fn check(argument: &'static str, values: &[f64]) -> Result<()> {
    if values.is_empty() {
        return Err(Error::Empty { argument });
    }
    for (row, &value) in values.iter().enumerate() {
        if !value.is_finite() {
            return Err(Error::NotFinite {
                argument,
                row,
                column: 0,
                value,
            });
        }
        if value.abs() > LARGEST {
            return Err(Error::Parameter {
                parameter: argument,
                value,
                requirement: "numbers beyond 1e300 cannot be drawn; scale them first",
            });
        }
    }
    Ok(())
}

/// Checks two sets of values that belong together.
pub fn check_pairs(first: &'static str, x: &[f64], second: &'static str, y: &[f64]) -> Result<()> {
    check(first, x)?;
    check(second, y)?;
    if x.len() != y.len() {
        return Err(Error::LengthMismatch {
            first,
            first_len: x.len(),
            second,
            second_len: y.len(),
        });
    }
    Ok(())
}
