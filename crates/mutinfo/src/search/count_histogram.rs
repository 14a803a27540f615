//! [`CountHistogram`]: sums over counts that do not depend on their order.

use statrs::function::gamma::digamma;

/// ψ(0), ψ(1), … of the counts that occur most, known once for many sums.
#[derive(Debug, Clone, Default)]
pub(crate) struct Digammas(Vec<f64>);

impl Digammas {
    /// Of counts up to the number of samples, as far as they stay in fast memory.
    pub(crate) fn up_to(samples: usize) -> Self {
        const MOST: usize = 4096;
        let counts = 0..=samples.min(MOST);
        Self(counts.map(|count| digamma(count as f64)).collect())
    }

    /// ψ(count).
    pub(crate) fn of(&self, count: usize) -> f64 {
        let known = self.0.get(count).copied();
        known.unwrap_or_else(|| digamma(count as f64))
    }
}

/// How often each count occurs: a sum over it depends on the counts alone, not on their order.
#[derive(Debug, Clone, Default)]
pub(crate) struct CountHistogram(Vec<u32>);

impl CountHistogram {
    /// Of all these counts.
    pub(crate) fn of<'a>(counts: impl IntoIterator<Item = &'a Vec<u32>>) -> Self {
        let mut times = Vec::new();
        for &count in counts.into_iter().flatten() {
            let count = count as usize;
            if count >= times.len() {
                times.resize(count + 1, 0);
            }
            times[count] += 1;
        }
        Self(times)
    }

    /// From how often each count occurs.
    pub(crate) fn from_times(times: Vec<u32>) -> Self {
        Self(times)
    }

    /// Σ ψ(count).
    pub(crate) fn sum_of_digamma(&self) -> f64 {
        self.sum_of(&Digammas::default())
    }

    /// Σ ψ(count), where some are known.
    pub(crate) fn sum_of(&self, digammas: &Digammas) -> f64 {
        let occurring = self.0.iter().enumerate().filter(|&(_, &times)| times > 0);
        occurring
            .map(|(count, &times)| f64::from(times) * digammas.of(count))
            .sum()
    }
}
