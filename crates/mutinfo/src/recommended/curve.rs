//! From estimates at many k to one: how much of a curve over k is noise, and where it comes from.

use ndarray::{Array1, Array2};

use crate::compute::linear::{cholesky, ln_determinant, solve_lower};

/// A value, its variance, and how well the model that gave it explains the curve.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fit {
    pub(super) value: f64,
    pub(super) variance: f64,
    pub(super) ln_evidence: f64,
}

/// What the estimate at k scatters by beyond what the estimates at all larger k share with it: its
/// variance, measured on independent normals.
pub(super) fn noise(k: usize, n: usize) -> f64 {
    (0.65 + 3.3 / k as f64) / (k as f64 * n as f64)
}

/// Two scalars. The bias is a function of the neighbourhoods' size t = (k/N)^½ that starts at 0:
/// a line with a slope of sd l, as jumps of the density give, and a smooth curve, twice
/// integrated noise of strength r. Averages over l and r by their evidence.
pub(super) fn extrapolate(ks: &[usize], values: &[f64], n: usize) -> Fit {
    const SLOPES: [(f64, f64); 3] = [(0.0, 0.0), (0.3, -4.0), (1.0, -4.0)];
    const STRENGTHS: [f64; 5] = [0.0, 3.0, 12.0, 50.0, 200.0];
    let size = |i: usize| (ks[i] as f64 / n as f64).sqrt();
    let mut fits = Vec::new();
    for (slope, ln_prior) in SLOPES {
        for strength in STRENGTHS {
            let fit = fit_nested(ks, values, n, |a, b| {
                let (t, u) = (size(a.min(b)), size(a.max(b)));
                let curved = t.powi(5) / 20.0
                    + (u - t) * t.powi(4) / 8.0
                    + (u - t).powi(2) * t.powi(3) / 12.0;
                slope * slope * t * u + strength * strength * curved
            });
            fits.push(Fit {
                ln_evidence: fit.ln_evidence + ln_prior,
                ..fit
            });
        }
    }
    average(&fits)
}

/// What the curve says where there is no bias: mostly the estimates at the largest k.
pub(super) fn constant(ks: &[usize], values: &[f64], n: usize) -> Fit {
    fit_nested(ks, values, n, |_, _| 0.0)
}

/// Vectors. The neighbourhoods' sizes are those measured: in several dimensions they hardly shrink
/// with k, and 0 is far away. The bias is proportional to a power of the size: the first where the
/// density jumps, the second where it is smooth. What the curve falls by from the smallest k to the
/// largest has some sd, and it may bend, as noise integrated twice over ln k. Averages by evidence.
pub(super) fn extrapolate_sizes(ks: &[usize], values: &[f64], sizes: &[f64], n: usize) -> Fit {
    const FALLS: [(f64, f64); 4] = [(0.0, 0.0), (0.03, -2.0), (0.1, -2.0), (0.3, -2.0)];
    const POWERS: [i32; 2] = [1, 2];
    const BENDS: [(f64, f64); 2] = [(0.0, 0.0), (0.03, -2.0)];
    let last = sizes[sizes.len() - 1];
    if sizes[0] >= last {
        return fit_nested(ks, values, n, |_, _| 0.0);
    }
    let ln_k = |i: usize| (ks[i] as f64 / ks[0] as f64).ln();
    let mut fits = Vec::new();
    for (bend, ln_bend) in BENDS {
        for (fall, ln_fall) in FALLS {
            for power in POWERS {
                let lost = (sizes[0] / last).powi(power);
                let size = |i: usize| (sizes[i] / last).powi(power) / (1.0 - lost);
                let fit = fit_nested(ks, values, n, |i, j| {
                    let (t, u) = (ln_k(i.min(j)), ln_k(i.max(j)));
                    fall * fall * size(i) * size(j) + bend * bend * t * t * (u / 2.0 - t / 6.0)
                });
                fits.push(Fit {
                    ln_evidence: fit.ln_evidence + ln_bend + ln_fall,
                    ..fit
                });
            }
        }
    }
    average(&fits)
}

/// The average of fits to one curve, weighted by their evidence.
pub(super) fn average(fits: &[Fit]) -> Fit {
    let best = fits
        .iter()
        .map(|fit| fit.ln_evidence)
        .fold(f64::NEG_INFINITY, f64::max);
    let weight = |fit: &Fit| (fit.ln_evidence - best).exp();
    let total: f64 = fits.iter().map(weight).sum();
    let mean = |of: &dyn Fn(&Fit) -> f64| {
        fits.iter().map(|fit| weight(fit) * of(fit)).sum::<f64>() / total
    };
    let value = mean(&|fit| fit.value);
    Fit {
        value,
        variance: mean(&|fit| fit.variance + (fit.value - value).powi(2)),
        ln_evidence: best + (total / fits.len() as f64).ln(),
    }
}

/// The generalised least squares estimate of a constant from values with this covariance, and the
/// model's marginal likelihood.
pub(super) fn fit(values: &[f64], covariance: impl Fn(usize, usize) -> f64) -> Fit {
    /// Keep nearly equal rows apart.
    const JITTER: f64 = 1e-7;
    const SHARE: f64 = 1e-9;
    let covariance = Array2::from_shape_fn((values.len(), values.len()), |(i, j)| {
        let between = covariance(i, j);
        between
            + if i == j {
                JITTER + SHARE * between
            } else {
                0.0
            }
    });
    let lower = cholesky(&covariance).expect("a covariance with jitter is positive definite");
    let ones = solve_lower(&lower, Array1::ones(values.len()).view());
    let curve = solve_lower(&lower, ndarray::aview1(values));
    let precision = ones.dot(&ones);
    let value = ones.dot(&curve) / precision;
    let misfit = (&curve - value * &ones).mapv(|r| r * r).sum();
    Fit {
        value,
        variance: 1.0 / precision,
        ln_evidence: -0.5 * (misfit + ln_determinant(&lower) + precision.ln()),
    }
}

/// The same for estimates at nested neighbourhoods: the noise at k contains the noise at every
/// larger k. To it comes a bias with this covariance.
fn fit_nested(ks: &[usize], values: &[f64], n: usize, bias: impl Fn(usize, usize) -> f64) -> Fit {
    fit(values, |i, j| noise(ks[i.max(j)], n) + bias(i, j))
}
