//! [`mutual_information`]: the estimate to report, without a parameter to choose.
//!
//! # Two scalars
//!
//! 1. **Normal scores.** Each value is replaced by Φ⁻¹((rank − ½) / N). No information is lost, and
//!    heavy tails, skewness and units no longer matter. Tied values are ranked in random order (of
//!    a fixed seed): an atom becomes an interval that shows nothing but the atom, so that the
//!    information stays what it is (the distributional transform, Rüschendorf 2009).
//! 2. **A curve over k.** The first estimate of Kraskov, Stögbauer and Grassberger (2004, eq. 8) for
//!    k = 3, 4, 5, 7, … up to N/5 and 160. Few neighbours scatter, many are blurred.
//! 3. **A reference law.** A mixture of normal copulas of several correlations, fitted by
//!    expectation and maximisation. How much smoothing over each point's neighbourhood
//!    would lose if the reference were the truth, is known by quadrature, and is added back. For
//!    jointly normal scores this leaves no bias at any k, and large k, which scatter little, can be
//!    used. Correcting the bias with a parametric start follows Hjort and Glad (1995).
//! 4. **Extrapolation.** The bias that is left is a function of the neighbourhoods' size
//!    t = (k/N)^½ that vanishes at 0: linear where the density jumps, of higher order where it is
//!    smooth. It gets a Gaussian process as prior, with the noise of nested neighbourhoods; its
//!    posterior mean at t = 0 is averaged over the prior's strengths, and over the curves with and
//!    without the reference, by their evidence. (Extrapolation in k by weighting: Moon, Sricharan
//!    and Hero 2017.) A reference that changes the estimate even at k = 3 does not fit, and loses
//!    evidence for it; one that changes it by less than the noise is believed there, and moves the
//!    curve without reference too.
//!
//! # Vectors
//!
//! Neighbourhoods in several dimensions are never small, so the reference matters more, and 0 is
//! farther to extrapolate to.
//!
//! 1. Scores of each dimension; a t copula fitted to them by likelihood, the degrees of freedom
//!    included. The normal one is taken unless Schwarz's criterion prefers finite degrees.
//! 2. Canonical coordinates (Hotelling 1936): invertible linear maps of x and of y that leave each
//!    xᵢ correlated with yᵢ alone, and normal scores again. The maps leave the information
//!    as it is.
//! 3. One of two references: the fitted copula, or the pairs (xᵢ, yᵢ) as if they were independent
//!    of each other, each estimated as two scalars. The pairs are used where they show more than
//!    the copula says of them: beyond a t copula, whose pairs are not independent of each other, by
//!    twice the noise and a twentieth. What the reference loses within the same neighbourhoods is
//!    added back, less the optimism dx·dy / 2N of fitted correlations.
//! 4. The curve over k = 3, 5, …, 80 is extrapolated as that of scalars is, over the neighbourhoods'
//!    mean size as it was measured: level where the reference fits, else a line or a parabola in
//!    the size, that may bend. Where this moves the value by more than a fifth, the estimate is
//!    marked as [`FineDependence`](Reliability::FineDependence).
//!
//! # What it is good for, and what not
//!
//! It is symmetric in x and y, does not depend on units, offsets, monotone maps or the order of the
//! rows, and gives the same number on any number of threads. It is signed: near independence it
//! may be a little below 0. It loses information where neighbourhoods are wider than the
//! dependence is fine: few samples of a narrow or jumping density (Y = X + narrow uniform
//! noise), and vectors turned into spirals: a part of them is marked. Infinite information (Y a function of X) comes
//! out finite, and grows with N. For rings and waves (circle, sine) it is a little too high, by up to
//! 0.04 nat.
//!
//! The time is of order N ln N for scalars. For vectors it is nearer to N² the more dimensions there
//! are, up to N = 10 000, from where on samples are dealt out into parts whose estimates are averaged.
//!
//! # How its constants were set
//!
//! Each constant stands in the code with what it is for. Those that no equation gives were chosen by
//! hand; no program searches for them:
//!
//! | what | compared by | on |
//! |---|---|---|
//! | two scalars, two vectors | errors, as `accuracy` measures them | the families without a star there |
//! | the interval of numbers | coverage, as `coverage` measures it | the twenty families there, other draws |
//! | labels, atoms, values that repeat, copies | errors and coverage, as `atoms` measures them | some of the laws without a star there |
//!
//! # How accurate it is
//!
//! `cargo run --release --example accuracy` repeats the experiment:
//!
#![doc = include_str!("accuracy/lecture.md")]
//!
#![doc = include_str!("accuracy/stored.md")]
//!
//! Two scalars:
//!
#![doc = include_str!("accuracy/scalars.md")]
//!
//! Two vectors:
//!
#![doc = include_str!("accuracy/vectors.md")]
//!
//! # Labels, atoms, and values that repeat
//!
//! [`AdaptiveEstimate`] takes two variables of any kind and says what the estimate is worth: standard errors, and
//! a word of [`Reliability`].
//!
//! **Labels against labels.** With I the plug-in estimate, E its mean over all tables with these class
//! sizes (exact: Vinh, Epps and Bailey 2010) and H = min(H(X), H(Y)), the line H (I − E) / (H − E)
//! is right without dependence and where one label tells the other, however many classes there are. Between
//! its ends the bias is nearer to E than the line says, wherever all pairs of classes occur. The ratios
//! p(x, y) / p(x) p(y) of all pairs are therefore taken to come from one law, which is fitted to the table by
//! likelihood (nonparametric empirical Bayes: Robbins 1956; Kiefer and Wolfowitz 1956). It says
//! what part b of E the bias is, corrected once by tables that are drawn from it, and the estimate is I − b E.
//! It counts as far as it is likelier than independence by more than a factor of e³, and as far as pairs
//! would meet by chance in more than a tenth of a sample; where they are rarer, the line is left.
//! Both numbers were set on Potts and Zipf laws, some of them with the parameters of open ones below.
//! Classes that were not seen are counted by Chao and Shen's entropy, as a factor.
//!
//! **Numbers or vectors against labels.** A window is the w nearest rows of a row. Among m rows, n have
//! the row's label, which a of all N rows have: the mean of ln(n N / (m a)) is the plug-in estimate of the
//! table of windows and classes, and goes through the same line. The curve over w is
//! extrapolated to width 0, as that over k is. A value that is repeated w times or more is a window of
//! its own. Numbers of which nearly all share their value with four other rows are labels with labels.
//! With hundreds of classes narrow windows may show less than wider ones, which no blur explains: then the
//! estimate is too small, and is said to be unreliable.
//!
//! **Atoms.** A value that many rows share amid values that few do: the zeros of a ReLU unit. With A
//! the atom at which x is, or none, and B that of y,
//!
//! I(X; Y) = I(A; B) + I(X; B | A) + I(Y; A | B) + I(X; Y | A, B),
//!
//! where the first is labels against labels, the next two are numbers against labels, and the last is
//! numbers against numbers, each from the rows without atom that it is about.
//!
//! **Values that repeat.** Counts, scales, rounded numbers: few values are classes, as above. Where cells of
//! their table are too many, a mixture of normal copulas, cut into cells, is fitted, and the table is
//! believed to be drawn from a Dirichlet law about it, which counts for as many samples as the evidence
//! says (Hutter's posterior mean, 2002). Where hardly a pair of values occurs twice, ties are
//! broken at random and the numbers are as if they did not repeat. The weights of the three go over from
//! one to the other by the share of repeated pairs and by E.
//!
//! **Copies.** Where all rows occur a multiple of some number of times, or values of x and y repeat only
//! together although the rows tell nothing of the kind otherwise, rows were copied: each is counted once.
//!
//! **Intervals.** The variance has three parts, none of which is in another: that of the local information
//! ln p(x, y) / p(x) p(y) over N (the first order of I's scatter, which vanishes without dependence), the
//! scatter of the second order, which is all there is without dependence (χ² / 2N in well filled tables),
//! and the doubt about the bias. Local information is estimated with noise, which is taken off; in tables, pairs that
//! seldom meet have the variance of their fitted law instead. The doubt is what the drawn tables moved b E by,
//! and how far they scattered; for the line, a share of E between its ends; for windows, what the curve leaves.
//! Above, one more sample of the rarest kind is added: rare events that did not happen are not impossible.
//! Stronger dependence scatters more, so the error above is the one at the interval's upper end (Wilson 1927), with
//! the growth that normals have; without it 2 × 2 classes of weak dependence were covered in 82 % at N = 200.
//! Between two scalars, a share of the variance that the slope of the curve leaves open comes to it, larger above
//! than below; above, what the scatter of ranks blurs, 2 (exp I − 1) / N; below, three tenths of what the
//! reference does not explain, up to a tenth of a nat. Between vectors it is the curve's variance, and above half
//! of what the curve was extrapolated by. These shares were set on other draws of the families of the coverage
//! experiment and of families like them, and for vectors on those of the accuracy experiment and on
//! independent ones.
//! Where the information is 0 and the estimate hardly leaves it (few classes, sparse units) the interval touches
//! 0 nearly always, and covers in more than 99 %: an estimate that is large by chance shows local information that
//! scatters as much, so that its lower end stays at 0 more often than a test would find nothing.
//!
//! How accurate this is (`cargo run --release --example atoms`):
//!
#![doc = include_str!("accuracy/atoms.md")]

mod atoms;
mod canonical;
mod chance;
mod codes;
mod copies;
mod curve;
mod estimate;
mod labels;
mod lattice;
mod mixture;
mod nearest;
mod neighbourhoods;
mod ordered;
mod part;
mod ratios;
mod reliability;
mod scalars;
mod scores;
mod side;
mod student;
mod vectors;
mod windows;

pub use estimate::AdaptiveEstimate;
pub use reliability::Reliability;

use std::fmt;

use crate::data::variable::Variable;
use crate::error::Result;
use crate::estimator::Estimator;
use crate::units::Nats;

/// I(X; Y) by the estimator that the crate recommends for these kinds of variables.
///
/// ```
/// use mutinfo::prelude::*;
///
/// let data = Sample::coupled_normals(500, 1.0, 42)?;
/// let information = mutual_information(&data.x, &data.y)?;
/// assert!((information - data.exact).abs() < Nats(0.1));
/// # Ok::<(), mutinfo::Error>(())
/// ```
///
/// # Errors
/// As [`Adaptive`].
pub fn mutual_information<'a>(
    x: impl Into<Variable<'a>>,
    y: impl Into<Variable<'a>>,
) -> Result<Nats> {
    Adaptive.estimate(x, y)
}

/// The estimator that this version of the crate recommends.
///
/// ```
/// use mutinfo::recommended::recommended;
///
/// assert_eq!(recommended().to_string(), "adaptive 2");
/// ```
pub fn recommended() -> Adaptive {
    Adaptive
}

/// The adaptive estimator: for each kind of variables another method, chosen by the data. See the
/// [module](self) for all of them.
///
/// It prints as `adaptive 2`: the number changes with every change of its values, so that a report
/// says what it was made with.
///
/// # Errors
/// As [`AdaptiveEstimate::of`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Adaptive;

impl fmt::Display for Adaptive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad("adaptive 2")
    }
}

/// A standard error's multiple that reaches to the ends of the 95 % interval.
const REACH: f64 = 1.959_963_984_540_054;

/// The least samples whose third neighbour exists.
const FEWEST: usize = 4;

impl Estimator for Adaptive {
    fn estimate_variables(&self, x: &Variable<'_>, y: &Variable<'_>) -> Result<Nats> {
        Ok(AdaptiveEstimate::of(x, y)?.information)
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, Axis};

    use super::*;
    use crate::error::Error;
    use crate::neighbours::ksg1::Ksg1;
    use crate::truth::{Distribution, Transform};

    /// Sums in another order.
    const ROUNDING: f64 = 1e-9;

    fn estimate(family: &Distribution, n: usize, seed: u64) -> f64 {
        let sample = family.sample(n, seed).unwrap();
        Adaptive.estimate(&sample.x, &sample.y).unwrap().value()
    }

    #[test]
    fn beats_three_neighbours_on_the_lectures_data() {
        let (mut ours, mut ksg) = (0.0, 0.0);
        for seed in 0..60 {
            let data = crate::Sample::coupled_normals(200, 1.0, seed).unwrap();
            let error = |estimator: &dyn Fn() -> Result<Nats>| {
                (estimator().unwrap() - data.exact).value().powi(2)
            };
            ours += error(&|| Adaptive.estimate(&data.x, &data.y));
            ksg += error(&|| Ksg1::default().estimate(&data.x, &data.y));
        }
        assert!(ours < 0.85 * 0.85 * ksg, "{ours} {ksg}");
    }

    #[test]
    fn is_near_the_truth_where_three_neighbours_are_not() {
        let heavy = Distribution::normal(0.8).transformed(Transform::Cauchy, Transform::Power(3.0));
        let wide = Distribution::Normal(vec![0.8, 0.8, 0.0, 0.0, 0.0]);
        let tails = Distribution::Student {
            degrees: 2.0,
            correlations: vec![0.0; 3],
        };
        let wide_tails = Distribution::Student {
            degrees: 1.0,
            correlations: vec![0.0; 5],
        };
        for (family, tolerance) in [
            (heavy, 0.08),
            (wide, 0.15),
            (tails, 0.15),
            (wide_tails, 0.15),
        ] {
            let exact = family.mutual_information().unwrap().value();
            let error = estimate(&family, 600, 3) - exact;
            assert!(error.abs() < tolerance, "{family}: {error}");
        }
    }

    #[test]
    fn bent_vectors_are_marked() {
        let third = 1.0 / 3.0;
        let normal = Distribution::Normal(vec![0.8, 0.8, 0.0]);
        let bent = normal
            .clone()
            .transformed(Transform::Spiral(third), Transform::Spiral(-third));
        let of = |family: &Distribution| {
            let data = family.sample(1000, 1).unwrap();
            AdaptiveEstimate::of(&(&data.x).into(), &(&data.y).into()).unwrap()
        };
        assert_eq!(of(&bent).reliability, Reliability::FineDependence);
        assert!(of(&normal).reliability.is_good());
    }

    #[test]
    fn neither_order_nor_units_nor_monotone_maps_matter() {
        let family = Distribution::Student {
            degrees: 3.0,
            correlations: vec![0.6],
        };
        let sample = family.sample(300, 5).unwrap().numbers().unwrap();
        let (x, y) = (&sample.x, &sample.y);
        let here = Adaptive.estimate(x, y).unwrap().value();
        let swapped = Adaptive.estimate(y, x).unwrap().value();
        let mapped = Adaptive
            .estimate(&x.mapv(|v| (v / 100.0).exp() * 1e6), &y.mapv(|v| 7.0 - v))
            .unwrap()
            .value();
        let order: Vec<usize> = (0..300).map(|i| (i * 7) % 300).collect();
        let shuffled = Adaptive
            .estimate(&x.select(Axis(0), &order), &y.select(Axis(0), &order))
            .unwrap()
            .value();
        for other in [swapped, mapped, shuffled] {
            assert!((here - other).abs() < ROUNDING, "{here} {other}");
        }
    }

    #[test]
    fn vectors_can_be_swapped_scaled_and_shuffled() {
        let family =
            Distribution::Blocks(vec![Distribution::Clayton(2.0), Distribution::normal(0.5)]);
        let sample = family.sample(150, 5).unwrap().numbers().unwrap();
        let (x, y) = (&sample.x, &sample.y);
        let here = Adaptive.estimate(x, y).unwrap().value();
        let swapped = Adaptive.estimate(y, x).unwrap().value();
        let scaled = Adaptive.estimate(&(x * 1e6), &(y - 3.0)).unwrap().value();
        let order: Vec<usize> = (0..150).map(|i| (i * 7) % 150).collect();
        let shuffled = Adaptive
            .estimate(&x.select(Axis(0), &order), &y.select(Axis(0), &order))
            .unwrap()
            .value();
        for other in [swapped, scaled, shuffled] {
            assert!((here - other).abs() < ROUNDING, "{here} {other}");
        }
    }

    #[test]
    fn any_number_of_threads_gives_the_same_bits() {
        let family = Distribution::Normal(vec![0.5, 0.2]);
        let of = |threads| {
            crate::with_threads(threads, || {
                (
                    estimate(&family, 400, 1),
                    estimate(&Distribution::Circle(0.3), 700, 1),
                )
            })
        };
        assert_eq!(of(1), of(3));
    }

    #[test]
    fn ties_keep_the_information_of_the_atoms() {
        // Rounded normals share almost what normals share; a fair bit and its copy with one in
        // five flipped share ln 2 − H(1/5).
        let sample = Distribution::normal(0.6)
            .sample(2000, 1)
            .unwrap()
            .numbers()
            .unwrap();
        let rounded = |v: &f64| (v * 10.0).round();
        let estimate = Adaptive
            .estimate(&sample.x.map(rounded), &sample.y.map(rounded))
            .unwrap();
        assert!((estimate - sample.exact).abs() < Nats(0.04), "{estimate}");

        let bit = Array1::from_iter((0..2000).map(|i| f64::from(i % 2)));
        let flipped =
            Array1::from_iter((0..2000).map(|i| f64::from((i + i32::from(i % 10 < 2)) % 2)));
        let estimate = Adaptive.estimate(&bit, &flipped).unwrap().value();
        let exact = 2f64.ln() + 0.2 * 0.2_f64.ln() + 0.8 * 0.8_f64.ln();
        assert!((estimate - exact).abs() < 0.05, "{estimate} {exact}");
    }

    #[test]
    fn collinear_and_equal_columns_do_no_harm() {
        let sample = Distribution::normal(0.6)
            .sample(300, 1)
            .unwrap()
            .numbers()
            .unwrap();
        let twice = ndarray::concatenate![Axis(1), sample.x, sample.x];
        let estimate = Adaptive.estimate(&twice, &sample.y).unwrap();
        assert!((estimate - sample.exact).abs() < Nats(0.15), "{estimate}");
        let itself = Adaptive.estimate(&sample.x, &sample.x).unwrap();
        assert!(itself.value().is_finite() && itself > Nats(2.0), "{itself}");
        let both = Adaptive.estimate(&twice, &twice).unwrap();
        assert!(both.value().is_finite() && both > Nats(1.0), "{both}");
    }

    #[test]
    fn few_samples_and_many_dimensions_give_finite_numbers() {
        for n in [4, 5, 9, 16] {
            assert!(estimate(&Distribution::normal(0.6), n, 1).is_finite());
            assert!(estimate(&Distribution::Normal(vec![0.6; 12]), n, 1).is_finite());
        }
        let few = Distribution::normal(0.6).sample(3, 1).unwrap();
        assert_eq!(
            mutual_information(&few.x, &few.y),
            Err(Error::TooFewSamples { got: 3, needed: 4 })
        );
    }

    #[test]
    fn labels_are_counted() {
        let labels = [0, 0, 1, 1, 0, 1, 1, 0];
        // A label tells itself, whatever its classes are called.
        let itself = mutual_information(&labels, &labels.map(|l| 7 - l)).unwrap();
        assert!((itself.value() - 2f64.ln()).abs() < 1e-12, "{itself}");
        // Two normals a standard deviation of 2 apart: 0.336830820346832 nat by quadrature.
        let sample = Distribution::normal(0.0)
            .sample(2000, 1)
            .unwrap()
            .numbers()
            .unwrap();
        let label = Array1::from_iter((0..2000).map(|i| i % 2));
        let values = sample.x.column(0).to_owned() + label.mapv(|l| 2.0 * f64::from(l));
        let (one, other) = (
            mutual_information(&values, &label).unwrap(),
            mutual_information(&label, &values).unwrap(),
        );
        assert_eq!(one, other);
        assert!((one.value() - 0.3368).abs() < 0.05, "{one}");
    }
}
