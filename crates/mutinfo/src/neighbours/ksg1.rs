//! [`Ksg1`]: Kraskov, Stögbauer and Grassberger's first algorithm.

use std::fmt;
use std::ops::Range;

use ndarray::{Array1, Array2, Axis, CowArray, Ix2, concatenate};
use statrs::function::gamma::digamma;

use crate::compute::{memory, threads};
use crate::data::check::{check_lengths, check_neighbours, check_samples};
use crate::data::scaling::Scaling;
use crate::data::variable::Variable;
use crate::data::varying::{all_continuous, both_continuous};
use crate::error::Result;
use crate::estimator::{
    ConditionalEstimator, Estimator, Prepared, PreparedSets, Sets, TotalCorrelation,
};
use crate::neighbours::parameters::{Parameters, parameters};
use crate::neighbours::ties::{Ties, check_distinct};
use crate::search::column::Column;
use crate::search::plane::{Plane, PlaneAxis};
use crate::search::{CountHistogram, Digammas, FEW_VALUES, sorted_columns};
use crate::units::Nats;

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
/// [`Error::WrongKind`], [`Error::Empty`], [`Error::NotFinite`], [`Error::LengthMismatch`],
/// [`Error::TooManyDimensions`], [`Error::TooManyNeighbours`], [`Error::RepeatedValues`],
/// [`Error::Ties`].
///
/// [`Error::WrongKind`]: crate::Error::WrongKind
/// [`Error::Empty`]: crate::Error::Empty
/// [`Error::NotFinite`]: crate::Error::NotFinite
/// [`Error::LengthMismatch`]: crate::Error::LengthMismatch
/// [`Error::TooManyDimensions`]: crate::Error::TooManyDimensions
/// [`Error::TooManyNeighbours`]: crate::Error::TooManyNeighbours
/// [`Error::RepeatedValues`]: crate::Error::RepeatedValues
/// [`Error::Ties`]: crate::Error::Ties
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

parameters!(Ksg1, "KSG1");

impl Estimator for Ksg1 {
    fn estimate_variables(&self, x: &Variable<'_>, y: &Variable<'_>) -> Result<Nats> {
        let [x, y] = self.both_ready(x, y)?;
        check_lengths("x", x.samples(), "y", y.samples())?;
        self.between(&x, &y, None, &Digammas::default())
    }

    fn prepare<'a>(&'a self, sets: Sets<'a, '_>) -> Result<Box<dyn Prepared + 'a>> {
        Ok(Box::new(PreparedKsg1 {
            ksg: *self,
            digammas: Digammas::up_to(sets.x().samples()),
            variables: sets.prepare(|argument, variable| self.ready(argument, variable))?,
        }))
    }
}

/// Variables ready for many estimates.
struct PreparedKsg1 {
    ksg: Ksg1,
    digammas: Digammas,
    variables: PreparedSets<Ready>,
}

impl Prepared for PreparedKsg1 {
    fn estimate(&self, i: usize, j: usize) -> Result<Nats> {
        let (x, y) = (&self.variables.x()[i], &self.variables.y()[j]);
        self.ksg.between(x, y, None, &self.digammas)
    }

    fn estimate_reordered(&self, i: usize, j: usize, order: &[u32]) -> Result<Nats> {
        let (x, y) = (&self.variables.x()[i], &self.variables.y()[j]);
        self.ksg.between(x, y, Some(order), &self.digammas)
    }
}

/// About how much memory a pair of scalars takes for each sample.
const BYTES_PER_SAMPLE: usize = 80;

/// A variable that was checked and scaled.
#[derive(Debug)]
enum Scaled {
    /// It shares nothing with anything.
    Constant {
        samples: usize,
    },
    Scalar(Vec<f64>),
    Vector(Array2<f64>),
}

/// The same, sorted if it is a scalar.
enum Ready {
    Constant { samples: usize },
    Scalar(PlaneAxis),
    Vector(Array2<f64>),
}

impl Ready {
    fn samples(&self) -> usize {
        match self {
            Self::Constant { samples } => *samples,
            Self::Scalar(axis) => axis.column().len(),
            Self::Vector(values) => values.nrows(),
        }
    }

    /// The scaled values, one row for each sample.
    fn values(&self) -> CowArray<'_, f64, Ix2> {
        match self {
            Self::Constant { samples } => Array2::zeros((*samples, 0)).into(),
            Self::Scalar(axis) => Array1::from(axis.column().by_row())
                .insert_axis(Axis(1))
                .into(),
            Self::Vector(values) => values.view().into(),
        }
    }
}

impl Ksg1 {
    fn ready(&self, argument: &'static str, variable: &Variable<'_>) -> Result<Ready> {
        self.sorted(argument, self.scaled(argument, variable)?)
    }

    /// Two variables, made ready on two threads where they are large.
    fn both_ready(&self, x: &Variable<'_>, y: &Variable<'_>) -> Result<[Ready; 2]> {
        memory::keep(BYTES_PER_SAMPLE * x.len());
        let both = [("x", Variable::from(x)), ("y", Variable::from(y))];
        let scaled = |(argument, variable)| self.scaled(argument, &variable);
        let [x, y] = if x.len() + y.len() < FEW_VALUES {
            both.map(scaled)
        } else {
            let both = threads::map(both.into_iter(), || (), |(), one| scaled(one));
            <[_; 2]>::try_from(both).expect("one for each of the two")
        };
        match (x?, y) {
            (Scaled::Scalar(x), Ok(Scaled::Scalar(y))) => {
                let [x, y] =
                    <[_; 2]>::try_from(sorted_columns(vec![x, y])).expect("as many as were sorted");
                Ok([self.axis("x", x)?, self.axis("y", y)?])
            }
            (x, y) => Ok([self.sorted("x", x)?, self.sorted("y", y?)?]),
        }
    }

    /// Checks and scales a variable.
    fn scaled(&self, argument: &'static str, variable: &Variable<'_>) -> Result<Scaled> {
        let values = variable.continuous(argument, "KSG1")?;
        self.0.scaling.check_overflow(values.view())?;
        let samples = values.nrows();
        check_neighbours(samples, self.0.k)?;
        Ok(match values.ncols() {
            0 => Scaled::Constant { samples },
            1 => Scaled::Scalar(self.0.scaling.columns(&[values.view()]).remove(0)),
            _ => {
                self.0.check_repeated(argument, values.view(), "KSG1")?;
                Scaled::Vector(self.0.scaling.joint(&[values.view()]))
            }
        })
    }

    /// Sorts what is a scalar.
    fn sorted(&self, argument: &'static str, scaled: Scaled) -> Result<Ready> {
        Ok(match scaled {
            Scaled::Constant { samples } => Ready::Constant { samples },
            Scaled::Scalar(values) => self.axis(argument, Column::new(values))?,
            Scaled::Vector(values) => Ready::Vector(values),
        })
    }

    /// An axis of a plane, of a column that has not too few different values.
    fn axis(&self, argument: &'static str, column: Column) -> Result<Ready> {
        if self.0.ties == Ties::Refuse {
            check_distinct(argument, column.distinct(), column.len(), "KSG1")?;
        }
        Ok(Ready::Scalar(PlaneAxis::new(column, self.0.k)))
    }

    /// The estimate for two variables, the samples of x in another order if one is given.
    fn between(
        &self,
        x: &Ready,
        y: &Ready,
        order: Option<&[u32]>,
        digammas: &Digammas,
    ) -> Result<Nats> {
        match (x, y) {
            (Ready::Constant { .. }, _) | (_, Ready::Constant { .. }) => Ok(Nats(0.0)),
            (Ready::Scalar(x), Ready::Scalar(y)) => {
                let plane = match order {
                    Some(order) => Plane::shuffled(x, order, y),
                    None => Plane::new(x, y),
                };
                self.in_plane(&plane, x.column().len(), digammas)
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
                Ok(self.average(&CountHistogram::of(&counts), joint.nrows(), digammas))
            }
        }
    }

    fn in_plane(&self, plane: &Plane<'_>, n: usize, digammas: &Digammas) -> Result<Nats> {
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
        Ok(self.average(&histogram, n, digammas))
    }

    /// The estimate, from how often each count occurs.
    fn average(&self, counts: &CountHistogram, n: usize, digammas: &Digammas) -> Nats {
        let constant = digammas.of(self.0.k) + digammas.of(n);
        Nats(constant - counts.sum_of(digammas) / n as f64)
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
        self.local_of(&x.into(), &y.into())
    }

    fn local_of(&self, x: &Variable<'_>, y: &Variable<'_>) -> Result<Vec<Nats>> {
        let pair = self.0.pair(x, y, "KSG1")?;
        let near = pair.map(|(joint, spaces)| self.0.near(&joint, &spaces, "KSG1"));
        Ok(self.0.local(x.len(), near.transpose()?.as_deref()))
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
