//! Distributions of numbers with atoms: their information by sums and quadrature.

use statrs::distribution::{ContinuousCDF, Normal};
use statrs::function::gamma::ln_gamma;

use super::labels::{chances, term};
use super::quadratures::normal_density;
use crate::compute::quadrature::{gauss_legendre, integrate_adaptively};

/// Beyond so many standard deviations a normal has a chance of 1e-23.
const END: f64 = 10.0;
/// The error of each integral.
const TOLERANCE: f64 = 1e-11;

/// P(a < N(0, 1) < b), from the tail that keeps its digits.
fn between(a: f64, b: f64) -> f64 {
    let normal = Normal::standard();
    if a > 0.0 {
        normal.cdf(-a) - normal.cdf(-b)
    } else {
        normal.cdf(b) - normal.cdf(a)
    }
}

/// x φ(x), 0 at infinity.
fn moment(x: f64) -> f64 {
    if x.is_finite() {
        x * normal_density(x, 1.0)
    } else {
        0.0
    }
}

/// I of two normals clipped to [low, high], part by part: both between the ends, one of them at
/// an end (twice, as x and y may be exchanged), both at ends.
///
/// Given x, y is N(ρx, s²) with s² = 1 − ρ². Between the ends the logarithm of the density over the
/// product of the margins is −ln s − (ρ²x² − 2ρxy + ρ²y²) / 2s², so that the integral over y
/// needs the moments of y between the ends alone.
pub(super) fn censored_information(low: f64, high: f64, rho: f64) -> f64 {
    let s = (1.0 - rho * rho).sqrt();
    let ends = [(f64::NEG_INFINITY, low), (high, f64::INFINITY)];
    let at = |x: f64, (a, b): (f64, f64)| between((a - rho * x) / s, (b - rho * x) / s);
    let chance = ends.map(|(a, b)| between(a, b));
    let (from, to) = (low.clamp(-END, END), high.clamp(-END, END));

    let free = |x: f64| {
        let (a, b) = ((low - rho * x) / s, (high - rho * x) / s);
        let (density_a, density_b) = (normal_density(a, 1.0), normal_density(b, 1.0));
        // Moments of t = (y − ρx) / s between a and b.
        let (m0, m1) = (between(a, b), density_a - density_b);
        let m2 = m0 + moment(a) - moment(b);
        let y1 = rho * x * m0 + s * m1;
        let y2 = rho * x * (rho * x * m0 + 2.0 * s * m1) + s * s * m2;
        let square = rho * rho * (x * x * m0 + y2) - 2.0 * rho * x * y1;
        let one_at_end: f64 = (0..2).map(|i| term(at(x, ends[i]), chance[i])).sum();
        normal_density(x, 1.0) * (-s.ln() * m0 - square / (2.0 * s * s) + 2.0 * one_at_end)
    };
    let mut information = integrate_adaptively(from, to, TOLERANCE, free);
    for (i, (a, b)) in ends.into_iter().enumerate() {
        for (j, &y) in ends.iter().enumerate() {
            let both =
                integrate_adaptively(a.clamp(-END, END), b.clamp(-END, END), TOLERANCE, |x| {
                    normal_density(x, 1.0) * at(x, y)
                });
            information += term(both, chance[i] * chance[j]);
        }
    }
    information
}

/// I of two normals of correlation ρ cut into cells by these edges, which increase.
///
/// A cell's chance is the integral over x of φ(x) times the chance of y's range given x, by 8
/// nodes in each panel no wider than the spread of y given x.
pub(super) fn cells_information(edges: &[f64], rho: f64) -> f64 {
    let nodes = gauss_legendre::<8>();
    let s = (1.0 - rho * rho).sqrt();
    let normal = Normal::standard();
    let mut bounds = vec![-END];
    bounds.extend(edges.iter().copied().filter(|edge| edge.abs() < END));
    bounds.push(END);
    let cells = bounds.len() - 1;
    let chance: Vec<f64> = bounds
        .windows(2)
        .map(|ends| between(ends[0], ends[1]))
        .collect();
    let mut information = 0.0;
    let mut row = vec![0.0; cells];
    for (ends, &margin) in bounds.windows(2).zip(&chance) {
        row.fill(0.0);
        let mut reached = cells..0;
        let panels = ((ends[1] - ends[0]) / s).ceil();
        let half = (ends[1] - ends[0]) / panels / 2.0;
        for panel in 0..panels as usize {
            let middle = ends[0] + half * (2 * panel + 1) as f64;
            for (node, weight) in nodes {
                let x = middle + half * node;
                let density = weight * half * normal_density(x, 1.0);
                let near =
                    |side: f64| bounds.partition_point(|&bound| bound < rho * x + side * END * s);
                let (first, last) = (near(-1.0).max(1) - 1, near(1.0).min(cells));
                reached = reached.start.min(first)..reached.end.max(last);
                let mut below = normal.cdf((bounds[first] - rho * x) / s);
                for cell in first..last {
                    let up_to = normal.cdf((bounds[cell + 1] - rho * x) / s);
                    row[cell] += density * (up_to - below);
                    below = up_to;
                }
            }
        }
        for cell in reached {
            information += term(row[cell], margin * chance[cell]);
        }
    }
    information
}

/// The edges halfway between multiples of a step.
pub(super) fn rounding_edges(step: f64) -> Vec<f64> {
    let most = (END / step).ceil() as i64;
    (-most..most).map(|i| (i as f64 + 0.5) * step).collect()
}

/// The counts that a Poisson variable takes but with a chance of 1e-18, from 0.
fn poisson_chances(mean: f64) -> Vec<f64> {
    let most = (mean + 10.0 * mean.sqrt() + 20.0) as usize;
    let chance = |count: usize| {
        let count = count as f64;
        let power = if count > 0.0 { count * mean.ln() } else { 0.0 };
        (power - mean - ln_gamma(count + 1.0)).exp()
    };
    (0..=most).map(chance).collect()
}

/// Σ over the counts of A + C and B + C.
pub(super) fn shared_poisson_information(a: f64, b: f64, c: f64) -> f64 {
    let (alone_x, alone_y, shared) = (poisson_chances(a), poisson_chances(b), poisson_chances(c));
    let chance = |alone: &[f64], count: usize, shared: usize| {
        count
            .checked_sub(shared)
            .and_then(|rest| alone.get(rest))
            .copied()
            .unwrap_or(0.0)
    };
    let margin = |alone: &[f64], count: usize| -> f64 {
        shared
            .iter()
            .enumerate()
            .map(|(k, p)| p * chance(alone, count, k))
            .sum()
    };
    let margins = |alone: &[f64]| -> Vec<f64> {
        (0..alone.len() + shared.len())
            .map(|count| margin(alone, count))
            .collect()
    };
    let (x_margin, y_margin) = (margins(&alone_x), margins(&alone_y));
    let mut information = 0.0;
    for (i, px) in x_margin.iter().enumerate() {
        for (j, py) in y_margin.iter().enumerate() {
            let joint: f64 = shared[..shared.len().min(i.min(j) + 1)]
                .iter()
                .enumerate()
                .map(|(k, p)| p * chance(&alone_x, i, k) * chance(&alone_y, j, k))
                .sum();
            information += term(joint, px * py);
        }
    }
    information
}

/// I of a label l and N(meanₗ, 1), clipped from below: Σₗ wₗ ∫ φ(x − meanₗ) ln(φ(x − meanₗ) / f(x)),
/// f = Σ w φ, and the same of the chances to be clipped.
pub(super) fn normal_label_information(means: &[f64], weights: &[f64], floor: f64) -> f64 {
    let weights = chances(weights);
    let clipped: Vec<f64> = means
        .iter()
        .map(|mean| between(f64::NEG_INFINITY, floor - mean))
        .collect();
    let all: f64 = weights.iter().zip(&clipped).map(|(w, p)| w * p).sum();
    let mut information = 0.0;
    for ((&mean, &weight), &p) in means.iter().zip(&weights).zip(&clipped) {
        // ln(φ / f), from the distances of the means, which do not overflow.
        let ln_ratio = |t: f64| {
            let others = means.iter().zip(&weights).map(|(other, w)| {
                let distance = t + (mean - other);
                w * (0.5 * (t - distance) * (t + distance)).exp()
            });
            -others.sum::<f64>().ln()
        };
        let from = (floor - mean).clamp(-END, END);
        let free = integrate_adaptively(from, END, TOLERANCE, |t| {
            normal_density(t, 1.0) * ln_ratio(t)
        });
        information += weight * (free + term(p, all));
    }
    information
}

/// I of a label l and a Poisson count of mean meanₗ.
pub(super) fn poisson_label_information(means: &[f64], weights: &[f64]) -> f64 {
    let weights = chances(weights);
    let tables: Vec<Vec<f64>> = means.iter().map(|&mean| poisson_chances(mean)).collect();
    let counts = tables.iter().map(Vec::len).max().unwrap_or(0);
    let mut margin = vec![0.0; counts];
    for (table, weight) in tables.iter().zip(&weights) {
        margin
            .iter_mut()
            .zip(table)
            .for_each(|(sum, p)| *sum += weight * p);
    }
    let cells = tables.iter().zip(&weights).map(|(table, weight)| {
        weight
            * table
                .iter()
                .zip(&margin)
                .map(|(&p, &all)| term(p, all))
                .sum::<f64>()
    });
    cells.sum()
}
