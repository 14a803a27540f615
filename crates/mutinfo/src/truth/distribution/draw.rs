//! Draws one sample of a distribution.

use std::f64::consts::PI;

use ndarray_rand::rand::Rng;
use ndarray_rand::rand_distr::{Distribution as _, Exp1, Gamma, Poisson, StandardNormal, Zipf};
use rand_chacha::ChaCha12Rng;

use super::Distribution;

impl Distribution {
    /// Draws one sample into x and y.
    pub(super) fn fill(&self, x: &mut [f64], y: &mut [f64], rng: &mut ChaCha12Rng) {
        let normal = |rng: &mut ChaCha12Rng| -> f64 { StandardNormal.sample(rng) };
        match self {
            Distribution::Normal(correlations) => fill_normal(correlations, x, y, rng),
            Distribution::DenseNormal { correlation, .. } => {
                let common = correlation.sqrt() * normal(rng);
                for value in x.iter_mut().chain(y) {
                    *value = common + (1.0 - correlation).sqrt() * normal(rng);
                }
            }
            Distribution::Student {
                degrees,
                correlations,
            } => {
                fill_normal(correlations, x, y, rng);
                let scale = (gamma(degrees / 2.0, rng) * 2.0 / degrees).sqrt();
                x.iter_mut().chain(y).for_each(|value| *value /= scale);
            }
            Distribution::UniformNoise(e) => {
                x[0] = rng.random();
                y[0] = x[0] + rng.random_range(-e..*e);
            }
            Distribution::GammaSum { a, b } => {
                x[0] = gamma(*a, rng);
                y[0] = x[0] + gamma(*b, rng);
            }
            Distribution::GammaExponential(theta) => {
                x[0] = gamma(*theta, rng);
                let standard: f64 = Exp1.sample(rng);
                y[0] = standard / x[0];
            }
            Distribution::Clayton(theta) => {
                let (u, q) = (open_unit(rng), open_unit(rng));
                x[0] = u;
                // y = (1 + u^−θ (q^−θ/(1 + θ) − 1))^−1/θ, by logarithms where u^−θ is large.
                let power = -theta * u.ln();
                let factor = (-theta / (1.0 + theta) * q.ln()).exp_m1();
                let log = if power > 500.0 {
                    power + factor.ln()
                } else {
                    (power.exp() * factor).ln_1p()
                };
                y[0] = (-log.max(0.0) / theta).exp();
            }
            Distribution::Frank(theta) => {
                let (u, q) = (open_unit(rng), open_unit(rng));
                x[0] = u;
                let tilt = q * (-theta).exp_m1() / (q + (1.0 - q) * (-theta * u).exp());
                y[0] = -tilt.ln_1p() / theta;
            }
            Distribution::Diagonal(blocks) => {
                let block = rng.random_range(0..*blocks) as f64;
                let place = |rng: &mut ChaCha12Rng| (block + rng.random::<f64>()) / *blocks as f64;
                (x[0], y[0]) = (place(rng), place(rng));
            }
            Distribution::Chessboard(side) => {
                let column = rng.random_range(0..*side);
                let row = 2 * rng.random_range(0..side / 2) + column % 2;
                let mut place =
                    |square: usize| (square as f64 + rng.random::<f64>()) / *side as f64;
                (x[0], y[0]) = (place(column), place(row));
            }
            Distribution::Sine(noise) => {
                x[0] = rng.random_range(0.0..2.0 * PI);
                y[0] = x[0].sin() + noise * normal(rng);
            }
            Distribution::Square(noise) => {
                x[0] = normal(rng);
                y[0] = x[0] * x[0] + noise * normal(rng);
            }
            Distribution::Circle(noise) => {
                let angle = rng.random_range(0.0..2.0 * PI);
                x[0] = angle.cos() + noise * normal(rng);
                y[0] = angle.sin() + noise * normal(rng);
            }
            Distribution::Heteroscedastic => {
                x[0] = rng.random_range(1.0..3.0);
                y[0] = x[0] * normal(rng);
            }
            Distribution::Cross(rho) => {
                let sign = if rng.random() { 1.0 } else { -1.0 };
                fill_normal(&[sign * rho], x, y, rng);
            }
            Distribution::Contaminated {
                correlation,
                share,
                spread,
            } => {
                if rng.random::<f64>() < *share {
                    (x[0], y[0]) = (spread * normal(rng), spread * normal(rng));
                } else {
                    fill_normal(&[*correlation], x, y, rng);
                }
            }
            Distribution::Uniform { .. } => x
                .iter_mut()
                .chain(y)
                .for_each(|value| *value = rng.random()),
            Distribution::Censored {
                low,
                high,
                correlation,
            } => {
                fill_normal(&[*correlation], x, y, rng);
                (x[0], y[0]) = (x[0].clamp(*low, *high), y[0].clamp(*low, *high));
            }
            Distribution::ZeroInflated { zeros, correlation } => {
                if rng.random::<f64>() < *zeros {
                    (x[0], y[0]) = (0.0, 0.0);
                } else {
                    fill_normal(&[*correlation], x, y, rng);
                }
            }
            Distribution::Dropout { zeros, correlation } => {
                fill_normal(&[*correlation], x, y, rng);
                for value in [&mut x[0], &mut y[0]] {
                    if rng.random::<f64>() < *zeros {
                        *value = 0.0;
                    }
                }
            }
            Distribution::GatedPair { together, alone } => {
                let event: f64 = rng.random();
                let fires = |from: f64, to: f64| (from..to).contains(&event);
                let both = fires(0.0, *together);
                let x_fires = both || fires(*together, together + alone);
                let y_fires = both || fires(together + alone, together + 2.0 * alone);
                x[0] = if x_fires { Exp1.sample(rng) } else { 0.0 };
                y[0] = if y_fires { Exp1.sample(rng) } else { 0.0 };
            }
            Distribution::Rounded { correlation, step } => {
                fill_normal(&[*correlation], x, y, rng);
                // + 0 makes −0 the same value.
                let round = |value: f64| (value / step).round() * step + 0.0;
                (x[0], y[0]) = (round(x[0]), round(y[0]));
            }
            Distribution::Likert { correlation, cuts } => {
                fill_normal(&[*correlation], x, y, rng);
                let exceeded = |value: f64| cuts.partition_point(|&cut| cut < value) as f64;
                (x[0], y[0]) = (exceeded(x[0]), exceeded(y[0]));
            }
            Distribution::SharedPoisson { a, b, c } => {
                let shared = poisson(*c, rng);
                (x[0], y[0]) = (shared + poisson(*a, rng), shared + poisson(*b, rng));
            }
            Distribution::NormalLabel { means, weights } => {
                let class = pick(weights, rng);
                (x[0], y[0]) = (means[class] + normal(rng), class as f64);
            }
            Distribution::ReluLabel { means, weights } => {
                let class = pick(weights, rng);
                (x[0], y[0]) = ((means[class] + normal(rng)).max(0.0), class as f64);
            }
            Distribution::PoissonLabel { means, weights } => {
                let class = pick(weights, rng);
                (x[0], y[0]) = (poisson(means[class], rng), class as f64);
            }
            Distribution::ValueOfLabel { values, weights } => {
                let class = pick(weights, rng);
                (x[0], y[0]) = (values[class] + 0.0, class as f64);
            }
            Distribution::Gate { active, flip } => {
                let active = rng.random::<f64>() < *active;
                let wrong = rng.random::<f64>() < *flip;
                x[0] = if active { Exp1.sample(rng) } else { 0.0 };
                y[0] = f64::from(u8::from(active != wrong));
            }
            Distribution::Potts {
                rows,
                columns,
                strength,
            } => {
                // The uniform law on all cells, and that on those that agree.
                let (few, many) = (*rows.min(columns), *rows.max(columns));
                let agree = rng.random::<f64>() < strength / (few as f64 + strength);
                if agree {
                    let one = rng.random_range(0..many);
                    (x[0], y[0]) = ((one % rows) as f64, (one % columns) as f64);
                } else {
                    x[0] = rng.random_range(0..*rows) as f64;
                    y[0] = rng.random_range(0..*columns) as f64;
                }
            }
            Distribution::Zipf { classes, keep } => {
                x[0] = zipf(*classes, rng);
                let kept = rng.random::<f64>() < *keep;
                y[0] = if kept { x[0] } else { zipf(*classes, rng) };
            }
            Distribution::Blocks(blocks) => {
                let (mut x, mut y) = (x, y);
                for block in blocks {
                    let (dx, dy) = block.dimensions();
                    let ((first_x, rest_x), (first_y, rest_y)) =
                        (x.split_at_mut(dx), y.split_at_mut(dy));
                    block.fill(first_x, first_y, rng);
                    (x, y) = (rest_x, rest_y);
                }
            }
            Distribution::Transformed {
                distribution,
                x: of_x,
                y: of_y,
            } => {
                distribution.fill(x, y, rng);
                of_x.apply(x);
                of_y.apply(y);
            }
        }
    }
}

fn fill_normal(correlations: &[f64], x: &mut [f64], y: &mut [f64], rng: &mut ChaCha12Rng) {
    for ((x, y), rho) in x.iter_mut().zip(y).zip(correlations) {
        *x = StandardNormal.sample(rng);
        let noise: f64 = StandardNormal.sample(rng);
        *y = rho * *x + (1.0 - rho * rho).sqrt() * noise;
    }
}

fn gamma(shape: f64, rng: &mut ChaCha12Rng) -> f64 {
    Gamma::new(shape, 1.0)
        .expect("the shape was checked to be above 0")
        .sample(rng)
}

/// Uniform on (0, 1), without 0.
fn open_unit(rng: &mut ChaCha12Rng) -> f64 {
    1.0 - rng.random::<f64>()
}

/// A Poisson count; a mean of 0 is one that is always 0.
fn poisson(mean: f64, rng: &mut ChaCha12Rng) -> f64 {
    Poisson::new(mean).map_or(0.0, |law| law.sample(rng))
}

/// A rank from 1, with chances in proportion to 1 / rank.
fn zipf(classes: usize, rng: &mut ChaCha12Rng) -> f64 {
    let law = Zipf::new(classes as f64, 1.0).expect("there is a class");
    // A rounded logarithm must not lead beyond the last.
    law.sample(rng).min(classes as f64)
}

/// A class, with chances in proportion to these weights.
fn pick(weights: &[f64], rng: &mut ChaCha12Rng) -> usize {
    let mut left = rng.random::<f64>() * weights.iter().sum::<f64>();
    for (class, weight) in weights.iter().enumerate() {
        left -= weight;
        if left < 0.0 {
            return class;
        }
    }
    weights.len() - 1
}
