//! The columns that vary of two or more variables of numbers that were observed together.

use ndarray::{CowArray, Ix2};

use crate::data::check::check_lengths;
use crate::data::variable::Variable;
use crate::error::{Error, Result};

/// The columns that vary of a variable of numbers.
pub(crate) type Varying<'a> = CowArray<'a, f64, Ix2>;

/// The columns that vary of two variables of numbers with as many samples. `None` where one of
/// them is constant: then they share exactly nothing.
pub(crate) fn both_continuous<'a>(
    x: &'a Variable<'_>,
    y: &'a Variable<'_>,
    method: &'static str,
) -> Result<Option<[Varying<'a>; 2]>> {
    let (x, y) = (x.continuous("x", method)?, y.continuous("y", method)?);
    check_lengths("x", x.nrows(), "y", y.nrows())?;
    let varies = x.ncols() > 0 && y.ncols() > 0;
    Ok(varies.then_some([x, y]))
}

/// The columns that vary of two or more variables of numbers, without the variables that are
/// constant.
pub(crate) fn all_continuous<'a>(
    variables: &'a [Variable<'_>],
    method: &'static str,
) -> Result<Vec<Varying<'a>>> {
    if variables.len() < 2 {
        return Err(Error::TooFewVariables {
            got: variables.len(),
            needed: 2,
        });
    }
    let mut varying = Vec::new();
    for variable in variables {
        let values = variable.continuous("a variable", method)?;
        check_lengths(
            "the first variable",
            variables[0].len(),
            "another",
            values.nrows(),
        )?;
        if values.ncols() > 0 {
            varying.push(values);
        }
    }
    Ok(varying)
}
