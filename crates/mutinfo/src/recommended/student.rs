//! [`StudentCopula`]: a reference law for two vectors, with Student's or the normal copula.

use ndarray::{Array1, Array2, Axis, s};
use statrs::function::gamma::ln_gamma;

use super::scores::{normal_quantiles, student_quantiles};
use crate::compute::linear::{cholesky, eigenvectors, ln_determinant, solve_lower};
use crate::compute::threads;

/// A multivariate t law of the scores, in canonical coordinates: x and y each of unit scatter,
/// xᵢ correlated with yᵢ alone.
pub(super) struct StudentCopula {
    /// The degrees of freedom, infinite for the normal law.
    degrees: f64,
    pub(super) x: Array2<f64>,
    pub(super) y: Array2<f64>,
    correlations: Vec<f64>,
    /// ln of the ratio's constant factor.
    constant: f64,
    /// |x|² and |y|² of each row.
    x_squares: Array1<f64>,
    y_squares: Array1<f64>,
}

const DEGREES: [f64; 7] = [1.0, 2.0, 3.0, 5.0, 8.0, 16.0, f64::INFINITY];
/// With more, a law is as good as normal.
const MOST_DEGREES: f64 = 50.0;
/// Steps of the reweighting that fits a scatter matrix.
const STEPS: usize = 6;
/// What is added to variances of 1, so that equal columns do no harm.
const RIDGE: f64 = 1e-6;

/// The scores of all columns for some degrees of freedom, and the scatter matrix fitted to them.
struct Scatter {
    degrees: f64,
    scores: Array2<f64>,
    matrix: Array2<f64>,
    /// The mean log-likelihood, less Schwarz's ln N / 2N for degrees of freedom that are finite.
    merit: f64,
}

impl Scatter {
    /// The maximum-likelihood scatter of a t law about 0, by reweighting rows (Lange, Little and
    /// Taylor 1989), made correlations, and the likelihood of the copula.
    fn fit(ranks: &[Vec<usize>], degrees: f64) -> Self {
        let (n, d) = (ranks[0].len(), ranks.len());
        let quantiles = if degrees.is_infinite() {
            normal_quantiles(n)
        } else {
            student_quantiles(n, degrees)
        };
        let scores = Array2::from_shape_fn((n, d), |(row, column)| quantiles[ranks[column][row]]);
        let correlations = |weights: &Array1<f64>| {
            let weighted = &scores * &weights.view().insert_axis(Axis(1));
            let mut matrix = weighted.t().dot(&scores);
            let spreads = matrix.diag().mapv(f64::sqrt);
            matrix /= &spreads.view().insert_axis(Axis(1));
            matrix /= &spreads;
            for i in 0..d {
                matrix[[i, i]] = 1.0 + RIDGE;
            }
            let lower = cholesky(&matrix).expect("correlations with a ridge are positive definite");
            (matrix, lower)
        };
        let squares_of = |lower: &Array2<f64>| -> Array1<f64> {
            let rows = scores.rows().into_iter();
            rows.map(|row| solve_lower(lower, row).mapv(|z| z * z).sum())
                .collect()
        };
        // A first weight as if nothing were correlated: from weights of 1, scores of heavy tails would
        // need many more steps.
        let weight = |q: f64| (degrees + d as f64) / (degrees + q);
        let mut weights = if degrees.is_infinite() {
            Array1::ones(n)
        } else {
            scores.map_axis(Axis(1), |row| weight(row.dot(&row)))
        };
        let (mut matrix, mut lower) = correlations(&weights);
        let mut squares = squares_of(&lower);
        if degrees.is_finite() {
            for _ in 0..STEPS {
                weights = squares.mapv(weight);
                (matrix, lower) = correlations(&weights);
                squares = squares_of(&lower);
            }
        }
        let joint: f64 = squares.iter().map(|&q| ln_kernel(degrees, d, q)).sum();
        let alone: f64 = quantiles.iter().map(|z| ln_kernel(degrees, 1, z * z)).sum();
        let penalty = if degrees.is_finite() {
            0.5 * (n as f64).ln() / n as f64
        } else {
            0.0
        };
        let ln_likelihood =
            joint / n as f64 - 0.5 * ln_determinant(&lower) - d as f64 * alone / n as f64;
        Self {
            degrees,
            scores,
            matrix,
            merit: ln_likelihood - penalty,
        }
    }
}

/// ln of the t density of d dimensions at squared distance q, but for the factor |scatter|^−½ and
/// powers of 2π that cancel between a law and its marginals.
fn ln_kernel(degrees: f64, d: usize, q: f64) -> f64 {
    ln_kernel_at_zero(degrees, d) + shape(degrees, d, q)
}

fn ln_kernel_at_zero(degrees: f64, d: usize) -> f64 {
    if degrees.is_infinite() {
        return 0.0;
    }
    let d = d as f64;
    ln_gamma((degrees + d) / 2.0) - ln_gamma(degrees / 2.0) - d / 2.0 * (degrees / 2.0).ln()
}

/// By how much the density falls from 0 to squared distance q, in logarithms.
fn shape(degrees: f64, d: usize, q: f64) -> f64 {
    if degrees.is_infinite() {
        -0.5 * q
    } else {
        -0.5 * (degrees + d as f64) * (q / degrees).ln_1p()
    }
}

/// Where the parabola through three points has its top, or infinity where it has none.
fn top(a: (f64, f64), b: (f64, f64), c: (f64, f64)) -> f64 {
    let (left, right) = ((b.1 - a.1) / (b.0 - a.0), (c.1 - b.1) / (c.0 - b.0));
    let bend = (right - left) / (c.0 - a.0);
    if bend < 0.0 {
        0.5 * (a.0 + b.0 - left / bend)
    } else {
        f64::INFINITY
    }
}

impl StudentCopula {
    /// Fits the correlations for each of some degrees of freedom, then for those at the top of the
    /// parabola in 1/ν through the best and its two neighbours, and keeps the best by Schwarz's
    /// criterion (1978).
    pub(super) fn fit(ranks: &[Vec<usize>], x_columns: usize) -> Self {
        let fit = |(): &mut (), degrees| Scatter::fit(ranks, degrees);
        let mut fits = threads::map(DEGREES.into_iter(), || (), fit);
        let best = |fits: &[Scatter]| {
            (0..fits.len())
                .max_by(|&a, &b| fits[a].merit.total_cmp(&fits[b].merit))
                .expect("there are degrees of freedom to choose from")
        };
        let first = best(&fits);
        if fits[first].degrees.is_finite() {
            let middle = first.clamp(1, fits.len() - 2);
            let [a, b, c] = [middle - 1, middle, middle + 1]
                .map(|index| (1.0 / fits[index].degrees, fits[index].merit));
            let degrees = 1.0 / top(a, b, c);
            if degrees > DEGREES[0] && degrees < MOST_DEGREES {
                fits.push(Scatter::fit(ranks, degrees));
            }
        }
        Self::canonical(&fits[best(&fits)], x_columns)
    }

    /// Canonical correlation analysis of the scatter matrix (Hotelling 1936).
    fn canonical(scatter: &Scatter, dx: usize) -> Self {
        let dy = scatter.matrix.nrows() - dx;
        let whiten = |from: usize, to: usize| {
            let block = scatter.matrix.slice(s![from..to, from..to]).to_owned();
            let lower = cholesky(&block).expect("a block of a positive definite matrix is one");
            let mut white = Array2::zeros((scatter.scores.nrows(), to - from));
            let scores = scatter.scores.slice(s![.., from..to]);
            for (mut white, row) in white.rows_mut().into_iter().zip(scores.rows()) {
                white.assign(&solve_lower(&lower, row));
            }
            (white, lower)
        };
        let ((x, x_lower), (y, y_lower)) = (whiten(0, dx), whiten(dx, dx + dy));
        let mut cross = scatter.matrix.slice(s![..dx, dx..]).to_owned();
        for mut column in cross.columns_mut() {
            let solved = solve_lower(&x_lower, column.view());
            column.assign(&solved);
        }
        for mut row in cross.rows_mut() {
            let solved = solve_lower(&y_lower, row.view());
            row.assign(&solved);
        }
        let x_turn = eigenvectors(cross.dot(&cross.t()));
        let mut y_turn = eigenvectors(cross.t().dot(&cross));
        let mut correlations = Vec::new();
        for pair in 0..dx.min(dy) {
            let mut along: f64 = x_turn.column(pair).dot(&cross.dot(&y_turn.column(pair)));
            if along < 0.0 {
                y_turn.column_mut(pair).mapv_inplace(|v| -v);
                along = -along;
            }
            correlations.push(along.min(1.0 - RIDGE));
        }
        let (x, y) = (x.dot(&x_turn), y.dot(&y_turn));
        let squares = |rows: &Array2<f64>| rows.map_axis(Axis(1), |row| row.dot(&row));
        let degrees = scatter.degrees;
        let at_zero = |d: usize| ln_kernel_at_zero(degrees, d);
        let dependent: f64 = correlations
            .iter()
            .map(|rho| -0.5 * (-rho * rho).ln_1p())
            .sum();
        Self {
            degrees,
            correlations,
            constant: dependent + at_zero(dx + dy) - at_zero(dx) - at_zero(dy),
            x_squares: squares(&x),
            y_squares: squares(&y),
            x,
            y,
        }
    }

    /// Whether it is the normal copula, whose pairs (xᵢ, yᵢ) are independent of each other.
    pub(super) fn is_normal(&self) -> bool {
        self.degrees.is_infinite()
    }

    /// The mean of ln p(xᵢ, yᵢ) / p(xᵢ) p(yᵢ), summed over the pairs.
    pub(super) fn information_of_pairs(&self) -> f64 {
        let nu = self.degrees;
        let of_pair = |(pair, rho): (usize, &f64)| {
            let rows = self.x.column(pair).into_iter().zip(self.y.column(pair));
            let shapes = rows.map(|(x, y)| {
                let q = (x * x + y * y - 2.0 * rho * x * y) / (1.0 - rho * rho);
                shape(nu, 2, q) - shape(nu, 1, x * x) - shape(nu, 1, y * y)
            });
            shapes.sum::<f64>() / self.x.nrows() as f64 - 0.5 * (-rho * rho).ln_1p()
        };
        let at_zero = ln_kernel_at_zero(nu, 2) - 2.0 * ln_kernel_at_zero(nu, 1);
        let pairs = self.correlations.iter().enumerate();
        pairs.map(|pair| at_zero + of_pair(pair)).sum()
    }

    /// ln p(x, y) / p(x) p(y) for x of one row and y of another.
    pub(super) fn ln_ratio(&self, x_row: usize, y_row: usize) -> f64 {
        let (qx, qy) = (self.x_squares[x_row], self.y_squares[y_row]);
        let mut q = qx + qy;
        let coordinates = self.x.row(x_row).into_iter().zip(self.y.row(y_row));
        for (rho, (x, y)) in self.correlations.iter().zip(coordinates) {
            q += (rho * rho * (x * x + y * y) - 2.0 * rho * x * y) / (1.0 - rho * rho);
        }
        let (dx, dy) = (self.x.ncols() as f64, self.y.ncols() as f64);
        let nu = self.degrees;
        let shape = if nu.is_infinite() {
            0.5 * (qx + qy - q)
        } else {
            0.5 * ((nu + dx) * (qx / nu).ln_1p() + (nu + dy) * (qy / nu).ln_1p()
                - (nu + dx + dy) * (q / nu).ln_1p())
        };
        self.constant + shape
    }
}
