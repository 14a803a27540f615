//! The recommended estimate for two scalars.

use super::curve::{Fit, average, extrapolate, noise};
use super::mixture::Mixture;
use super::scores::{digammas, normal_quantiles};
use crate::threads;

/// The numbers of neighbours of the curve: those up to N/5, 3 in any case.
const KS: [usize; 13] = [3, 4, 5, 7, 10, 14, 20, 28, 40, 56, 80, 112, 160];
/// Beyond so many samples, k² N is kept: there, small neighbourhoods scatter little, and the time
/// stays in bounds.
const MANY: usize = 10_000;
/// Points a task.
const CHUNK: usize = 256;

/// I(X; Y) in nats from the ranks of at least four samples.
pub(super) fn estimate(x_ranks: &[usize], y_ranks: &[usize]) -> f64 {
    let n = x_ranks.len();
    let largest = (n / 5)
        .min(KS[KS.len() - 1] * MANY / n.max(MANY))
        .max(KS[0]);
    let ks: Vec<usize> = KS.into_iter().filter(|&k| k <= largest).collect();
    let points = Points::new(x_ranks, y_ranks);
    let (plain, corrected) = points.curves(&ks);
    let without = extrapolate(&ks, &plain, n);
    let with = extrapolate(&ks, &corrected, n);
    // A reference that changes the estimate where neighbourhoods are smallest does not fit.
    let misfit = (corrected[0] - plain[0]).powi(2) / noise(ks[0], n);
    let with = Fit {
        ln_evidence: with.ln_evidence - 5.0 * misfit,
        ..with
    };
    average(&[without, with]).value
}

/// The sample in the order of x, in normal scores.
struct Points {
    /// The scores in increasing order; those of x, then.
    scores: Vec<f64>,
    y: Vec<f64>,
    psi: Vec<f64>,
}

impl Points {
    fn new(x_ranks: &[usize], y_ranks: &[usize]) -> Self {
        let n = x_ranks.len();
        let scores = normal_quantiles(n);
        let mut y = vec![0.0; n];
        for (&x, &rank) in x_ranks.iter().zip(y_ranks) {
            y[x] = scores[rank];
        }
        Self {
            scores,
            y,
            psi: digammas(n),
        }
    }

    /// KSG's first estimate for each k, plain and less the reference's smoothing.
    fn curves(&self, ks: &[usize]) -> (Vec<f64>, Vec<f64>) {
        let n = self.y.len();
        let reference = Mixture::fit(&self.scores, &self.y);
        let sums = threads::map(
            threads::chunks(n, CHUNK),
            || (Vec::new(), vec![0.0; ks.len()]),
            |(near, radii), points| {
                let mut sums = vec![(0.0, 0.0); ks.len()];
                for point in points {
                    self.radii(point, ks, near, radii);
                    let (x, y) = (self.scores[point], self.y[point]);
                    for ((sum, &k), &radius) in sums.iter_mut().zip(ks).zip(radii.iter()) {
                        let local = self.psi[n] + self.psi[k]
                            - self.psi[self.within(x, radius)]
                            - self.psi[self.within(y, radius)];
                        sum.0 += local;
                        sum.1 += local - reference.smoothing(x, y, radius);
                    }
                }
                sums
            },
        );
        (0..ks.len())
            .map(|k| {
                let (plain, corrected) = sums
                    .iter()
                    .fold((0.0, 0.0), |(p, c), task| (p + task[k].0, c + task[k].1));
                (plain / n as f64, corrected / n as f64)
            })
            .unzip()
    }

    /// The distances, in maximum norm, from a point to its k-th nearest others: walks outwards
    /// along x until nothing nearer can follow.
    fn radii(&self, point: usize, ks: &[usize], near: &mut Vec<f64>, radii: &mut [f64]) {
        let largest = ks[ks.len() - 1];
        let (x, y) = (self.scores[point], self.y[point]);
        let (mut left, mut right) = (point, point + 1);
        let mut bound = f64::INFINITY;
        near.clear();
        loop {
            let to_left = if left > 0 {
                x - self.scores[left - 1]
            } else {
                f64::INFINITY
            };
            let to_right = self
                .scores
                .get(right)
                .map_or(f64::INFINITY, |&other| other - x);
            let along = to_left.min(to_right);
            if along >= bound || along == f64::INFINITY {
                break;
            }
            let other = if to_left < to_right {
                left -= 1;
                left
            } else {
                right += 1;
                right - 1
            };
            let distance = along.max((self.y[other] - y).abs());
            if distance < bound {
                near.push(distance);
                if near.len() == 2 * largest {
                    near.select_nth_unstable_by(largest - 1, f64::total_cmp);
                    near.truncate(largest);
                    bound = near[largest - 1];
                }
            }
        }
        near.sort_unstable_by(f64::total_cmp);
        for (radius, &k) in radii.iter_mut().zip(ks) {
            *radius = near[k - 1];
        }
    }

    /// How many scores lie nearer to one of them than the radius, itself counted.
    fn within(&self, score: f64, radius: f64) -> usize {
        self.scores.partition_point(|&other| other - score < radius)
            - self
                .scores
                .partition_point(|&other| score - other >= radius)
    }
}
