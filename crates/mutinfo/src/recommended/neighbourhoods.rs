//! [`Neighbourhoods`]: an estimate from nearest neighbours, and what says how far it may be off.

use super::Reliability;
use super::curve;
use super::part::Part;

/// An estimate for numbers, from the curve over k.
pub(super) struct Neighbourhoods {
    /// In nats.
    pub(super) value: f64,
    /// Of the value around what infinitely many neighbourhoods would show: noise and bias.
    pub(super) variance: f64,
    /// How far the value lies from where the curve would be without extrapolation.
    pub(super) extrapolated: f64,
    /// The information at each sample.
    pub(super) locals: Vec<f64>,
    /// The neighbours from which that was taken.
    pub(super) local_k: usize,
}

impl Neighbourhoods {
    /// The mean of estimates from independent parts.
    pub(super) fn mean(parts: Vec<Self>) -> Self {
        let count = parts.len() as f64;
        Self {
            value: parts.iter().map(|part| part.value).sum::<f64>() / count,
            variance: parts.iter().map(|part| part.variance).sum::<f64>() / (count * count),
            extrapolated: parts.iter().map(|part| part.extrapolated).sum::<f64>() / count,
            local_k: parts[0].local_k,
            locals: parts.into_iter().flat_map(|part| part.locals).collect(),
        }
    }

    /// With its standard errors.
    ///
    /// The samples' own scatter is that of ln p(x, y) / p(x) p(y), the influence function of the
    /// mutual information, less the noise of the neighbourhoods it was taken from; their blur
    /// hides about a seventh. To it come the variance of the curve over k, which counts more above
    /// than below because the bias is mostly towards 0, and a share of the extrapolation: no prior
    /// knows it fully. The four factors were set by the experiment `coverage`, on other draws.
    pub(super) fn part(self) -> Part {
        /// The scatter over what the blur leaves of it.
        const HIDDEN: f64 = 1.15;
        /// How much of the curve's variance counts below the estimate, and above.
        const BELOW: f64 = 0.3;
        const ABOVE: f64 = 2.5;
        /// The share of the extrapolation that counts as a standard error.
        const DOUBTED: f64 = 1.0 / 6.0;
        /// An extrapolation by more nats, or by more of the value, is a guess. Chosen by hand.
        const GUESSED: (f64, f64) = (0.15, 0.3);
        let noise = curve::noise(self.local_k, self.locals.len());
        // The information of N samples lies between 0 and ln N, whatever the curve says.
        let variance = self
            .variance
            .min((self.locals.len() as f64).ln().powi(2) / 9.0);
        let doubt = (DOUBTED * self.extrapolated).powi(2);
        let guessed = self.extrapolated > GUESSED.0.max(GUESSED.1 * self.value);
        Part {
            value: self.value,
            noise: HIDDEN * noise,
            variance: [BELOW, ABOVE].map(|factor| factor * variance + doubt),
            locals: self
                .locals
                .iter()
                .map(|local| HIDDEN.sqrt() * local)
                .collect(),
            warning: guessed.then_some(Reliability::FineDependence),
        }
    }
}
