//! Pearson's correlation, of two columns or of all pairs of units, and the comparison of two
//! correlations by Fisher's z.

use mutinfo::Error::{Constant, LengthMismatch, NotFinite, TooFewSamples};
use mutinfo::Variable;
use ndarray::{Array2, ArrayView1, ArrayView2, Axis};

use super::column::two_columns;
use super::test_result::{TestResult, two_sided_normal};
use crate::error::Result;

/// Pearson's correlation of every unit of one layer with every unit of another (or of the same),
/// `(units of a, units of b)`, from `(samples, units)`.
///
/// ρ = cov(x, y) / (sd x · sd y). It is signed, sees straight lines only, and has no unit.
///
/// # Errors
/// Different numbers of samples, a value that is not finite, or a constant unit.
///
/// ```
/// use mutinfo_activations::statistics::correlation::correlations;
/// use ndarray::array;
///
/// let layer = array![[1.0, -1.0], [2.0, -2.0], [4.0, -4.0]];
/// let rho = correlations(layer.view(), layer.view())?;
/// assert!((rho[[0, 1]] + 1.0).abs() < 1e-12);
/// # Ok::<(), mutinfo_activations::Error>(())
/// ```
pub fn correlations(a: ArrayView2<'_, f64>, b: ArrayView2<'_, f64>) -> Result<Array2<f64>> {
    if a.nrows() != b.nrows() {
        return Err(LengthMismatch {
            first: "a",
            first_len: a.nrows(),
            second: "b",
            second_len: b.nrows(),
        }
        .into());
    }
    Ok(standardised("a", a)?.t().dot(&standardised("b", b)?) / a.nrows() as f64)
}

/// Pearson's correlation of two columns of numbers.
///
/// ```
/// use mutinfo_activations::statistics::correlation::pearson;
/// use ndarray::array;
///
/// let layer = array![[1.0, -1.0], [2.0, -2.0], [4.0, -5.0]];
/// let rho = pearson(layer.column(0), layer.column(1))?;
/// assert!((rho + 0.996).abs() < 1e-3);
/// # Ok::<(), mutinfo_activations::Error>(())
/// ```
///
/// # Errors
/// As [`correlations`], and a variable of labels or of vectors.
pub fn pearson<'a>(x: impl Into<Variable<'a>>, y: impl Into<Variable<'a>>) -> Result<f64> {
    let (x, y) = (x.into(), y.into());
    let (x, y) = two_columns(("x", &x), ("y", &y), "Pearson's correlation", 1)?;
    let column =
        |argument, values| standardised(argument, ArrayView1::from(values).insert_axis(Axis(1)));
    let (a, b) = (column("x", &x)?, column("y", &y)?);
    Ok((a.t().dot(&b) / x.len() as f64)[[0, 0]])
}

/// Each unit with mean 0 and (population) standard deviation 1. Divided by its largest value first,
/// so that no square overflows or vanishes.
fn standardised(argument: &'static str, layer: ArrayView2<'_, f64>) -> Result<Array2<f64>> {
    check_finite(argument, layer)?;
    let mut units = layer.to_owned();
    for (column, mut unit) in units.columns_mut().into_iter().enumerate() {
        let first = unit.first().copied();
        let constant = unit.iter().all(|&value| Some(value) == first);
        let largest = unit.fold(0.0, |largest: f64, value| largest.max(value.abs()));
        unit /= largest;
        let mean = unit.sum() / unit.len() as f64;
        unit -= mean;
        let sd = unit.std(0.0);
        if constant || sd == 0.0 {
            return Err(Constant { argument, column }.into());
        }
        unit /= sd;
    }
    Ok(units)
}

fn check_finite(argument: &'static str, layer: ArrayView2<'_, f64>) -> Result<()> {
    if layer.nrows() == 0 {
        return Err(TooFewSamples { got: 0, needed: 1 }.into());
    }
    match layer.indexed_iter().find(|(_, value)| !value.is_finite()) {
        Some(((row, column), &value)) => Err(NotFinite {
            argument,
            row,
            column,
            value,
        }
        .into()),
        None => Ok(()),
    }
}

/// The samples minus the mean sample: what distinguishes each token from the average token.
///
/// ```
/// use mutinfo_activations::prelude::*;
/// use ndarray::array;
///
/// let layer = array![[1.0, 10.0], [3.0, 30.0]];
/// assert_eq!(centred("layer", layer.view())?, array![[-1.0, -10.0], [1.0, 10.0]]);
/// # Ok::<(), mutinfo_activations::Error>(())
/// ```
///
/// # Errors
/// No sample, or a value that is not finite.
pub fn centred(argument: &'static str, layer: ArrayView2<'_, f64>) -> Result<Array2<f64>> {
    check_finite(argument, layer)?;
    Ok(&layer - &(layer.sum_axis(Axis(0)) / layer.nrows() as f64))
}

/// Do two independent samples of nₐ and n_b points have the same correlation? By Fisher's
/// z = atanh ρ (1915), whose standard error is 1/√(n − 3).
///
/// # Errors
/// A correlation that is not strictly between −1 and 1, or fewer than four points.
///
/// ```
/// use mutinfo_activations::statistics::correlation::fisher_z_test;
///
/// let test = fisher_z_test(0.5, 103, 0.1, 103)?;
/// assert_eq!(test.to_string(), "z = 3.17, p = 1.5e-3");
/// # Ok::<(), mutinfo_activations::Error>(())
/// ```
pub fn fisher_z_test(rho_a: f64, n_a: usize, rho_b: f64, n_b: usize) -> Result<TestResult> {
    for value in [rho_a, rho_b] {
        if value.is_nan() || value.abs() >= 1.0 {
            return Err(mutinfo::Error::Parameter {
                parameter: "rho",
                value,
                requirement: "a correlation strictly between -1 and 1 is needed, as Fisher's z is infinite at the ends",
            }
            .into());
        }
    }
    let needed = 4;
    if n_a.min(n_b) < needed {
        let got = n_a.min(n_b);
        return Err(TooFewSamples { got, needed }.into());
    }
    let variance = 1.0 / (n_a - 3) as f64 + 1.0 / (n_b - 3) as f64;
    let z = (rho_a.atanh() - rho_b.atanh()) / variance.sqrt();
    Ok(TestResult {
        symbol: 'z',
        statistic: z,
        p_value: two_sided_normal(z),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::testing::series;

    /// Agreement with scipy's values, digit for digit of an f64's precision.
    const ORACLE: f64 = 1e-12;

    #[test]
    fn correlations_are_those_of_the_pairs() {
        let (x, y) = series();
        let a = ndarray::stack![Axis(1), ndarray::aview1(&x), ndarray::aview1(&y)];
        let rho = correlations(a.view(), a.view()).unwrap();
        assert!((rho[[0, 0]] - 1.0).abs() < ORACLE && (rho[[1, 1]] - 1.0).abs() < ORACLE);
        assert!(
            (rho[[0, 1]] - 0.004208943379619776).abs() < ORACLE,
            "{}",
            rho[[0, 1]]
        );
    }

    #[test]
    fn bad_input_is_named() {
        let flat = [1.0, 1.0, 1.0];
        let rising = [1.0, 2.0, 3.0];
        assert!(pearson(&flat, &rising).is_err());
        assert!(pearson(&rising[..2], &rising).is_err());
        assert!(pearson(&rising, &[1.0, f64::NAN, 2.0]).is_err());
        assert!(fisher_z_test(1.0, 10, 0.0, 10).is_err());
        assert!(fisher_z_test(f64::NAN, 10, 0.0, 10).is_err());
        assert!(fisher_z_test(0.0, 3, 0.0, 10).is_err());
        let constant = ndarray::array![[1.0, 2.0], [1.0, 3.0]];
        assert_eq!(
            correlations(constant.view(), constant.view()).unwrap_err(),
            Constant {
                argument: "a",
                column: 0
            }
            .into()
        );
        let empty = Array2::zeros((0, 2));
        assert!(correlations(empty.view(), empty.view()).is_err());
    }
}
