//! The one way to call every estimator: [`Estimator`] for I(X; Y), [`ConditionalEstimator`] for
//! I(X; Y | Z), [`TotalCorrelation`] for more than two variables.

use std::fmt;

use ndarray_rand::rand::rngs::StdRng;
use ndarray_rand::rand::seq::SliceRandom;
use ndarray_rand::rand::{Rng, SeedableRng};

use crate::compute::progress::Watch;
use crate::compute::threads;
use crate::counting::binned::Binned;
use crate::counting::discrete::Discrete;
use crate::counting::entropy_estimator::Correction;
use crate::data::scaling::Scaling;
use crate::data::variable::Variable;
use crate::error::Result;
use crate::gaussian::{Gaussian, GaussianCopula};
use crate::neighbours::ksg::{Ksg1, Ksg2};
use crate::neighbours::lnc::Lnc;
use crate::neighbours::mixed::{MixedKsg, Ross};
use crate::units::Nats;

/// An estimator of the mutual information I(X; Y): a small value with its parameters, which
/// takes two variables observed together and returns an amount of information.
///
/// It prints its name and parameters, for tables and messages.
pub trait Estimator: fmt::Display {
    /// Estimates I(X; Y), in nats, from variables that have been converted already.
    fn estimate_variables(&self, x: &Variable<'_>, y: &Variable<'_>) -> Result<Nats>;

    /// Estimates I(X; Y), in nats.
    fn estimate<'a>(&self, x: impl Into<Variable<'a>>, y: impl Into<Variable<'a>>) -> Result<Nats>
    where
        Self: Sized,
    {
        self.estimate_variables(&x.into(), &y.into())
    }

    /// Estimates I(X; Y) `shuffles` times, each time with the samples of x in another random order,
    /// in nats: what comes out where x and y share nothing, and all else is as it is. The estimates
    /// are spread over [threads](crate::compute::threads::set_threads); the same seed gives the same ones.
    ///
    /// # Errors
    /// As the estimate, and [`Error::Cancelled`](crate::Error::Cancelled) where `watch` stops it.
    fn estimate_shuffled(
        &self,
        x: &Variable<'_>,
        y: &Variable<'_>,
        shuffles: usize,
        seed: u64,
        watch: Watch<'_>,
    ) -> Result<Vec<Nats>>
    where
        Self: Sync,
    {
        each_shuffle(x.len(), shuffles, seed, watch, |order| {
            x.in_order(order, |x| self.estimate_variables(x, y))
        })
    }
}

/// Calls `estimate` with random orders of the rows 0..n, each from a seed of its own.
pub(crate) fn each_shuffle(
    n: usize,
    shuffles: usize,
    seed: u64,
    watch: Watch<'_>,
    estimate: impl Fn(&[u32]) -> Result<Nats> + Sync,
) -> Result<Vec<Nats>> {
    let mut seeds = StdRng::seed_from_u64(seed);
    let seeds: Vec<u64> = (0..shuffles).map(|_| seeds.random()).collect();
    let estimates = threads::map_watched(
        seeds.into_iter(),
        Vec::new,
        |order, seed| {
            order.clear();
            order.extend(0..n as u32);
            order.shuffle(&mut StdRng::seed_from_u64(seed));
            estimate(order)
        },
        watch,
    )?;
    estimates.into_iter().collect()
}

impl<E: Estimator + ?Sized> Estimator for &E {
    fn estimate_variables(&self, x: &Variable<'_>, y: &Variable<'_>) -> Result<Nats> {
        (**self).estimate_variables(x, y)
    }
}

impl<E: Estimator + ?Sized> Estimator for Box<E> {
    fn estimate_variables(&self, x: &Variable<'_>, y: &Variable<'_>) -> Result<Nats> {
        (**self).estimate_variables(x, y)
    }
}

/// Every estimator of I(X; Y) in this crate, with its default parameters: to make tables, and to
/// test what must hold for all. One that does not suit the data returns an error.
///
/// ```
/// use mutinfo::prelude::*;
///
/// let data = Sample::coupled_normals(200, 1.0, 42)?;
/// for estimator in mutinfo::estimator::all() {
///     match estimator.estimate(&data.x, &data.y) {
///         Ok(estimate) => println!("{estimator:40} {estimate:8.3}"),
///         Err(error) => println!("{estimator:40} {error}"),
///     }
/// }
/// # Ok::<(), mutinfo::Error>(())
/// ```
pub fn all() -> Vec<Box<dyn Estimator + Send + Sync>> {
    let mut estimators: Vec<Box<dyn Estimator + Send + Sync>> = vec![
        Box::new(Ksg1::default()),
        Box::new(Ksg1::default().scaling(Scaling::NormalScores)),
        Box::new(Ksg2::default()),
        Box::new(Lnc::default()),
        Box::new(MixedKsg::default()),
        Box::new(Ross::default()),
        Box::new(Gaussian::default()),
        Box::new(GaussianCopula),
        Box::new(Binned::equal_frequency(8).expect("8 is not 0")),
        Box::new(Binned::equal_width(8).expect("8 is not 0")),
    ];
    for correction in Correction::ALL {
        estimators.push(Box::new(Discrete::new(correction)));
    }
    estimators
}

/// An estimator of the conditional mutual information I(X; Y | Z): what x and y share beyond what
/// z says of both.
pub trait ConditionalEstimator: fmt::Display {
    /// Estimates I(X; Y | Z), in nats, from variables that have been converted already.
    fn estimate_variables_given(
        &self,
        x: &Variable<'_>,
        y: &Variable<'_>,
        z: &Variable<'_>,
    ) -> Result<Nats>;

    /// Estimates I(X; Y | Z), in nats.
    fn estimate_given<'a>(
        &self,
        x: impl Into<Variable<'a>>,
        y: impl Into<Variable<'a>>,
        z: impl Into<Variable<'a>>,
    ) -> Result<Nats>
    where
        Self: Sized,
    {
        self.estimate_variables_given(&x.into(), &y.into(), &z.into())
    }
}

impl<E: ConditionalEstimator + ?Sized> ConditionalEstimator for &E {
    fn estimate_variables_given(
        &self,
        x: &Variable<'_>,
        y: &Variable<'_>,
        z: &Variable<'_>,
    ) -> Result<Nats> {
        (**self).estimate_variables_given(x, y, z)
    }
}

/// An estimator of the total correlation of two or more variables (Watanabe 1960),
/// TC(X₁; …; Xₘ) = Σᵢ H(Xᵢ) − H(X₁, …, Xₘ): the mutual information, where there are two.
pub trait TotalCorrelation: fmt::Display {
    /// Estimates the total correlation, in nats.
    fn total_correlation(&self, variables: &[Variable<'_>]) -> Result<Nats>;
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use crate::prelude::*;
    use crate::{Error, Scaling};

    /// The shuffles in the plane are those of the samples.
    #[test]
    fn shuffles_reuse_sorted_columns_and_change_nothing() {
        /// An estimator that shuffles samples, as all do by default.
        struct Plain(Ksg1);
        impl std::fmt::Display for Plain {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
        impl Estimator for Plain {
            fn estimate_variables(
                &self,
                x: &Variable<'_>,
                y: &Variable<'_>,
            ) -> crate::Result<Nats> {
                self.0.estimate_variables(x, y)
            }
        }
        let data = Sample::coupled_normals(300, 1.0, 5).unwrap();
        // One scale is far larger: the slabs are cut across either axis.
        for unit in [1e-3, 1e3] {
            let (x, y) = (data.x.mapv(|x| x * unit), &data.y);
            let (x, y) = (Variable::from(&x), Variable::from(y));
            let ksg = Ksg1::default().scaling(Scaling::None);
            let shuffled = ksg
                .estimate_shuffled(&x, &y, 20, 7, &mut unwatched)
                .unwrap();
            let plain = Plain(ksg)
                .estimate_shuffled(&x, &y, 20, 7, &mut unwatched)
                .unwrap();
            assert_eq!(shuffled, plain);
            let other = ksg
                .estimate_shuffled(&x, &y, 20, 8, &mut unwatched)
                .unwrap();
            assert_ne!(shuffled, other);
        }
        let (x, y) = (Variable::from(&data.x), Variable::from(&data.y));
        let null = Ksg1::default()
            .estimate_shuffled(&x, &y, 200, 1, &mut unwatched)
            .unwrap();
        let mean = null.iter().copied().sum::<Nats>() / 200.0;
        // The standard error of the mean is about 0.05 / √200.
        assert!(mean.abs() < Nats(0.02), "{mean}");
        let mut stop = |_: Progress| ControlFlow::Break(());
        assert!(matches!(
            Ksg1::default().estimate_shuffled(&x, &y, 200, 1, &mut stop),
            Err(Error::Cancelled { .. })
        ));
    }

    #[test]
    fn labels_are_shuffled() {
        let x = Labels::new(&(0..500).map(|i| i % 3).collect::<Vec<_>>());
        let same = Discrete::default().estimate(&x, &x).unwrap();
        let x = Variable::from(&x);
        let null = Discrete::default()
            .estimate_shuffled(&x, &x, 50, 3, &mut unwatched)
            .unwrap();
        assert!(null.iter().all(|&information| information < 0.05 * same));
    }
}
