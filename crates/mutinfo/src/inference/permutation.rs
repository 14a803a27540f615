//! [`PermutationTest`]: any estimator, against what shuffled samples give.

use std::fmt;

use ndarray_rand::rand::{Rng, SeedableRng};
use rand_chacha::ChaCha12Rng;

use crate::compute::progress::{OnProgress, no_progress};
use crate::data::columns::Columns;
use crate::data::variable::Variable;
use crate::error::{Error, Result};
use crate::estimator::{Estimator, Sets};
use crate::inference::surrogate::Surrogate;
use crate::units::Nats;

/// A permutation test of independence: the estimate is compared with those on data whose x was
/// shuffled, which keeps both variables' laws and removes what they share.
///
/// p = (1 + #{null ≥ observed}) / (1 + permutations) (Phipson and Smyth 2010): under
/// independence, p ≤ α happens with a chance of at most α, exactly α where α (1 + permutations)
/// is whole and ties do not occur. The least p possible is 1 / (1 + permutations), never 0.
///
/// The samples must be exchangeable: those of a time series are not, and seem to share information
/// where each merely remembers its past.
///
/// ```
/// use mutinfo::prelude::*;
///
/// let data = Sample::coupled_normals(100, 1.0, 42)?;
/// let test = PermutationTest::new(199, 1)?;
/// let result = test.run(&Ksg1::default(), &data.x, &data.y)?;
/// assert_eq!(result.p_value, 0.005);
/// # Ok::<(), mutinfo::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PermutationTest {
    permutations: usize,
    seed: u64,
    surrogate: Surrogate,
}

/// What a permutation test found.
#[derive(Debug, Clone, PartialEq)]
pub struct PermutationResult {
    /// The estimate on the data as they are.
    pub observed: Nats,
    /// The estimates on shuffled data.
    pub null_distribution: Vec<Nats>,
    /// (1 + #{null ≥ observed}) / (1 + permutations).
    pub p_value: f64,
}

/// Prints `0.497 bit; by chance -0.062 to 0.071; p = 0.001`.
impl fmt::Display for PermutationResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bits = |nats: Nats| nats.to_bits().value();
        let chance = self.null_distribution.iter().map(|&nats| bits(nats));
        let (least, most) = chance
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), bits| {
                (least.min(bits), most.max(bits))
            });
        let text = format!(
            "{:.3}; by chance {least:.3} to {most:.3}; p = {:.3}",
            self.observed.to_bits(),
            self.p_value
        );
        f.pad(&text)
    }
}

impl PermutationTest {
    /// So many permutations; the same seed shuffles the same way, on any number of threads.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let coin = [0, 1].repeat(20);
    /// let result = PermutationTest::new(99, 7)?.run(&Discrete::default(), &coin, &coin)?;
    /// assert_eq!(result.null_distribution.len(), 99);
    /// assert_eq!(result.p_value, 0.01, "the least that 99 permutations allow");
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Parameter`] for no permutations.
    pub fn new(permutations: impl TryInto<usize>, seed: u64) -> Result<Self> {
        let permutations = permutations.try_into().unwrap_or(0);
        if permutations == 0 {
            return Err(Error::Parameter {
                parameter: "permutations",
                value: 0.0,
                requirement: "use at least 1; 999 let p be as small as 0.001",
            });
        }
        Ok(Self {
            permutations,
            seed,
            surrogate: Surrogate::Shuffle,
        })
    }

    /// The same with the samples reordered in another way: for samples that are not exchangeable.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    /// use mutinfo::inference::Surrogate;
    ///
    /// // Two waves: each remembers its past, and neither knows of the other.
    /// let x: Vec<f64> = (0..200).map(|t| (0.31 * t as f64).sin()).collect();
    /// let y: Vec<f64> = (0..200).map(|t| (0.17 * t as f64).cos()).collect();
    /// let test = PermutationTest::new(99, 1)?.surrogate(Surrogate::CircularShift);
    /// assert!(test.run(&Ksg1::default(), &x, &y)?.p_value > 0.05);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    #[must_use]
    pub fn surrogate(self, surrogate: Surrogate) -> Self {
        Self { surrogate, ..self }
    }

    /// Tests whether the estimator finds more in (x, y) than in shuffled data.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// // A coin and its copy, thrown four times: a third of all orders is as good by chance.
    /// let coin = [0, 0, 1, 1];
    /// let result = PermutationTest::new(999, 7)?.run(&Discrete::default(), &coin, &coin)?;
    /// assert!((result.p_value - 1.0 / 3.0).abs() < 0.05);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of the estimator, and [`Error::LengthMismatch`].
    pub fn run<'a>(
        &self,
        estimator: &(impl Estimator + ?Sized),
        x: impl Into<Variable<'a>>,
        y: impl Into<Variable<'a>>,
    ) -> Result<PermutationResult> {
        self.run_with_progress(estimator, x, y, &mut no_progress)
    }

    /// As [`PermutationTest::run`], watched: see [`progress`](crate::compute::progress).
    ///
    /// ```
    /// use std::ops::ControlFlow;
    /// use mutinfo::prelude::*;
    ///
    /// let coin = [0, 1].repeat(20);
    /// let mut stop = |_: Progress| ControlFlow::Break(());
    /// let test = PermutationTest::new(99, 7)?;
    /// let result = test.run_with_progress(&Discrete::default(), &coin, &coin, &mut stop);
    /// assert!(matches!(result, Err(mutinfo::Error::Cancelled { .. })));
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`PermutationTest::run`], and [`Error::Cancelled`].
    pub fn run_with_progress<'a>(
        &self,
        estimator: &(impl Estimator + ?Sized),
        x: impl Into<Variable<'a>>,
        y: impl Into<Variable<'a>>,
        on_progress: OnProgress<'_>,
    ) -> Result<PermutationResult> {
        self.run_columns(&estimator, &x.into().into(), &y.into().into(), on_progress)
    }

    fn run_columns<'d>(
        &self,
        estimator: &dyn Estimator,
        x: &Columns<'d>,
        y: &Columns<'d>,
        on_progress: OnProgress<'_>,
    ) -> Result<PermutationResult> {
        let prepared = estimator.prepare(Sets::Between(x, y))?;
        let observed = prepared.estimate(0, 0)?;
        let mut seeds = ChaCha12Rng::seed_from_u64(self.seed);
        let seeds: Vec<u64> = (0..self.permutations).map(|_| seeds.random()).collect();
        let shuffled = |order: &[u32]| prepared.estimate_reordered(0, 0, order);
        let null = self
            .surrogate
            .each_order(x.samples(), &seeds, shuffled, on_progress)?;
        // Sums in another order must not make a tie look smaller.
        let reached = observed - Nats(1e-12);
        let at_least = null.iter().filter(|&&value| value >= reached).count();
        Ok(PermutationResult {
            observed,
            p_value: (1 + at_least) as f64 / (1 + self.permutations) as f64,
            null_distribution: null,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::fmt;

    use ndarray::Array2;

    use super::*;
    use crate::prelude::*;

    /// An estimator that prepares nothing.
    struct Plain(Ksg1);

    impl fmt::Display for Plain {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.0.fmt(f)
        }
    }

    impl Estimator for Plain {
        fn estimate_variables(&self, x: &Variable<'_>, y: &Variable<'_>) -> Result<Nats> {
            self.0.estimate_variables(x, y)
        }
    }

    fn null_distribution(
        estimator: &dyn Estimator,
        x: &Variable<'_>,
        y: &Variable<'_>,
    ) -> Vec<Nats> {
        let test = PermutationTest::new(20, 7).unwrap();
        test.run(estimator, x, y).unwrap().null_distribution
    }

    /// The shuffles of prepared columns are those of the samples, through a box as well.
    #[test]
    fn what_is_prepared_is_reused_and_changes_nothing() {
        let data = Sample::coupled_normals(300, 1.0, 5).unwrap();
        // One scale is far larger: the slabs are cut across either axis.
        for unit in [1e-3, 1e3] {
            let (x, y) = (data.x.mapv(|x| x * unit), &data.y);
            let (x, y) = (Variable::from(&x), Variable::from(y));
            let ksg = Ksg1::default().scaling(Scaling::None);
            let boxed: Box<dyn Estimator> = Box::new(ksg);
            let prepared = null_distribution(&boxed, &x, &y);
            assert_eq!(prepared, null_distribution(&Plain(ksg), &x, &y));
        }
        let vectors = Array2::from_shape_fn((120, 2), |(i, j)| data.x[i + 120 * j]);
        let (x, y) = (Variable::from(&vectors), data.y.slice(ndarray::s![..120]));
        let y = Variable::from(y);
        let ksg = Ksg1::default();
        assert_eq!(
            null_distribution(&ksg, &x, &y),
            null_distribution(&Plain(ksg), &x, &y)
        );
    }

    #[test]
    fn labels_are_shuffled() {
        let x = Labels::new(&(0..500).map(|i| i % 3).collect::<Vec<_>>());
        let same = Discrete::default().estimate(&x, &x).unwrap();
        let x = Variable::from(&x);
        let null = null_distribution(&Discrete::default(), &x, &x);
        assert!(null.iter().all(|&information| information < 0.05 * same));
    }
}
