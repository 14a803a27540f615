//! [`Amounts`]: the one place where amounts of information become plain numbers.

use mutinfo::{Bits, Nats};

/// Several amounts of information, of one unit.
pub trait Amounts {
    /// The bare numbers, in the unit of the amounts: for a figure's axis, which names the unit, and
    /// for tests that compare amounts.
    ///
    /// ```
    /// use mutinfo::Bits;
    /// use mutinfo_activations::prelude::*;
    ///
    /// assert_eq!(vec![Bits(0.5), Bits(1.0)].values(), [0.5, 1.0]);
    /// ```
    fn values(&self) -> Vec<f64>;
}

impl Amounts for [Bits] {
    fn values(&self) -> Vec<f64> {
        self.iter().map(|amount| amount.value()).collect()
    }
}

impl Amounts for [Nats] {
    fn values(&self) -> Vec<f64> {
        self.iter().map(|amount| amount.value()).collect()
    }
}
