//! [`Distribution`]: laws of two variables whose mutual information is known exactly, to test
//! estimators on.
//!
//! A distribution knows its exact information and draws seeded samples. Distributions combine:
//! independent blocks add their information ([`Distribution::Blocks`]), and an invertible transform
//! of one variable alone ([`Transform`]) leaves the information as it is.
//!
//! ```
//! use mutinfo::prelude::*;
//!
//! let normal = Distribution::normal(0.6);
//! let heavy = Distribution::normal(0.6).transformed(Transform::Cauchy, Transform::Cauchy);
//! assert_eq!(normal.mutual_information()?, heavy.mutual_information()?);
//! let sample = heavy.sample(200, 42)?;
//! assert_eq!(sample.x.numbers()?.dim(), (200, 1));
//! # Ok::<(), mutinfo::Error>(())
//! ```

mod atoms;
mod check;
mod display;
mod draw;
mod exact;
mod labels;
mod quadratures;
#[cfg(test)]
mod tests;
mod transform;
mod values;

use ndarray_rand::rand::SeedableRng;
use rand_chacha::ChaCha12Rng;

pub use transform::Transform;

use super::sample::{Sample, check_size};
use crate::error::Result;
use crate::units::Nats;

/// A law of (X, Y) whose mutual information is known.
///
/// Sources of the formulas: Gaussian, Student, gamma and Clayton laws as collected by Czyż et
/// al. (2023), "Beyond normal: on the evaluation of mutual information estimators", and in the
/// tables of Darbellay and Vajda (2000) and Arellano-Valle, Contreras-Reyes and Genton (2013).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Distribution {
    /// Pairs (xᵢ, yᵢ) of standard normals, independent of each other, with these correlations:
    /// I = −½ Σ ln(1 − ρᵢ²).
    Normal(Vec<f64>),
    /// dx + dy standard normals, each two of them with the correlation ρ, so that the
    /// determinant of n of them is (1 − ρ)ⁿ⁻¹ (1 + (n − 1)ρ) and I = ½ ln(|Σx| |Σy| / |Σ|).
    DenseNormal {
        /// Dimensions of x.
        dx: usize,
        /// Dimensions of y.
        dy: usize,
        /// The correlation of each two, from 0 to 1.
        correlation: f64,
    },
    /// Multivariate Student t: pairs of correlated normals, all divided by one √(χ²ᵥ/ν).
    /// The common divisor alone makes x and y dependent:
    /// I = −½ Σ ln(1 − ρᵢ²) + f(ν) + f(ν + 2d) − 2 f(ν + d), f(a) = ln Γ(a/2) − (a/2) ψ(a/2).
    Student {
        /// Degrees of freedom ν; 1 is the Cauchy law.
        degrees: f64,
        /// The correlation of each pair of normals.
        correlations: Vec<f64>,
    },
    /// X ~ U(0, 1), Y = X + U(−e, e): I = e − ln 2e up to e = ½, 1/(4e) above.
    UniformNoise(
        /// e, the half-width of the noise.
        f64,
    ),
    /// X ~ Gamma(a), Y = X + Gamma(b): I = h(Gamma(a + b)) − h(Gamma(b)).
    GammaSum {
        /// The shape of X.
        a: f64,
        /// The shape of the noise.
        b: f64,
    },
    /// X ~ Gamma(θ), Y exponential with rate X: I = ψ(θ + 1) − ln θ.
    GammaExponential(
        /// θ, the shape.
        f64,
    ),
    /// Clayton's copula, dependent in the lower tail: I = ln(1 + θ) − θ/(1 + θ).
    Clayton(
        /// θ > 0.
        f64,
    ),
    /// Frank's copula, of light tails (its MI by quadrature).
    Frank(
        /// θ, not 0; negative for negative dependence.
        f64,
    ),
    /// Uniform on m equal blocks on the diagonal of the unit square: I = ln m.
    Diagonal(
        /// m, the number of blocks.
        usize,
    ),
    /// Uniform on the black squares of an m × m chessboard, m even: I = ln 2 with no correlation.
    Chessboard(
        /// m, the squares a side.
        usize,
    ),
    /// X ~ U(0, 2π), Y = sin X + s·N(0, 1) (by quadrature).
    Sine(
        /// s, the noise.
        f64,
    ),
    /// X ~ N(0, 1), Y = X² + s·N(0, 1): dependent without correlation (by quadrature).
    Square(
        /// s, the noise.
        f64,
    ),
    /// The unit circle with noise s·N(0, 1) on both axes (by quadrature).
    Circle(
        /// s, the noise.
        f64,
    ),
    /// X ~ U(1, 3), Y = X·N(0, 1): the spread of Y depends on X, its mean does not (by
    /// quadrature).
    Heteroscedastic,
    /// Normals of correlation ρ or −ρ with equal chance: a cross without correlation (by
    /// quadrature).
    Cross(
        /// ρ.
        f64,
    ),
    /// Normals of correlation ρ, a share of which is replaced by independent normals of a
    /// larger spread (by quadrature).
    Contaminated {
        /// ρ.
        correlation: f64,
        /// The share replaced.
        share: f64,
        /// Their standard deviation.
        spread: f64,
    },
    /// X and Y uniform on (0, 1) in so many dimensions, all independent: I = 0.
    Uniform {
        /// Dimensions of x.
        dx: usize,
        /// Dimensions of y.
        dy: usize,
    },
    /// Standard normals of correlation ρ, each clipped to [low, high], as numbers: with low = 0
    /// and high = ∞, two units behind a ReLU. Either end may be infinite (by quadrature).
    Censored {
        /// The lower end.
        low: f64,
        /// The upper end.
        high: f64,
        /// ρ before clipping.
        correlation: f64,
    },
    /// X and Y are both 0 with this chance, and otherwise standard normals of correlation ρ:
    /// I = H(zero?) − ½ (1 − zeros) ln(1 − ρ²).
    ZeroInflated {
        /// The chance of (0, 0).
        zeros: f64,
        /// ρ of the others.
        correlation: f64,
    },
    /// Standard normals of correlation ρ, each set to 0 with this chance, independently:
    /// I = −½ (1 − zeros)² ln(1 − ρ²).
    Dropout {
        /// The chance that a value is set to 0.
        zeros: f64,
        /// ρ before that.
        correlation: f64,
    },
    /// Two units that fire, with independent sizes Exp(1), together with one chance, and each
    /// alone with another; else they are 0. I is that of the 2 × 2 table of who fires.
    GatedPair {
        /// The chance that both fire.
        together: f64,
        /// The chance that x alone fires, and that y alone does.
        alone: f64,
    },
    /// Standard normals of correlation ρ, each rounded to a multiple of the step, as numbers (by
    /// quadrature of each cell).
    Rounded {
        /// ρ before rounding.
        correlation: f64,
        /// The step.
        step: f64,
    },
    /// How many cuts each of two standard normals of correlation ρ exceeds, as numbers;
    /// [`Transform::Labels`] makes them labels (by quadrature of each cell).
    Likert {
        /// ρ of the normals.
        correlation: f64,
        /// The cuts, in increasing order.
        cuts: Vec<f64>,
    },
    /// A + C and B + C of independent Poisson counts, as numbers (by summation).
    SharedPoisson {
        /// The mean of A.
        a: f64,
        /// The mean of B.
        b: f64,
        /// The mean of C, which both contain.
        c: f64,
    },
    /// A number X ~ N(meanₗ, 1), and the label l (by quadrature).
    NormalLabel {
        /// The mean of each class.
        means: Vec<f64>,
        /// The weight of each class, above 0; they need not add up to 1.
        weights: Vec<f64>,
    },
    /// A number X = max(0, N(meanₗ, 1)), and the label l (by quadrature).
    ReluLabel {
        /// The mean of each class, before clipping.
        means: Vec<f64>,
        /// The weight of each class, above 0; they need not add up to 1.
        weights: Vec<f64>,
    },
    /// A count X ~ Poisson(meanₗ), as a number, and the label l (by summation).
    PoissonLabel {
        /// The mean of each class.
        means: Vec<f64>,
        /// The weight of each class, above 0; they need not add up to 1.
        weights: Vec<f64>,
    },
    /// A number that is a function of the label: X = valueₗ, so that I = H(X).
    ValueOfLabel {
        /// The value of each class; classes may share it.
        values: Vec<f64>,
        /// The weight of each class, above 0; they need not add up to 1.
        weights: Vec<f64>,
    },
    /// X is 0, but with one chance an Exp(1); the label says whether X > 0, and is wrong with
    /// another chance. I is that of the 2 × 2 table.
    Gate {
        /// The chance that X > 0.
        active: f64,
        /// The chance that the label is wrong.
        flip: f64,
    },
    /// Labels of which cell (i, j) has the weight 1 + s where i and j agree modulo the smaller
    /// number of classes, else 1.
    Potts {
        /// Classes of x.
        rows: usize,
        /// Classes of y.
        columns: usize,
        /// s ≥ 0.
        strength: f64,
    },
    /// Labels: x has weights 1 / rank (Zipf's law); y is x with this chance, else drawn afresh.
    Zipf {
        /// The number of classes.
        classes: usize,
        /// The chance that y is x.
        keep: f64,
    },
    /// Distributions side by side, independent of each other: their information adds. A block may
    /// have no dimension of x or of y, such as [`Distribution::Uniform`] with `dy` = 0, which adds
    /// noise columns. Labels have no other dimension beside them.
    Blocks(Vec<Distribution>),
    /// Invertible transforms of x alone and of y alone, which leave the information as it is.
    Transformed {
        /// The distribution before.
        distribution: Box<Distribution>,
        /// What is done to x.
        x: Transform,
        /// What is done to y.
        y: Transform,
    },
}

impl Distribution {
    /// Two standard normals of correlation ρ: I = −½ ln(1 − ρ²).
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let information = Distribution::normal(0.6).mutual_information()?;
    /// assert!((information - Nats(-0.8_f64.ln())).abs() < Nats(1e-12), "−½ ln(1 − 0.6²)");
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn normal(correlation: f64) -> Self {
        Distribution::Normal(vec![correlation])
    }

    /// The same information, seen through invertible transforms of x and of y.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let normal = Distribution::normal(0.6);
    /// let heavy = normal.clone().transformed(Transform::Cauchy, Transform::Cauchy);
    /// assert_eq!(heavy.mutual_information()?, normal.mutual_information()?);
    /// assert_ne!(heavy.sample(50, 1)?.x, normal.sample(50, 1)?.x);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    #[must_use]
    pub fn transformed(self, x: Transform, y: Transform) -> Self {
        Distribution::Transformed {
            distribution: Box::new(self),
            x,
            y,
        }
    }

    /// How many dimensions x and y have; a label has one.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// assert_eq!(Distribution::Uniform { dx: 3, dy: 1 }.dimensions(), (3, 1));
    /// ```
    pub fn dimensions(&self) -> (usize, usize) {
        match self {
            Distribution::Normal(correlations) | Distribution::Student { correlations, .. } => {
                (correlations.len(), correlations.len())
            }
            Distribution::DenseNormal { dx, dy, .. } | Distribution::Uniform { dx, dy } => {
                (*dx, *dy)
            }
            Distribution::Blocks(blocks) => blocks
                .iter()
                .map(Distribution::dimensions)
                .fold((0, 0), |(dx, dy), (bx, by)| {
                    (dx.saturating_add(bx), dy.saturating_add(by))
                }),
            Distribution::Transformed { distribution, .. } => distribution.dimensions(),
            _ => (1, 1),
        }
    }

    /// The exact mutual information: in closed form, or by summation or quadrature to 1e-9 where
    /// noted.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// // Blocks that are independent of each other add their information.
    /// let one = Distribution::normal(0.6);
    /// let two = Distribution::Blocks(vec![one.clone(), one.clone()]);
    /// assert_eq!(two.mutual_information()?, 2.0 * one.mutual_information()?);
    /// assert!(Distribution::normal(1.5).mutual_information().is_err());
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Parameter`](crate::Error::Parameter) for a parameter out of its range,
    /// [`Error::Empty`](crate::Error::Empty) for a distribution without dimensions or classes.
    pub fn mutual_information(&self) -> Result<Nats> {
        self.check()?;
        // Sums that cancel may come out a rounding below 0, which no information is.
        Ok(Nats(self.information().max(0.0)))
    }

    /// Draws n samples; the same seed gives the same samples.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let law = Distribution::normal(0.6);
    /// let data = law.sample(50, 42)?;
    /// assert_eq!(data.exact, law.mutual_information()?);
    /// assert_eq!(data, law.sample(50, 42)?);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Distribution::mutual_information`]; [`Error::Empty`](crate::Error::Empty) for n = 0;
    /// [`Error::Parameter`](crate::Error::Parameter) for more numbers than memory should be spent
    /// on; [`Error::NotFinite`](crate::Error::NotFinite) where a transform overflowed.
    pub fn sample(&self, n: impl TryInto<usize>, seed: u64) -> Result<Sample<super::Values>> {
        self.draw(n.try_into().unwrap_or(0), seed)
    }

    fn draw(&self, n: usize, seed: u64) -> Result<Sample<super::Values>> {
        let exact = self.mutual_information()?;
        let (dx, dy) = self.dimensions();
        check_size(n, dx.max(dy))?;
        let (mut x, mut y) = (vec![0.0; n * dx], vec![0.0; n * dy]);
        let mut rng = ChaCha12Rng::seed_from_u64(seed);
        for (x, y) in x.chunks_mut(dx).zip(y.chunks_mut(dy)) {
            self.fill(x, y, &mut rng);
        }
        let [x_kind, y_kind] = self.kinds();
        Ok(Sample {
            x: x_kind.values(x, dx, "x")?,
            y: y_kind.values(y, dy, "y")?,
            exact,
        })
    }
}
