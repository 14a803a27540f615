//! [`IndependenceTest`]: is it more than chance, for variables of every kind.

mod fixed_point;
mod linear;
mod margin;
mod neighbours;
mod prepared;
mod table;
mod windows;

pub use prepared::Prepared;

use prepared::{Scratch, shuffle};

use crate::compute::progress::{Progress, Watch, unwatched};
use crate::compute::threads;
use crate::data::variable::Variable;
use crate::error::{Error, Result};

/// Shuffles between two looks at whether to stop.
const BATCH: usize = 40;

/// A permutation test of independence for variables of every kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndependenceTest {
    shuffles: usize,
    exceedances: usize,
    seed: u64,
}

/// What an [`IndependenceTest`] found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Independence {
    /// The chance of a statistic at least as large, if x and y were independent.
    pub p_value: f64,
    /// How many shuffles it took.
    pub shuffles: usize,
    /// The seed of the shuffles.
    pub seed: u64,
}

impl IndependenceTest {
    /// At most 999 shuffles, or until 20 of them reach the observed statistic.
    pub fn new(seed: u64) -> Self {
        Self {
            shuffles: 999,
            exceedances: 20,
            seed,
        }
    }

    /// At most so many shuffles.
    ///
    /// # Errors
    /// [`Error::Parameter`] for none.
    pub fn shuffles(mut self, most: usize) -> Result<Self> {
        if most == 0 {
            return Err(Error::Parameter {
                parameter: "shuffles",
                value: 0.0,
                requirement: "use at least 1; 999 let p be as small as 0.001",
            });
        }
        self.shuffles = most;
        Ok(self)
    }

    /// Tests whether x and y are independent.
    ///
    /// # Errors
    /// Those of empty variables, values that are not finite and different lengths.
    pub fn run<'a>(
        &self,
        x: impl Into<Variable<'a>>,
        y: impl Into<Variable<'a>>,
    ) -> Result<Independence> {
        self.run_watched(&x.into(), &y.into(), &mut unwatched)
    }

    /// As [`IndependenceTest::run`], watched.
    ///
    /// # Errors
    /// As [`IndependenceTest::run`], and [`Error::Cancelled`].
    pub fn run_watched(
        &self,
        x: &Variable<'_>,
        y: &Variable<'_>,
        watch: Watch<'_>,
    ) -> Result<Independence> {
        let prepared = Prepared::new(x, y, self.seed)?;
        let found = |p_value, shuffles| Independence {
            p_value,
            shuffles,
            seed: self.seed,
        };
        if prepared.is_constant() {
            return Ok(found(1.0, 0));
        }
        let observed = prepared.statistic(prepared.observed(), &mut Scratch::default());
        let mut reached = 0;
        for batch in threads::chunks(self.shuffles, BATCH) {
            if watch(Progress {
                done: batch.start,
                total: self.shuffles,
            })
            .is_break()
            {
                return Err(Error::Cancelled {
                    done: batch.start,
                    total: self.shuffles,
                });
            }
            let start = batch.start;
            let at_least = threads::map(batch, Scratch::default, |scratch, number| {
                let mut order = std::mem::take(&mut scratch.order);
                shuffle(prepared.len(), self.seed, number as u64, &mut order);
                let statistic = prepared.statistic(&order, scratch);
                scratch.order = order;
                statistic >= observed
            });
            for (i, at_least) in at_least.into_iter().enumerate() {
                reached += usize::from(at_least);
                if reached == self.exceedances {
                    let used = start + i + 1;
                    return Ok(found(reached as f64 / used as f64, used));
                }
            }
        }
        Ok(found(
            (1 + reached) as f64 / (1 + self.shuffles) as f64,
            self.shuffles,
        ))
    }
}
