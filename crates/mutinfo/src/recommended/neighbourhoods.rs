//! [`Neighbourhoods`]: an estimate from nearest neighbours, and what says how far it may be off.

use super::Reliability;
use super::curve;
use super::part::Part;

/// An estimate for numbers, from the curve over k.
pub(super) struct Neighbourhoods {
    /// In nats.
    pub(super) value: f64,
    /// Of the value around what infinitely many neighbourhoods would show, as far as the truth may lie
    /// below, and above: what the curve leaves open.
    pub(super) variance: [f64; 2],
    /// The standard deviation of a bias that the curve does not show, below and above.
    pub(super) doubt: [f64; 2],
    /// Whether most of the value was inferred from where the curve goes.
    pub(super) guessed: bool,
    /// The information at each sample.
    pub(super) locals: Vec<f64>,
    /// The neighbours from which that was taken.
    pub(super) local_k: usize,
}

impl Neighbourhoods {
    /// The mean of estimates from independent parts.
    pub(super) fn mean(parts: Vec<Self>) -> Self {
        let count = parts.len() as f64;
        let mean = |of: &dyn Fn(&Self) -> f64| parts.iter().map(of).sum::<f64>() / count;
        Self {
            value: mean(&|part| part.value),
            variance: [0, 1].map(|side| mean(&|part| part.variance[side]) / count),
            doubt: [0, 1].map(|side| mean(&|part| part.doubt[side])),
            guessed: 2 * parts.iter().filter(|part| part.guessed).count() > parts.len(),
            local_k: parts[0].local_k,
            locals: parts.into_iter().flat_map(|part| part.locals).collect(),
        }
    }

    /// With its standard errors.
    ///
    /// The samples' own scatter is that of ln p(x, y) / p(x) p(y), the influence function of the
    /// mutual information, less the noise of the neighbourhoods it was taken from.
    pub(super) fn part(self) -> Part {
        // The information of N samples lies between 0 and ln N, whatever the curve says.
        let most = (self.locals.len() as f64).ln().powi(2) / 9.0;
        Part {
            value: self.value,
            noise: curve::noise(self.local_k, self.locals.len()),
            variance: [0, 1].map(|side| {
                let variance: f64 = self.variance[side];
                variance.min(most) + self.doubt[side].powi(2)
            }),
            locals: self.locals,
            warning: self.guessed.then_some(Reliability::FineDependence),
        }
    }
}
