//! Two groups of values compared: Welch's and the paired t-test, and the Mann-Whitney test.
//!
//! The distributions are `statrs`'s. Its own Mann-Whitney test is not used: it needs the crate's
//! `std` feature, which lists nalgebra and doubles what a notebook waits for.

use mutinfo::Error::Constant;
use mutinfo::Variable;
use statrs::distribution::{ContinuousCDF, StudentsT};

use super::column::{column, two_columns};
use super::test_result::{TestResult, two_sided_normal};
use crate::error::Result;

/// Welch's t-test (1947): do two groups of independent values have the same mean? Their variances
/// may differ.
///
/// t = (mean a − mean b) / √(s²a/na + s²b/nb), with the degrees of freedom of Welch and
/// Satterthwaite.
///
/// # Errors
/// A value that is not finite, fewer than two values in a group, or both groups constant.
///
/// ```
/// use mutinfo_activations::statistics::groups::welch_t_test;
///
/// let test = welch_t_test(&[1.0, 2.0, 3.0, 4.0], &[2.0, 4.0, 6.0, 8.0])?;
/// assert_eq!(test.to_string(), "t = -1.73, p = 0.152");
/// # Ok::<(), mutinfo_activations::Error>(())
/// ```
pub fn welch_t_test<'a>(
    a: impl Into<Variable<'a>>,
    b: impl Into<Variable<'a>>,
) -> Result<TestResult> {
    let (a, b) = (a.into(), b.into());
    let a = column("a", &a, "Welch's t-test", 2)?;
    let b = column("b", &b, "Welch's t-test", 2)?;
    let (mean_a, error_a) = mean_and_squared_error(&a);
    let (mean_b, error_b) = mean_and_squared_error(&b);
    let squared_error = error_a + error_b;
    let share = |error: f64, n: usize| (error / squared_error).powi(2) / (n - 1) as f64;
    let degrees_of_freedom = 1.0 / (share(error_a, a.len()) + share(error_b, b.len()));
    t_test(mean_a - mean_b, squared_error, degrees_of_freedom)
}

/// The paired t-test: do pairs (aᵢ, bᵢ), measured on the same thing, differ in the mean?
///
/// ```
/// use mutinfo_activations::prelude::*;
///
/// let test = paired_t_test(&[1.0, 2.0, 3.0, 4.0], &[2.0, 4.0, 6.0, 8.0])?;
/// assert_eq!(test.to_string(), "t = -3.87, p = 0.030");
/// # Ok::<(), mutinfo_activations::Error>(())
/// ```
///
/// # Errors
/// Groups of different lengths, a value that is not finite, fewer than two pairs, or the same
/// difference in every pair.
pub fn paired_t_test<'a>(
    a: impl Into<Variable<'a>>,
    b: impl Into<Variable<'a>>,
) -> Result<TestResult> {
    let (a, b) = (a.into(), b.into());
    let (a, b) = two_columns(("a", &a), ("b", &b), "the paired t-test", 2)?;
    let differences: Vec<f64> = a.iter().zip(&b).map(|(a, b)| a - b).collect();
    let (mean, squared_error) = mean_and_squared_error(&differences);
    t_test(mean, squared_error, (differences.len() - 1) as f64)
}

/// The Mann-Whitney U test (1947): is a value of one group as often above as below one of the
/// other? Needs no normal distribution.
///
/// U counts the pairs (aᵢ, bⱼ) with aᵢ > bⱼ, and half of those that are equal. The p-value is that
/// of the normal approximation, corrected for ties and continuity: good from about eight values a
/// group.
///
/// ```
/// use mutinfo_activations::prelude::*;
///
/// let test = mann_whitney_u(&[1.0, 2.0, 3.0, 4.0], &[5.0, 6.0, 7.0, 8.0])?;
/// assert_eq!(test.statistic, 0.0); // no value of the first is above one of the second
/// assert!((test.p_value - 0.030).abs() < 1e-3);
/// # Ok::<(), mutinfo_activations::Error>(())
/// ```
///
/// # Errors
/// A value that is not finite, an empty group, or all values equal.
pub fn mann_whitney_u<'a>(
    a: impl Into<Variable<'a>>,
    b: impl Into<Variable<'a>>,
) -> Result<TestResult> {
    let (a, b) = (a.into(), b.into());
    let a = column("a", &a, "the Mann-Whitney test", 1)?;
    let b = column("b", &b, "the Mann-Whitney test", 1)?;
    let mut pooled: Vec<(f64, bool)> = a.iter().map(|&value| (value, true)).collect();
    pooled.extend(b.iter().map(|&value| (value, false)));
    pooled.sort_by(|left, right| left.0.total_cmp(&right.0));
    let (na, nb, n) = (a.len() as f64, b.len() as f64, pooled.len() as f64);
    let (mut rank_sum, mut ties, mut before) = (0.0, 0.0, 0.0);
    for equal in pooled.chunk_by(|left, right| left.0 == right.0) {
        let count = equal.len() as f64;
        let of_a = equal.iter().filter(|(_, of_a)| *of_a).count() as f64;
        rank_sum += of_a * (before + (count + 1.0) / 2.0);
        ties += count * count * count - count;
        before += count;
    }
    let u = rank_sum - na * (na + 1.0) / 2.0;
    let variance = na * nb / 12.0 * (n + 1.0 - ties / (n * (n - 1.0)));
    if variance.is_nan() || variance <= 0.0 {
        return Err(constant("a and b"));
    }
    let z = ((u - na * nb / 2.0).abs() - 0.5).max(0.0) / variance.sqrt();
    Ok(TestResult {
        symbol: 'U',
        statistic: u,
        p_value: two_sided_normal(z),
    })
}

fn t_test(difference: f64, squared_error: f64, degrees_of_freedom: f64) -> Result<TestResult> {
    let t = difference / squared_error.sqrt();
    let distribution = StudentsT::new(0.0, 1.0, degrees_of_freedom)
        .ok()
        .filter(|_| squared_error > 0.0 && t.is_finite())
        .ok_or_else(|| constant("a and b"))?;
    Ok(TestResult {
        symbol: 't',
        statistic: t,
        p_value: 2.0 * distribution.sf(t.abs()),
    })
}

/// The mean, and its standard error squared.
fn mean_and_squared_error(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (mean, squares / (n - 1.0) / n)
}

fn constant(argument: &'static str) -> crate::Error {
    Constant {
        argument,
        column: 0,
    }
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::testing::{rounded, series};

    /// Agreement with scipy's values.
    const ORACLE: f64 = 1e-9;

    fn assert_test(test: TestResult, statistic: f64, p_value: f64) {
        assert!((test.statistic - statistic).abs() < ORACLE, "{test:?}");
        assert!((test.p_value - p_value).abs() < ORACLE, "{test:?}");
    }

    #[test]
    fn t_tests_equal_scipys() {
        let (a, b) = series();
        let welch = welch_t_test(&a, &b[..30]).unwrap();
        assert_test(welch, 1.3944384093123452, 0.16959837127446833);
        let paired = paired_t_test(&a, &b).unwrap();
        assert_test(paired, 1.5676477082225586, 0.12596115237455083);
    }

    #[test]
    fn mann_whitney_equals_scipys_with_and_without_ties() {
        let (a, b) = series();
        let test = mann_whitney_u(&a, &b[..30]).unwrap();
        assert_test(test, 620.0, 0.30593715936537225);
        let test = mann_whitney_u(&rounded(&a), &rounded(&b[..30])).unwrap();
        assert_test(test, 618.0, 0.31775473015362987);
    }

    #[test]
    fn bad_groups_are_named() {
        let (a, _) = series();
        assert!(welch_t_test(&[1.0], &a).is_err());
        assert!(welch_t_test(&[1.0, 1.0], &[2.0, 2.0]).is_err());
        assert!(welch_t_test(&[1.0, f64::INFINITY], &a).is_err());
        assert!(paired_t_test(&a, &a).is_err());
        assert!(paired_t_test(&a, &a[1..]).is_err());
        assert!(mann_whitney_u(&a[..0], &a).is_err());
        assert!(mann_whitney_u(&[1.0], &[1.0]).is_err());
        assert!(welch_t_test(&[1e308, -1e308], &[1e308, -1e308]).is_err());
    }

    #[test]
    fn a_constant_group_beside_a_varying_one_can_be_compared() {
        let test = welch_t_test(&[1.0, 1.0, 1.0], &[1.0, 2.0, 3.0]).unwrap();
        assert!((test.statistic + 3f64.sqrt()).abs() < ORACLE && test.p_value < 1.0);
    }
}
