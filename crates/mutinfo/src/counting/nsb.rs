//! The posterior mean entropy of Nemenman, Shafee and Bialek (2002), by numerical integration.
//!
//! For the prior Dirichlet(β, …, β) over K classes, the evidence of the counts is
//! ρ(β) = Γ(Kβ) / Γ(N + Kβ) · Π Γ(nᵢ + β) / Γ(β), and the mean entropy is
//! S(β) = ψ(N + Kβ + 1) − Σ (nᵢ + β) / (N + Kβ) · ψ(nᵢ + β + 1). With
//! ξ(β) = ψ(Kβ + 1) − ψ(β + 1), the entropy expected before anything is counted, flat from 0 to
//! ln K, the estimate is ∫ S ρ dξ / ∫ ρ dξ.
//!
//! In u = ln β the integrand is smooth and falls off exponentially on both sides, so the
//! trapezoid rule over the part that matters converges geometrically.

use statrs::function::gamma::digamma;

use crate::counting::counts::Counts;

/// Where the integrand is below e^−DEPTH of its peak it is left out.
const DEPTH: f64 = 45.0;

/// Points of the first look at the integrand.
const COARSE: usize = 512;

/// How close two refinements must come, in nats.
const TOLERANCE: f64 = 1e-12;

/// The posterior mean of the entropy, in nats.
pub(crate) fn entropy(counts: &Counts) -> f64 {
    if counts.alphabet() <= 1.0 {
        return 0.0;
    }
    let posterior = Posterior::new(counts);
    let (from, to, peak) = posterior.support();
    let mut intervals = 64;
    let mut sums = posterior.sums(from, to, peak, 0, 1, intervals);
    loop {
        let odd = posterior.sums(from, to, peak, 1, 2, 2 * intervals);
        let refined = (sums.0 + odd.0, sums.1 + odd.1);
        let (before, after) = (sums.0 / sums.1, refined.0 / refined.1);
        intervals *= 2;
        if (after - before).abs() <= TOLERANCE || intervals >= 1 << 16 {
            return after;
        }
        sums = refined;
    }
}

/// The posterior of u = ln β.
struct Posterior<'a> {
    counts: &'a Counts,
    total: f64,
    alphabet: f64,
}

impl<'a> Posterior<'a> {
    fn new(counts: &'a Counts) -> Self {
        Self {
            counts,
            total: counts.total() as f64,
            alphabet: counts.alphabet(),
        }
    }

    /// ln(ρ dξ/du), up to a constant.
    fn ln_density(&self, u: f64) -> f64 {
        let beta = u.exp();
        let classes = self.counts.tally().iter();
        let ln_evidence: f64 = classes
            .map(|&(n, classes)| classes as f64 * ln_rising(beta, n as f64))
            .sum();
        ln_evidence - ln_rising(self.alphabet * beta, self.total)
            + prior_slope(beta, self.alphabet).ln()
            + u
    }

    /// S(β), the mean entropy for one β.
    fn entropy(&self, u: f64) -> f64 {
        let beta = u.exp();
        let weight = self.total + self.alphabet * beta;
        let unseen = self.alphabet - self.counts.classes() as f64;
        let classes = self.counts.tally().iter();
        let seen: f64 = classes
            .map(|&(n, classes)| {
                let n = n as f64 + beta;
                classes as f64 * (n / weight) * digamma(n + 1.0)
            })
            .sum();
        digamma(weight + 1.0) - seen - unseen * (beta / weight) * digamma(beta + 1.0)
    }

    /// Where the density matters, and its logarithm at the peak.
    ///
    /// Below u = −ln K it falls as e^u or faster, above 2 ln N as e^−u.
    fn support(&self) -> (f64, f64, f64) {
        let low = -self.alphabet.ln() - 2.0 * DEPTH;
        let high = 2.0 * self.total.ln() + 2.0 * DEPTH;
        let step = (high - low) / COARSE as f64;
        let grid: Vec<f64> = (0..=COARSE).map(|i| low + i as f64 * step).collect();
        let heights: Vec<f64> = grid.iter().map(|&u| self.ln_density(u)).collect();
        let top = (0..=COARSE)
            .max_by(|&a, &b| heights[a].total_cmp(&heights[b]))
            .expect("a grid has points");
        let peak = self.peak(grid[top.max(1) - 1], grid[(top + 1).min(COARSE)]);
        let height = self.ln_density(peak).max(heights[top]);
        let matters = |&i: &usize| heights[i] >= height - DEPTH;
        let first = (0..=COARSE).find(matters).map_or(peak, |i| grid[i]);
        let last = (0..=COARSE).rfind(matters).map_or(peak, |i| grid[i]);
        (
            self.crossing(first - step, first.min(peak), height - DEPTH),
            self.crossing(last + step, last.max(peak), height - DEPTH),
            height,
        )
    }

    /// The highest point between two, by golden sections.
    fn peak(&self, mut low: f64, mut high: f64) -> f64 {
        let golden = 0.5 * (5f64.sqrt() - 1.0);
        while high - low > 1e-6 {
            let (a, b) = (high - golden * (high - low), low + golden * (high - low));
            if self.ln_density(a) < self.ln_density(b) {
                low = a;
            } else {
                high = b;
            }
        }
        (low + high) / 2.0
    }

    /// Where the density passes a height, between a point outside and one inside.
    fn crossing(&self, mut outside: f64, mut inside: f64, height: f64) -> f64 {
        while (outside - inside).abs() > 1e-6 {
            let middle = (outside + inside) / 2.0;
            if self.ln_density(middle) < height {
                outside = middle;
            } else {
                inside = middle;
            }
        }
        outside
    }

    /// Σ S ρ and Σ ρ over the points `start`, `start + stride`, … of `intervals` equal ones.
    fn sums(
        &self,
        from: f64,
        to: f64,
        peak: f64,
        start: usize,
        stride: usize,
        intervals: usize,
    ) -> (f64, f64) {
        let step = (to - from) / intervals as f64;
        (start..=intervals)
            .step_by(stride)
            .map(|i| {
                let u = from + i as f64 * step;
                let density = (self.ln_density(u) - peak).exp();
                (density * self.entropy(u), density)
            })
            .fold((0.0, 0.0), |sum, term| (sum.0 + term.0, sum.1 + term.1))
    }
}

/// ln Γ(z + n) − ln Γ(z) for a whole n, without the cancellation of the two.
fn ln_rising(z: f64, n: f64) -> f64 {
    const LARGE: f64 = 20.0;
    let direct = if z < LARGE { n.min(LARGE) } else { 0.0 };
    let mut sum = 0.0;
    let mut i = 0.0;
    while i < direct {
        sum += (z + i).ln();
        i += 1.0;
    }
    let (z, n) = (z + direct, n - direct);
    if n > 0.0 {
        // Stirling's series at z + n less that at z.
        sum += n * z.ln() + (z + n - 0.5) * (n / z).ln_1p() - n + stirling(z + n) - stirling(z);
    }
    sum
}

/// What Stirling's formula for ln Γ(z) leaves out, for z of 20 or more.
fn stirling(z: f64) -> f64 {
    let w = 1.0 / (z * z);
    (1.0 / 12.0 - w * (1.0 / 360.0 - w * (1.0 / 1260.0 - w * (1.0 / 1680.0 - w / 1188.0)))) / z
}

/// dξ/dβ = K ψ′(Kβ + 1) − ψ′(β + 1).
fn prior_slope(beta: f64, alphabet: f64) -> f64 {
    if beta < 100.0 {
        return alphabet * trigamma(alphabet * beta + 1.0) - trigamma(beta + 1.0);
    }
    // The two agree to first order in 1/β: subtract their series term by term.
    let (w, k) = (1.0 / beta, 1.0 / alphabet);
    let term = |power: i32| (1.0 - k.powi(power)) * w.powi(power + 1);
    term(1) / 2.0 - term(2) / 6.0 + term(4) / 30.0 - term(6) / 42.0
}

/// ψ′(z) for z > 0: by its recurrence up to 20, then its asymptotic series (Abramowitz and Stegun,
/// 6.4.6 and 6.4.12).
fn trigamma(mut z: f64) -> f64 {
    let mut sum = 0.0;
    while z < 20.0 {
        sum += 1.0 / (z * z);
        z += 1.0;
    }
    let w = 1.0 / (z * z);
    let series =
        1.0 / 6.0 - w * (1.0 / 30.0 - w * (1.0 / 42.0 - w * (1.0 / 30.0 - w * 5.0 / 66.0)));
    sum + 1.0 / z + w / 2.0 + series * w / z
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use approx::assert_relative_eq;
    use statrs::function::gamma::ln_gamma;

    use super::*;

    #[test]
    fn trigamma_of_one_and_of_a_half() {
        assert_relative_eq!(trigamma(1.0), PI * PI / 6.0, max_relative = 1e-14);
        assert_relative_eq!(trigamma(0.5), PI * PI / 2.0, max_relative = 1e-14);
        assert_relative_eq!(trigamma(1e9), 1.000_000_000_5e-9, max_relative = 1e-14);
    }

    #[test]
    fn a_rising_product_is_a_difference_of_log_gammas() {
        for z in [1e-3, 0.7, 3.0, 19.9, 20.0, 150.0] {
            for n in [0.0, 1.0, 2.0, 19.0, 20.0, 21.0, 400.0] {
                let difference = ln_gamma(z + n) - ln_gamma(z);
                assert_relative_eq!(
                    ln_rising(z, n),
                    difference,
                    max_relative = 1e-12,
                    epsilon = 1e-12
                );
            }
        }
        // Far out, where the difference would have lost every digit: n ln z.
        assert_relative_eq!(
            ln_rising(1e30, 7.0),
            7.0 * 1e30f64.ln(),
            max_relative = 1e-14
        );
    }

    #[test]
    fn the_prior_is_smooth_where_its_formula_changes() {
        for alphabet in [2.0, 50.0, 1e9] {
            let (below, above) = (
                prior_slope(100f64.next_down(), alphabet),
                prior_slope(100.0, alphabet),
            );
            assert_relative_eq!(below, above, max_relative = 1e-11);
        }
    }
}
