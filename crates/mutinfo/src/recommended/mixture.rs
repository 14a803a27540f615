//! [`Mixture`]: a reference law for two scalars, mixed from normal copulas.

use crate::compute::exponential::exponentials;

/// A mixture of standard normal pairs of several correlations. Its marginals are standard normal
/// whatever the weights, so the ratio of its density to independence is known in closed form:
/// Σ wⱼ c(x, y; ρⱼ).
pub(super) struct Mixture {
    parts: Vec<NormalCopula>,
}

/// A normal copula, and its weight in a mixture.
pub(super) struct NormalCopula {
    weight: f64,
    /// −½ ln(1 − ρ²).
    constant: f64,
    /// ρ² / 2(1 − ρ²).
    square: f64,
    /// ρ / (1 − ρ²).
    product: f64,
}

/// Independence, and correlations strong enough to make a difference.
const CORRELATIONS: [f64; 7] = [0.0, -0.95, -0.8, -0.5, 0.5, 0.8, 0.95];
/// These, and the sample's own.
const PARTS: usize = CORRELATIONS.len() + 1;
/// How many exponentials the smoothing of a part takes.
const POWERS: usize = 9;
const EM_STEPS: usize = 40;
const SMALLEST_WEIGHT: f64 = 1e-3;

/// Gauss and Legendre's five nodes on [−1, 1] are −B, −A, 0, A, B.
const A: f64 = 0.538_469_310_105_683_1;
const B: f64 = 0.906_179_845_938_664;
const NODES: [f64; 5] = [-B, -A, 0.0, A, B];
const WEIGHTS: [f64; 5] = [
    0.236_926_885_056_189_1,
    0.478_628_670_499_366_5,
    0.568_888_888_888_888_9,
    0.478_628_670_499_366_5,
    0.236_926_885_056_189_1,
];

impl NormalCopula {
    /// Of this correlation, without weight.
    pub(super) fn new(correlation: f64) -> Self {
        let free = 1.0 - correlation * correlation;
        Self {
            weight: 0.0,
            constant: -0.5 * free.ln(),
            square: correlation * correlation / (2.0 * free),
            product: correlation / free,
        }
    }

    /// The logarithm of its density's ratio to independence.
    pub(super) fn ln_ratio(&self, x: f64, y: f64) -> f64 {
        self.constant - self.square * (x * x + y * y) + self.product * x * y
    }

    /// The exponents of what [`NormalCopula::sum`] takes, in its order: ratio(x + eu, y + ev) / ratio(x, y)
    /// is a factor of u², one of v², one of uv, one of u and one of v.
    fn exponents(&self, x: f64, y: f64, e: f64) -> [f64; POWERS] {
        let [product, square] = [self.product, -self.square].map(|factor| factor * e * e);
        let [slope_x, slope_y] = self.slopes(x, y, e);
        [
            square * A * A,
            square * B * B,
            product * A * A,
            product * A * B,
            product * B * B,
            slope_x * A,
            slope_x * B,
            slope_y * A,
            slope_y * B,
        ]
    }

    /// The derivatives of the ratio's logarithm along x and y, times e.
    fn slopes(&self, x: f64, y: f64, e: f64) -> [f64; 2] {
        [(x, y), (y, x)]
            .map(|(along, other)| e * (self.product * other - 2.0 * self.square * along))
    }

    /// The ratio over the nodes of a square, weighted by the densities along x and y.
    fn sum(
        &self,
        [x, y, e]: [f64; 3],
        ratio: f64,
        powers: &[f64; POWERS],
        [along_x, along_y]: &[[f64; 5]; 2],
    ) -> f64 {
        if self.product == 0.0 {
            // Independence: the ratio is 1 everywhere.
            return mass(along_x) * mass(along_y);
        }
        /// Beyond it, factors of the ratio could overflow.
        const STEEPEST: f64 = 300.0;
        let [slope_x, slope_y] = self.slopes(x, y, e);
        let (rows, factor): ([f64; 5], f64) =
            if slope_x.abs() + slope_y.abs() + self.product.abs() * e * e > STEEPEST {
                let row = |u: usize| -> f64 {
                    let ratios =
                        (0..5).map(|v| self.ln_ratio(x + e * NODES[u], y + e * NODES[v]).exp());
                    let weights = (0..5).map(|v| WEIGHTS[v] * along_y[v]);
                    ratios
                        .zip(weights)
                        .map(|(ratio, weight)| ratio * weight)
                        .sum()
                };
                (std::array::from_fn(row), 1.0)
            } else {
                let [a, b, aa, ab, bb, xa, xb, ya, yb] = *powers;
                let plus = [a * a * aa, a * b * ab, b * b * bb];
                let minus = [a * a / aa, a * b / ab, b * b / bb];
                let both = [
                    [plus[2], plus[1], b, minus[1], minus[2]],
                    [plus[1], plus[0], a, minus[0], minus[1]],
                    [b, a, 1.0, a, b],
                    [minus[1], minus[0], a, plus[0], plus[1]],
                    [minus[2], minus[1], b, plus[1], plus[2]],
                ];
                let line_x = [1.0 / xb, 1.0 / xa, 1.0, xa, xb];
                let line_y = [1.0 / yb, 1.0 / ya, 1.0, ya, yb];
                let weighted_y: [f64; 5] =
                    std::array::from_fn(|v| WEIGHTS[v] * along_y[v] * line_y[v]);
                let row = |u: usize| -> f64 {
                    line_x[u] * (0..5).map(|v| both[u][v] * weighted_y[v]).sum::<f64>()
                };
                (std::array::from_fn(row), ratio)
            };
        factor
            * (0..5)
                .map(|u| WEIGHTS[u] * along_x[u] * rows[u])
                .sum::<f64>()
    }
}

impl Mixture {
    /// Fits the weights to normal scores by expectation and maximisation. One more observation
    /// of independence than there are keeps the ratio from 0.
    pub(super) fn fit(x: &[f64], y: &[f64]) -> Self {
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let correlation = (dot(x, y) / dot(x, x)).clamp(-0.999_999, 0.999_999);
        let mut parts: Vec<NormalCopula> = CORRELATIONS
            .into_iter()
            .chain([correlation])
            .map(NormalCopula::new)
            .collect();
        let mut ratios: Vec<[f64; PARTS]> = x
            .iter()
            .zip(y)
            .map(|(&x, &y)| std::array::from_fn(|part| parts[part].ln_ratio(x, y)))
            .collect();
        exponentials(ratios.as_flattened_mut());
        let mut weights = [1.0 / PARTS as f64; PARTS];
        for _ in 0..EM_STEPS {
            let mut shares = [0.0; PARTS];
            shares[0] = 1.0;
            for row in &ratios {
                let weighted: [f64; PARTS] = std::array::from_fn(|part| weights[part] * row[part]);
                let total: f64 = weighted.iter().sum();
                for (share, weighted) in shares.iter_mut().zip(weighted) {
                    *share += weighted / total;
                }
            }
            for (weight, share) in weights.iter_mut().zip(&shares) {
                *weight = share / (x.len() as f64 + 1.0);
            }
        }
        for (part, weight) in parts.iter_mut().zip(weights) {
            part.weight = weight;
        }
        let mut index = 0;
        parts.retain(|part| {
            index += 1;
            index == 1 || part.weight > SMALLEST_WEIGHT
        });
        Self { parts }
    }

    /// The mean of the ratio's logarithm over points: the information that the mixture explains.
    pub(super) fn information(&self, x: &[f64], y: &[f64]) -> f64 {
        let points = x.iter().zip(y);
        points.map(|(&x, &y)| self.at(x, y).sharp.ln()).sum::<f64>() / x.len() as f64
    }

    /// The mixture at one point.
    pub(super) fn at(&self, x: f64, y: f64) -> Point<'_> {
        let mut ratios = [0.0; PARTS];
        for (ratio, part) in ratios.iter_mut().zip(&self.parts) {
            *ratio = part.ln_ratio(x, y);
        }
        exponentials(&mut ratios[..self.parts.len()]);
        let weighted = self.parts.iter().zip(&ratios);
        let sharp = weighted.map(|(part, ratio)| part.weight * ratio).sum();
        Point {
            mixture: self,
            x,
            y,
            ratios,
            sharp,
        }
    }
}

/// A mixture at a point (x, y).
pub(super) struct Point<'a> {
    mixture: &'a Mixture,
    x: f64,
    y: f64,
    /// The ratio of each part.
    ratios: [f64; PARTS],
    /// The mixture's.
    sharp: f64,
}

impl Point<'_> {
    /// The logarithm of the ratio that a square of half-width e around the point shows, less the
    /// logarithm of the ratio at the point: what smoothing over the square adds, were this the law.
    pub(super) fn smoothing(&self, e: f64) -> f64 {
        let (x, y, parts) = (self.x, self.y, &self.mixture.parts);
        // The first part is independence and needs none: what all need stands in their place.
        let mut powers = [[0.0; POWERS]; PARTS];
        let wide = |node: f64| -0.5 * (node * e).powi(2);
        let middle = |middle: f64, node: f64| -middle * node * e;
        let shared = [
            wide(A),
            wide(B),
            middle(x, A),
            middle(x, B),
            middle(y, A),
            middle(y, B),
        ];
        powers[0][..shared.len()].copy_from_slice(&shared);
        for (powers, part) in powers.iter_mut().zip(parts).skip(1) {
            *powers = part.exponents(x, y, e);
        }
        exponentials(powers[..parts.len()].as_flattened_mut());
        // Densities within the square, relative to that in the middle.
        let [wide_a, wide_b, xa, xb, ya, yb, ..] = powers[0];
        let along = [(xa, xb), (ya, yb)]
            .map(|(a, b)| [wide_b / b, wide_a / a, 1.0, wide_a * a, wide_b * b]);
        let mut smooth = 0.0;
        for ((part, &ratio), powers) in parts.iter().zip(&self.ratios).zip(&powers) {
            smooth += part.weight * part.sum([x, y, e], ratio, powers, &along);
        }
        let [along_x, along_y] = &along;
        (smooth / (mass(along_x) * mass(along_y) * self.sharp)).ln()
    }
}

/// The integral of what is `along` the nodes.
fn mass(along: &[f64; 5]) -> f64 {
    along.iter().zip(WEIGHTS).map(|(a, w)| a * w).sum()
}
