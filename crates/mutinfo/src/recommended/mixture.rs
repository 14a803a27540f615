//! [`Mixture`]: a reference law for two scalars, mixed from normal copulas.

/// A mixture of standard normal pairs of several correlations. Its marginals are standard normal
/// whatever the weights, so the ratio of its density to independence is known in closed form:
/// Σ wⱼ c(x, y; ρⱼ).
pub(super) struct Mixture {
    parts: Vec<Part>,
}

struct Part {
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

impl Part {
    fn new(correlation: f64) -> Self {
        let free = 1.0 - correlation * correlation;
        Self {
            weight: 0.0,
            constant: -0.5 * free.ln(),
            square: correlation * correlation / (2.0 * free),
            product: correlation / free,
        }
    }

    fn ratio(&self, x: f64, y: f64) -> f64 {
        (self.constant - self.square * (x * x + y * y) + self.product * x * y).exp()
    }

    /// The ratio over the nodes of a square, weighted by the densities along x and y.
    fn sum(
        &self,
        x: f64,
        y: f64,
        e: f64,
        ratio: f64,
        along_x: &[f64; 5],
        along_y: &[f64; 5],
    ) -> f64 {
        if self.product == 0.0 {
            // Independence: the ratio is 1 everywhere.
            let row = mass(along_y);
            return (0..5).map(|u| WEIGHTS[u] * along_x[u] * row).sum();
        }
        /// Beyond it, factors of the ratio could overflow.
        const STEEPEST: f64 = 300.0;
        let slope_x = e * (self.product * y - 2.0 * self.square * x);
        let slope_y = e * (self.product * x - 2.0 * self.square * y);
        let (rows, factor): ([f64; 5], f64) = if slope_x.abs() + slope_y.abs() > STEEPEST {
            let row = |u: usize| -> f64 {
                let ratios = (0..5).map(|v| self.ratio(x + e * NODES[u], y + e * NODES[v]));
                let weights = (0..5).map(|v| WEIGHTS[v] * along_y[v]);
                ratios
                    .zip(weights)
                    .map(|(ratio, weight)| ratio * weight)
                    .sum()
            };
            (std::array::from_fn(row), 1.0)
        } else {
            // ratio(x + eu, y + ev) / ratio(x, y) is a factor of u, one of v and one of both.
            let both = |u: f64, v: f64| {
                (e * e * (self.product * u * v - self.square * (u * u + v * v))).exp()
            };
            let (aa, ab, bb) = (both(A, A), both(A, B), both(B, B));
            let (a_a, a_b, b_b) = (both(A, -A), both(A, -B), both(B, -B));
            let (a0, b0) = (both(A, 0.0), both(B, 0.0));
            let both = [
                [bb, ab, b0, a_b, b_b],
                [ab, aa, a0, a_a, a_b],
                [b0, a0, 1.0, a0, b0],
                [a_b, a_a, a0, aa, ab],
                [b_b, a_b, b0, ab, bb],
            ];
            let line = |slope: f64| {
                let (a, b) = ((slope * A).exp(), (slope * B).exp());
                [1.0 / b, 1.0 / a, 1.0, a, b]
            };
            let (line_x, line_y) = (line(slope_x), line(slope_y));
            let weighted_y: [f64; 5] = std::array::from_fn(|v| WEIGHTS[v] * along_y[v] * line_y[v]);
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
        let mut parts: Vec<Part> = CORRELATIONS
            .into_iter()
            .chain([correlation])
            .map(Part::new)
            .collect();
        let ratios: Vec<[f64; PARTS]> = x
            .iter()
            .zip(y)
            .map(|(&x, &y)| std::array::from_fn(|part| parts[part].ratio(x, y)))
            .collect();
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
        let ratio = |(&x, &y): (&f64, &f64)| -> f64 {
            let parts = self.parts.iter();
            parts.map(|part| part.weight * part.ratio(x, y)).sum()
        };
        x.iter().zip(y).map(|point| ratio(point).ln()).sum::<f64>() / x.len() as f64
    }

    /// The mixture at one point.
    pub(super) fn at(&self, x: f64, y: f64) -> Point<'_> {
        let mut ratios = [0.0; PARTS];
        let mut sharp = 0.0;
        for (ratio, part) in ratios.iter_mut().zip(&self.parts) {
            *ratio = part.ratio(x, y);
            sharp += part.weight * *ratio;
        }
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
        // Densities within the square, relative to that in the middle.
        let (wide_a, wide_b) = (
            (-0.5 * (A * e).powi(2)).exp(),
            (-0.5 * (B * e).powi(2)).exp(),
        );
        let along = |middle: f64| -> [f64; 5] {
            let (a, b) = ((-middle * A * e).exp(), (-middle * B * e).exp());
            [wide_b / b, wide_a / a, 1.0, wide_a * a, wide_b * b]
        };
        let (along_x, along_y) = (along(self.x), along(self.y));
        let mut smooth = 0.0;
        for (part, &ratio) in self.mixture.parts.iter().zip(&self.ratios) {
            smooth += part.weight * part.sum(self.x, self.y, e, ratio, &along_x, &along_y);
        }
        (smooth / (mass(&along_x) * mass(&along_y) * self.sharp)).ln()
    }
}

/// The integral of what is `along` the nodes.
fn mass(along: &[f64; 5]) -> f64 {
    along.iter().zip(WEIGHTS).map(|(a, w)| a * w).sum()
}
