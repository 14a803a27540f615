//! [`Part`]: an estimate of some of the information, with what says how far it may be off.

use super::REACH;

/// An estimate from some rows.
#[derive(Debug, Clone)]
pub(super) struct Part {
    /// In nats.
    pub(super) value: f64,
    /// The local information of each row, ln p(x, y) / p(x) p(y), the influence function of I.
    pub(super) locals: Vec<f64>,
    /// How much of the variance of the locals' mean is noise that they were estimated with.
    pub(super) noise: f64,
    /// What the truth may be below and above the value beyond the samples' scatter, as variances.
    pub(super) variance: [f64; 2],
    /// A sign that the value cannot be trusted.
    pub(super) warning: Option<super::Reliability>,
}

impl Part {
    /// No information, from so many rows.
    pub(super) fn nothing(rows: usize) -> Self {
        Self {
            value: 0.0,
            locals: vec![0.0; rows],
            noise: 0.0,
            variance: [0.0; 2],
            warning: None,
        }
    }

    /// The variance of the value from sample to sample: that of the locals' mean, without noise.
    pub(super) fn scatter(&self) -> f64 {
        // Sorted, so that rows in another order give the same bits.
        let mut locals = self.locals.clone();
        locals.sort_unstable_by(f64::total_cmp);
        let n = locals.len() as f64;
        let mean = locals.iter().sum::<f64>() / n;
        let squares: f64 = locals.iter().map(|local| (local - mean).powi(2)).sum();
        (squares / (n * n) - self.noise).max(0.0)
    }

    /// How far below and above the value the truth may lie: standard errors. Stronger dependence
    /// scatters more, as the variance of normals' local information, 1 − exp(−2I), has it; so the
    /// upper error is the one at the upper end of the 95 % interval, and not at the value (a score
    /// interval; Wilson 1927): d = z (e² + s d)^½, where s = 2 exp(−2I) / N is by how much the
    /// variance grows.
    pub(super) fn standard_errors(&self) -> [f64; 2] {
        let scatter = self.scatter();
        let [below, above] = self.variance.map(|variance| scatter + variance);
        let growth = 2.0 * (-2.0 * self.value.max(0.0)).exp() / self.locals.len() as f64;
        let half = 0.5 * REACH * growth;
        [below.sqrt(), half + (half * half + above).sqrt()]
    }

    /// The average of several estimates of the same from the same rows, by weights that sum to 1.
    pub(super) fn average(parts: &[(f64, Self)]) -> Self {
        let mut mean = Self::nothing(parts[0].1.locals.len());
        mean.value = parts.iter().map(|(weight, part)| weight * part.value).sum();
        let mut most = 0.0;
        for (weight, part) in parts {
            add(&mut mean.locals, &part.locals, *weight);
            mean.noise += weight * part.noise;
            add(&mut mean.variance, &part.variance, *weight);
            if *weight > most {
                most = *weight;
                mean.warning = part.warning;
            }
        }
        mean
    }

    /// The mean of estimates from parts of the rows that have none in common.
    pub(super) fn mean_of_deals(parts: Vec<Self>) -> Self {
        let count = parts.len() as f64;
        let mean = |of: &dyn Fn(&Self) -> f64| parts.iter().map(of).sum::<f64>() / count;
        Self {
            value: mean(&|part| part.value),
            noise: mean(&|part| part.noise) / count,
            variance: [0, 1].map(|side| mean(&|part| part.variance[side]) / count),
            warning: parts.iter().find_map(|part| part.warning),
            locals: parts.into_iter().flat_map(|part| part.locals).collect(),
        }
    }

    /// Adds the information that only these rows show, as one term of a sum over all rows.
    pub(super) fn add_of_rows(&mut self, rows: &[usize], part: &Self) {
        let weight = rows.len() as f64 / self.locals.len() as f64;
        self.value += weight * part.value;
        self.noise += weight * weight * part.noise;
        for (sum, variance) in self.variance.iter_mut().zip(part.variance) {
            *sum += weight * weight * variance;
        }
        for (&row, local) in rows.iter().zip(&part.locals) {
            self.locals[row] += local;
        }
        if weight > 0.5 {
            self.warning = self.warning.or(part.warning);
        }
    }
}

/// Adds a multiple of one list to another.
pub(super) fn add(sum: &mut [f64], part: &[f64], weight: f64) {
    for (sum, part) in sum.iter_mut().zip(part) {
        *sum += weight * part;
    }
}
