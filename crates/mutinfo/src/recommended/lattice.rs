//! Ordered values of which each occurs often: counts, scales, rounded numbers.
//!
//! The table of the values has too many cells to be counted alone, but neighbouring cells are alike. A
//! smooth law is fitted first: a mixture of normal copulas of several correlations, cut into the cells
//! by the values' ranks, with margins as observed. Then the table is believed to be drawn from a
//! Dirichlet law about it, with αq for a cell of probability q: α is the number of samples that the
//! smooth law is worth. Each α has the evidence
//!
//! ln Γ(α) − ln Γ(N + α) + Σ ln Γ(n + αq) − ln Γ(αq),
//!
//! and, with A = n + αq of all samples, the posterior mean (Hutter 2002)
//!
//! E[I] = Σ A/(N + α) · (ψ(A + 1) − ψ(Aₓ + 1) − ψ(A_y + 1) + ψ(N + α + 1)),
//!
//! averaged over α by the evidence. Where the smooth law holds, this is as good as fitting its one
//! or two parameters; where it does not, α is small and the counts speak.

use statrs::distribution::{ContinuousCDF, Normal};
use statrs::function::gamma::{digamma, ln_gamma};

use super::labels::Table;
use super::mixture::NormalCopula;
use super::part::Part;

/// Correlations of the mixture, besides 0 and the one that is most likely alone.
const CORRELATIONS: [f64; 12] = [
    -0.98, -0.93, -0.83, -0.65, -0.45, -0.2, 0.2, 0.45, 0.65, 0.83, 0.93, 0.98,
];
const EM_STEPS: usize = 40;
/// α / N.
const STRENGTHS: [f64; 10] = [0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 1000.0];
/// The largest table.
pub(super) const MOST_CELLS: usize = 1 << 16;
/// The share of E that is doubted as far as the smooth law does not hold.
pub(super) const DOUBT_OF_CHANCE: f64 = 0.5;

/// An estimate, and how little the smooth law is believed: from 0, wholly, to 1.
pub(super) struct Lattice {
    pub(super) part: Part,
    pub(super) misfit: f64,
}

/// I(X; Y) in nats from a table of ordered values, all of which occur; chance shows `by_chance`.
pub(super) fn estimate(table: &Table, by_chance: f64) -> Lattice {
    let n = table.total;
    let columns = table.y.len();
    let smooth = Smooth::fit(table).probabilities(table);
    let cells = smooth.len();
    let mut counted = vec![0.0; cells];
    for &(i, j, count) in &table.cells {
        counted[i as usize * columns + j as usize] = f64::from(count);
    }
    let ln_evidence: Vec<f64> = STRENGTHS
        .iter()
        .map(|strength| {
            let alpha = strength * n;
            let occupied = counted
                .iter()
                .zip(&smooth)
                .filter(|(count, _)| **count > 0.0);
            occupied
                .map(|(count, q)| ln_gamma(count + alpha * q) - ln_gamma(alpha * q))
                .sum::<f64>()
                - ln_gamma(n + alpha)
                + ln_gamma(alpha)
        })
        .collect();
    let best = ln_evidence.iter().copied().fold(f64::MIN, f64::max);
    let total: f64 = ln_evidence.iter().map(|e| (e - best).exp()).sum();

    /// Strengths with less of the evidence change nothing.
    const NEGLIGIBLE: f64 = 1e-3;
    let (mut value, mut square, mut misfit, mut weights) = (0.0, 0.0, 0.0, 0.0);
    let mut blend = vec![0.0; cells];
    for (strength, e) in STRENGTHS.iter().zip(&ln_evidence) {
        let weight = (e - best).exp() / total;
        if weight < NEGLIGIBLE {
            continue;
        }
        let alpha = strength * n;
        let posterior: Vec<f64> = counted
            .iter()
            .zip(&smooth)
            .map(|(count, q)| count + alpha * q)
            .collect();
        let mean = posterior_mean(&posterior, columns, n + alpha);
        value += weight * mean;
        square += weight * mean * mean;
        misfit += weight * n / (n + alpha);
        weights += weight;
        for (sum, p) in blend.iter_mut().zip(&posterior) {
            *sum += weight * p / (n + alpha);
        }
    }
    value /= weights;
    let local = |&(i, j, _): &(u32, u32, u32)| {
        let p = blend[i as usize * columns + j as usize] / weights;
        let product = f64::from(table.x[i as usize]) * f64::from(table.y[j as usize]);
        (p * n * n / product).ln()
    };
    let locals: Vec<f64> = table.cells.iter().map(local).collect();
    let spread = (square / weights - value * value).max(0.0);
    let misfit = misfit / weights;
    let doubt = (DOUBT_OF_CHANCE * misfit * by_chance).powi(2);
    Lattice {
        part: Part {
            value,
            noise: 0.0,
            variance: [spread + doubt; 2],
            locals: table
                .cell_of
                .iter()
                .map(|&cell| locals[cell as usize])
                .collect(),
            warning: None,
        },
        misfit,
    }
}

/// E[I] under a Dirichlet law with these parameters, which sum to `total`.
fn posterior_mean(parameters: &[f64], columns: usize, total: f64) -> f64 {
    /// Below it, a cell adds nothing.
    const NOTHING: f64 = 1e-12;
    let mut y = vec![0.0; columns];
    let mut sum = 0.0;
    for row in parameters.chunks(columns) {
        let x = digamma(row.iter().sum::<f64>() + 1.0);
        for (y, a) in y.iter_mut().zip(row) {
            *y += a;
            if *a > NOTHING {
                sum += a * (digamma(a + 1.0) - x);
            }
        }
    }
    sum -= y.iter().map(|y| y * digamma(y + 1.0)).sum::<f64>();
    sum / total + digamma(total + 1.0)
}

/// A mixture of normal copulas, averaged over the cells of a table.
struct Smooth {
    /// Normal scores within each value's interval of ranks.
    x: Vec<Vec<f64>>,
    y: Vec<Vec<f64>>,
    /// (correlation, weight), that of 0 first.
    parts: Vec<(f64, f64)>,
}

impl Smooth {
    fn fit(table: &Table) -> Self {
        let finest = table.x.len().max(table.y.len());
        let spots = match finest {
            0..=16 => 4,
            17..=40 => 2,
            _ => 1,
        };
        let mut smooth = Self {
            x: scores(&table.x, table.total, spots),
            y: scores(&table.y, table.total, spots),
            parts: Vec::new(),
        };
        let best = smooth.most_likely(table);
        let correlations = [0.0].into_iter().chain(CORRELATIONS).chain([best]);
        let mut weights: Vec<f64> = Vec::new();
        let ratios: Vec<Vec<f64>> = correlations
            .clone()
            .map(|correlation| {
                let cells = table.cells.iter();
                cells
                    .map(|&(i, j, _)| smooth.ratio(correlation, i as usize, j as usize))
                    .collect()
            })
            .collect();
        // The most likely one has half of the weight at first.
        weights.resize(ratios.len() - 1, 0.5 / (ratios.len() - 1) as f64);
        weights.push(0.5);
        for _ in 0..EM_STEPS {
            // One more sample of independence than there are keeps the ratio from 0.
            let mut shares = vec![0.0; weights.len()];
            shares[0] = 1.0;
            for (cell, &(_, _, count)) in table.cells.iter().enumerate() {
                let all: f64 = weights.iter().zip(&ratios).map(|(w, r)| w * r[cell]).sum();
                for ((share, weight), ratio) in shares.iter_mut().zip(&weights).zip(&ratios) {
                    *share += f64::from(count) * weight * ratio[cell] / all;
                }
            }
            for (weight, share) in weights.iter_mut().zip(shares) {
                *weight = share / (table.total + 1.0);
            }
        }
        smooth.parts = correlations.zip(weights).collect();
        smooth
    }

    /// The normal copula's density, averaged over a cell.
    fn ratio(&self, correlation: f64, i: usize, j: usize) -> f64 {
        let copula = NormalCopula::new(correlation);
        let (x, y) = (&self.x[i], &self.y[j]);
        let sum: f64 = x
            .iter()
            .flat_map(|x| y.iter().map(move |y| (x, y)))
            .map(|(&x, &y)| copula.ln_ratio(x, y).exp())
            .sum();
        (sum / (x.len() * y.len()) as f64).max(f64::MIN_POSITIVE)
    }

    /// The correlation of largest likelihood, by golden section in its Fisher transform.
    fn most_likely(&self, table: &Table) -> f64 {
        const GOLDEN: f64 = 0.381_966_011_250_105;
        const STEP: f64 = 0.6;
        const STEPS: usize = 10;
        let ln_likelihood = |z: f64| -> f64 {
            let cells = table.cells.iter();
            cells
                .map(|&(i, j, n)| f64::from(n) * self.ratio(z.tanh(), i as usize, j as usize).ln())
                .sum()
        };
        let (mut best, mut most) = (0.0, f64::MIN);
        for step in -4..=4 {
            let z = STEP * f64::from(step);
            let likelihood = ln_likelihood(z);
            if likelihood > most {
                (best, most) = (z, likelihood);
            }
        }
        let (mut low, mut high) = (best - STEP, best + STEP);
        let inner = |low: f64, high: f64| {
            let step = GOLDEN * (high - low);
            (low + step, high - step)
        };
        let (mut a, mut b) = inner(low, high);
        let (mut at_a, mut at_b) = (ln_likelihood(a), ln_likelihood(b));
        for _ in 0..STEPS {
            if at_a > at_b {
                (high, b, at_b) = (b, a, at_a);
                a = inner(low, high).0;
                at_a = ln_likelihood(a);
            } else {
                (low, a, at_a) = (a, b, at_b);
                b = inner(low, high).1;
                at_b = ln_likelihood(b);
            }
        }
        ((low + high) / 2.0).tanh()
    }

    /// The probability of each cell, row by row, with the margins as observed.
    fn probabilities(&self, table: &Table) -> Vec<f64> {
        /// Rounds of proportional fitting.
        const ROUNDS: usize = 4;
        /// Parts with less weight are left out.
        const SMALLEST: f64 = 1e-4;
        let columns = table.y.len();
        let share = |count: u32| f64::from(count) / table.total;
        let mut cells = Vec::with_capacity(table.x.len() * columns);
        for i in 0..table.x.len() {
            for j in 0..columns {
                let parts = self.parts.iter().filter(|part| part.1 > SMALLEST);
                let ratio: f64 = parts.map(|&(r, weight)| weight * self.ratio(r, i, j)).sum();
                cells.push(share(table.x[i]) * share(table.y[j]) * ratio);
            }
        }
        for _ in 0..ROUNDS {
            for (row, &count) in cells.chunks_mut(columns).zip(&table.x) {
                let factor = share(count) / row.iter().sum::<f64>();
                row.iter_mut().for_each(|cell| *cell *= factor);
            }
            let mut sums = vec![0.0; columns];
            for row in cells.chunks(columns) {
                super::part::add(&mut sums, row, 1.0);
            }
            for row in cells.chunks_mut(columns) {
                for ((cell, sum), &count) in row.iter_mut().zip(&sums).zip(&table.y) {
                    *cell *= share(count) / sum;
                }
            }
        }
        cells
    }
}

/// Normal scores at the middles of `spots` parts of each value's interval of ranks.
fn scores(counts: &[u32], total: f64, spots: usize) -> Vec<Vec<f64>> {
    let mut below = 0.0;
    let of_value = |&count: &u32| {
        let from = below;
        below += f64::from(count);
        let spot = |spot: usize| {
            let rank = from + f64::from(count) * (spot as f64 + 0.5) / spots as f64;
            Normal::standard().inverse_cdf(rank / total)
        };
        (0..spots).map(spot).collect()
    };
    counts.iter().map(of_value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cells of normals of correlation ρ, by their density on a grid, as counts.
    fn normal_table(correlation: f64, n: f64) -> Table {
        let (mut x, mut y) = (Vec::new(), Vec::new());
        for i in 0..9_u32 {
            for j in 0..9_u32 {
                let (u, v) = (f64::from(i) * 0.6 - 2.4, f64::from(j) * 0.6 - 2.4);
                let q =
                    (u * u - 2.0 * correlation * u * v + v * v) / (1.0 - correlation * correlation);
                let count = (n * (-0.5 * q).exp() * 0.07).round() as usize;
                x.extend(std::iter::repeat_n(i, count));
                y.extend(std::iter::repeat_n(j, count));
            }
        }
        Table::new(&x, &y)
    }

    #[test]
    fn a_smooth_law_is_found_and_believed() {
        let lattice = estimate(&normal_table(0.8, 2000.0), 0.0);
        // −½ ln(1 − 0.64) is 0.511, of which the steps of 0.6 take some.
        let value = lattice.part.value;
        assert!((0.40..0.52).contains(&value), "{value}");
        assert!(lattice.misfit < 0.1, "{}", lattice.misfit);
    }

    #[test]
    fn a_law_that_is_not_smooth_is_counted() {
        let x: Vec<u32> = (0..4000).map(|i| i % 10).collect();
        let y: Vec<u32> = x.iter().map(|x| x * 3 % 10).collect();
        let lattice = estimate(&Table::new(&x, &y), 0.0);
        assert!((lattice.part.value - 10f64.ln()).abs() < 0.05);
        assert!(lattice.misfit > 0.9, "{}", lattice.misfit);
    }
}
