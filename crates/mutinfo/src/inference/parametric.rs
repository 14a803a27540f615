//! Tests of independence whose null law is known: [`g_test`] for labels, [`gaussian_test`] for numbers.

use statrs::distribution::{ChiSquared, ContinuousCDF, FisherSnedecor};

use crate::counting::discrete::Discrete;
use crate::data::variable::Variable;
use crate::data::varying::both_continuous;
use crate::error::{Error, Result};
use crate::estimator::Estimator;
use crate::gaussian::Gaussian;
use crate::units::Nats;

/// What a test with a known null law found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ParametricResult {
    /// The estimate that the test judges.
    pub observed: Nats,
    /// The statistic: G, or Wilks's Λ turned into F.
    pub statistic: f64,
    /// Its degrees of freedom: of χ², or of F's numerator.
    pub degrees_of_freedom: f64,
    /// The chance of a statistic at least as large under independence.
    pub p_value: f64,
}

/// The G-test of two variables of labels: under independence, G = 2 N Î of the plug-in estimate Î
/// in nats is about χ² with (R − 1)(C − 1) degrees of freedom for R and C classes (Wilks 1938).
///
/// The approximation wants an expected count of about 5 or more in most cells; with fewer, p comes
/// out too small, and a [`PermutationTest`](super::PermutationTest) of [`Discrete`] is exact. One class alone tells nothing:
/// p = 1.
///
/// ```
/// let x = ["a", "a", "b", "b", "a", "b", "a", "b", "a", "a", "b", "b"];
/// let y = [0, 0, 1, 1, 0, 1, 1, 1, 0, 0, 1, 0];
/// let test = mutinfo::inference::g_test(&x, &y)?;
/// assert!((test.statistic - 5.8221).abs() < 1e-4 && (test.p_value - 0.01583).abs() < 1e-5);
/// # Ok::<(), mutinfo::Error>(())
/// ```
///
/// # Errors
/// As [`Discrete`].
pub fn g_test<'a>(
    x: impl Into<Variable<'a>>,
    y: impl Into<Variable<'a>>,
) -> Result<ParametricResult> {
    g_test_of(&x.into(), &y.into())
}

fn g_test_of(x: &Variable<'_>, y: &Variable<'_>) -> Result<ParametricResult> {
    let observed = Discrete::default().estimate_variables(x, y)?;
    let classes = |variable: &Variable<'_>, argument| -> Result<f64> {
        Ok(variable.labels(argument, "the G-test")?.classes() as f64)
    };
    let degrees = (classes(x, "x")? - 1.0) * (classes(y, "y")? - 1.0);
    let statistic = 2.0 * x.len() as f64 * observed.value().max(0.0);
    let p_value = if degrees > 0.0 {
        let law = ChiSquared::new(degrees).expect("the degrees are above 0");
        law.sf(statistic)
    } else {
        1.0
    };
    Ok(ParametricResult {
        observed,
        statistic,
        degrees_of_freedom: degrees,
        p_value,
    })
}

/// The test that belongs to the Gaussian estimate Î = −½ ln Λ, where Λ = |S| / |Sx| |Sy| of the
/// covariance matrices is Wilks's: Rao's F (1951), exact for normal variables where x or y has
/// one or two dimensions, and very near otherwise. For two scalars it is the t-test of Pearson's r.
///
/// It sees linear dependence alone.
///
/// ```
/// use mutinfo::inference::gaussian_test;
/// use mutinfo::prelude::*;
///
/// let data = Sample::coupled_normals(100, 1.0, 42)?;
/// assert!(gaussian_test(&data.x, &data.y)?.p_value < 0.001);
/// // A parabola has no correlation, so it is not seen.
/// let parabola = [-2.0_f64, -1.0, 0.0, 1.0, 2.0].map(|x| x * x);
/// assert_eq!(gaussian_test(&[-2.0, -1.0, 0.0, 1.0, 2.0], &parabola)?.p_value, 1.0);
/// # Ok::<(), mutinfo::Error>(())
/// ```
///
/// # Errors
/// As any estimator for numbers; [`Error::TooFewSamples`] for N < dx + dy + 2;
/// [`Error::Singular`] for columns that are linear functions of others.
pub fn gaussian_test<'a>(
    x: impl Into<Variable<'a>>,
    y: impl Into<Variable<'a>>,
) -> Result<ParametricResult> {
    gaussian_test_of(&x.into(), &y.into())
}

fn gaussian_test_of(x: &Variable<'_>, y: &Variable<'_>) -> Result<ParametricResult> {
    let Some([x, y]) = both_continuous(x, y, "the Gaussian test")? else {
        return Ok(ParametricResult {
            observed: Nats(0.0),
            statistic: 0.0,
            degrees_of_freedom: 0.0,
            p_value: 1.0,
        });
    };
    let (n, p, q) = (x.nrows() as f64, x.ncols() as f64, y.ncols() as f64);
    let needed = x.ncols() + y.ncols() + 2;
    if x.nrows() < needed {
        return Err(Error::TooFewSamples {
            got: x.nrows(),
            needed,
        });
    }
    let observed = Gaussian::default().uncorrected().estimate(&x, &y)?;
    let ln_lambda = (-2.0 * observed.value()).min(0.0);

    let squares = p * p + q * q;
    let s = if squares > 5.0 {
        ((p * p * q * q - 4.0) / (squares - 5.0)).sqrt()
    } else {
        1.0
    };
    let degrees = p * q;
    let rest = s * (n - 1.0 - (p + q + 1.0) / 2.0) - degrees / 2.0 + 1.0;
    // (1 − Λ^(1/s)) / Λ^(1/s)
    let statistic = (-ln_lambda / s).exp_m1() * rest / degrees;
    let law = FisherSnedecor::new(degrees, rest).expect("the degrees are above 0");
    Ok(ParametricResult {
        observed: Nats(-0.5 * ln_lambda),
        statistic,
        degrees_of_freedom: degrees,
        p_value: law.sf(statistic),
    })
}
