//! [`Sample`]: two variables observed together, and what they exactly share.

use ndarray::{Array1, Array2};
use ndarray_rand::RandomExt;
use ndarray_rand::rand::SeedableRng;
use ndarray_rand::rand_distr::StandardNormal;
use rand_chacha::ChaCha12Rng;

use crate::data::labels::Labels;
use crate::data::variable::Variable;
use crate::error::{Error, Result};
use crate::units::Nats;

/// Two variables observed together, and what they exactly share. `Sample` holds scalars;
/// `Sample<Values>`, which a [`Distribution`](super::Distribution) draws, holds numbers, vectors
/// or labels. Every estimator takes `&sample.x` and `&sample.y`.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample<V = Array1<f64>> {
    /// The first variable.
    pub x: V,
    /// The second variable.
    pub y: V,
    /// The mutual information of the distribution that the sample was drawn from.
    pub exact: Nats,
}

/// The values of one variable: numbers, one vector in each row, or labels.
///
/// ```
/// use mutinfo::prelude::*;
///
/// let law = Distribution::Gate { active: 0.3, flip: 0.1 };
/// let data = law.sample(200, 1)?;
/// assert_eq!(data.x.numbers()?.dim(), (200, 1));
/// assert_eq!(data.y.labels()?.classes(), 2);
/// assert!(data.y.numbers().is_err(), "labels are not numbers");
/// # Ok::<(), mutinfo::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Numbers, `(samples, dimensions)`.
    Numbers(Array2<f64>),
    /// Names of classes.
    Labels(Labels),
}

impl Values {
    /// The numbers, one sample in each row.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let data = Distribution::normal(0.6).sample(50, 1)?;
    /// assert_eq!(data.x.numbers()?.dim(), (50, 1));
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::WrongKind`] for labels.
    pub fn numbers(&self) -> Result<&Array2<f64>> {
        match self {
            Values::Numbers(numbers) => Ok(numbers),
            Values::Labels(_) => Err(Error::WrongKind {
                argument: "the variable",
                got: "a variable of labels",
                method: "numbers()",
                needed: "numbers",
                mend: "take `labels()`",
            }),
        }
    }

    /// The labels.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let data = Distribution::Gate { active: 0.3, flip: 0.1 }.sample(50, 1)?;
    /// assert_eq!(data.y.labels()?.len(), 50);
    /// assert!(data.x.labels().is_err(), "x is a number");
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::WrongKind`] for numbers.
    pub fn labels(&self) -> Result<&Labels> {
        match self {
            Values::Labels(labels) => Ok(labels),
            Values::Numbers(_) => Err(Error::WrongKind {
                argument: "the variable",
                got: "a variable of numbers",
                method: "labels()",
                needed: "labels",
                mend: "take `numbers()`",
            }),
        }
    }
}

impl<'a> From<&'a Values> for Variable<'a> {
    fn from(values: &'a Values) -> Self {
        match values {
            Values::Numbers(numbers) => numbers.into(),
            Values::Labels(labels) => labels.into(),
        }
    }
}

impl Sample<Values> {
    /// The same sample as arrays of numbers, `(samples, dimensions)`.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let data = Distribution::Normal(vec![0.6, 0.0]).sample(50, 1)?.numbers()?;
    /// assert_eq!(data.x.dim(), (50, 2));
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::WrongKind`] where x or y are labels.
    pub fn numbers(self) -> Result<Sample<Array2<f64>>> {
        let numbers = |values: Values| match values {
            Values::Numbers(numbers) => Ok(numbers),
            labels @ Values::Labels(_) => labels.numbers().cloned(),
        };
        Ok(Sample {
            x: numbers(self.x)?,
            y: numbers(self.y)?,
            exact: self.exact,
        })
    }
}

impl Sample {
    /// x ~ N(0, 1) and y = coupling · x + N(0, 1), n samples.
    ///
    /// The squared correlation is ρ² = c² / (1 + c²), so that
    /// I(X; Y) = −½ ln(1 − ρ²) = ½ ln(1 + c²): 0.5 bit at coupling 1, nothing at coupling 0.
    /// The same seed gives the same sample. Numbers may be of any type: a coupling of `0` is one of
    /// `0.0`.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let data = Sample::coupled_normals(50, 1.0, 42)?;
    /// assert_eq!(data.x.len(), 50);
    /// assert!((data.exact.to_bits() - Bits(0.5)).abs() < Bits(1e-12));
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Empty`] for n = 0 or below; [`Error::Parameter`] for a coupling that is not a number
    /// up to 10¹⁵, or more samples than memory should be spent on.
    pub fn coupled_normals(
        n: impl TryInto<usize>,
        coupling: impl Into<f64>,
        seed: u64,
    ) -> Result<Self> {
        Self::draw_coupled_normals(n.try_into().unwrap_or(0), coupling.into(), seed)
    }

    fn draw_coupled_normals(n: usize, coupling: f64, seed: u64) -> Result<Self> {
        check_size(n, 1)?;
        if !coupling.is_finite() || coupling.abs() > 1e15 {
            return Err(Error::Parameter {
                parameter: "coupling",
                value: coupling,
                requirement: "it must be a number from -1e15 to 1e15, such as 1.0",
            });
        }
        let mut rng = ChaCha12Rng::seed_from_u64(seed);
        let x = Array1::random_using(n, StandardNormal, &mut rng);
        let noise: Array1<f64> = Array1::random_using(n, StandardNormal, &mut rng);
        let y = coupling * &x + noise;
        Ok(Self {
            x,
            y,
            exact: Nats(0.5 * (coupling * coupling).ln_1p()),
        })
    }
}

/// Checks that a sample is neither empty nor larger than memory should be spent on.
pub(super) fn check_size(n: usize, dimensions: usize) -> Result<()> {
    const MOST: usize = 1 << 28;
    if n == 0 {
        return Err(Error::Empty { argument: "n" });
    }
    if n.checked_mul(dimensions)
        .is_none_or(|numbers| numbers > MOST)
    {
        return Err(Error::Parameter {
            parameter: "n",
            value: n as f64,
            requirement: "at most 2^28 numbers are drawn for each variable",
        });
    }
    Ok(())
}
