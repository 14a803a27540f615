//! [`StudentCopula`]: a reference law for two vectors, with Student's or the normal copula.

use ndarray::{Array1, Array2, ArrayView1, Axis, s};
use statrs::function::gamma::ln_gamma;

use super::scores::{normal_quantiles, student_quantiles};
use crate::compute::linear::{cholesky, eigenvectors, ln_determinant, solve_lower};

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
/// Steps of the reweighting that fits a scatter matrix.
const STEPS: usize = 6;
/// What is added to variances of 1, so that equal columns do no harm.
const RIDGE: f64 = 1e-6;

/// The scores of all columns for some degrees of freedom, and the scatter matrix fitted to them.
struct Scatter {
    degrees: f64,
    scores: Array2<f64>,
    matrix: Array2<f64>,
    ln_likelihood: f64,
}

impl Scatter {
    /// The maximum-likelihood scatter of a t law about 0, by reweighting rows (Lange, Little and
    /// Taylor 1989), and the likelihood of the copula.
    fn fit(ranks: &[Vec<usize>], degrees: f64) -> Self {
        let (n, d) = (ranks[0].len(), ranks.len());
        let quantiles = if degrees.is_infinite() {
            normal_quantiles(n)
        } else {
            student_quantiles(n, degrees)
        };
        let scores = Array2::from_shape_fn((n, d), |(row, column)| quantiles[ranks[column][row]]);
        let steps = if degrees.is_infinite() { 1 } else { STEPS };
        let mut weights = Array1::ones(n);
        let mut matrix = Array2::eye(d);
        let mut lower = Array2::eye(d);
        let mut squares = Array1::zeros(n);
        for _ in 0..steps {
            let weighted = &scores * &weights.view().insert_axis(Axis(1));
            matrix = weighted.t().dot(&scores) / n as f64;
            for i in 0..d {
                matrix[[i, i]] *= 1.0 + RIDGE;
            }
            lower = cholesky(&matrix).expect("a covariance with a ridge is positive definite");
            squares = scores
                .rows()
                .into_iter()
                .map(|row| solve_lower(&lower, row).mapv(|z| z * z).sum())
                .collect();
            if degrees.is_finite() {
                weights = squares.mapv(|q| (degrees + d as f64) / (degrees + q));
            }
        }
        let joint: f64 = squares.iter().map(|&q| ln_kernel(degrees, d, q)).sum();
        let alone: f64 = quantiles.iter().map(|z| ln_kernel(degrees, 1, z * z)).sum();
        let ln_likelihood =
            joint / n as f64 - 0.5 * ln_determinant(&lower) - d as f64 * alone / n as f64;
        Self {
            degrees,
            scores,
            matrix,
            ln_likelihood,
        }
    }
}

/// ln of the t density of d dimensions at squared distance q, but for the factor |scatter|^−½ and
/// powers of 2π that cancel between a law and its marginals.
fn ln_kernel(degrees: f64, d: usize, q: f64) -> f64 {
    if degrees.is_infinite() {
        return -0.5 * q;
    }
    let d = d as f64;
    ln_gamma((degrees + d) / 2.0)
        - ln_gamma(degrees / 2.0)
        - d / 2.0 * (degrees / 2.0).ln()
        - (degrees + d) / 2.0 * (q / degrees).ln_1p()
}

impl StudentCopula {
    /// Fits the scatter for each of some degrees of freedom, and keeps the likeliest.
    pub(super) fn fit(ranks: &[Vec<usize>], x_columns: usize) -> Self {
        let best = DEGREES
            .into_iter()
            .map(|degrees| Scatter::fit(ranks, degrees))
            .max_by(|a, b| a.ln_likelihood.total_cmp(&b.ln_likelihood))
            .expect("there are degrees of freedom to choose from");
        Self::canonical(&best, x_columns)
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
        let at_zero = |d: usize| ln_kernel(degrees, d, 0.0);
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

    /// ln p(x, y) / p(x) p(y) for x of one row and y of another.
    pub(super) fn ln_ratio(&self, x_row: usize, y_row: usize) -> f64 {
        let (qx, qy) = (self.x_squares[x_row], self.y_squares[y_row]);
        let (x, y): (ArrayView1<'_, f64>, ArrayView1<'_, f64>) =
            (self.x.row(x_row), self.y.row(y_row));
        let mut q = qx + qy;
        for ((rho, x), y) in self.correlations.iter().zip(x).zip(y) {
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
