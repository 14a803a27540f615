//! Parametric: what variables share if they are jointly normal.
//!
//! | | for |
//! |---|---|
//! | [`Gaussian`] | jointly normal variables; or only what is linear in the dependence |
//! | [`GaussianCopula`] | variables that increasing maps of each column would make jointly normal |
//!
//! Both scatter least of all estimators, and both see nothing that is not in the covariances:
//! y = x² + noise shares nothing with x for them. If their model holds they are unbiased; if it does
//! not, and the covariances are right, the Gaussian value is a lower bound for normal marginals.

use std::fmt;
use std::ops::Range;

use ndarray::{Array2, ArrayView2, ArrayViewMut1, Axis, s};
use statrs::function::gamma::digamma;

use crate::compute::linear::{cholesky, ln_determinant, magnitudes};
use crate::compute::sum::{SumInAnyOrder, sum_in_any_order};
use crate::compute::threads;
use crate::data::check::check_lengths;
use crate::data::scaling::{Scaling, power_of_two_below};
use crate::data::variable::Variable;
use crate::data::varying::{all_continuous, both_continuous};
use crate::error::{Error, Result};
use crate::estimator::{
    ConditionalEstimator, Estimator, Prepared, PreparedSets, Sets, TotalCorrelation,
};
use crate::units::Nats;

/// The information between jointly normal variables (Cover and Thomas 2006, sec. 8.4):
///
/// Î(X; Y) = ½ ln(|Sₓ| |S_y| / |Sₓ_y|),
///
/// S the sample covariances: −½ ln(1 − r²) for two scalars. I(X; Y | Z) and the total correlation
/// likewise.
///
/// The logarithm of a sample determinant is biased by a known amount under a normal law (Goodman
/// 1963; Misra, Singh and Demchuk 2005): E ln|S| − ln|Σ| = Σᵢ ψ((N − i)/2) − d ln((N − 1)/2), i = 1…d.
/// It is subtracted unless [`uncorrected`](Gaussian::uncorrected).
///
/// Takes scalars or vectors, more samples than dimensions. Returns nats, the same bits in any row order
/// and for (x, y) as for (y, x). Costs N d². Invariant, up to rounding, under any invertible affine map
/// of each variable.
///
/// # Errors
/// [`Error::Singular`] where columns determine one another linearly;
/// [`Error::TooManyDimensions`], [`Error::WrongKind`], [`Error::Empty`], [`Error::NotFinite`],
/// [`Error::Constant`], [`Error::LengthMismatch`], [`Error::TooFewVariables`].
///
/// ```
/// use mutinfo::prelude::*;
///
/// let data = Sample::coupled_normals(1000, 1.0, 42)?;
/// let estimate = Gaussian::default().estimate(&data.x, &data.y)?;
/// assert!((estimate - data.exact).abs() < Nats(0.06));
/// # Ok::<(), mutinfo::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Gaussian {
    uncorrected: bool,
}

impl Gaussian {
    /// The same without the correction of the bias: the maximum-likelihood estimate.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// // Their correlation is 0.8, and −½ ln(1 − 0.8²) = −ln 0.6.
    /// let (x, y) = ([1.0, 2.0, 3.0, 4.0], [1.0, 3.0, 2.0, 4.0]);
    /// let information = Gaussian::default().uncorrected().estimate(&x, &y)?;
    /// assert!((information - Nats(-0.6_f64.ln())).abs() < Nats(1e-12));
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    #[must_use]
    pub fn uncorrected(self) -> Self {
        Self { uncorrected: true }
    }
}

impl fmt::Display for Gaussian {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(if self.uncorrected {
            "Gaussian, uncorrected"
        } else {
            "Gaussian"
        })
    }
}

/// The information between variables whose copula is normal (Ince and others 2017): [`Gaussian`],
/// with its correction of the bias, of each column's [normal scores](Scaling::NormalScores).
///
/// Does not change, to the last bit, under increasing maps of any column; so it does not mind heavy
/// tails and outliers. Errors as [`Gaussian`].
///
/// ```
/// use mutinfo::prelude::*;
///
/// let data = Sample::coupled_normals(1000, 1.0, 42)?;
/// let bent = data.y.mapv(|y| y.powi(3));
/// let estimate = GaussianCopula.estimate(&data.x, &bent)?;
/// assert!((estimate - data.exact).abs() < Nats(0.06));
/// # Ok::<(), mutinfo::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct GaussianCopula;

impl fmt::Display for GaussianCopula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad("Gaussian copula")
    }
}

/// The least share of a column's variance that is not taken for rounding.
const LEAST_UNEXPLAINED: f64 = 64.0 * f64::EPSILON;

/// A variable's columns, scaled and then moved and stretched to mean 0 and length 1.
fn standardised(values: ArrayView2<'_, f64>, scaling: Scaling) -> Vec<Vec<f64>> {
    let mut columns = scaling.columns(&[values]);
    for column in &mut columns {
        let mut column = ArrayViewMut1::from(column);
        column /= power_of_two_below(column.view());
        // Twice: the first mean is rounded where the values are far from 0.
        for _ in 0..2 {
            column -= sum_in_any_order(column.iter().copied()) / column.len() as f64;
        }
        column /= power_of_two_below(column.view());
        column /= sum_in_any_order(column.iter().map(|value| value * value)).sqrt();
    }
    columns
}

/// The sums of products of each two columns whose products are in [−1, 1], with the same bits in any
/// order of the rows, and 1 on the diagonal.
fn products(columns: &[&[f64]]) -> Array2<f64> {
    /// So many rows at a time that two columns' are at hand, and those of a hundred near.
    const ROWS: usize = 1024;
    let (samples, dimensions) = (columns[0].len(), columns.len());
    let mut sums = Array2::from_elem((dimensions, dimensions), SumInAnyOrder::of(samples));
    for rows in threads::chunks(samples, ROWS) {
        for i in 0..dimensions {
            for j in 0..i {
                let pairs = columns[i][rows.clone()]
                    .iter()
                    .zip(&columns[j][rows.clone()]);
                sums[[i, j]].add(pairs.map(|(a, b)| a * b));
            }
        }
    }
    Array2::from_shape_fn((dimensions, dimensions), |(i, j)| match i == j {
        true => 1.0,
        false => sums[[i.max(j), i.min(j)]].value(),
    })
}

/// The information between two variables of standardised columns.
fn information(x: &[Vec<f64>], y: &[Vec<f64>], corrected: bool) -> Result<Nats> {
    if x.is_empty() || y.is_empty() {
        return Ok(Nats(0.0));
    }
    Normal::new(&[x, y], corrected)?.total_correlation([x.len(), y.len()].into_iter())
}

/// Columns side by side, from whose correlations the entropies of any of them follow.
struct Normal {
    correlations: Array2<f64>,
    samples: usize,
    corrected: bool,
}

impl Normal {
    /// Of variables of standardised columns.
    fn new(variables: &[&[Vec<f64>]], corrected: bool) -> Result<Self> {
        let columns = variables.iter().copied().flatten().map(Vec::as_slice);
        let columns: Vec<&[f64]> = columns.collect();
        let (samples, dimensions) = (columns[0].len(), columns.len());
        if dimensions >= samples {
            return Err(Error::TooManyDimensions {
                dimensions,
                samples,
            });
        }
        Ok(Self {
            correlations: products(&columns),
            samples,
            corrected,
        })
    }

    /// The entropy of some columns, up to a term proportional to their number.
    fn entropy(&self, columns: Range<usize>) -> Result<Nats> {
        if columns.is_empty() {
            return Ok(Nats(0.0));
        }
        let block = in_canonical_order(self.correlations.slice(s![columns.clone(), columns]));
        let bias: f64 = if self.corrected {
            (1..=block.nrows())
                .map(|i| digamma((self.samples - i) as f64 / 2.0))
                .sum()
        } else {
            0.0
        };
        // On the diagonal, squared: what of a column the columns before it leave unexplained.
        let lower = cholesky(&block)
            .filter(|lower| {
                lower
                    .diag()
                    .iter()
                    .all(|rest| rest * rest > LEAST_UNEXPLAINED)
            })
            .ok_or(Error::Singular { row: None })?;
        Ok(Nats((ln_determinant(&lower) - bias) / 2.0))
    }

    /// The total correlation of runs of columns.
    fn total_correlation(&self, widths: impl Iterator<Item = usize>) -> Result<Nats> {
        let mut end = 0;
        let mut alone = Nats(0.0);
        for width in widths {
            alone += self.entropy(end..end + width)?;
            end += width;
        }
        Ok(alone - self.entropy(0..end)?)
    }
}

/// The same correlations with the columns in an order that these alone decide: a determinant's last bits
/// depend on it, and where columns nearly follow from others, more than the last.
fn in_canonical_order(correlations: ArrayView2<'_, f64>) -> Array2<f64> {
    let mut order: Vec<usize> = (0..correlations.ncols()).collect();
    order.sort_by_cached_key(|&column| magnitudes(correlations.column(column).iter().copied()));
    correlations.select(Axis(0), &order).select(Axis(1), &order)
}

/// Variables of standardised columns.
struct PreparedNormal {
    variables: PreparedSets<Vec<Vec<f64>>>,
    corrected: bool,
}

impl Prepared for PreparedNormal {
    fn estimate(&self, i: usize, j: usize) -> Result<Nats> {
        let (x, y) = (&self.variables.x()[i], &self.variables.y()[j]);
        information(x, y, self.corrected)
    }

    fn estimate_reordered(&self, i: usize, j: usize, order: &[u32]) -> Result<Nats> {
        let (x, y) = (&self.variables.x()[i], &self.variables.y()[j]);
        let in_order = |column: &Vec<f64>| order.iter().map(|&row| column[row as usize]).collect();
        let x: Vec<Vec<f64>> = x.iter().map(in_order).collect();
        information(&x, y, self.corrected)
    }
}

macro_rules! estimators {
    ($Estimator:ty, $method:literal, $scaling:expr, $corrected:expr) => {
        impl Estimator for $Estimator {
            fn estimate_variables(&self, x: &Variable<'_>, y: &Variable<'_>) -> Result<Nats> {
                let Some([x, y]) = both_continuous(x, y, $method)? else {
                    return Ok(Nats(0.0));
                };
                let [x, y] = [x, y].map(|values| standardised(values.view(), $scaling));
                information(&x, &y, $corrected(self))
            }

            fn prepare<'a>(&'a self, sets: Sets<'a, '_>) -> Result<Box<dyn Prepared + 'a>> {
                Ok(Box::new(PreparedNormal {
                    variables: sets.prepare(|argument, variable| {
                        let values = variable.continuous(argument, $method)?;
                        Ok(standardised(values.view(), $scaling))
                    })?,
                    corrected: $corrected(self),
                }))
            }
        }

        impl ConditionalEstimator for $Estimator {
            fn estimate_variables_given(
                &self,
                x: &Variable<'_>,
                y: &Variable<'_>,
                z: &Variable<'_>,
            ) -> Result<Nats> {
                let varying = both_continuous(x, y, $method)?;
                let z = z.continuous("z", $method)?;
                check_lengths("x", x.len(), "z", z.nrows())?;
                let Some([x, y]) = varying else {
                    return Ok(Nats(0.0));
                };
                let [x, z, y] = [x, z, y].map(|values| standardised(values.view(), $scaling));
                let normal = Normal::new(&[&x, &z, &y], $corrected(self))?;
                let (end_of_x, end_of_z) = (x.len(), x.len() + z.len());
                let end = end_of_z + y.len();
                Ok(
                    normal.entropy(0..end_of_z)? + normal.entropy(end_of_x..end)?
                        - normal.entropy(end_of_x..end_of_z)?
                        - normal.entropy(0..end)?,
                )
            }
        }

        impl TotalCorrelation for $Estimator {
            fn total_correlation(&self, variables: &[Variable<'_>]) -> Result<Nats> {
                let variables = all_continuous(variables, $method)?;
                if variables.len() < 2 {
                    return Ok(Nats(0.0));
                }
                let variables: Vec<Vec<Vec<f64>>> = variables
                    .iter()
                    .map(|values| standardised(values.view(), $scaling))
                    .collect();
                let columns: Vec<&[Vec<f64>]> = variables.iter().map(Vec::as_slice).collect();
                let normal = Normal::new(&columns, $corrected(self))?;
                normal.total_correlation(columns.iter().map(|columns| columns.len()))
            }
        }
    };
}

estimators!(
    Gaussian,
    "Gaussian",
    Scaling::None,
    |gaussian: &Gaussian| !gaussian.uncorrected
);
estimators!(
    GaussianCopula,
    "GaussianCopula",
    Scaling::NormalScores,
    |_: &GaussianCopula| true
);
