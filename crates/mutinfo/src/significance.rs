//! Is it more than chance? Tests of independence, and the adjustment for many of them.
//!
//! - [`PermutationTest`]: any estimator, no assumption but that samples are exchangeable.
//! - [`g_test`]: labels, by the χ² law of the plug-in information.
//! - [`gaussian_test`]: numbers that are jointly normal, by Wilks's Λ.
//! - [`benjamini_hochberg`]: p-values of many pairs.
//!
//! A p-value is the chance of an estimate at least as large, if X and Y were independent. It
//! does not say how strong the dependence is: that is what the estimate and its interval are for.
//!
//! # How often they reject independence where it holds
//!
//! `cargo run --release --example type_one_error` repeats the experiment:
//!
#![doc = include_str!("significance/type_one_error.md")]

use ndarray::{Array2, ArrayView2, Axis};
use statrs::distribution::{ChiSquared, ContinuousCDF, FisherSnedecor};

use crate::discrete::Discrete;
use crate::error::{Error, Result};
use crate::estimator::Estimator;
use crate::linear::{cholesky, ln_determinant};
use crate::progress::{Watch, unwatched};
use crate::units::Nats;
use crate::variable::{Variable, check_lengths};

/// A permutation test of independence: the estimate is compared with those on data whose x was
/// shuffled, which keeps both variables' laws and removes what they share.
///
/// p = (1 + #{null ≥ observed}) / (1 + permutations) (Phipson and Smyth 2010): under
/// independence, p ≤ α happens with a chance of at most α, exactly α where α (1 + permutations)
/// is whole and ties do not occur. The least p possible is 1 / (1 + permutations), never 0.
///
/// The samples must be exchangeable: those of a time series are not, and seem to share information
/// where each merely remembers its past.
///
/// ```
/// use mutinfo::prelude::*;
///
/// let data = Sample::coupled_normals(100, 1.0, 42)?;
/// let test = PermutationTest::new(199, 1)?;
/// let result = test.run(&Ksg1::default(), &data.x, &data.y)?;
/// assert_eq!(result.p_value, 0.005);
/// # Ok::<(), mutinfo::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PermutationTest {
    permutations: usize,
    seed: u64,
}

/// What a permutation test found.
#[derive(Debug, Clone, PartialEq)]
pub struct Permuted {
    /// The estimate on the data as they are.
    pub observed: Nats,
    /// The estimates on shuffled data.
    pub null: Vec<Nats>,
    /// (1 + #{null ≥ observed}) / (1 + permutations).
    pub p_value: f64,
}

impl PermutationTest {
    /// So many permutations; the same seed shuffles the same way, on any number of threads.
    ///
    /// # Errors
    /// [`Error::Parameter`] for no permutations.
    pub fn new(permutations: usize, seed: u64) -> Result<Self> {
        if permutations == 0 {
            return Err(Error::Parameter {
                parameter: "permutations",
                value: 0.0,
                requirement: "use at least 1; 999 let p be as small as 0.001",
            });
        }
        Ok(Self { permutations, seed })
    }

    /// Tests whether the estimator finds more in (x, y) than in shuffled data.
    ///
    /// # Errors
    /// Those of the estimator, and [`Error::LengthMismatch`].
    pub fn run<'a>(
        &self,
        estimator: &(impl Estimator + Sync),
        x: impl Into<Variable<'a>>,
        y: impl Into<Variable<'a>>,
    ) -> Result<Permuted> {
        self.run_watched(estimator, x, y, &mut unwatched)
    }

    /// As [`PermutationTest::run`], watched: see [`progress`](crate::progress).
    ///
    /// # Errors
    /// As [`PermutationTest::run`], and [`Error::Cancelled`].
    pub fn run_watched<'a>(
        &self,
        estimator: &(impl Estimator + Sync),
        x: impl Into<Variable<'a>>,
        y: impl Into<Variable<'a>>,
        watch: Watch<'_>,
    ) -> Result<Permuted> {
        let (x, y) = (x.into(), y.into());
        check_lengths("x", x.len(), "y", y.len())?;
        let observed = estimator.estimate_variables(&x, &y)?;
        let null = estimator.estimate_shuffled(&x, &y, self.permutations, self.seed, watch)?;
        // Sums in another order must not make a tie look smaller.
        let reached = observed - Nats(1e-12);
        let at_least = null.iter().filter(|&&value| value >= reached).count();
        Ok(Permuted {
            observed,
            p_value: (1 + at_least) as f64 / (1 + self.permutations) as f64,
            null,
        })
    }
}

/// What a test with a known null law found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tested {
    /// The estimate that the test judges.
    pub observed: Nats,
    /// The statistic: G, or Wilks's Λ turned into F.
    pub statistic: f64,
    /// Its degrees of freedom: of χ², or of F's numerator.
    pub degrees: f64,
    /// The chance of a statistic at least as large under independence.
    pub p_value: f64,
}

/// The G-test of two variables of labels: under independence, G = 2 N Î of the plug-in estimate Î
/// in nats is about χ² with (R − 1)(C − 1) degrees of freedom for R and C classes (Wilks 1938).
///
/// The approximation wants an expected count of about 5 or more in most cells; with fewer, p comes
/// out too small, and a [`PermutationTest`] of [`Discrete`] is exact. One class alone tells nothing:
/// p = 1.
///
/// ```
/// let x = ["a", "a", "b", "b", "a", "b", "a", "b", "a", "a", "b", "b"];
/// let y = [0, 0, 1, 1, 0, 1, 1, 1, 0, 0, 1, 0];
/// let test = mutinfo::significance::g_test(&x, &y)?;
/// assert!((test.statistic - 5.8221).abs() < 1e-4 && (test.p_value - 0.01583).abs() < 1e-5);
/// # Ok::<(), mutinfo::Error>(())
/// ```
///
/// # Errors
/// As [`Discrete`].
pub fn g_test<'a>(x: impl Into<Variable<'a>>, y: impl Into<Variable<'a>>) -> Result<Tested> {
    let (x, y) = (x.into(), y.into());
    let observed = Discrete::default().estimate_variables(&x, &y)?;
    let classes = |variable: &Variable<'_>, argument| -> Result<f64> {
        Ok(variable.labels(argument, "the G-test")?.classes() as f64)
    };
    let degrees = (classes(&x, "x")? - 1.0) * (classes(&y, "y")? - 1.0);
    let statistic = 2.0 * x.len() as f64 * observed.value().max(0.0);
    let p_value = if degrees > 0.0 {
        let law = ChiSquared::new(degrees).expect("the degrees are above 0");
        law.sf(statistic)
    } else {
        1.0
    };
    Ok(Tested {
        observed,
        statistic,
        degrees,
        p_value,
    })
}

/// The test that belongs to the Gaussian estimate Î = −½ ln Λ, where Λ = |S| / |Sx| |Sy| of the
/// covariance matrices is Wilks's: Rao's F (1951), exact for normal variables where x or y has
/// one or two dimensions, and very near otherwise. For two scalars it is the t-test of Pearson's r.
///
/// It sees linear dependence alone.
///
/// # Errors
/// As any estimator for numbers; [`Error::TooFewSamples`] for N < dx + dy + 2;
/// [`Error::Parameter`] for columns that are linear functions of others.
pub fn gaussian_test<'a>(x: impl Into<Variable<'a>>, y: impl Into<Variable<'a>>) -> Result<Tested> {
    let (x, y) = (x.into(), y.into());
    let method = "the Gaussian test";
    let (x, y) = (x.continuous("x", method)?, y.continuous("y", method)?);
    check_lengths("x", x.nrows(), "y", y.nrows())?;
    let (n, p, q) = (x.nrows() as f64, x.ncols() as f64, y.ncols() as f64);
    let needed = x.ncols() + y.ncols() + 2;
    if x.nrows() < needed {
        return Err(Error::TooFewSamples {
            got: x.nrows(),
            needed,
        });
    }
    let both = ndarray::concatenate![Axis(1), x, y];
    let ln_lambda = ln_correlation_determinant(both.view())?
        - ln_correlation_determinant(x)?
        - ln_correlation_determinant(y)?;
    let ln_lambda = ln_lambda.min(0.0);

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
    Ok(Tested {
        observed: Nats(-0.5 * ln_lambda),
        statistic,
        degrees,
        p_value: law.sf(statistic),
    })
}

/// ln of the determinant of the columns' correlation matrix.
fn ln_correlation_determinant(columns: ArrayView2<'_, f64>) -> Result<f64> {
    let mut standard = columns.to_owned();
    for mut column in standard.columns_mut() {
        let mean = column.mean().expect("the columns are not empty");
        column.mapv_inplace(|value| value - mean);
        let norm = column.dot(&column).sqrt();
        column.mapv_inplace(|value| value / norm);
    }
    let matrix: Array2<f64> = standard.t().dot(&standard);
    match cholesky(&matrix) {
        Some(lower) if lower.diag().iter().all(|&value| value > 1e-7) => Ok(ln_determinant(&lower)),
        _ => Err(Error::Parameter {
            parameter: "the columns' rank",
            value: (columns.ncols() - 1) as f64,
            requirement: "no column may be a linear function of the others: leave such columns out",
        }),
    }
}

/// p-values adjusted for their number (Benjamini and Hochberg 1995): calling those at or below α
/// discoveries makes, on average, at most a share α of the discoveries false. For tests that are
/// independent or positively dependent.
///
/// With p₍₁₎ ≤ … ≤ p₍ₘ₎, the adjusted p₍ᵢ₎ is the least of 1 and m p₍ⱼ₎ / j over j ≥ i.
///
/// ```
/// use mutinfo::significance::benjamini_hochberg;
///
/// let adjusted = benjamini_hochberg(&[0.01, 0.04, 0.03, 0.50])?;
/// let rounded: Vec<f64> = adjusted.iter().map(|p| (p * 1e4).round() / 1e4).collect();
/// assert_eq!(rounded, [0.04, 0.0533, 0.0533, 0.5]);
/// # Ok::<(), mutinfo::Error>(())
/// ```
///
/// # Errors
/// [`Error::Parameter`] for a number that is not from 0 to 1.
pub fn benjamini_hochberg(p_values: &[f64]) -> Result<Vec<f64>> {
    if let Some(&value) = p_values.iter().find(|p| !(0.0..=1.0).contains(*p)) {
        return Err(Error::Parameter {
            parameter: "p",
            value,
            requirement: "a p-value lies from 0 to 1",
        });
    }
    let count = p_values.len() as f64;
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    let mut adjusted = vec![1.0; p_values.len()];
    let mut least: f64 = 1.0;
    for (below, &index) in order.iter().enumerate().rev() {
        least = least.min(p_values[index] * count / (below + 1) as f64);
        adjusted[index] = least;
    }
    Ok(adjusted)
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use ndarray::{Array1, array};

    use super::*;
    use crate::family::Family;
    use crate::ksg::Ksg1;

    fn uniform_enough(mut p_values: Vec<f64>) -> bool {
        // Kolmogorov's distance from the uniform law, at a chance of 1 in 1000.
        p_values.sort_by(f64::total_cmp);
        let n = p_values.len() as f64;
        let distance = p_values
            .iter()
            .enumerate()
            .map(|(i, p)| (p - (i as f64 + 0.5) / n).abs())
            .fold(0.0, f64::max);
        distance < 1.95 / n.sqrt()
    }

    #[test]
    fn p_values_are_uniform_under_independence() {
        let family = Family::Uniform { dx: 1, dy: 1 };
        let test = PermutationTest::new(39, 5).unwrap();
        let (mut permuted, mut gaussian) = (Vec::new(), Vec::new());
        for seed in 0..300 {
            let data = family.draw(40, seed).unwrap();
            let result = test.run(&Ksg1::default(), &data.x, &data.y).unwrap();
            permuted.push(result.p_value);
            gaussian.push(gaussian_test(&data.x, &data.y).unwrap().p_value);
        }
        let rejected = permuted.iter().filter(|&&p| p <= 0.05).count();
        // Binomial(300, 0.05): 15 expected, sd 3.8.
        assert!((3..=27).contains(&rejected), "{rejected}");
        assert!(uniform_enough(permuted));
        assert!(uniform_enough(gaussian));
    }

    #[test]
    fn the_g_test_is_about_uniform_under_independence() {
        let p_values = (0..300)
            .map(|seed| {
                let data = Family::Uniform { dx: 1, dy: 1 }.draw(200, seed).unwrap();
                let cut = |values: &Array2<f64>, classes: f64| -> Array1<u8> {
                    values.column(0).mapv(|v| (v * classes) as u8)
                };
                let (x, y) = (cut(&data.x, 3.0), cut(&data.y, 4.0));
                g_test(&x, &y).unwrap().p_value
            })
            .collect();
        assert!(uniform_enough(p_values));
    }

    #[test]
    fn dependence_is_found() {
        let data = Family::Circle(0.3).draw(300, 1).unwrap();
        let test = PermutationTest::new(99, 1).unwrap();
        let result = test.run(&Ksg1::default(), &data.x, &data.y).unwrap();
        assert_eq!(result.p_value, 0.01);
        assert_eq!(result.null.len(), 99);
        // There is no linear dependence to be found.
        assert!(gaussian_test(&data.x, &data.y).unwrap().p_value > 0.01);
    }

    #[test]
    fn the_same_seed_shuffles_the_same_way_on_any_number_of_threads() {
        let data = Family::normal(0.2).draw(60, 1).unwrap();
        let of = |threads, seed| {
            crate::set_threads(threads);
            let test = PermutationTest::new(20, seed).unwrap();
            let result = test.run(&Ksg1::default(), &data.x, &data.y).unwrap();
            crate::set_threads(0);
            result
        };
        assert_eq!(of(1, 3), of(2, 3));
        assert_ne!(of(1, 3).null, of(1, 4).null);
    }

    #[test]
    fn ties_with_the_null_count_against_a_discovery() {
        let x = [0, 1, 0, 1];
        let y = [0, 1, 0, 1];
        let test = PermutationTest::new(500, 1).unwrap();
        let p = test.run(&Discrete::default(), &x, &y).unwrap().p_value;
        // 8 of the 24 orders of x are y or its opposite.
        assert!((p - 1.0 / 3.0).abs() < 0.07, "{p}");
    }

    #[test]
    fn the_gaussian_test_of_two_scalars_is_pearsons() {
        // scipy.stats.pearsonr: r = 0.8236..., p = 0.04409...
        let x = array![1.0, 2.0, 3.0, 4.0, 5.0, 7.0];
        let y = array![1.1, 3.2, 1.9, 5.0, 3.5, 6.5];
        let test = gaussian_test(&x, &y).unwrap();
        let r = (1.0 - (-2.0 * test.observed.value()).exp()).sqrt();
        let (dx, dy) = (&x - x.mean().unwrap(), &y - y.mean().unwrap());
        let pearson = dx.dot(&dy) / (dx.dot(&dx) * dy.dot(&dy)).sqrt();
        assert!((r - pearson).abs() < 1e-12);
        let t = pearson * (4.0 / (1.0 - pearson * pearson)).sqrt();
        assert!((test.statistic - t * t).abs() < 1e-9);
        let law = statrs::distribution::StudentsT::new(0.0, 1.0, 4.0).unwrap();
        assert!((test.p_value - 2.0 * law.sf(t)).abs() < 1e-9);
    }

    #[test]
    fn raos_f_is_uniform_for_vectors() {
        let family = Family::Normal(vec![0.0; 3]);
        let p_values = (0..300)
            .map(|seed| {
                let data = family.draw(25, seed).unwrap();
                gaussian_test(&data.x, &data.y).unwrap().p_value
            })
            .collect();
        assert!(uniform_enough(p_values));
    }

    #[test]
    fn adjusted_p_values_are_those_of_scipy() {
        // scipy.stats.false_discovery_control(..., method="bh"), by hand: m p / rank, then minima
        // from the largest down.
        let adjusted =
            benjamini_hochberg(&[0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205]).unwrap();
        let expected = [
            0.008,
            0.032,
            0.0672,
            0.0672,
            0.0672,
            0.08,
            0.592 / 7.0,
            0.205,
        ];
        for (got, want) in adjusted.iter().zip(expected) {
            assert!((got - want).abs() < 1e-12, "{got} {want}");
        }
        // As scipy returns them, ties and a 1 among them, in the order they came.
        let adjusted =
            benjamini_hochberg(&[0.001, 0.8, 0.04, 0.03, 0.04, 0.0001, 1.0, 0.2]).unwrap();
        let expected = [
            0.004,
            0.9142857142857143,
            0.064,
            0.064,
            0.064,
            0.0008,
            1.0,
            0.26666666666666666,
        ];
        for (got, want) in adjusted.iter().zip(expected) {
            assert!((got - want).abs() < 1e-12, "{got} {want}");
        }
        assert_eq!(benjamini_hochberg(&[]), Ok(vec![]));
    }

    #[test]
    fn bad_input_is_named() {
        assert!(matches!(
            PermutationTest::new(0, 1),
            Err(Error::Parameter {
                parameter: "permutations",
                ..
            })
        ));
        assert!(benjamini_hochberg(&[0.5, f64::NAN]).is_err());
        assert!(benjamini_hochberg(&[1.5]).is_err());
        assert!(benjamini_hochberg(&[-0.1]).is_err());
        let test = PermutationTest::new(9, 1).unwrap();
        assert!(matches!(
            test.run(&Ksg1::default(), &[1.0, 2.0, 3.0], &[1.0, 2.0]),
            Err(Error::LengthMismatch { .. })
        ));
        let x = array![[1.0, 2.0], [2.0, 4.0], [3.0, 6.0], [5.0, 10.0], [4.0, 8.0]];
        let y = array![1.0, 2.0, 0.0, 1.0, 5.0];
        assert!(matches!(
            gaussian_test(&x, &y),
            Err(Error::Parameter { .. })
        ));
        assert_eq!(
            gaussian_test(&y, &y.mapv(|v| v * v)).map(|test| test.degrees),
            Ok(1.0)
        );
        assert_eq!(g_test(&[1, 1, 1], &[1, 2, 3]).unwrap().p_value, 1.0);
    }

    #[test]
    fn a_test_can_be_stopped() {
        let data = Family::normal(0.2).draw(60, 1).unwrap();
        let test = PermutationTest::new(50, 1).unwrap();
        let mut stop = |_| ControlFlow::Break(());
        let result = test.run_watched(&Ksg1::default(), &data.x, &data.y, &mut stop);
        assert!(matches!(result, Err(Error::Cancelled { .. })));
    }
}
