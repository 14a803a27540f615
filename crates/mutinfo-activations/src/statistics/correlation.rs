//! What is usually measured beside mutual information: Pearson's correlation of all pairs,
//! Kendall's τ, and the comparison of two correlations by Fisher's z.

use mutinfo::Error::{Constant, LengthMismatch, NotFinite, TooFewSamples};
use ndarray::{Array2, ArrayView1, ArrayView2, Axis};

use crate::error::Result;
use crate::groups::{Test, check, two_sided_normal};

/// Pearson's correlation of every unit of one layer with every unit of another (or of the same),
/// `(units of a, units of b)`, from `(samples, units)`.
///
/// ρ = cov(x, y) / (sd x · sd y). It is signed, sees straight lines only, and has no unit.
///
/// # Errors
/// Different numbers of samples, a value that is not finite, or a constant unit.
///
/// ```
/// use mutinfo_activations::correlation::correlations;
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

/// Pearson's correlation of two lists of values.
///
/// # Errors
/// As [`correlations`].
pub fn pearson(x: &[f64], y: &[f64]) -> Result<f64> {
    let column = |values| ArrayView1::from(values).insert_axis(Axis(1));
    Ok(correlations(column(x), column(y))?[[0, 0]])
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
/// # Errors
/// No sample, or a value that is not finite.
pub fn centred(argument: &'static str, layer: ArrayView2<'_, f64>) -> Result<Array2<f64>> {
    check_finite(argument, layer)?;
    Ok(&layer - &(layer.sum_axis(Axis(0)) / layer.nrows() as f64))
}

/// Kendall's τ_b (1945) between two orderings, from −1 (one is the reverse of the other) to 1,
/// and a test of τ = 0 by the normal approximation, corrected for ties (Kendall 1970, ch. 5).
///
/// τ_b = (C − D) / √((C + D + Tₓ)(C + D + T_y)), where C pairs of points agree in their order, D
/// disagree, Tₓ are tied in x alone and T_y in y alone. Counted in n log n steps (Knight 1966).
///
/// The p-value takes the points for independent. Pairs made of a few tokens are not: there
/// [`crate::tokens::distance_test`] is the honest test.
///
/// # Errors
/// Different lengths, fewer than three points, a value that is not finite, or all values equal.
///
/// ```
/// use mutinfo_activations::correlation::kendall_tau;
///
/// let tau = kendall_tau(&[1.0, 2.0, 3.0, 4.0], &[1.0, 3.0, 2.0, 4.0])?;
/// assert!((tau.statistic - 2.0 / 3.0).abs() < 1e-12); // 5 pairs agree, 1 does not
/// # Ok::<(), mutinfo_activations::Error>(())
/// ```
pub fn kendall_tau(x: &[f64], y: &[f64]) -> Result<Test> {
    check("x", x, 3)?;
    check("y", y, 3)?;
    if x.len() != y.len() {
        return Err(LengthMismatch {
            first: "x",
            first_len: x.len(),
            second: "y",
            second_len: y.len(),
        }
        .into());
    }
    let mut points: Vec<(f64, f64)> = x.iter().copied().zip(y.iter().copied()).collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let in_both = Ties::of(&points, |a, b| a == b);
    let in_x = Ties::of(&points, |a, b| a.0 == b.0);
    let mut by_x: Vec<f64> = points.iter().map(|point| point.1).collect();
    let discordant = inversions(&mut by_x); // and sorts by y
    let in_y = Ties::of(&by_x, |a, b| a == b);
    for (argument, ties) in [("x", &in_x), ("y", &in_y)] {
        if ties.pairs == pairs(x.len() as f64) {
            return Err(Constant {
                argument,
                column: 0,
            }
            .into());
        }
    }
    let n = x.len() as f64;
    let (untied_x, untied_y) = (pairs(n) - in_x.pairs, pairs(n) - in_y.pairs);
    let agreement = untied_x - in_y.pairs + in_both.pairs - 2.0 * discordant;
    let variance = (n * (n - 1.0) * (2.0 * n + 5.0) - in_x.spread - in_y.spread) / 18.0
        + 2.0 * in_x.pairs * in_y.pairs / (n * (n - 1.0))
        + in_x.triples * in_y.triples / (9.0 * n * (n - 1.0) * (n - 2.0));
    Ok(Test {
        symbol: 'τ',
        statistic: agreement / (untied_x * untied_y).sqrt(),
        p_value: two_sided_normal(agreement / variance.sqrt()),
    })
}

fn pairs(n: f64) -> f64 {
    n * (n - 1.0) / 2.0
}

/// Sums over the groups of equal values, of t values each.
#[derive(Default)]
struct Ties {
    /// t (t − 1) / 2
    pairs: f64,
    /// t (t − 1) (t − 2)
    triples: f64,
    /// t (t − 1) (2t + 5)
    spread: f64,
}

impl Ties {
    fn of<T>(sorted: &[T], equal: impl Fn(&T, &T) -> bool) -> Self {
        let mut ties = Self::default();
        for group in sorted.chunk_by(equal) {
            let t = group.len() as f64;
            ties.pairs += pairs(t);
            ties.triples += t * (t - 1.0) * (t - 2.0);
            ties.spread += t * (t - 1.0) * (2.0 * t + 5.0);
        }
        ties
    }
}

/// Sorts, and counts the pairs that were in the wrong order.
fn inversions(values: &mut [f64]) -> f64 {
    if values.len() < 2 {
        return 0.0;
    }
    let (left, right) = values.split_at_mut(values.len() / 2);
    let mut count = inversions(left) + inversions(right);
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let mut taken = 0;
    for &value in &*right {
        let smaller = left[taken..].partition_point(|&other| other <= value);
        merged.extend_from_slice(&left[taken..taken + smaller]);
        taken += smaller;
        count += (left.len() - taken) as f64;
        merged.push(value);
    }
    merged.extend_from_slice(&left[taken..]);
    values.copy_from_slice(&merged);
    count
}

/// Do two independent samples of nₐ and n_b points have the same correlation? By Fisher's
/// z = atanh ρ (1915), whose standard error is 1/√(n − 3).
///
/// # Errors
/// A correlation that is not strictly between −1 and 1, or fewer than four points.
///
/// ```
/// use mutinfo_activations::correlation::fisher_z_test;
///
/// let test = fisher_z_test(0.5, 103, 0.1, 103)?;
/// assert_eq!(test.to_string(), "z = 3.17, p = 1.5e-3");
/// # Ok::<(), mutinfo_activations::Error>(())
/// ```
pub fn fisher_z_test(rho_a: f64, n_a: usize, rho_b: f64, n_b: usize) -> Result<Test> {
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
    Ok(Test {
        symbol: 'z',
        statistic: z,
        p_value: two_sided_normal(z),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Agreement with scipy's values, digit for digit of an f64's precision.
    const ORACLE: f64 = 1e-12;

    fn series() -> (Vec<f64>, Vec<f64>) {
        let x = (0..36).map(|i| f64::from(i).sin() + 0.3);
        let y = (0..36).map(|i| (1.7 * f64::from(i)).cos() * 1.5);
        (x.collect(), y.collect())
    }

    fn rounded(values: &[f64]) -> Vec<f64> {
        values
            .iter()
            .map(|v| (v * 10.0).round_ties_even() / 10.0)
            .collect()
    }

    #[test]
    fn kendall_equals_scipys_kendalltau_with_and_without_ties() {
        let (x, y) = series();
        let tau = kendall_tau(&x, &y).unwrap();
        assert!((tau.statistic - 0.006349206349206349).abs() < ORACLE);
        assert!((tau.p_value - 0.9565498931849237).abs() < ORACLE);
        let tau = kendall_tau(&rounded(&x), &rounded(&y)).unwrap();
        assert!((tau.statistic - 0.00164075589315762).abs() < ORACLE);
        assert!((tau.p_value - 0.9890806131408639).abs() < ORACLE);
    }

    #[test]
    fn kendall_of_an_order_with_itself_is_one_and_with_its_reverse_minus_one() {
        let (x, _) = series();
        let reverse: Vec<f64> = x.iter().map(|value| -value).collect();
        assert!((kendall_tau(&x, &x).unwrap().statistic - 1.0).abs() < ORACLE);
        assert!((kendall_tau(&x, &reverse).unwrap().statistic + 1.0).abs() < ORACLE);
    }

    #[test]
    fn thousands_of_ties_do_not_overflow() {
        let x: Vec<f64> = (0..20_000).map(|i| f64::from(i % 2)).collect();
        let y: Vec<f64> = (0..20_000).map(|i| f64::from(i % 4 / 2)).collect();
        let tau = kendall_tau(&x, &y).unwrap();
        assert!(tau.statistic.abs() < ORACLE && (tau.p_value - 1.0).abs() < ORACLE);
    }

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
        assert!(kendall_tau(&flat, &rising).is_err());
        assert!(kendall_tau(&rising[..2], &rising[..2]).is_err());
        assert!(kendall_tau(&rising, &[1.0, f64::NAN, 2.0]).is_err());
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
