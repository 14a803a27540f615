//! [`Ksg2`]: Kraskov, Stögbauer and Grassberger's second algorithm.

use std::fmt;

use statrs::function::gamma::digamma;

use crate::data::scaling::Scaling;
use crate::data::variable::Variable;
use crate::error::Result;
use crate::estimator::Estimator;
use crate::neighbours::parameters::{Parameters, parameters};
use crate::neighbours::ties::Ties;
use crate::search::{self, CountHistogram};
use crate::units::Nats;

/// Kraskov, Stögbauer and Grassberger's second algorithm (2004, eq. 9):
///
/// Î(X; Y) = ψ(k) − 1/k + ψ(N) − ⟨ψ(nₓ) + ψ(n_y)⟩,
///
/// where nₓ counts the other points with |xⱼ − xᵢ| ≤ εₓ,ᵢ, and εₓ,ᵢ is the largest x-distance from
/// point i to its k nearest neighbours in (x, y), in the maximum norm; n_y likewise, with a
/// half-width of its own. Neighbours that tie for the k-th place all count.
///
/// Takes and returns what [`Ksg1`](crate::Ksg1) does, with the same errors.
///
/// ```
/// use mutinfo::prelude::*;
///
/// let data = Sample::coupled_normals(1000, 1.0, 42)?;
/// let estimate = Ksg2::new(5)?.estimate(&data.x, &data.y)?;
/// assert!((estimate - data.exact).abs() < Nats(0.1));
/// # Ok::<(), mutinfo::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ksg2(Parameters);

parameters!(Ksg2, "KSG2");

impl Estimator for Ksg2 {
    fn estimate_variables(&self, x: &Variable<'_>, y: &Variable<'_>) -> Result<Nats> {
        let Some(counts) = self.counts(x, y)? else {
            return Ok(Nats(0.0));
        };
        let n = x.len() as f64;
        let k = self.0.k as f64;
        let mean = CountHistogram::of(&counts.near).sum_of_digamma() / n;
        Ok(Nats(
            digamma(k) + digamma(n) - mean - width_correction(&counts.wide, k) / n,
        ))
    }
}

/// Σᵢ (wᵢ − 1) / k, where sample i's box has a width in wᵢ spaces: 1 / k for each sample, where all
/// variables are continuous. A space of a few values, in which the box has no width, is counted as
/// labels are, and takes no part.
pub(crate) fn width_correction(wide: &[u32], k: f64) -> f64 {
    let sides: u64 = wide
        .iter()
        .map(|&wide| u64::from(wide.saturating_sub(1)))
        .sum();
    sides as f64 / k
}

impl Ksg2 {
    /// n_x and n_y of each sample. `None` where a variable is constant.
    fn counts(&self, x: &Variable<'_>, y: &Variable<'_>) -> Result<Option<search::Counts>> {
        let Some((joint, spaces)) = self.0.pair(x, y, "KSG2")? else {
            return Ok(None);
        };
        let as_classes = self.0.ties != Ties::Formula;
        let counts = search::counts_to_kth(joint.view(), &spaces, self.0.k, as_classes);
        self.0.check_ties(counts.tied.first().copied(), "KSG2")?;
        Ok(Some(counts))
    }

    /// Each sample's own share in the estimate (pointwise mutual information), in the order of the
    /// samples: ψ(k) − 1/k + ψ(N) − ψ(nₓ) − ψ(n_y). The estimate is their mean.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let data = Sample::coupled_normals(100, 1.0, 42)?;
    /// let ksg = Ksg2::default();
    /// let locals = ksg.local(&data.x, &data.y)?;
    /// let mean = locals.iter().copied().sum::<Nats>() / 100.0;
    /// assert!((mean - ksg.estimate(&data.x, &data.y)?).abs() < Nats(1e-12));
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Errors
    /// As the estimate.
    pub fn local<'a>(
        &self,
        x: impl Into<Variable<'a>>,
        y: impl Into<Variable<'a>>,
    ) -> Result<Vec<Nats>> {
        self.local_of(&x.into(), &y.into())
    }

    fn local_of(&self, x: &Variable<'_>, y: &Variable<'_>) -> Result<Vec<Nats>> {
        let counts = self.counts(x, y)?;
        let near = counts.as_ref().map(|counts| &counts.near[..]);
        let mut locals = self.0.local(x.len(), near);
        let wide = counts.iter().flat_map(|counts| &counts.wide);
        for (local, &wide) in locals.iter_mut().zip(wide) {
            *local -= Nats(f64::from(wide.saturating_sub(1)) / self.0.k as f64);
        }
        Ok(locals)
    }
}
