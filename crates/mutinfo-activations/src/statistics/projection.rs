//! A layer's samples in few dimensions: principal components.
//!
//! A layer has hundreds of units, and nothing can be estimated in hundreds of dimensions from a
//! thousand samples. Its few directions of largest variance can be compared.

use mutinfo::ndarray_rand::RandomExt;
use mutinfo::ndarray_rand::rand::SeedableRng;
use mutinfo::ndarray_rand::rand::rngs::StdRng;
use mutinfo::ndarray_rand::rand_distr::StandardNormal;
use ndarray::{Array1, Array2, ArrayView2, Axis, s};

use super::correlation::centred;
use crate::error::Result;

/// Directions carried along beside those asked for: the more, the faster the others settle.
const SPARE: usize = 8;

/// The directions have settled when their variances change by less than this share a step.
const SETTLED: f64 = 1e-13;

/// A bound on the steps, which only equal variances at the edge of the subspace come near; which
/// of equally good directions is returned is then a matter of chance anyway.
const STEPS: usize = 1000;

/// The principal components of a layer.
#[derive(Debug, Clone, PartialEq)]
pub struct Projection {
    /// The samples in the new coordinates, `(samples, dimensions)`, largest variance first.
    pub scores: Array2<f64>,
    /// The unit vectors of the new axes, `(units, dimensions)`. The largest component of each is
    /// positive.
    pub directions: Array2<f64>,
    /// The share of the layer's whole variance that each axis has.
    pub share: Array1<f64>,
}

impl Projection {
    /// The first principal components of a layer, `(samples, units)`: the orthogonal directions w
    /// of largest variance wᵀ Σ w, where Σ is the covariance of the units (Hotelling 1933). Found
    /// by subspace iteration with Rayleigh-Ritz steps (Golub and Van Loan, Matrix Computations,
    /// ch. 8), always the same for the same layer.
    ///
    /// # Errors
    /// No dimension, more dimensions than the layer has units or samples, a value that is not
    /// finite, or a layer whose units are all constant.
    ///
    /// ```
    /// use mutinfo_activations::statistics::projection::Projection;
    /// use ndarray::array;
    ///
    /// // Three units that follow one line: one dimension holds everything.
    /// let layer = array![[0.0, 0.0, 1.0], [3.0, -6.0, 1.0], [-1.0, 2.0, 1.0]];
    /// let line = Projection::principal(layer.view(), 1)?;
    /// assert!((line.share[0] - 1.0).abs() < 1e-12);
    /// # Ok::<(), mutinfo_activations::Error>(())
    /// ```
    pub fn principal(layer: ArrayView2<'_, f64>, dimensions: usize) -> Result<Self> {
        let most = layer.nrows().min(layer.ncols());
        if dimensions == 0 || dimensions > most {
            return Err(mutinfo::Error::Parameter {
                parameter: "dimensions",
                value: dimensions as f64,
                requirement: "at least 1 is needed, and at most as many as there are samples and units",
            }
            .into());
        }
        let mut layer = centred("layer", layer)?;
        let largest = layer.fold(0.0, |largest: f64, value| largest.max(value.abs()));
        if largest == 0.0 {
            let argument = "layer";
            return Err(mutinfo::Error::Constant {
                argument,
                column: 0,
            }
            .into());
        }
        layer /= largest; // so that no square overflows
        let covariance = layer.t().dot(&layer) / layer.nrows() as f64;
        let mut directions = leading_directions(&covariance, dimensions);
        for mut direction in directions.columns_mut() {
            let longest =
                direction.iter().fold(
                    0.0f64,
                    |longest, v| if v.abs() > longest.abs() { *v } else { longest },
                );
            direction *= longest.signum();
        }
        let scores = layer.dot(&directions);
        let variance = scores.map_axis(Axis(0), |column| {
            column.iter().map(|score| score * score).sum::<f64>() / column.len() as f64
        });
        Ok(Self {
            scores: scores * largest,
            directions,
            share: variance / covariance.diag().sum(),
        })
    }
}

/// The eigenvectors of the largest eigenvalues of a symmetric matrix, as columns.
fn leading_directions(matrix: &Array2<f64>, count: usize) -> Array2<f64> {
    let width = (count + SPARE).min(matrix.nrows());
    let mut rng = StdRng::seed_from_u64(0);
    let mut basis: Array2<f64> =
        Array2::random_using((matrix.nrows(), width), StandardNormal, &mut rng);
    orthonormalise(&mut basis);
    let mut before = f64::INFINITY;
    for _ in 0..STEPS {
        let image = matrix.dot(&basis);
        let (values, rotation) = eigen(basis.t().dot(&image));
        let total = values.slice(s![..count]).sum();
        basis = image.dot(&rotation);
        orthonormalise(&mut basis);
        if (total - before).abs() <= SETTLED * total.abs() {
            break;
        }
        before = total;
    }
    let image = matrix.dot(&basis);
    let (_, rotation) = eigen(basis.t().dot(&image));
    basis.dot(&rotation).slice_move(s![.., ..count])
}

/// Gram and Schmidt's procedure, twice over for accuracy. A column that the others span becomes a
/// coordinate axis made orthogonal to them.
fn orthonormalise(basis: &mut Array2<f64>) {
    let mut axis = 0;
    for column in 0..basis.ncols() {
        loop {
            let (done, mut rest) = basis.view_mut().split_at(Axis(1), column);
            let mut vector = rest.column_mut(0);
            let before = vector.dot(&vector).sqrt();
            for _ in 0..2 {
                let along = done.t().dot(&vector);
                vector -= &done.dot(&along);
            }
            let length = vector.dot(&vector).sqrt();
            if length > 1e-10 * before && length > f64::MIN_POSITIVE {
                vector /= length;
                break;
            }
            vector.fill(0.0);
            vector[axis] = 1.0;
            axis += 1;
        }
    }
}

/// Eigenvalues, largest first, and eigenvectors of a small symmetric matrix, by Jacobi's rotations.
fn eigen(mut matrix: Array2<f64>) -> (Array1<f64>, Array2<f64>) {
    let n = matrix.nrows();
    let mut vectors = Array2::eye(n);
    for _ in 0..50 {
        let mut off_diagonal = 0.0;
        for p in 0..n {
            for q in p + 1..n {
                let coupling = matrix[[p, q]];
                off_diagonal += coupling * coupling;
                if coupling == 0.0 {
                    continue;
                }
                let theta = (matrix[[q, q]] - matrix[[p, p]]) / (2.0 * coupling);
                let tangent = theta.signum() / (theta.abs() + theta.hypot(1.0));
                let cosine = 1.0 / tangent.hypot(1.0);
                let sine = tangent * cosine;
                for i in 0..n {
                    let (a, b) = (matrix[[i, p]], matrix[[i, q]]);
                    matrix[[i, p]] = cosine * a - sine * b;
                    matrix[[i, q]] = sine * a + cosine * b;
                }
                for i in 0..n {
                    let (a, b) = (matrix[[p, i]], matrix[[q, i]]);
                    matrix[[p, i]] = cosine * a - sine * b;
                    matrix[[q, i]] = sine * a + cosine * b;
                    let (a, b) = (vectors[[i, p]], vectors[[i, q]]);
                    vectors[[i, p]] = cosine * a - sine * b;
                    vectors[[i, q]] = sine * a + cosine * b;
                }
            }
        }
        let diagonal: f64 = matrix.diag().iter().map(|value| value * value).sum();
        if off_diagonal <= f64::EPSILON.powi(2) * diagonal {
            break;
        }
    }
    let values = matrix.diag();
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&a, &b| values[b].total_cmp(&values[a]));
    (
        values.select(Axis(0), &order),
        vectors.select(Axis(1), &order),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer() -> Array2<f64> {
        Array2::from_shape_fn((60, 20), |(sample, unit)| {
            let (s, u) = (sample as f64, unit as f64);
            5.0 * (s * 0.3).sin() * (u * 0.7).cos()
                + 3.0 * (s * 1.1).cos() * (u * 1.3).sin()
                + (s * u * 2.1).sin()
        })
    }

    #[test]
    fn directions_are_orthonormal_eigenvectors_in_order() {
        let layer = layer();
        let projection = Projection::principal(layer.view(), 4).unwrap();
        let w = &projection.directions;
        let gram = w.t().dot(w);
        assert!(
            (&gram - &Array2::<f64>::eye(4))
                .iter()
                .all(|v| v.abs() < 1e-12)
        );
        let x = centred("x", layer.view()).unwrap();
        let covariance = x.t().dot(&x) / 60.0;
        let image = covariance.dot(w);
        for i in 0..4 {
            let value = w.column(i).dot(&image.column(i));
            let residual = &image.column(i) - &(value * &w.column(i));
            assert!(residual.dot(&residual).sqrt() < 1e-6 * covariance.diag().sum());
            assert!((value / covariance.diag().sum() - projection.share[i]).abs() < 1e-12);
        }
        assert!(
            projection
                .share
                .as_slice()
                .unwrap()
                .is_sorted_by(|a, b| a >= b)
        );
        let scores = x.dot(w);
        assert!(
            (&scores - &projection.scores)
                .iter()
                .all(|v| v.abs() < 1e-9)
        );
    }

    #[test]
    fn the_shares_are_those_that_numpy_computes() {
        // numpy: w = linalg.eigvalsh(cov); w[::-1][:4] / w.sum()
        let shares = Projection::principal(layer().view(), 4).unwrap().share;
        for (share, expected) in shares.iter().zip(NUMPY_SHARES) {
            assert!((share - expected).abs() < 1e-9, "{shares}");
        }
    }

    const NUMPY_SHARES: [f64; 4] = [
        0.7236661478960712,
        0.23381481712937868,
        0.008383676557818567,
        0.008353279338822465,
    ];

    #[test]
    fn all_dimensions_hold_all_variance() {
        let all = Projection::principal(layer().view(), 20).unwrap();
        assert!((all.share.sum() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn scale_and_rank_do_not_break_it() {
        for scale in [1e-300, 1e150, 1e300] {
            let scaled = layer() * scale;
            let projection = Projection::principal(scaled.view(), 2).unwrap();
            assert!(projection.scores.iter().all(|score| score.is_finite()));
        }
        let line = Array2::from_shape_fn((10, 5), |(sample, unit)| (sample * (unit + 1)) as f64);
        let projection = Projection::principal(line.view(), 3).unwrap();
        assert!((projection.share[0] - 1.0).abs() < 1e-12 && projection.share[2] < 1e-12);
    }

    #[test]
    fn bad_input_is_an_error() {
        let flat = Array2::<f64>::ones((5, 5));
        assert!(Projection::principal(flat.view(), 1).is_err());
        assert!(Projection::principal(layer().view(), 0).is_err());
        assert!(Projection::principal(layer().view(), 21).is_err());
        let mut broken = layer();
        broken[[3, 4]] = f64::NAN;
        assert!(Projection::principal(broken.view(), 1).is_err());
    }
}
