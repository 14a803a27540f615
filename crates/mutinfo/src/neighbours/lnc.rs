//! Strong dependence: the local non-uniformity correction of Gao, Ver Steeg and Galstyan (2015).

use std::fmt;

use ndarray::{Array2, ArrayView1, ArrayView2};
use statrs::function::gamma::digamma;

use crate::compute::linear::{eigenvectors, largest_magnitude, magnitudes};
use crate::compute::sum::sum_in_any_order;
use crate::data::scaling::Scaling;
use crate::data::variable::Variable;
use crate::data::varying::{all_continuous, both_continuous};
use crate::error::{Error, Result};
use crate::estimator::{Estimator, TotalCorrelation};
use crate::neighbours::ksg2::width_correction;
use crate::neighbours::parameters::Parameters;
use crate::search::{self, CountHistogram};
use crate::units::Nats;

/// [`Ksg2`](crate::Ksg2) with the local non-uniformity correction of Gao, Ver Steeg and Galstyan
/// (2015, Algorithm 1):
///
/// Î = Î_KSG2 + (1/N) Σᵢ ln(Vᵢ / V̄ᵢ), the sum over the samples where V̄ᵢ / Vᵢ < α.
///
/// Vᵢ is the volume of the box around sample i, along the axes, that just holds its k nearest
/// neighbours, and V̄ᵢ that of the box along the principal axes of these neighbours, seen from sample
/// i. Where y nearly follows from x the neighbours lie on a short line that is aslant to the axes:
/// nearest-neighbour estimates take its box for full, and reach ψ(N) − ψ(k) at most.
///
/// α says how empty the box must be. So that 0.5 % of the points of a uniform law are corrected by
/// chance, the authors give, for two scalars, α = 0.18, 0.28, 0.37, 0.44, 0.50, 0.55, 0.59, 0.63 at
/// k = 3 … 10, and for three α = 0.08, 0.17, 0.25, 0.32, 0.38 at k = 4 … 8; for others the quantile
/// can be simulated.
///
/// *Takes* scalars, x and y or (as [`TotalCorrelation`]) more, fewer than k. *Returns* nats, the same
/// bits in any row order and for (x, y) as for (y, x). *Costs* about twice what
/// [`Ksg2`](crate::Ksg2) does. *Fails* where the line bends within the k-th neighbour's distance: too
/// little then.
///
/// # Errors
/// [`Error::Singular`] where neighbours lie on a line exactly, so that the estimate is infinite;
/// [`Error::NotScalar`]; [`Error::Parameter`] where k is not above the number of variables; and as
/// [`Ksg2`](crate::Ksg2), [`Error::Ties`] among them.
///
/// ```
/// use mutinfo::prelude::*;
///
/// let data = Sample::coupled_normals(500, 1e4, 42)?;
/// let plain = Ksg2::new(5)?.estimate(&data.x, &data.y)?;
/// let corrected = Lnc::default().estimate(&data.x, &data.y)?;
/// assert!(data.exact - plain > Nats(2.5));
/// assert!((data.exact - corrected).abs() < Nats(0.5));
/// # Ok::<(), mutinfo::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lnc {
    parameters: Parameters,
    alpha: f64,
}

const METHOD: &str = "LNC";

impl Lnc {
    /// With k neighbours and the threshold α, each column scaled to unit standard deviation.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// assert_eq!(Lnc::new(5, 0.37)?, Lnc::default());
    /// assert!(Lnc::new(5, 1.5).is_err(), "α is a ratio of volumes");
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::ZeroNeighbours`]; [`Error::Parameter`] unless 0 < α ≤ 1.
    pub fn new(k: impl TryInto<usize>, alpha: f64) -> Result<Self> {
        if !(alpha > 0.0 && alpha <= 1.0) {
            return Err(Error::Parameter {
                parameter: "alpha",
                value: alpha,
                requirement: "it must be above 0 and at most 1, such as 0.37 for k = 5",
            });
        }
        Ok(Self {
            parameters: Parameters::new(k.try_into().unwrap_or(0))?,
            alpha,
        })
    }

    /// The same with another scaling of the columns.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// // By normal scores, the logarithm of a price is the price.
    /// let data = Sample::coupled_normals(100, 1.0, 42)?;
    /// let prices = data.x.mapv(f64::exp);
    /// let scores = Lnc::default().scaling(Scaling::NormalScores);
    /// assert_eq!(scores.estimate(&prices, &data.y)?, scores.estimate(&data.x, &data.y)?);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    #[must_use]
    pub fn scaling(self, scaling: Scaling) -> Self {
        Self {
            parameters: Parameters {
                scaling,
                ..self.parameters
            },
            ..self
        }
    }

    fn of(&self, variables: &[ArrayView2<'_, f64>]) -> Result<Nats> {
        let Parameters { k, .. } = self.parameters;
        let d = variables.len();
        if let Some(vector) = variables.iter().find(|variable| variable.ncols() > 1) {
            return Err(Error::NotScalar {
                argument: "a variable",
                dimensions: vector.ncols(),
                method: METHOD,
            });
        }
        if k <= d {
            return Err(Error::Parameter {
                parameter: "k",
                value: k as f64,
                requirement: "the local correction needs more neighbours than there are variables",
            });
        }
        for &variable in variables {
            self.parameters
                .check_repeated("a variable", variable, METHOD)?;
        }
        let joint = self.parameters.joint(variables)?;
        let columns: Vec<_> = (0..d).map(|column| column..column + 1).collect();
        let counts = search::counts_to_kth(joint.view(), &columns, k, true);
        self.parameters
            .check_ties(counts.tied.first().copied(), METHOD)?;

        let (n, k, others) = (joint.nrows() as f64, k as f64, (d - 1) as f64);
        let plain = digamma(k) + others * digamma(n)
            - (width_correction(&counts.wide, k)
                + CountHistogram::of(&counts.near).sum_of_digamma())
                / n;
        let mut corrections = self.corrections(&joint)?;
        // Sorted, so that rows in another order give the same bits.
        corrections.sort_unstable_by(f64::total_cmp);
        Ok(Nats(plain + corrections.iter().sum::<f64>() / n))
    }

    /// ln(V / V̄) of each sample, 0 where V̄ / V ≥ α.
    fn corrections(&self, joint: &Array2<f64>) -> Result<Vec<f64>> {
        let k = self.parameters.k;
        let corrections = search::each_neighbourhood(joint.view(), k, |row, nearest| {
            let distance = nearest.distance();
            // In units of the distance, so that squares neither overflow nor vanish.
            let difference = |column: ArrayView1<'_, f64>, other: usize| {
                (column[other] - column[row]) / distance
            };
            let columns = joint.columns().into_iter();
            let differences = columns
                .map(|column| {
                    nearest
                        .rows()
                        .map(|other| difference(column, other))
                        .collect()
                })
                .collect();
            let [along_axes, principal] = half_widths(differences);

            let values = nearest.rows().flat_map(|other| joint.row(other));
            let rounding = 4.0 * f64::EPSILON * largest_magnitude(values.copied());
            if along_axes.contains(&0.0) {
                // Ties in one column: the box has no volume to compare with.
                return Some(0.0);
            }
            if principal.iter().any(|width| width * distance <= rounding) {
                return None;
            }
            let log_volume = |widths: &[f64]| widths.iter().map(|width| width.ln()).sum::<f64>();
            let correction = log_volume(&along_axes) - log_volume(&principal);
            Some(if correction > -self.alpha.ln() {
                correction
            } else {
                0.0
            })
        });
        corrections
            .into_iter()
            .enumerate()
            .map(|(row, correction)| correction.ok_or(Error::Singular { row: Some(row) }))
            .collect()
    }
}

/// Half the sides of the boxes around 0 that just hold some points, along the axes and along the
/// principal axes, with the same bits for points and columns in another order: the columns are put
/// into one that their values alone decide, and no sum over points depends on their order. No
/// coordinate is beyond ±1.
fn half_widths(mut columns: Vec<Vec<f64>>) -> [Vec<f64>; 2] {
    columns.sort_by_cached_key(|column| magnitudes(column.iter().copied()));
    let products = |(i, j): (usize, usize)| {
        let pairs = columns[i].iter().zip(&columns[j]);
        sum_in_any_order(pairs.map(|(a, b)| a * b))
    };
    let d = columns.len();
    let axes = eigenvectors(Array2::from_shape_fn((d, d), products));
    let along_axes = columns
        .iter()
        .map(|column| largest_magnitude(column.iter().copied()));
    let principal = axes.columns().into_iter().map(|axis| {
        let along = |point: usize| {
            let coordinates = columns.iter().zip(axis);
            coordinates.map(|(column, a)| column[point] * a).sum()
        };
        largest_magnitude((0..columns[0].len()).map(along))
    });
    [along_axes.collect(), principal.collect()]
}

/// k = 5 neighbours and α = 0.37.
impl Default for Lnc {
    fn default() -> Self {
        Self::new(5, 0.37).expect("both are in range")
    }
}

impl fmt::Display for Lnc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parameters
            .display(&format!("LNC, α = {}", self.alpha), f)
    }
}

impl Estimator for Lnc {
    fn estimate_variables(&self, x: &Variable<'_>, y: &Variable<'_>) -> Result<Nats> {
        match both_continuous(x, y, METHOD)? {
            Some([x, y]) => self.of(&[x.view(), y.view()]),
            None => Ok(Nats(0.0)),
        }
    }
}

impl TotalCorrelation for Lnc {
    fn total_correlation(&self, variables: &[Variable<'_>]) -> Result<Nats> {
        let variables = all_continuous(variables, METHOD)?;
        if variables.len() < 2 {
            return Ok(Nats(0.0));
        }
        self.of(&variables.iter().map(|v| v.view()).collect::<Vec<_>>())
    }
}
