//! Nearest neighbours where labels, ties or mixtures take part.
//!
//! | | for |
//! |---|---|
//! | [`Ross`] | numbers (or vectors) against a label |
//! | [`MixedKsg`] | numbers with repeated values: rounded, censored, with atoms, counts |

use std::fmt;

use ndarray::{ArrayView2, Axis};
use statrs::function::gamma::digamma;

use crate::data::check::{check_lengths, check_samples};
use crate::data::labels::Labels;
use crate::data::scaling::Scaling;
use crate::data::variable::Variable;
use crate::error::{Error, Result};
use crate::estimator::Estimator;
use crate::neighbours::parameters::{Parameters, parameters};
use crate::neighbours::ties::Ties;
use crate::search::{self, CountHistogram};
use crate::units::Nats;

/// Ross's estimator for numbers or vectors against a label (2014), as scikit-learn's
/// `mutual_info_classif` computes it, but signed. The label may be x or y.
///
/// Î(X; L) = ψ(N) + ⟨ψ(kᵢ)⟩ − ⟨ψ(nᵢ)⟩ − ⟨ψ(mᵢ)⟩,
///
/// where nᵢ is how often sample i's label occurs, kᵢ = min(k, nᵢ − 1), and mᵢ counts the samples,
/// itself included, that are nearer to sample i than its kᵢ-th nearest neighbour with the same label.
///
/// Samples whose label occurs once have no such neighbour: they are left out, and N counts the rest.
/// Returns nats; the same bits in any row order. Costs about N log N time for scalars. Fails where
/// labels are many and each is rare.
///
/// # Errors
/// [`Error::WrongKind`] unless one variable is of numbers and the other of labels;
/// [`Error::NoRepeatedLabel`]; [`Error::Ties`] where kᵢ + 1 samples of a label are the same;
/// [`Error::Empty`], [`Error::NotFinite`], [`Error::Constant`], [`Error::LengthMismatch`],
/// [`Error::TooManyDimensions`].
///
/// ```
/// use mutinfo::prelude::*;
///
/// let height = [1.52, 1.61, 1.58, 1.55, 1.79, 1.84, 1.75, 1.81];
/// let team = ["a", "a", "a", "a", "b", "b", "b", "b"];
/// let estimate = Ross::default().estimate(&height, &team)?;
/// assert!((estimate.to_bits() - Bits(1.0)).abs() < Bits(0.15));
/// # Ok::<(), mutinfo::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ross(Parameters);

parameters!(Ross, "Ross");

impl Estimator for Ross {
    fn estimate_variables(&self, x: &Variable<'_>, y: &Variable<'_>) -> Result<Nats> {
        match (x, y) {
            (Variable::Discrete(_), Variable::Continuous(_)) => {
                let labels = x.labels("x", "Ross")?;
                self.between(labels, y.continuous("y", "Ross")?.view(), ("x", "y"))
            }
            _ => {
                let labels = y.labels("y", "Ross")?;
                self.between(labels, x.continuous("x", "Ross")?.view(), ("y", "x"))
            }
        }
    }
}

impl Ross {
    fn between(
        &self,
        labels: &Labels,
        values: ArrayView2<'_, f64>,
        (label_name, values_name): (&'static str, &'static str),
    ) -> Result<Nats> {
        check_lengths(label_name, labels.len(), values_name, values.nrows())?;
        if values.ncols() == 0 || labels.classes() == 1 {
            return Ok(Nats(0.0));
        }
        check_samples(&[values], 0)?;
        self.0.check_repeated(values_name, values, "Ross")?;
        let points = self.0.scaling.joint(&[values]);

        let mut rows_of = vec![Vec::new(); labels.classes()];
        for (row, &class) in labels.codes().iter().enumerate() {
            rows_of[class as usize].push(row);
        }
        rows_of.retain(|rows| rows.len() > 1);
        let kept = rows_of.concat();
        if kept.is_empty() {
            return Err(Error::NoRepeatedLabel {
                argument: label_name,
            });
        }

        let (mut distances, mut neighbours, mut peers) = (Vec::new(), Vec::new(), Vec::new());
        for rows in &rows_of {
            let k = self.0.k.min(rows.len() - 1);
            let same_label = points.select(Axis(0), rows);
            distances.extend(search::kth_distances(same_label.view(), k));
            neighbours.resize(distances.len(), k as u32);
            peers.resize(distances.len(), rows.len() as u32);
        }
        let tied = kept.iter().zip(&distances).filter(|&(_, &d)| d == 0.0);
        self.0.check_ties(tied.map(|(&row, _)| row).min(), "Ross")?;

        let radii: Vec<f64> = distances.iter().map(|d| d.next_down().max(0.0)).collect();
        let mut near = search::counts_within(points.select(Axis(0), &kept).view(), &radii);
        if self.0.ties == Ties::Formula {
            for (near, &distance) in near.iter_mut().zip(&distances) {
                if distance == 0.0 {
                    *near = 1;
                }
            }
        }

        let n = kept.len() as f64;
        let mean = |counts| CountHistogram::of([counts]).sum_of_digamma() / n;
        Ok(Nats(
            digamma(n) + mean(&neighbours) - mean(&peers) - mean(&near),
        ))
    }
}

/// The estimator of Gao, Kannan, Oh and Viswanath (2017, Algorithm 1) for mixtures of the discrete
/// and the continuous, as in the authors' program:
///
/// Î(X; Y) = ln N + ⟨ψ(kᵢ) − ψ(nₓ,ᵢ) − ψ(n_y,ᵢ)⟩.
///
/// Where the distance to the k-th nearest neighbour is positive, kᵢ = k, and nₓ,ᵢ and n_y,ᵢ count the
/// samples, itself included, that are nearer than it in x or in y: [`Ksg1`](crate::Ksg1). Where it is
/// 0, kᵢ, nₓ,ᵢ and n_y,ᵢ count the samples that equal sample i, in both, in x, in y: a count as of
/// labels. (The paper prints ln(n + 1) for ψ(n) and ≤ for <, which is far too low where values are
/// tied and distances are not 0: 0.74 nat for a truth of 1.05 on labels against uniform numbers.)
///
/// Takes scalars or vectors and returns nats, the same bits in any row order. Costs as
/// [`Ksg1`](crate::Ksg1). Fails on data rounded so coarsely that distances are tied, but not so
/// coarsely that each pair of values occurs more than k times: bin those, or take them as labels. Comes
/// slowly to the truth (from below) where an atom lies amid a continuum, as censored or zero-inflated
/// data have it.
///
/// # Errors
/// [`Error::WrongKind`], [`Error::Empty`], [`Error::NotFinite`], [`Error::Constant`],
/// [`Error::LengthMismatch`], [`Error::TooManyDimensions`], [`Error::TooManyNeighbours`].
///
/// ```
/// use mutinfo::prelude::*;
///
/// // x takes three values, and y says which it was.
/// let noise = Sample::coupled_normals(900, 0.0, 42)?.y;
/// let x = ndarray::Array1::from_shape_fn(900, |i| (i % 3) as f64);
/// let y = 20.0 * &x + noise;
/// let estimate = MixedKsg::default().estimate(&x, &y)?;
/// assert!((estimate - Nats(3.0f64.ln())).abs() < Nats(0.01));
/// # Ok::<(), mutinfo::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MixedKsg {
    k: usize,
    scaling: Scaling,
}

impl MixedKsg {
    /// With k neighbours, each column scaled to unit standard deviation.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// assert_eq!(MixedKsg::new(5)?, MixedKsg::default());
    /// assert!(MixedKsg::new(0).is_err());
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::ZeroNeighbours`].
    pub fn new(k: impl TryInto<usize>) -> Result<Self> {
        let Parameters { k, scaling, .. } = Parameters::new(k.try_into().unwrap_or(0))?;
        Ok(Self { k, scaling })
    }

    /// The same with another scaling of the columns.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// // By normal scores, the logarithm of a price is the price.
    /// let data = Sample::coupled_normals(100, 1.0, 42)?;
    /// let prices = data.x.mapv(f64::exp);
    /// let scores = MixedKsg::default().scaling(Scaling::NormalScores);
    /// assert_eq!(scores.estimate(&prices, &data.y)?, scores.estimate(&data.x, &data.y)?);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    #[must_use]
    pub fn scaling(self, scaling: Scaling) -> Self {
        Self { scaling, ..self }
    }

    fn parameters(&self) -> Parameters {
        Parameters {
            k: self.k,
            scaling: self.scaling,
            ties: Ties::Include,
        }
    }
}

/// k = 5 neighbours, as the authors' program.
impl Default for MixedKsg {
    fn default() -> Self {
        Self::new(5).expect("5 is not 0")
    }
}

impl fmt::Display for MixedKsg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parameters = Parameters {
            ties: Ties::default(),
            ..self.parameters()
        };
        parameters.display("mixed KSG", f)
    }
}

impl Estimator for MixedKsg {
    fn estimate_variables(&self, x: &Variable<'_>, y: &Variable<'_>) -> Result<Nats> {
        let Some((joint, spaces)) = self.parameters().pair(x, y, "MixedKsg")? else {
            return Ok(Nats(0.0));
        };
        let counts = search::counts_below_kth(joint.view(), &spaces, self.k);
        let n = joint.nrows();

        let tied = joint.select(Axis(0), &counts.tied);
        let mut neighbours = vec![self.k as u32; n - counts.tied.len()];
        if !counts.tied.is_empty() {
            // A row equal to a tied one is tied as well.
            neighbours.extend(search::counts_within(tied.view(), &vec![0.0; tied.nrows()]));
        }
        let sum = |counts: &[Vec<u32>]| CountHistogram::of(counts).sum_of_digamma();
        let n = n as f64;
        Ok(Nats(n.ln() + (sum(&[neighbours]) - sum(&counts.near)) / n))
    }
}
