//! The nearest-neighbour estimators of Kraskov, Stögbauer and Grassberger (2004).
//!
//! Both look at each point's k nearest neighbours in the joint space, in the maximum norm, and
//! count how many points are as near in x alone and in y alone: the more there are, the less the
//! two variables share.
//!
//! | | strength | weakness |
//! |---|---|---|
//! | [`Ksg1`] | the smaller scatter | |
//! | [`Ksg2`] | less bias in many dimensions | about 10 % more scatter at small k |
//!
//! Both fail in three ways. On *tied* data (integers, rounded numbers, repeated rows) distances of
//! 0 mean nothing: they return [`Error::Ties`] unless told otherwise with [`Ties`]. On *very strong
//! dependence*, where the law is thin on the scale of the neighbours' distance, they come out too
//! low (at most ψ(n) − ψ(k) ≈ ln(n / k)). In *many dimensions* they are
//! biased towards 0.

use std::cmp::Ordering;
use std::fmt;
use std::ops::Range;

use ndarray::{Array1, Array2, ArrayView2, Axis, CowArray, Ix2, concatenate};
use statrs::function::gamma::digamma;

use crate::data::check::{check_lengths, check_neighbours, check_samples};
use crate::data::scaling::Scaling;
use crate::data::variable::Variable;
use crate::data::varying::{all_continuous, both_continuous};
use crate::error::{Error, Result};
use crate::estimator::{
    ConditionalEstimator, Estimator, Prepared, PreparedSets, Sets, TotalCorrelation,
};
use crate::search::column::Column;
use crate::search::plane::Plane;
use crate::search::{self, CountHistogram};
use crate::units::Nats;

/// What to do where a point and its k nearest neighbours are all the same point, so that the
/// distance to the k-th is 0. The theory assumes that this has probability 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ties {
    /// Return [`Error::Ties`].
    #[default]
    Refuse,
    /// Count the points at distance 0 as near, as scikit-learn does. [`Ksg2`] takes a variable in
    /// which a point and its neighbours are all at one place as a label there.
    Include,
    /// Count what the paper's formula says: for [`Ksg1`] points nearer than 0, so none; for [`Ksg2`]
    /// points no farther than 0.
    Formula,
}

/// Two variables side by side, and the columns of each.
pub(crate) type Joint = (Array2<f64>, [Range<usize>; 2]);

/// The parameters of an estimator from nearest neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Parameters {
    pub(crate) k: usize,
    pub(crate) scaling: Scaling,
    pub(crate) ties: Ties,
}

impl Parameters {
    pub(crate) fn new(k: usize) -> Result<Self> {
        if k == 0 {
            return Err(Error::ZeroNeighbours);
        }
        Ok(Self {
            k,
            scaling: Scaling::default(),
            ties: Ties::default(),
        })
    }

    pub(crate) fn display(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = format!("{name}, k = {}", self.k);
        if self.scaling != Scaling::default() {
            text += &format!(", {}", self.scaling);
        }
        match self.ties {
            Ties::Refuse => {}
            Ties::Include => text += ", ties included",
            Ties::Formula => text += ", ties by the formula",
        }
        f.pad(&text)
    }

    /// The variables' columns side by side, scaled.
    pub(crate) fn joint(&self, variables: &[ArrayView2<'_, f64>]) -> Result<Array2<f64>> {
        check_samples(variables, self.k)?;
        Ok(self.scaling.joint(variables))
    }

    /// Two variables side by side, scaled, and the columns of each. `None` where one is constant.
    pub(crate) fn pair(
        &self,
        x: &Variable<'_>,
        y: &Variable<'_>,
        method: &'static str,
    ) -> Result<Option<Joint>> {
        let Some([x, y]) = both_continuous(x, y, method)? else {
            return Ok(None);
        };
        for (argument, variable) in [("x", &x), ("y", &y)] {
            self.check_repeated(argument, variable.view(), method)?;
        }
        let joint = self.joint(&[x.view(), y.view()])?;
        let spaces = [0..x.ncols(), x.ncols()..joint.ncols()];
        Ok(Some((joint, spaces)))
    }

    /// An error where ties are refused and a variable has too few different values.
    pub(crate) fn check_repeated(
        &self,
        argument: &'static str,
        variable: ArrayView2<'_, f64>,
        method: &'static str,
    ) -> Result<()> {
        if self.ties == Ties::Refuse {
            check_distinct(argument, distinct_rows(variable), variable.nrows(), method)?;
        }
        Ok(())
    }

    /// An error where ties are refused and a row is tied.
    pub(crate) fn check_ties(&self, tied: Option<usize>, method: &'static str) -> Result<()> {
        match (self.ties, tied) {
            (Ties::Refuse, Some(row)) => Err(Error::Ties {
                row,
                k: self.k,
                method,
            }),
            _ => Ok(()),
        }
    }

    /// How many points are nearer than the k-th neighbour in the joint space, each point itself
    /// included.
    fn near(
        &self,
        joint: &Array2<f64>,
        marginals: &[Range<usize>],
        method: &'static str,
    ) -> Result<Vec<Vec<u32>>> {
        let mut counts = search::counts_below_kth(joint.view(), marginals, self.k);
        self.check_ties(counts.tied.first().copied(), method)?;
        if self.ties == Ties::Formula {
            for &row in &counts.tied {
                for near in &mut counts.near {
                    near[row] = 1;
                }
            }
        }
        Ok(counts.near)
    }
}

/// An error where less than half of the values are different ones.
fn check_distinct(
    argument: &'static str,
    distinct: usize,
    samples: usize,
    method: &'static str,
) -> Result<()> {
    if 2 * distinct < samples {
        return Err(Error::RepeatedValues {
            argument,
            column: None,
            distinct,
            samples,
            method,
        });
    }
    Ok(())
}

/// How many rows differ from all others, or stand for those that are equal.
fn distinct_rows(variable: ArrayView2<'_, f64>) -> usize {
    let mut order: Vec<usize> = (0..variable.nrows()).collect();
    // −0 and 0 are the same value.
    let by_values = |&a: &usize, &b: &usize| {
        let pairs = variable.row(a).into_iter().zip(variable.row(b));
        pairs
            .map(|(a, b)| (a + 0.0).total_cmp(&(b + 0.0)))
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    };
    order.sort_unstable_by(by_values);
    let runs = order.chunk_by(|a, b| by_values(a, b).is_eq());
    runs.count()
}

/// Kraskov, Stögbauer and Grassberger's first algorithm (2004, eq. 8), as scikit-learn's
/// `mutual_info_regression` computes it, but signed:
///
/// Î(X; Y) = ψ(k) + ψ(N) − ⟨ψ(nₓ + 1) + ψ(n_y + 1)⟩,
///
/// where nₓ counts the other points with |xⱼ − xᵢ| < εᵢ, and εᵢ is the distance from point i to its
/// k-th nearest neighbour in (x, y), in the maximum norm.
///
/// *Takes* scalars or vectors, one row for each sample, more samples than k. *Returns* nats, the same
/// bits in any row order and on any number of threads, and for (x, y) as for (y, x); negative values
/// are scatter around 0. *Costs* about N log N time for scalars and for vectors of few dimensions, N²
/// for many; memory is linear in N, about 70 bytes for each pair of scalars. The larger k is, the
/// smaller the scatter and the larger the bias: 3 to 10 is usual.
///
/// As a [`ConditionalEstimator`] it is Frenzel and Pompe's (2007): see
/// [`estimate_given`](ConditionalEstimator::estimate_given). As [`TotalCorrelation`] it is the
/// paper's eq. 23.
///
/// # Errors
/// [`Error::WrongKind`], [`Error::Empty`], [`Error::NotFinite`], [`Error::Constant`],
/// [`Error::LengthMismatch`], [`Error::TooManyDimensions`], [`Error::TooManyNeighbours`],
/// [`Error::Ties`].
///
/// ```
/// use mutinfo::prelude::*;
/// use mutinfo::data::scaling::Scaling;
///
/// let data = Sample::coupled_normals(1000, 1.0, 42)?;
/// let ksg = Ksg1::new(5)?.scaling(Scaling::NormalScores);
/// let estimate = ksg.estimate(&data.x, &data.y)?;
/// assert!((estimate - data.exact).abs() < Nats(0.1));
/// # Ok::<(), mutinfo::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ksg1(Parameters);

/// Kraskov, Stögbauer and Grassberger's second algorithm (2004, eq. 9):
///
/// Î(X; Y) = ψ(k) − 1/k + ψ(N) − ⟨ψ(nₓ) + ψ(n_y)⟩,
///
/// where nₓ counts the other points with |xⱼ − xᵢ| ≤ εₓ,ᵢ, and εₓ,ᵢ is the largest x-distance from
/// point i to its k nearest neighbours in (x, y), in the maximum norm; n_y likewise, with a
/// half-width of its own. Neighbours that tie for the k-th place all count.
///
/// Takes and returns what [`Ksg1`] does, with the same errors.
///
/// ```
/// use mutinfo::prelude::*;
///
/// let data = Sample::coupled_normals(1000, 1.0, 42)?;
/// let estimate = Ksg2::new(5)?.estimate(&data.x, &data.y)?;
/// assert!((estimate - data.exact).abs() < Nats(0.1));
/// # Ok::<(), mutinfo::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ksg2(Parameters);

/// The setters of an estimator that is nothing but [`Parameters`].
macro_rules! parameters {
    ($Estimator:ident, $name:literal) => {
        impl $Estimator {
            /// With k neighbours, each column scaled to unit standard deviation, ties refused.
            ///
            /// ```
            /// use mutinfo::prelude::*;
            ///
            /// assert_eq!(Ksg1::new(5)?.k(), 5);
            /// assert_eq!(Ksg2::new(5)?.to_string(), "KSG2, k = 5");
            /// assert!(Ross::new(0).is_err());
            /// # Ok::<(), mutinfo::Error>(())
            /// ```
            ///
            /// # Errors
            /// [`Error::ZeroNeighbours`].
            pub fn new(k: usize) -> Result<Self> {
                Parameters::new(k).map(Self)
            }

            /// The same with another scaling of the columns.
            ///
            /// ```
            /// use mutinfo::prelude::*;
            ///
            /// // By normal scores, the logarithm of a price is the price.
            /// let data = Sample::coupled_normals(100, 1.0, 42)?;
            /// let prices = data.x.mapv(f64::exp);
            /// let scores = Ksg1::default().scaling(Scaling::NormalScores);
            /// assert_eq!(scores.estimate(&prices, &data.y)?, scores.estimate(&data.x, &data.y)?);
            /// # Ok::<(), mutinfo::Error>(())
            /// ```
            #[must_use]
            pub fn scaling(self, scaling: Scaling) -> Self {
                Self(Parameters { scaling, ..self.0 })
            }

            /// The same with another rule for ties.
            ///
            /// ```
            /// use mutinfo::prelude::*;
            ///
            /// // A die and its copy: ten points at each of six places.
            /// let die = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0].repeat(10);
            /// assert!(Ksg1::default().estimate(&die, &die).is_err());
            /// let information = Ksg1::default().ties(Ties::Include).estimate(&die, &die)?;
            /// assert!(Nats(0.0) < information && information < Nats(6_f64.ln()));
            /// # Ok::<(), mutinfo::Error>(())
            /// ```
            #[must_use]
            pub fn ties(self, ties: Ties) -> Self {
                Self(Parameters { ties, ..self.0 })
            }

            /// The number of neighbours.
            ///
            /// ```
            /// use mutinfo::prelude::*;
            ///
            /// assert_eq!((Ksg1::default().k(), Ksg2::new(5)?.k()), (3, 5));
            /// # Ok::<(), mutinfo::Error>(())
            /// ```
            pub fn k(&self) -> usize {
                self.0.k
            }
        }

        /// k = 3 neighbours, as scikit-learn.
        impl Default for $Estimator {
            fn default() -> Self {
                Self(Parameters::new(3).expect("3 is not 0"))
            }
        }

        impl fmt::Display for $Estimator {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.display($name, f)
            }
        }
    };
}
pub(crate) use parameters;

parameters!(Ksg1, "KSG1");
parameters!(Ksg2, "KSG2");

impl Estimator for Ksg1 {
    fn estimate_variables(&self, x: &Variable<'_>, y: &Variable<'_>) -> Result<Nats> {
        let (x, y) = (self.ready("x", x)?, self.ready("y", y)?);
        check_lengths("x", x.samples(), "y", y.samples())?;
        self.between(&x, &y, None)
    }

    fn prepare<'a>(&'a self, sets: Sets<'a, '_>) -> Result<Box<dyn Prepared + 'a>> {
        Ok(Box::new(PreparedKsg1 {
            ksg: *self,
            variables: sets.prepare(|argument, variable| self.ready(argument, variable))?,
        }))
    }
}

/// Variables ready for many estimates.
struct PreparedKsg1 {
    ksg: Ksg1,
    variables: PreparedSets<Ready>,
}

impl Prepared for PreparedKsg1 {
    fn estimate(&self, i: usize, j: usize) -> Result<Nats> {
        let (x, y) = (&self.variables.x()[i], &self.variables.y()[j]);
        self.ksg.between(x, y, None)
    }

    fn estimate_reordered(&self, i: usize, j: usize, order: &[u32]) -> Result<Nats> {
        let (x, y) = (&self.variables.x()[i], &self.variables.y()[j]);
        self.ksg.between(x, y, Some(order))
    }
}

/// A variable that was checked, scaled and, if it is a scalar, sorted.
enum Ready {
    /// It shares nothing with anything.
    Constant {
        samples: usize,
    },
    Scalar(Column),
    Vector(Array2<f64>),
}

impl Ready {
    fn samples(&self) -> usize {
        match self {
            Self::Constant { samples } => *samples,
            Self::Scalar(column) => column.len(),
            Self::Vector(values) => values.nrows(),
        }
    }

    /// The scaled values, one row for each sample.
    fn values(&self) -> CowArray<'_, f64, Ix2> {
        match self {
            Self::Constant { samples } => Array2::zeros((*samples, 0)).into(),
            Self::Scalar(column) => Array1::from(column.by_row()).insert_axis(Axis(1)).into(),
            Self::Vector(values) => values.view().into(),
        }
    }
}

impl Ksg1 {
    fn ready(&self, argument: &'static str, variable: &Variable<'_>) -> Result<Ready> {
        let values = variable.continuous(argument, "KSG1")?;
        self.0.scaling.check_overflow(values.view())?;
        let samples = values.nrows();
        check_neighbours(samples, self.0.k)?;
        Ok(match values.ncols() {
            0 => Ready::Constant { samples },
            1 => {
                let mut columns = self.0.scaling.columns(&[values.view()]);
                let column = Column::new(columns.remove(0));
                if self.0.ties == Ties::Refuse {
                    check_distinct(argument, column.distinct(), samples, "KSG1")?;
                }
                Ready::Scalar(column)
            }
            _ => {
                self.0.check_repeated(argument, values.view(), "KSG1")?;
                Ready::Vector(self.0.scaling.joint(&[values.view()]))
            }
        })
    }

    /// The estimate for two variables, the samples of x in another order if one is given.
    fn between(&self, x: &Ready, y: &Ready, order: Option<&[u32]>) -> Result<Nats> {
        match (x, y) {
            (Ready::Constant { .. }, _) | (_, Ready::Constant { .. }) => Ok(Nats(0.0)),
            (Ready::Scalar(x), Ready::Scalar(y)) => {
                let plane = match order {
                    Some(order) => Plane::shuffled(x, order, y, self.0.k),
                    None => Plane::new(x, y, self.0.k),
                };
                self.in_plane(&plane, x.len())
            }
            _ => {
                let (mut x, y) = (x.values(), y.values());
                if let Some(order) = order {
                    let rows: Vec<usize> = order.iter().map(|&row| row as usize).collect();
                    x = x.select(Axis(0), &rows).into();
                }
                check_samples(&[x.view(), y.view()], self.0.k)?;
                let joint = concatenate![Axis(1), x, y];
                let spaces = [0..x.ncols(), x.ncols()..joint.ncols()];
                let counts = self.0.near(&joint, &spaces, "KSG1")?;
                Ok(self.average(&CountHistogram::of(&counts), joint.nrows()))
            }
        }
    }

    fn in_plane(&self, plane: &Plane<'_>, n: usize) -> Result<Nats> {
        let k = self.0.k;
        let histogram = if self.0.ties == Ties::Formula {
            let points = plane.neighbourhoods(k);
            let counts = points.iter().flat_map(|point| match point.distance {
                0.0 => [1, 1],
                _ => [point.x as u32, point.y as u32],
            });
            CountHistogram::of(&[counts.collect()])
        } else {
            let (times, tied) = plane.histogram(k);
            self.0.check_ties(tied, "KSG1")?;
            CountHistogram::from_times(times)
        };
        Ok(self.average(&histogram, n))
    }

    /// The estimate, from how often each count occurs.
    fn average(&self, counts: &CountHistogram, n: usize) -> Nats {
        Nats(self.constant(n) - counts.sum_of_digamma() / n as f64)
    }

    /// What the mean of the digammas is subtracted from.
    fn constant(&self, n: usize) -> f64 {
        digamma(self.0.k as f64) + digamma(n as f64)
    }

    /// Each sample's own share in the estimate (pointwise mutual information), in the order of the
    /// samples: ψ(k) + ψ(N) − ψ(nₓ + 1) − ψ(n_y + 1). The estimate is their mean.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let data = Sample::coupled_normals(100, 1.0, 42)?;
    /// let ksg = Ksg1::default();
    /// let locals = ksg.local(&data.x, &data.y)?;
    /// let mean = locals.iter().copied().sum::<Nats>() / 100.0;
    /// assert!((mean - ksg.estimate(&data.x, &data.y)?).abs() < Nats(1e-12));
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Errors
    /// As the estimate.
    pub fn local<'a>(
        &self,
        x: impl Into<Variable<'a>>,
        y: impl Into<Variable<'a>>,
    ) -> Result<Vec<Nats>> {
        let (x, y) = (x.into(), y.into());
        let Some((joint, spaces)) = self.0.pair(&x, &y, "KSG1")? else {
            return Ok(vec![Nats(0.0); x.len()]);
        };
        let counts = self.0.near(&joint, &spaces, "KSG1")?;
        let constant = self.constant(x.len());
        let pairs = counts[0].iter().zip(&counts[1]);
        Ok(pairs
            .map(|(&x, &y)| Nats(constant - digamma(x.into()) - digamma(y.into())))
            .collect())
    }
}

impl Estimator for Ksg2 {
    fn estimate_variables(&self, x: &Variable<'_>, y: &Variable<'_>) -> Result<Nats> {
        let Some(counts) = self.counts(x, y)? else {
            return Ok(Nats(0.0));
        };
        let n = x.len() as f64;
        let k = self.0.k as f64;
        let mean = CountHistogram::of(&counts.near).sum_of_digamma() / n;
        Ok(Nats(
            digamma(k) + digamma(n) - mean - width_correction(&counts.wide, k) / n,
        ))
    }
}

/// Σᵢ (wᵢ − 1) / k, where sample i's box has a width in wᵢ spaces: 1 / k for each sample, where all
/// variables are continuous. A space of a few values, in which the box has no width, is counted as
/// labels are, and takes no part.
pub(crate) fn width_correction(wide: &[u32], k: f64) -> f64 {
    let sides: u64 = wide
        .iter()
        .map(|&wide| u64::from(wide.saturating_sub(1)))
        .sum();
    sides as f64 / k
}

impl Ksg2 {
    /// n_x and n_y of each sample. `None` where a variable is constant.
    fn counts(&self, x: &Variable<'_>, y: &Variable<'_>) -> Result<Option<search::Counts>> {
        let Some((joint, spaces)) = self.0.pair(x, y, "KSG2")? else {
            return Ok(None);
        };
        let as_classes = self.0.ties != Ties::Formula;
        let counts = search::counts_to_kth(joint.view(), &spaces, self.0.k, as_classes);
        self.0.check_ties(counts.tied.first().copied(), "KSG2")?;
        Ok(Some(counts))
    }

    /// Each sample's own share in the estimate (pointwise mutual information), in the order of the
    /// samples: ψ(k) − 1/k + ψ(N) − ψ(nₓ) − ψ(n_y). The estimate is their mean.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let data = Sample::coupled_normals(100, 1.0, 42)?;
    /// let ksg = Ksg2::default();
    /// let locals = ksg.local(&data.x, &data.y)?;
    /// let mean = locals.iter().copied().sum::<Nats>() / 100.0;
    /// assert!((mean - ksg.estimate(&data.x, &data.y)?).abs() < Nats(1e-12));
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Errors
    /// As the estimate.
    pub fn local<'a>(
        &self,
        x: impl Into<Variable<'a>>,
        y: impl Into<Variable<'a>>,
    ) -> Result<Vec<Nats>> {
        let (x, y) = (x.into(), y.into());
        let Some(counts) = self.counts(&x, &y)? else {
            return Ok(vec![Nats(0.0); x.len()]);
        };
        let k = self.0.k as f64;
        let constant = digamma(k) + digamma(x.len() as f64);
        let pairs = counts.near[0].iter().zip(&counts.near[1]);
        Ok(pairs
            .zip(&counts.wide)
            .map(|((&x, &y), &wide)| {
                let sides = f64::from(wide.saturating_sub(1)) / k;
                Nats(constant - digamma(x.into()) - digamma(y.into()) - sides)
            })
            .collect())
    }
}

/// Frenzel and Pompe (2007):
///
/// Î(X; Y | Z) = ψ(k) − ⟨ψ(nₓ_z + 1) + ψ(n_y_z + 1) − ψ(n_z + 1)⟩,
///
/// where nₓ_z counts the other points nearer than the k-th neighbour in (x, y, z), the distance
/// measured in (x, z) only, and so on.
impl ConditionalEstimator for Ksg1 {
    fn estimate_variables_given(
        &self,
        x: &Variable<'_>,
        y: &Variable<'_>,
        z: &Variable<'_>,
    ) -> Result<Nats> {
        let method = "conditional KSG1";
        let varying = both_continuous(x, y, method)?;
        let z = z.continuous("z", method)?;
        check_lengths("x", x.len(), "z", z.nrows())?;
        let Some([x, y]) = varying else {
            return Ok(Nats(0.0));
        };
        if z.ncols() == 0 {
            // What is constant says nothing of either.
            return self.estimate_variables(&x.view().into(), &y.view().into());
        }
        for (argument, variable) in [("x", &x), ("y", &y), ("z", &z)] {
            self.0.check_repeated(argument, variable.view(), method)?;
        }
        // Each of the marginal spaces is a run of columns.
        let joint = self.0.joint(&[x.view(), z.view(), y.view()])?;
        let (end_of_x, end_of_z) = (x.ncols(), x.ncols() + z.ncols());
        let spaces = [0..end_of_z, end_of_x..joint.ncols(), end_of_x..end_of_z];
        let near = self.0.near(&joint, &spaces, method)?;
        let with_one = CountHistogram::of(&near[..2]).sum_of_digamma();
        let alone = CountHistogram::of(&near[2..]).sum_of_digamma();
        Ok(Nats(
            digamma(self.0.k as f64) - (with_one - alone) / joint.nrows() as f64,
        ))
    }
}

/// Kraskov, Stögbauer and Grassberger (2004, eq. 23), for m variables:
///
/// ψ(k) + (m − 1) ψ(N) − ⟨ψ(n₁ + 1) + … + ψ(nₘ + 1)⟩.
impl TotalCorrelation for Ksg1 {
    fn total_correlation(&self, variables: &[Variable<'_>]) -> Result<Nats> {
        let method = "KSG1 total correlation";
        let variables = all_continuous(variables, method)?;
        if variables.len() < 2 {
            return Ok(Nats(0.0));
        }
        let views: Vec<_> = variables.iter().map(|variable| variable.view()).collect();
        for &variable in &views {
            self.0.check_repeated("a variable", variable, method)?;
        }
        let joint = self.0.joint(&views)?;
        let mut end = 0;
        let spaces: Vec<Range<usize>> = variables
            .iter()
            .map(|variable| {
                let start = end;
                end += variable.ncols();
                start..end
            })
            .collect();
        let near = self.0.near(&joint, &spaces, method)?;
        let n = joint.nrows() as f64;
        let sum = CountHistogram::of(&near).sum_of_digamma();
        let others = (variables.len() - 1) as f64;
        Ok(Nats(
            digamma(self.0.k as f64) + others * digamma(n) - sum / n,
        ))
    }
}
