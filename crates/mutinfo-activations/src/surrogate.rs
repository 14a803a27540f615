//! [`Surrogate`]: data as they would look if two things had nothing to do with each other
//! (surrogate data, Theiler et al. 1992).

use mutinfo::ndarray_rand::rand::Rng;
use mutinfo::ndarray_rand::rand::SeedableRng;
use mutinfo::ndarray_rand::rand::rngs::StdRng;
use mutinfo::ndarray_rand::rand::seq::SliceRandom;
use ndarray::{Array2, ArrayView2, Axis};

/// How to break the tie between two things measured on the same tokens: one of them is reordered,
/// the other stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surrogate {
    /// Any order of the tokens is as likely as any other. Honest where tokens are independent.
    Shuffle,
    /// The text is turned round, by at least a tenth and at most nine tenths of its length, its
    /// end coming before its start: what neighbouring tokens have in common stays. Honest where neighbours resemble each other, as
    /// in a text.
    CircularShift,
}

impl Surrogate {
    /// The new order of n tokens. The same seed gives the same order.
    ///
    /// ```
    /// use mutinfo_activations::prelude::*;
    ///
    /// let order = Surrogate::CircularShift.order(5, 1);
    /// assert!(order.windows(2).all(|two| (two[0] + 1) % 5 == two[1]));
    /// assert_eq!(order, Surrogate::CircularShift.order(5, 1));
    /// ```
    pub fn order(self, n: usize, seed: u64) -> Vec<usize> {
        let mut rng = StdRng::seed_from_u64(seed);
        let mut order: Vec<usize> = (0..n).collect();
        match self {
            Self::Shuffle => order.shuffle(&mut rng),
            Self::CircularShift if n > 1 => {
                let least = n.div_ceil(10);
                order.rotate_left(rng.random_range(least..=n - least));
            }
            Self::CircularShift => {}
        }
        order
    }

    /// A layer, `(samples, units)`, with its samples in a new order.
    ///
    /// ```
    /// use mutinfo_activations::prelude::*;
    /// use ndarray::array;
    ///
    /// let broken = Surrogate::Shuffle.of(array![[1.0, 10.0], [2.0, 20.0], [3.0, 30.0]].view(), 1);
    /// assert!(broken.rows().into_iter().all(|sample| sample[1] == 10.0 * sample[0]));
    /// ```
    pub fn of(self, layer: ArrayView2<'_, f64>, seed: u64) -> Array2<f64> {
        layer.select(Axis(0), &self.order(layer.nrows(), seed))
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
