//! Kendall's τ_b: how far two orderings agree.

use mutinfo::Error::Constant;
use mutinfo::Variable;

use super::column::two_columns;
use super::test_result::{TestResult, two_sided_normal};
use crate::error::Result;

/// Kendall's τ_b (1945) between two orderings, from −1 (one is the reverse of the other) to 1,
/// and a test of τ = 0 by the normal approximation, corrected for ties (Kendall 1970, ch. 5).
///
/// τ_b = (C − D) / √((C + D + Tₓ)(C + D + T_y)), where C pairs of points agree in their order, D
/// disagree, Tₓ are tied in x alone and T_y in y alone. Counted in n log n steps (Knight 1966).
///
/// The p-value takes the points for independent. Pairs made of a few tokens are not: there
/// [`distance_test`](crate::tokens::distance_test) is the honest test.
///
/// # Errors
/// Different lengths, fewer than three points, a value that is not finite, all values equal, and
/// a variable of labels or of vectors.
///
/// ```
/// use mutinfo_activations::statistics::kendall::kendall_tau;
///
/// let tau = kendall_tau(&[1.0, 2.0, 3.0, 4.0], &[1.0, 3.0, 2.0, 4.0])?;
/// assert!((tau.statistic - 2.0 / 3.0).abs() < 1e-12); // 5 pairs agree, 1 does not
/// # Ok::<(), mutinfo_activations::Error>(())
/// ```
pub fn kendall_tau<'a>(
    x: impl Into<Variable<'a>>,
    y: impl Into<Variable<'a>>,
) -> Result<TestResult> {
    let (x, y) = (x.into(), y.into());
    let (x, y) = two_columns(("x", &x), ("y", &y), "Kendall's τ", 3)?;
    tau_of(&x, &y)
}

/// As [`kendall_tau`], compiled once and not for each type of column.
fn tau_of(x: &[f64], y: &[f64]) -> Result<TestResult> {
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
    Ok(TestResult {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::testing::{rounded, series};

    /// Agreement with scipy's values, digit for digit of an f64's precision.
    const ORACLE: f64 = 1e-12;

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
    fn bad_input_is_named() {
        let flat = [1.0, 1.0, 1.0];
        let rising = [1.0, 2.0, 3.0];
        assert!(kendall_tau(&flat, &rising).is_err());
        assert!(kendall_tau(&rising[..2], &rising[..2]).is_err());
        assert!(kendall_tau(&rising, &[1.0, f64::NAN, 2.0]).is_err());
    }
}
