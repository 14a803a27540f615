//! [`CountHistogram`]: sums over counts that do not depend on their order.

use statrs::function::gamma::digamma;

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
        let occurring = self.0.iter().enumerate().filter(|&(_, &times)| times > 0);
        occurring
            .map(|(count, &times)| f64::from(times) * digamma(count as f64))
            .sum()
    }
}
