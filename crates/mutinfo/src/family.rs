//! [`Family`]: laws of two variables whose mutual information is known exactly, to test
//! estimators on.
//!
//! A family knows its exact MI and draws seeded samples. Families combine: independent blocks
//! add their information ([`Family::Blocks`]), and an invertible map of one variable alone
//! ([`Map`]) leaves the information as it is.
//!
//! ```
//! use mutinfo::family::{Family, Map};
//!
//! let normal = Family::normal(0.6);
//! let heavy = Family::normal(0.6).mapped(Map::Cauchy, Map::Cauchy);
//! assert_eq!(normal.exact()?, heavy.exact()?);
//! let sample = heavy.draw(200, 42)?;
//! assert_eq!(sample.x.dim(), (200, 1));
//! # Ok::<(), mutinfo::Error>(())
//! ```

use std::f64::consts::{LN_2, PI};
use std::fmt;
use std::sync::{Mutex, PoisonError};

use ndarray::Array2;
use ndarray_rand::rand::rngs::StdRng;
use ndarray_rand::rand::{Rng, SeedableRng};
use ndarray_rand::rand_distr::{Distribution, Exp1, Gamma, StandardNormal};
use statrs::distribution::{ContinuousCDF, Normal};
use statrs::function::gamma::{digamma, ln_gamma};

use crate::error::{Error, Result};
use crate::quadrature::{integrate, plogp};
use crate::sample::Sample;
use crate::units::Nats;

/// A law of (X, Y) whose mutual information is known.
///
/// Sources of the formulas: Gaussian, Student, gamma and Clayton laws as collected by Czyż et
/// al. (2023), "Beyond normal: on the evaluation of mutual information estimators", and in the
/// tables of Darbellay and Vajda (2000) and Arellano-Valle, Contreras-Reyes and Genton (2013).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Family {
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
    /// Families side by side, independent of each other: their information adds.
    Blocks(Vec<Family>),
    /// Invertible maps of x alone and of y alone, which leave the information as it is.
    Mapped {
        /// The family before.
        family: Box<Family>,
        /// What is done to x.
        x: Map,
        /// What is done to y.
        y: Map,
    },
}

/// An invertible map of one variable. Those in the upper half act on each dimension alone.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Map {
    /// Nothing.
    Identity,
    /// eˢᵗ: a normal becomes log-normal.
    Exp(
        /// s, the scale.
        f64,
    ),
    /// sign(t) |t|ᵖ.
    Power(
        /// p > 0.
        f64,
    ),
    /// Φ(t): a standard normal becomes uniform.
    NormalCdf,
    /// tan(π(Φ(t) − ½)): a standard normal becomes a Cauchy variable.
    Cauchy,
    /// asinh t: heavy tails become light.
    Asinh,
    /// t + 0.8 sin 1.2t: monotone, with a wavy slope, which makes modes.
    Wave,
    /// Turns the first two dimensions by the angle speed · ‖t‖².
    Spiral(
        /// The angle at distance 1, in radians.
        f64,
    ),
    /// Turns the dimensions 1 and 2, then 2 and 3, … by this angle.
    Rotation(
        /// The angle in radians.
        f64,
    ),
}

impl Family {
    /// Two standard normals of correlation ρ: I = −½ ln(1 − ρ²).
    pub fn normal(correlation: f64) -> Self {
        Family::Normal(vec![correlation])
    }

    /// The same information, seen through invertible maps of x and of y.
    pub fn mapped(self, x: Map, y: Map) -> Self {
        Family::Mapped {
            family: Box::new(self),
            x,
            y,
        }
    }

    /// How many dimensions x and y have.
    pub fn dimensions(&self) -> (usize, usize) {
        match self {
            Family::Normal(correlations) | Family::Student { correlations, .. } => {
                (correlations.len(), correlations.len())
            }
            Family::DenseNormal { dx, dy, .. } | Family::Uniform { dx, dy } => (*dx, *dy),
            Family::Blocks(blocks) => blocks
                .iter()
                .map(Family::dimensions)
                .fold((0, 0), |(dx, dy), (bx, by)| (dx + bx, dy + by)),
            Family::Mapped { family, .. } => family.dimensions(),
            _ => (1, 1),
        }
    }

    /// The exact mutual information: in closed form, or by quadrature to 1e-9 where noted.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a parameter out of its range, [`Error::Empty`] for a family
    /// without dimensions.
    pub fn exact(&self) -> Result<Nats> {
        self.check()?;
        Ok(Nats(self.information()))
    }

    /// Draws n samples; the same seed gives the same samples.
    ///
    /// # Errors
    /// As [`Family::exact`], and [`Error::Empty`] for n = 0.
    pub fn draw(&self, n: usize, seed: u64) -> Result<Sample<ndarray::Ix2>> {
        let exact = self.exact()?;
        if n == 0 {
            return Err(Error::Empty { argument: "n" });
        }
        let (dx, dy) = self.dimensions();
        let (mut x, mut y) = (vec![0.0; n * dx], vec![0.0; n * dy]);
        let mut rng = StdRng::seed_from_u64(seed);
        for (x, y) in x.chunks_mut(dx).zip(y.chunks_mut(dy)) {
            self.fill(x, y, &mut rng);
        }
        let rows = |values, dimensions| {
            Array2::from_shape_vec((n, dimensions), values).expect("n rows were drawn")
        };
        Ok(Sample {
            x: rows(x, dx),
            y: rows(y, dy),
            exact,
        })
    }

    fn check(&self) -> Result<()> {
        let correlation = |value: f64| {
            require(
                "correlation",
                value,
                value.abs() < 1.0,
                "it must lie between -1 and 1",
            )
        };
        let positive = |parameter, value: f64| {
            require(
                parameter,
                value,
                value > 0.0 && value.is_finite(),
                "it must be above 0",
            )
        };
        let (dx, dy) = self.dimensions();
        if dx == 0 || dy == 0 {
            return Err(Error::Empty {
                argument: "the family",
            });
        }
        match self {
            Family::Normal(correlations) => correlations.iter().try_for_each(|&r| correlation(r)),
            Family::DenseNormal { correlation, .. } => require(
                "correlation",
                *correlation,
                (0.0..1.0).contains(correlation),
                "it must be at least 0 and below 1",
            ),
            Family::Student {
                degrees,
                correlations,
            } => {
                positive("degrees", *degrees)?;
                correlations.iter().try_for_each(|&r| correlation(r))
            }
            Family::UniformNoise(e) => positive("half-width", *e),
            Family::GammaSum { a, b } => positive("a", *a).and(positive("b", *b)),
            Family::GammaExponential(theta) | Family::Clayton(theta) => positive("theta", *theta),
            Family::Frank(theta) => require(
                "theta",
                *theta,
                *theta != 0.0 && theta.abs() <= 50.0,
                "it must be from -50 to 50 and not 0",
            ),
            Family::Diagonal(blocks) => positive("blocks", *blocks as f64),
            Family::Chessboard(side) => require(
                "side",
                *side as f64,
                *side > 0 && side.is_multiple_of(2),
                "it must be even and above 0",
            ),
            Family::Sine(noise) | Family::Square(noise) | Family::Circle(noise) => require(
                "noise",
                *noise,
                *noise >= 0.01 && noise.is_finite(),
                "it must be at least 0.01, where the quadrature is still exact",
            ),
            Family::Cross(rho) => require(
                "correlation",
                *rho,
                rho.abs() <= 0.99,
                "it must lie between -0.99 and 0.99, where the quadrature is still exact",
            ),
            Family::Contaminated {
                correlation,
                share,
                spread,
            } => {
                require(
                    "correlation",
                    *correlation,
                    correlation.abs() <= 0.99,
                    "it must lie between -0.99 and 0.99, where the quadrature is still exact",
                )?;
                require(
                    "share",
                    *share,
                    (0.0..=1.0).contains(share),
                    "it must be from 0 to 1",
                )?;
                require(
                    "spread",
                    *spread,
                    (1.0..=100.0).contains(spread),
                    "it must be from 1 to 100",
                )
            }
            Family::Heteroscedastic | Family::Uniform { .. } => Ok(()),
            Family::Blocks(blocks) => blocks.iter().try_for_each(Family::check),
            Family::Mapped { family, x, y } => {
                family.check()?;
                x.check(dx)?;
                y.check(dy)
            }
        }
    }

    fn information(&self) -> f64 {
        match self {
            Family::Normal(correlations) => normal_information(correlations),
            Family::DenseNormal {
                dx,
                dy,
                correlation: rho,
            } => {
                let ln_det = |n: usize| {
                    (n as f64 - 1.0) * (1.0 - rho).ln() + ((n as f64 - 1.0) * rho).ln_1p()
                };
                0.5 * (ln_det(*dx) + ln_det(*dy) - ln_det(dx + dy))
            }
            Family::Student {
                degrees,
                correlations,
            } => {
                let d = correlations.len() as f64;
                let f = |a: f64| ln_gamma(a / 2.0) - a / 2.0 * digamma(a / 2.0);
                normal_information(correlations) + f(*degrees) + f(degrees + 2.0 * d)
                    - 2.0 * f(degrees + d)
            }
            Family::UniformNoise(e) => {
                if *e <= 0.5 {
                    e - (2.0 * e).ln()
                } else {
                    0.25 / e
                }
            }
            Family::GammaSum { a, b } => gamma_entropy(a + b) - gamma_entropy(*b),
            Family::GammaExponential(theta) => digamma(theta + 1.0) - theta.ln(),
            Family::Clayton(theta) => theta.ln_1p() - theta / (1.0 + theta),
            Family::Frank(theta) => self.once(|| frank_information(*theta)),
            Family::Diagonal(blocks) => (*blocks as f64).ln(),
            Family::Chessboard(_) => LN_2,
            Family::Sine(noise) => self.once(|| sine_information(*noise)),
            Family::Square(noise) => self.once(|| square_information(*noise)),
            Family::Circle(noise) => self.once(|| circle_information(*noise)),
            Family::Heteroscedastic => self.once(heteroscedastic_information),
            Family::Cross(rho) => self.once(|| cross_information(*rho)),
            Family::Contaminated {
                correlation,
                share,
                spread,
            } => self.once(|| contaminated_information(*correlation, *share, *spread)),
            Family::Uniform { .. } => 0.0,
            Family::Blocks(blocks) => blocks.iter().map(Family::information).sum(),
            Family::Mapped { family, .. } => family.information(),
        }
    }

    /// A quadrature's result, kept: it takes up to half a second, and each draw asks for it.
    fn once(&self, quadrature: impl FnOnce() -> f64) -> f64 {
        const KEPT: usize = 64;
        static KNOWN: Mutex<Vec<(Family, f64)>> = Mutex::new(Vec::new());
        let known = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, value)) = known().iter().find(|(family, _)| family == self) {
            return *value;
        }
        let value = quadrature();
        let mut known = known();
        if known.len() == KEPT {
            known.remove(0);
        }
        known.push((self.clone(), value));
        value
    }

    /// Draws one sample into x and y.
    fn fill(&self, x: &mut [f64], y: &mut [f64], rng: &mut StdRng) {
        let normal = |rng: &mut StdRng| -> f64 { StandardNormal.sample(rng) };
        match self {
            Family::Normal(correlations) => fill_normal(correlations, x, y, rng),
            Family::DenseNormal { correlation, .. } => {
                let common = correlation.sqrt() * normal(rng);
                for value in x.iter_mut().chain(y) {
                    *value = common + (1.0 - correlation).sqrt() * normal(rng);
                }
            }
            Family::Student {
                degrees,
                correlations,
            } => {
                fill_normal(correlations, x, y, rng);
                let scale = (gamma(degrees / 2.0, rng) * 2.0 / degrees).sqrt();
                x.iter_mut().chain(y).for_each(|value| *value /= scale);
            }
            Family::UniformNoise(e) => {
                x[0] = rng.random();
                y[0] = x[0] + rng.random_range(-e..*e);
            }
            Family::GammaSum { a, b } => {
                x[0] = gamma(*a, rng);
                y[0] = x[0] + gamma(*b, rng);
            }
            Family::GammaExponential(theta) => {
                x[0] = gamma(*theta, rng);
                let standard: f64 = Exp1.sample(rng);
                y[0] = standard / x[0];
            }
            Family::Clayton(theta) => {
                let (u, q) = (open_unit(rng), open_unit(rng));
                x[0] = u;
                let inner = u.powf(-theta) * (q.powf(-theta / (1.0 + theta)) - 1.0) + 1.0;
                y[0] = inner.powf(-1.0 / theta);
            }
            Family::Frank(theta) => {
                let (u, q) = (open_unit(rng), open_unit(rng));
                x[0] = u;
                let tilt = q * (-theta).exp_m1() / (q + (1.0 - q) * (-theta * u).exp());
                y[0] = -tilt.ln_1p() / theta;
            }
            Family::Diagonal(blocks) => {
                let block = rng.random_range(0..*blocks) as f64;
                let place = |rng: &mut StdRng| (block + rng.random::<f64>()) / *blocks as f64;
                (x[0], y[0]) = (place(rng), place(rng));
            }
            Family::Chessboard(side) => {
                let column = rng.random_range(0..*side);
                let row = 2 * rng.random_range(0..side / 2) + column % 2;
                let mut place =
                    |square: usize| (square as f64 + rng.random::<f64>()) / *side as f64;
                (x[0], y[0]) = (place(column), place(row));
            }
            Family::Sine(noise) => {
                x[0] = rng.random_range(0.0..2.0 * PI);
                y[0] = x[0].sin() + noise * normal(rng);
            }
            Family::Square(noise) => {
                x[0] = normal(rng);
                y[0] = x[0] * x[0] + noise * normal(rng);
            }
            Family::Circle(noise) => {
                let angle = rng.random_range(0.0..2.0 * PI);
                x[0] = angle.cos() + noise * normal(rng);
                y[0] = angle.sin() + noise * normal(rng);
            }
            Family::Heteroscedastic => {
                x[0] = rng.random_range(1.0..3.0);
                y[0] = x[0] * normal(rng);
            }
            Family::Cross(rho) => {
                let sign = if rng.random() { 1.0 } else { -1.0 };
                fill_normal(&[sign * rho], x, y, rng);
            }
            Family::Contaminated {
                correlation,
                share,
                spread,
            } => {
                if rng.random::<f64>() < *share {
                    (x[0], y[0]) = (spread * normal(rng), spread * normal(rng));
                } else {
                    fill_normal(&[*correlation], x, y, rng);
                }
            }
            Family::Uniform { .. } => x
                .iter_mut()
                .chain(y)
                .for_each(|value| *value = rng.random()),
            Family::Blocks(blocks) => {
                let (mut x, mut y) = (x, y);
                for block in blocks {
                    let (dx, dy) = block.dimensions();
                    let ((first_x, rest_x), (first_y, rest_y)) =
                        (x.split_at_mut(dx), y.split_at_mut(dy));
                    block.fill(first_x, first_y, rng);
                    (x, y) = (rest_x, rest_y);
                }
            }
            Family::Mapped {
                family,
                x: map_x,
                y: map_y,
            } => {
                family.fill(x, y, rng);
                map_x.apply(x);
                map_y.apply(y);
            }
        }
    }
}

impl Map {
    fn check(self, dimensions: usize) -> Result<()> {
        match self {
            Map::Exp(scale) => require(
                "scale",
                scale,
                scale != 0.0 && scale.abs() <= 20.0,
                "it must be from -20 to 20 and not 0",
            ),
            Map::Power(power) => require(
                "power",
                power,
                power > 0.0 && power <= 20.0,
                "it must be above 0 and at most 20",
            ),
            Map::Spiral(_) | Map::Rotation(_) if dimensions < 2 => require(
                "dimensions",
                dimensions as f64,
                false,
                "turning needs at least 2 dimensions",
            ),
            Map::Spiral(angle) | Map::Rotation(angle) => require(
                "angle",
                angle,
                angle.is_finite(),
                "it must be a finite number",
            ),
            _ => Ok(()),
        }
    }

    fn apply(self, values: &mut [f64]) {
        let each = |values: &mut [f64], f: &dyn Fn(f64) -> f64| {
            values.iter_mut().for_each(|value| *value = f(*value));
        };
        match self {
            Map::Identity => {}
            Map::Exp(scale) => each(values, &|t| (scale * t).exp()),
            Map::Power(power) => each(values, &|t| t.signum() * t.abs().powf(power)),
            Map::NormalCdf => each(values, &|t| Normal::standard().cdf(t)),
            // tan(π(Φ − ½)) = −cot πΦ; the smaller tail keeps its digits.
            Map::Cauchy => each(values, &|t| {
                t.signum() / (PI * Normal::standard().cdf(-t.abs())).tan()
            }),
            Map::Asinh => each(values, &f64::asinh),
            Map::Wave => each(values, &|t| t + 0.8 * (1.2 * t).sin()),
            Map::Spiral(speed) => {
                let angle = speed * values.iter().map(|t| t * t).sum::<f64>();
                turn(&mut values[..2], angle);
            }
            Map::Rotation(angle) => {
                for first in 0..values.len() - 1 {
                    turn(&mut values[first..first + 2], angle);
                }
            }
        }
    }
}

fn turn(pair: &mut [f64], angle: f64) {
    let (sin, cos) = angle.sin_cos();
    (pair[0], pair[1]) = (cos * pair[0] - sin * pair[1], sin * pair[0] + cos * pair[1]);
}

fn require(
    parameter: &'static str,
    value: f64,
    holds: bool,
    requirement: &'static str,
) -> Result<()> {
    if holds {
        Ok(())
    } else {
        Err(Error::Parameter {
            parameter,
            value,
            requirement,
        })
    }
}

fn fill_normal(correlations: &[f64], x: &mut [f64], y: &mut [f64], rng: &mut StdRng) {
    for ((x, y), rho) in x.iter_mut().zip(y).zip(correlations) {
        *x = StandardNormal.sample(rng);
        let noise: f64 = StandardNormal.sample(rng);
        *y = rho * *x + (1.0 - rho * rho).sqrt() * noise;
    }
}

fn gamma(shape: f64, rng: &mut StdRng) -> f64 {
    Gamma::new(shape, 1.0)
        .expect("the shape was checked to be above 0")
        .sample(rng)
}

/// Uniform on (0, 1), without 0.
fn open_unit(rng: &mut StdRng) -> f64 {
    1.0 - rng.random::<f64>()
}

fn normal_density(x: f64, sd: f64) -> f64 {
    (-0.5 * (x / sd).powi(2)).exp() / (sd * (2.0 * PI).sqrt())
}

/// The density of two standard normals of correlation ρ.
fn binormal_density(x: f64, y: f64, rho: f64) -> f64 {
    let free = 1.0 - rho * rho;
    (-(x * x - 2.0 * rho * x * y + y * y) / (2.0 * free)).exp() / (2.0 * PI * free.sqrt())
}

fn normal_entropy(sd: f64) -> f64 {
    0.5 * (2.0 * PI).ln() + 0.5 + sd.ln()
}

fn normal_information(correlations: &[f64]) -> f64 {
    correlations
        .iter()
        .map(|rho| -0.5 * (-rho * rho).ln_1p())
        .sum()
}

fn gamma_entropy(shape: f64) -> f64 {
    shape + ln_gamma(shape) + (1.0 - shape) * digamma(shape)
}

/// ∫∫ c ln c over the unit square, c = θ(1 − e^−θ) e^−θ(u+v) / (1 − e^−θ − (1 − e^−θu)(1 − e^−θv))².
fn frank_information(theta: f64) -> f64 {
    let whole = -(-theta).exp_m1();
    let panels = 2 + (theta.abs() / 5.0) as usize;
    integrate(0.0, 1.0, panels, |u| {
        integrate(0.0, 1.0, panels, |v| {
            let below = whole - (-theta * u).exp_m1() * (-theta * v).exp_m1();
            -plogp(theta * whole * (-theta * (u + v)).exp() / (below * below))
        })
    })
}

/// h(Y) − h(noise). By symmetry X may be taken on half a period.
fn sine_information(noise: f64) -> f64 {
    let end = 1.0 + 9.0 * noise;
    let panels = 2 + (0.7 / noise) as usize;
    let entropy = 2.0
        * integrate(0.0, end, panels, |y| {
            plogp(
                integrate(-PI / 2.0, PI / 2.0, panels, |x| {
                    normal_density(y - x.sin(), noise)
                }) / PI,
            )
        });
    entropy - normal_entropy(noise)
}

/// h(Y) − h(noise).
fn square_information(noise: f64) -> f64 {
    let panels = 24 + (4.0 / noise) as usize;
    let entropy = integrate(-9.0 * noise, 64.0 + 9.0 * noise, panels, |y| {
        // Only x² within 9 noises of y matters, which keeps the nodes where the mass is.
        let (from, to) = (
            (y - 9.0 * noise).max(0.0).sqrt(),
            (y + 9.0 * noise).max(0.0).sqrt().min(9.0),
        );
        if to <= from {
            return 0.0;
        }
        plogp(
            2.0 * integrate(from, to, 2, |x| {
                normal_density(x, 1.0) * normal_density(y - x * x, noise)
            }),
        )
    });
    entropy - normal_entropy(noise)
}

/// 2 h(X) − h(X, Y); the joint density depends on the radius alone.
fn circle_information(noise: f64) -> f64 {
    let end = 1.0 + 9.0 * noise;
    let panels = 2 + (0.7 / noise) as usize;
    let marginal = 2.0
        * integrate(0.0, end, panels, |x| {
            plogp(
                integrate(0.0, PI, panels, |angle| {
                    normal_density(x - angle.cos(), noise)
                }) / PI,
            )
        });
    let joint = integrate(0.0, end, panels, |radius| {
        let density = integrate(0.0, PI, panels, |angle| {
            let square = radius * radius + 1.0 - 2.0 * radius * angle.cos();
            (-square / (2.0 * noise * noise)).exp()
        }) / PI
            / (2.0 * PI * noise * noise);
        2.0 * PI * radius * plogp(density)
    });
    2.0 * marginal - joint
}

/// h(Y) − h(Y | X).
fn heteroscedastic_information() -> f64 {
    let entropy = 2.0
        * integrate(0.0, 27.0, 4, |y| {
            plogp(integrate(1.0, 3.0, 2, |x| normal_density(y, x)) / 2.0)
        });
    entropy - integrate(1.0, 3.0, 4, normal_entropy) / 2.0
}

/// 2 h(N) − h(X, Y), over a quarter of the plane, in coordinates along the arms.
fn cross_information(rho: f64) -> f64 {
    let long = (1.0 + rho.abs()).sqrt();
    let short = (1.0 - rho.abs()).sqrt();
    let panels = 2 + (long / short) as usize;
    let joint = 4.0
        * integrate(0.0, 9.0 * long, panels, |a| {
            integrate(0.0, 9.0 * long, panels, |b| {
                let one = normal_density(a, long) * normal_density(b, short);
                let other = normal_density(a, short) * normal_density(b, long);
                plogp((one + other) / 2.0)
            })
        });
    2.0 * normal_entropy(1.0) - joint
}

/// 2 h(X) − h(X, Y), panels fine near the centre and wide outside.
fn contaminated_information(rho: f64, share: f64, spread: f64) -> f64 {
    let marginal =
        |x: f64| (1.0 - share) * normal_density(x, 1.0) + share * normal_density(x, spread);
    let joint = |x: f64, y: f64| {
        (1.0 - share) * binormal_density(x, y, rho)
            + share * normal_density(x, spread) * normal_density(y, spread)
    };
    let panels = 3 + (2.0 / (1.0 - rho * rho).sqrt()) as usize;
    let side = |f: &dyn Fn(f64) -> f64| {
        let end = 9.0 * spread;
        integrate(-end, -9.0, panels, f)
            + integrate(-9.0, 9.0, panels, f)
            + integrate(9.0, end, panels, f)
    };
    2.0 * side(&|x| plogp(marginal(x))) - side(&|x| side(&|y| plogp(joint(x, y))))
}

fn fmt_list(values: &[f64]) -> String {
    let texts: Vec<String> = values.iter().map(f64::to_string).collect();
    texts.join(", ")
}

/// A name for tables, with dimensions where there are several.
impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Family::Normal(correlations) => format!("normal, ρ = {}", fmt_list(correlations)),
            Family::DenseNormal {
                dx,
                dy,
                correlation,
            } => {
                format!("dense normal {dx}×{dy}, ρ = {correlation}")
            }
            Family::Student {
                degrees,
                correlations,
            } => {
                format!("Student, ν = {degrees}, ρ = {}", fmt_list(correlations))
            }
            Family::UniformNoise(e) => format!("uniform noise, e = {e}"),
            Family::GammaSum { a, b } => format!("gamma sum, {a} + {b}"),
            Family::GammaExponential(theta) => format!("gamma-exponential, θ = {theta}"),
            Family::Clayton(theta) => format!("Clayton, θ = {theta}"),
            Family::Frank(theta) => format!("Frank, θ = {theta}"),
            Family::Diagonal(blocks) => format!("{blocks} diagonal blocks"),
            Family::Chessboard(side) => format!("chessboard {side}×{side}"),
            Family::Sine(noise) => format!("sine, noise {noise}"),
            Family::Square(noise) => format!("square, noise {noise}"),
            Family::Circle(noise) => format!("circle, noise {noise}"),
            Family::Heteroscedastic => "heteroscedastic".to_owned(),
            Family::Cross(rho) => format!("cross, ρ = ±{rho}"),
            Family::Contaminated {
                correlation,
                share,
                spread,
            } => {
                format!("contaminated, ρ = {correlation}, {share} of sd {spread}")
            }
            Family::Uniform { dx, dy } => format!("independent uniform {dx}×{dy}"),
            Family::Blocks(blocks) => {
                let texts: Vec<String> = blocks.iter().map(Family::to_string).collect();
                texts.join(" ⊗ ")
            }
            Family::Mapped { family, x, y } if x == y => format!("{family}; {x}"),
            Family::Mapped { family, x, y } => format!("{family}; x {x}, y {y}"),
        };
        f.pad(&text)
    }
}

impl fmt::Display for Map {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Map::Identity => write!(f, "as is"),
            Map::Exp(scale) => write!(f, "exp({scale}t)"),
            Map::Power(power) => write!(f, "power {power}"),
            Map::NormalCdf => write!(f, "Φ"),
            Map::Cauchy => write!(f, "Cauchy"),
            Map::Asinh => write!(f, "asinh"),
            Map::Wave => write!(f, "wave"),
            Map::Spiral(speed) => write!(f, "spiral {speed:.2}"),
            Map::Rotation(angle) => write!(f, "rotated {angle:.2}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The quadratures, against values computed with scipy for the same laws.
    const QUADRATURE: f64 = 1e-9;

    fn exact(family: Family) -> f64 {
        family.exact().unwrap().value()
    }

    #[test]
    fn quadratures_equal_independent_ones() {
        for (family, value) in [
            (Family::Sine(0.1), 1.6989233017629295),
            (Family::Sine(1.0), 0.20201189540685371),
            (Family::Square(1.0), 0.4298722324507631),
            (Family::Circle(0.3), 0.12649655372015323),
            (Family::Heteroscedastic, 0.07395607824876871),
            (
                Family::Contaminated {
                    correlation: 0.8,
                    share: 0.01,
                    spread: 10.0,
                },
                0.5313491416255874,
            ),
        ] {
            let got = exact(family.clone());
            assert!((got - value).abs() < QUADRATURE, "{family}: {got} {value}");
        }
    }

    #[test]
    fn closed_forms_equal_published_values() {
        // The values of benchmark-mi 0.1.3 and of scipy's special functions.
        for (family, value) in [
            (Family::normal(-0.8), 0.5108256237659908),
            (
                Family::DenseNormal {
                    dx: 3,
                    dy: 3,
                    correlation: 0.5,
                },
                0.41333928659223407,
            ),
            (
                Family::Student {
                    degrees: 3.0,
                    correlations: vec![0.0; 5],
                },
                0.29854362265275824,
            ),
            (Family::UniformNoise(0.05), 2.3525850929940453),
            (Family::UniformNoise(2.0), 0.125),
            (Family::GammaSum { a: 0.5, b: 3.0 }, 0.09550349037095596),
            (Family::GammaExponential(1.0), 0.42278433509846713),
            (Family::Clayton(2.0), 0.43194562200144293),
        ] {
            let got = exact(family.clone());
            assert!((got - value).abs() < 1e-12, "{family}: {got} {value}");
        }
    }

    #[test]
    fn limits_of_the_own_families_are_known() {
        // No arms, no dependence; narrow arms: knowing the arm adds a bit less than ln 2 to
        // the information within an arm.
        assert!(exact(Family::Cross(0.0)).abs() < QUADRATURE);
        let (cross, arm) = (exact(Family::Cross(0.99)), exact(Family::normal(0.99)));
        assert!(cross < arm && cross > arm - LN_2, "{cross} {arm}");
        // Uncontaminated, and wholly contaminated.
        let contaminated = |share| {
            exact(Family::Contaminated {
                correlation: 0.6,
                share,
                spread: 3.0,
            })
        };
        assert!((contaminated(0.0) - exact(Family::normal(0.6))).abs() < QUADRATURE);
        assert!(contaminated(1.0).abs() < QUADRATURE);
        // Frank's copula is symmetric in θ; near independence I ≈ θ²/72, because its density
        // is 1 + θ (1 − 2u)(1 − 2v) / 2 + O(θ²) there.
        assert!((exact(Family::Frank(4.0)) - exact(Family::Frank(-4.0))).abs() < QUADRATURE);
        assert!((exact(Family::Frank(0.1)) / (0.01 / 72.0) - 1.0).abs() < 1e-2);
    }

    #[test]
    fn blocks_add_and_maps_leave_the_information_alone() {
        let both = Family::Blocks(vec![Family::normal(0.6), Family::Clayton(2.0)]);
        let sum = exact(Family::normal(0.6)) + exact(Family::Clayton(2.0));
        assert_eq!(exact(both.clone()), sum);
        assert_eq!(both.dimensions(), (2, 2));
        assert_eq!(exact(both.mapped(Map::Spiral(0.3), Map::Exp(1.0))), sum);
    }

    #[test]
    fn maps_are_what_they_say() {
        let mapped = |map: Map, t: f64| {
            let mut values = [t];
            map.apply(&mut values);
            values[0]
        };
        // Quartiles of the Cauchy law are ±1; the normal's is 0.6744897501960817.
        assert!((mapped(Map::Cauchy, 0.6744897501960817) - 1.0).abs() < 1e-9);
        assert!((mapped(Map::Cauchy, -0.6744897501960817) + 1.0).abs() < 1e-9);
        assert!((mapped(Map::NormalCdf, 0.0) - 0.5).abs() < 1e-12);
        assert_eq!(mapped(Map::Power(3.0), -2.0), -8.0);
        let mut pair = [3.0, 4.0];
        Map::Spiral(0.1).apply(&mut pair);
        assert!((pair[0].hypot(pair[1]) - 5.0).abs() < 1e-12);
        assert!((pair[0] - 5.0 * (0.8_f64.asin() + 2.5).cos()).abs() < 1e-12);
    }

    #[test]
    fn the_same_seed_draws_the_same_sample() {
        let family = Family::Circle(0.3).mapped(Map::Identity, Map::Exp(1.0));
        assert_eq!(family.draw(50, 1), family.draw(50, 1));
        assert_ne!(family.draw(50, 1), family.draw(50, 2));
    }

    #[test]
    fn parameters_out_of_range_are_named() {
        for (family, parameter) in [
            (Family::normal(1.0), "correlation"),
            (Family::normal(f64::NAN), "correlation"),
            (Family::UniformNoise(0.0), "half-width"),
            (Family::Clayton(f64::INFINITY), "theta"),
            (Family::Frank(0.0), "theta"),
            (Family::Chessboard(3), "side"),
            (Family::Circle(0.001), "noise"),
            (
                Family::normal(0.5).mapped(Map::Spiral(1.0), Map::Identity),
                "dimensions",
            ),
            (
                Family::normal(0.5).mapped(Map::Identity, Map::Power(-1.0)),
                "power",
            ),
        ] {
            match family.draw(10, 1) {
                Err(Error::Parameter { parameter: got, .. }) => assert_eq!(got, parameter),
                other => panic!("{family}: {other:?}"),
            }
        }
        let empty = Err(Error::Empty {
            argument: "the family",
        });
        assert_eq!(Family::Blocks(vec![]).exact(), empty);
        assert_eq!(
            Family::normal(0.5).draw(0, 1),
            Err(Error::Empty { argument: "n" })
        );
    }
}
