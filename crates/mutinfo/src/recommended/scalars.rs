//! The recommended estimate for two scalars.

use ndarray::Array2;

use super::curve::{Fit, average, constant, extrapolate, noise};
use super::mixture::Mixture;
use super::neighbourhoods::Neighbourhoods;
use super::scores::{digammas, normal_quantiles};
use crate::compute::threads;
use crate::search::column::Column;
use crate::search::each_kth_distances;

/// The numbers of neighbours of the curve: those up to N/5, 3 in any case.
const KS: [usize; 13] = [3, 4, 5, 7, 10, 14, 20, 28, 40, 56, 80, 112, 160];
/// Beyond so many samples, k² N is kept: there, small neighbourhoods scatter little, and the time
/// stays in bounds.
const MANY: usize = 10_000;
/// How the variance that slopes of the curve leave counts below, and above, where it counts more
/// because the bias is mostly towards 0.
const BELOW: f64 = 0.7;
const ABOVE: f64 = 5.0;
/// How much of what the reference does not explain, up to so many nats, is doubted below:
/// neighbourhoods that are small where the density is high can show too much of it, as of a ring.
const UNEXPLAINED: f64 = 0.3;
const MOST_UNEXPLAINED: f64 = 0.1;
/// The scores are those of ranks, which scatter about the quantiles: that blurs a dependence that is
/// narrow against it, and takes about so many times (exp I − 1) / N of it (measured on normals of
/// correlations up to 0.99). It is doubted above. The other four were set by the coverage experiment,
/// on other draws.
const BLURRED: f64 = 2.0;
/// An extrapolation by more nats, or by more of the value, is a guess.
const GUESSED: (f64, f64) = (0.15, 0.3);
/// Points a task.
const CHUNK: usize = 256;

/// The neighbours, or as many as there are, whose local values show how much the information
/// scatters from sample to sample: enough for little noise, few enough for little blur.
pub(super) const LOCAL_K: usize = 20;

/// I(X; Y) in nats from the ranks of at least four samples.
pub(super) fn estimate(x_ranks: &[usize], y_ranks: &[usize]) -> Neighbourhoods {
    let n = x_ranks.len();
    let largest = (n / 5)
        .min(KS[KS.len() - 1] * MANY / n.max(MANY))
        .max(KS[0]);
    let ks: Vec<usize> = KS.into_iter().filter(|&k| k <= largest).collect();
    let points = Points::new(x_ranks, y_ranks);
    let reference = Mixture::fit(points.x.sorted(), &points.y);
    let (plain, corrected, locals) = points.curves(&ks, &reference);
    let without = extrapolate(&ks, &plain, n);
    let with = extrapolate(&ks, &corrected, n);
    // A reference that changes the estimate where neighbourhoods are smallest does not fit. What it
    // changes there holds for the plain curve as well, as far as it fits.
    let change = corrected[0] - plain[0];
    let misfit = change.powi(2) / noise(ks[0], n);
    let without = Fit {
        value: without.value + change * (-misfit).exp(),
        ..without
    };
    let with = Fit {
        ln_evidence: with.ln_evidence - 4.0 * misfit,
        ..with
    };
    let fit = average(&[without, with]);
    let level = constant(&ks, &corrected, n);
    let extrapolated = fit.value - level.value;
    let by_slopes = (fit.variance - level.variance).max(0.0);
    let unexplained = (fit.value - reference.information(points.x.sorted(), &points.y))
        .clamp(0.0, MOST_UNEXPLAINED);
    let blurred = fit.value.max(0.0).exp_m1() / n as f64;
    Neighbourhoods {
        value: fit.value,
        variance: [BELOW * by_slopes, ABOVE * by_slopes],
        doubt: [UNEXPLAINED * unexplained, BLURRED * blurred],
        guessed: extrapolated > GUESSED.0.max(GUESSED.1 * fit.value),
        locals: x_ranks.iter().map(|&rank| locals[rank]).collect(),
        local_k: ks[local_index(&ks)],
    }
}

/// Where in the list of k the local values are taken.
pub(super) fn local_index(ks: &[usize]) -> usize {
    ks.iter().rposition(|&k| k <= LOCAL_K).unwrap_or(0)
}

/// The sample in the order of x, in normal scores.
struct Points {
    /// The scores in increasing order: those of x, and in another order those of y.
    x: Column,
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
            x: Column::new(scores),
            y,
            psi: digammas(n),
        }
    }

    /// KSG's first estimate for each k, plain and less the reference's smoothing, and the latter's
    /// local values at one k.
    fn curves(&self, ks: &[usize], reference: &Mixture) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
        let n = self.y.len();
        let local = local_index(ks);
        let sorted = self.x.sorted();
        let of_point = |(point, column): (usize, usize)| [sorted[point], self.y[point]][column];
        let radii = each_kth_distances(Array2::from_shape_fn((n, 2), of_point).view(), ks);
        let tasks = threads::map(
            threads::chunks(n, CHUNK),
            || (),
            |(), points| {
                let (mut plain, mut corrected) = (vec![0.0; ks.len()], vec![0.0; ks.len()]);
                let mut locals = Vec::with_capacity(points.len());
                for point in points {
                    let (x, y) = (sorted[point], self.y[point]);
                    let reference = reference.at(x, y);
                    for (index, (&k, radii)) in ks.iter().zip(&radii).enumerate() {
                        let radius = radii[point];
                        let value = self.psi[n] + self.psi[k]
                            - self.psi[self.within(x, radius)]
                            - self.psi[self.within(y, radius)];
                        let sharp = value - reference.smoothing(radius);
                        plain[index] += value / n as f64;
                        corrected[index] += sharp / n as f64;
                        if index == local {
                            locals.push(sharp);
                        }
                    }
                }
                (plain, corrected, locals)
            },
        );
        let (mut plain, mut corrected) = (vec![0.0; ks.len()], vec![0.0; ks.len()]);
        let mut locals = Vec::with_capacity(n);
        for task in tasks {
            add(&mut plain, &task.0);
            add(&mut corrected, &task.1);
            locals.extend(task.2);
        }
        (plain, corrected, locals)
    }

    /// How many scores lie nearer to one of them than the radius, itself counted.
    fn within(&self, score: f64, radius: f64) -> usize {
        self.x.count_within(score, radius.next_down())
    }
}

/// Adds one curve to another.
pub(super) fn add(total: &mut [f64], part: &[f64]) {
    for (total, part) in total.iter_mut().zip(part) {
        *total += part;
    }
}
