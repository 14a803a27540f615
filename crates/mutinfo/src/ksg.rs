//! The nearest-neighbour estimators of Kraskov, Stögbauer and Grassberger (2004).

use std::fmt;

use statrs::function::gamma::digamma;

use crate::error::{Error, Result};
use crate::estimator::Estimator;
use crate::plane::{Column, Plane};
use crate::threads;
use crate::units::Nats;
use crate::variable::{Variable, check_lengths};

/// The first algorithm of Kraskov, Stögbauer and Grassberger (2004, eq. 8), as scikit-learn's
/// `mutual_info_regression` computes it, but signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ksg1 {
    k: usize,
}

impl Default for Ksg1 {
    fn default() -> Self {
        Self { k: 3 }
    }
}

impl Ksg1 {
    /// With k neighbours.
    ///
    /// # Errors
    /// [`Error::ZeroNeighbours`].
    pub fn new(k: usize) -> Result<Self> {
        if k == 0 {
            return Err(Error::ZeroNeighbours);
        }
        Ok(Self { k })
    }
}

impl fmt::Display for Ksg1 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KSG1, k = {}", self.k)
    }
}

impl Estimator for Ksg1 {
    fn estimate_variables(&self, x: &Variable<'_>, y: &Variable<'_>) -> Result<Nats> {
        let (x, y) = (x.continuous("x", "KSG")?, y.continuous("y", "KSG")?);
        let n = x.nrows();
        check_lengths("x", n, "y", y.nrows())?;
        if self.k >= n {
            return Err(Error::TooManyNeighbours {
                k: self.k,
                samples: n,
            });
        }
        let scaled = |values: &ndarray::ArrayView2<'_, f64>| -> Column {
            let sd = values.std(0.0);
            let scaled: Vec<f64> = values.iter().map(|value| value / sd).collect();
            Column::new(&scaled)
        };
        let columns = threads::map([x, y].iter(), || (), |(), values| scaled(values));
        let histogram = Plane::new(&columns[0], &columns[1], self.k).histogram(self.k);
        let sum: f64 = histogram
            .iter()
            .enumerate()
            .filter(|&(_, &points)| points > 0)
            .map(|(count, &points)| f64::from(points) * digamma(count as f64))
            .sum();
        Ok(Nats(
            digamma(n as f64) + digamma(self.k as f64) - sum / n as f64,
        ))
    }
}
