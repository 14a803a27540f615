//! [`Surrogate`]: data as they would look if two things had nothing to do with each other
//! (surrogate data; Theiler and others 1992).

use ndarray::{Array2, ArrayView2, Axis};
use ndarray_rand::rand::seq::SliceRandom;
use ndarray_rand::rand::{Rng, SeedableRng};
use rand_chacha::ChaCha12Rng;

use crate::compute::progress::OnProgress;
use crate::compute::threads;
use crate::error::Result;

/// How to break the tie between two variables: the samples of one are reordered, those of the other
/// stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Surrogate {
    /// Any order of the samples is as likely as any other. Honest where samples are independent
    /// draws.
    #[default]
    Shuffle,
    /// The series is turned round, by at least a tenth and at most nine tenths of its length, its
    /// end coming before its start: what neighbouring samples have in common stays. Honest where
    /// neighbours resemble each other, as in a text or a recording.
    CircularShift,
}

impl Surrogate {
    /// The new order of n samples. The same seed gives the same order.
    ///
    /// ```
    /// use mutinfo::inference::Surrogate;
    ///
    /// let order = Surrogate::CircularShift.order(5, 1);
    /// assert!(order.windows(2).all(|two| (two[0] + 1) % 5 == two[1]));
    /// assert_eq!(order, Surrogate::CircularShift.order(5, 1));
    /// ```
    pub fn order(self, n: usize, seed: u64) -> Vec<usize> {
        let mut order: Vec<usize> = (0..n).collect();
        self.reorder(&mut order, seed);
        order
    }

    /// An array, `(samples, variables)`, with its samples in a new order.
    ///
    /// ```
    /// use mutinfo::inference::Surrogate;
    /// use ndarray::array;
    ///
    /// let broken = Surrogate::Shuffle.of(array![[1.0, 10.0], [2.0, 20.0], [3.0, 30.0]].view(), 1);
    /// assert!(broken.rows().into_iter().all(|sample| sample[1] == 10.0 * sample[0]));
    /// ```
    pub fn of(self, samples: ArrayView2<'_, f64>, seed: u64) -> Array2<f64> {
        samples.select(Axis(0), &self.order(samples.nrows(), seed))
    }

    fn reorder<Row>(self, rows: &mut [Row], seed: u64) {
        let mut random = ChaCha12Rng::seed_from_u64(seed);
        let n = rows.len();
        match self {
            Self::Shuffle => rows.shuffle(&mut random),
            Self::CircularShift if n > 1 => {
                let least = n.div_ceil(10);
                rows.rotate_left(random.random_range(least..=n - least));
            }
            Self::CircularShift => {}
        }
    }

    /// A value for each of many orders of `n` rows, one for each seed, spread over threads.
    ///
    /// # Errors
    /// Those of `value`, and [`Error::Cancelled`](crate::Error::Cancelled).
    pub(crate) fn each_order<T: Send>(
        self,
        n: usize,
        seeds: &[u64],
        value: impl Fn(&[u32]) -> Result<T> + Sync,
        on_progress: OnProgress<'_>,
    ) -> Result<Vec<T>> {
        let values = threads::map_with_progress(
            seeds.iter(),
            Vec::new,
            |order, &seed| {
                order.clear();
                order.extend(0..n as u32);
                self.reorder(order, seed);
                value(order)
            },
            on_progress,
        )?;
        values.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_keep_every_token_once_and_a_circular_shift_keeps_neighbours() {
        for n in [0, 1, 2, 3, 10, 938] {
            for seed in 0..20 {
                for surrogate in [Surrogate::Shuffle, Surrogate::CircularShift] {
                    let mut order = surrogate.order(n, seed);
                    order.sort_unstable();
                    assert!(order.into_iter().eq(0..n));
                }
                let order = Surrogate::CircularShift.order(n, seed);
                assert!(order.windows(2).all(|two| (two[0] + 1) % n == two[1]));
                if n >= 10 {
                    assert!((n / 10..=n - n / 10).contains(&order[0]));
                }
            }
        }
        assert_eq!(
            Surrogate::Shuffle.order(50, 3),
            Surrogate::Shuffle.order(50, 3)
        );
        assert_ne!(
            Surrogate::Shuffle.order(50, 3),
            Surrogate::Shuffle.order(50, 4)
        );
    }
}
