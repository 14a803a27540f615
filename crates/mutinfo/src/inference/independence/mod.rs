//! [`IndependenceTest`]: is it more than chance, for variables of every kind.
//!
//! # Method
//!
//! Numbers are replaced by their ranks, equal ones by the mean of theirs. The statistic is the largest
//! of a few parts, each of which sees another kind of dependence:
//!
//! | part | of | formula |
//! |---|---|---|
//! | ranks | numbers, and numbers against labels | Spearman's r²; Kruskal and Wallis's Σ (Σ r)² / n over classes; Pillai's trace of ranks for vectors |
//! | table | labels, and values that 1 % of the samples share, all others being one class | G = 2 Σ n ln n + const |
//! | windows | numbers, and numbers against labels | Σᵢ ln nₓᵧ(i), nₓᵧ(i) the samples within ±w ranks of sample i in both, or of its class; for windows of three widths; summed over pairs of dimensions |
//! | neighbours | vectors | Σᵢ ln(1 + nₓᵧ(i)), nₓᵧ(i) the samples among the k nearest of sample i in both; k = √N and 2√N |
//!
//! As the numbers of samples near i in x alone and in y alone do not change under shuffling, the last
//! three are plug-in estimates of the information but for a constant and a factor.
//!
//! To compare the parts, each is turned into a normal deviate: its mean, standard deviation and
//! skewness over 200 shuffles give a gamma law, of which Wilson and Hilferty's cube root (1931) is
//! about normal. The ranks have a start of 0.35 deviates, because dependence that rises or falls is
//! the most common. Whatever the parts, the p-value is exact: these 200 shuffles know nothing of which
//! x belongs to which y.
//!
//! Shuffling stops as soon as 20 of the shuffled statistics have reached the observed one
//! (Besag and Clifford 1991): p is 20 / m after m shuffles. Where that does not happen,
//! p = (1 + #{shuffled ≥ observed}) / (1 + 999). Under independence, p ≤ α happens with a chance of at most
//! α for both.
//!
//! Samples are first put into an order that depends on the values of each variable alone, and all sums are of
//! integers. So p has the same bits whatever the order of the rows, which variable is x, and how
//! many threads there are; scalars may also be mirrored or transformed by any increasing function.
//!
//! # How often it finds what is there
//!
//! `cargo run --release --example power` repeats the experiment:
//!
#![doc = include_str!("power.md")]

mod fixed_point;
mod linear;
mod margin;
mod neighbours;
mod prepared;
mod table;
mod windows;

use prepared::{Prepared, Scratch, shuffle};

use crate::compute::progress::{OnProgress, Progress, no_progress};
use crate::compute::threads;
use crate::data::variable::Variable;
use crate::error::{Error, Result};

/// Shuffled statistics that reach the observed one, after which no more are needed: p is then known to
/// 1/√20, 22 % of itself.
const ENOUGH: usize = 20;
/// Shuffles between two looks at whether to stop: a multiple of [`ENOUGH`], for several threads.
const BATCH: usize = 40;

/// A permutation test of independence for two variables of any kind: numbers with or without repeated
/// values, vectors, labels of few or many classes. See the [module](self) for the method.
///
/// The samples must be exchangeable: those of a time series are not.
///
/// ```
/// use mutinfo::prelude::*;
/// use mutinfo::inference::IndependenceTest;
///
/// // A sparse unit that fires where the label says so, in 1 of 50 samples.
/// let law = Distribution::Gate { active: 0.02, flip: 0.0 };
/// let data = law.sample(200, 1)?;
/// let test = IndependenceTest::new(1).run(&data.x, &data.y)?;
/// assert_eq!((test.p_value, test.shuffles), (0.001, 999));
/// # Ok::<(), mutinfo::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndependenceTest {
    shuffles: usize,
    seed: u64,
}

/// What an [`IndependenceTest`] found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct IndependenceResult {
    /// The chance of a statistic at least as large, if x and y were independent; 1 where one of them is
    /// constant.
    pub p_value: f64,
    /// How many shuffles it took; 0 where one of them is constant.
    pub shuffles: usize,
    /// The seed of the shuffles.
    pub seed: u64,
}

impl IndependenceTest {
    /// At most 999 shuffles, so that the least p is 0.001. The same seed shuffles the same way.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let coin = [0, 1].repeat(50);
    /// let result = IndependenceTest::new(7).run(&coin, &coin)?;
    /// assert_eq!((result.p_value, result.shuffles, result.seed), (0.001, 999, 7));
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn new(seed: u64) -> Self {
        Self {
            shuffles: 999,
            seed,
        }
    }

    /// At most so many shuffles: the least p is 1 / (1 + shuffles).
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let coin = [0, 1].repeat(50);
    /// let result = IndependenceTest::new(7).shuffles(99)?.run(&coin, &coin)?;
    /// assert_eq!((result.p_value, result.shuffles), (0.01, 99));
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Parameter`] for none, or for more than 2³² − 1.
    pub fn shuffles(mut self, most: impl TryInto<usize>) -> Result<Self> {
        let most = most.try_into().unwrap_or(0);
        if most == 0 || u32::try_from(most).is_err() {
            return Err(Error::Parameter {
                parameter: "shuffles",
                value: most as f64,
                requirement: "use from 1 to 4294967295; 999 let p be as small as 0.001",
            });
        }
        self.shuffles = most;
        Ok(self)
    }

    /// Tests whether x and y are independent.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// // A bent dependence that has no correlation.
    /// let x: Vec<f64> = (-50..=50).map(f64::from).collect();
    /// let y: Vec<f64> = x.iter().map(|x| x * x).collect();
    /// assert_eq!(IndependenceTest::new(7).run(&x, &y)?.p_value, 0.001);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::LengthMismatch`], [`Error::NotFinite`].
    pub fn run<'a>(
        &self,
        x: impl Into<Variable<'a>>,
        y: impl Into<Variable<'a>>,
    ) -> Result<IndependenceResult> {
        self.run_with_progress(&x.into(), &y.into(), &mut no_progress)
    }

    /// As [`IndependenceTest::run`], watched: see [`progress`](crate::compute::progress).
    ///
    /// ```
    /// use std::ops::ControlFlow;
    /// use mutinfo::prelude::*;
    ///
    /// let coin = [0, 1].repeat(50);
    /// let variable = Variable::from(&coin);
    /// let mut stop = |_: Progress| ControlFlow::Break(());
    /// let result = IndependenceTest::new(7).run_with_progress(&variable, &variable, &mut stop);
    /// assert!(matches!(result, Err(mutinfo::Error::Cancelled { done: 0, total: 999 })));
    /// ```
    ///
    /// # Errors
    /// As [`IndependenceTest::run`], and [`Error::Cancelled`].
    pub fn run_with_progress(
        &self,
        x: &Variable<'_>,
        y: &Variable<'_>,
        on_progress: OnProgress<'_>,
    ) -> Result<IndependenceResult> {
        let prepared = Prepared::new(x, y, self.seed)?;
        let found = |p_value, shuffles| IndependenceResult {
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
            if on_progress(Progress {
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
                if reached == ENOUGH {
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

#[cfg(test)]
mod tests;
