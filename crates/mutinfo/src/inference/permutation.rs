//! [`PermutationTest`]: any estimator, against what shuffled samples give.

use crate::compute::progress::{Watch, unwatched};
use crate::data::check::check_lengths;
use crate::data::variable::Variable;
use crate::error::{Error, Result};
use crate::estimator::Estimator;
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
}

/// What a permutation test found.
#[derive(Debug, Clone, PartialEq)]
pub struct Permuted {
    /// The estimate on the data as they are.
    pub observed: Nats,
    /// The estimates on shuffled data.
    pub null: Vec<Nats>,
    /// (1 + #{null ≥ observed}) / (1 + permutations).
    pub p_value: f64,
}

impl PermutationTest {
    /// So many permutations; the same seed shuffles the same way, on any number of threads.
    ///
    /// # Errors
    /// [`Error::Parameter`] for no permutations.
    pub fn new(permutations: usize, seed: u64) -> Result<Self> {
        if permutations == 0 {
            return Err(Error::Parameter {
                parameter: "permutations",
                value: 0.0,
                requirement: "use at least 1; 999 let p be as small as 0.001",
            });
        }
        Ok(Self { permutations, seed })
    }

    /// Tests whether the estimator finds more in (x, y) than in shuffled data.
    ///
    /// # Errors
    /// Those of the estimator, and [`Error::LengthMismatch`].
    pub fn run<'a>(
        &self,
        estimator: &(impl Estimator + Sync),
        x: impl Into<Variable<'a>>,
        y: impl Into<Variable<'a>>,
    ) -> Result<Permuted> {
        self.run_watched(estimator, x, y, &mut unwatched)
    }

    /// As [`PermutationTest::run`], watched: see [`progress`](crate::compute::progress).
    ///
    /// # Errors
    /// As [`PermutationTest::run`], and [`Error::Cancelled`].
    pub fn run_watched<'a>(
        &self,
        estimator: &(impl Estimator + Sync),
        x: impl Into<Variable<'a>>,
        y: impl Into<Variable<'a>>,
        watch: Watch<'_>,
    ) -> Result<Permuted> {
        let (x, y) = (x.into(), y.into());
        check_lengths("x", x.len(), "y", y.len())?;
        let observed = estimator.estimate_variables(&x, &y)?;
        let null = estimator.estimate_shuffled(&x, &y, self.permutations, self.seed, watch)?;
        // Sums in another order must not make a tie look smaller.
        let reached = observed - Nats(1e-12);
        let at_least = null.iter().filter(|&&value| value >= reached).count();
        Ok(Permuted {
            observed,
            p_value: (1 + at_least) as f64 / (1 + self.permutations) as f64,
            null,
        })
    }
}
