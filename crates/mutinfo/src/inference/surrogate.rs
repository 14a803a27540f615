//! Orders of the rows in which x and y share nothing: what a null distribution is made of.

use ndarray_rand::rand::Rng;
use ndarray_rand::rand::seq::SliceRandom;
use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::SeedableRng;

use crate::compute::progress::OnProgress;
use crate::compute::threads;
use crate::error::Result;

/// How the rows of x are reordered, so that it keeps its own law and loses what it shares with y.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Surrogate {
    /// In random order: for samples that are independent draws.
    Shuffle,
    /// Shifted by a random number of rows, around the end: neighbouring rows stay neighbours, as
    /// in a series, or in tokens of one text.
    CircularShift,
}

/// Many orders of the same rows, each from a seed of its own: the same ones on any number of
/// threads.
pub(crate) struct Orders {
    surrogate: Surrogate,
    rows: usize,
    seeds: Vec<u64>,
}

impl Orders {
    pub(crate) fn new(surrogate: Surrogate, rows: usize, count: usize, seed: u64) -> Self {
        let mut seeds = ChaCha12Rng::seed_from_u64(seed);
        Self {
            surrogate,
            rows,
            seeds: (0..count).map(|_| seeds.random()).collect(),
        }
    }

    pub(crate) fn shuffled(rows: usize, count: usize, seed: u64) -> Self {
        Self::new(Surrogate::Shuffle, rows, count, seed)
    }

    /// A value for each of the orders, spread over threads.
    ///
    /// # Errors
    /// Those of `value`, and [`Error::Cancelled`](crate::Error::Cancelled).
    pub(crate) fn each<T: Send>(
        &self,
        value: impl Fn(&[u32]) -> Result<T> + Sync,
        on_progress: OnProgress<'_>,
    ) -> Result<Vec<T>> {
        let values = threads::map_with_progress(
            self.seeds.iter(),
            Vec::new,
            |order, &seed| {
                self.fill(order, seed);
                value(order)
            },
            on_progress,
        )?;
        values.into_iter().collect()
    }

    fn fill(&self, order: &mut Vec<u32>, seed: u64) {
        let mut random = ChaCha12Rng::seed_from_u64(seed);
        order.clear();
        order.extend(0..self.rows as u32);
        match self.surrogate {
            Surrogate::Shuffle => order.shuffle(&mut random),
            Surrogate::CircularShift if self.rows > 1 => {
                order.rotate_left(random.random_range(1..self.rows));
            }
            Surrogate::CircularShift => {}
        }
    }
}
