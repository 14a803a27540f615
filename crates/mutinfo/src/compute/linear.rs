//! The little linear algebra that the estimators need, for matrices of a few dozen rows.

use ndarray::{Array1, Array2, ArrayView1};

/// The largest magnitude, 0 where there is none.
pub(crate) fn largest_magnitude(values: impl IntoIterator<Item = f64>) -> f64 {
    values
        .into_iter()
        .fold(0.0, |largest: f64, value| largest.max(value.abs()))
}

/// What puts columns into an order that their values alone decide, whatever their signs and the order
/// of the rows: a column's magnitudes in increasing order, as bits.
pub(crate) fn magnitudes(column: impl IntoIterator<Item = f64>) -> Vec<u64> {
    let column = column.into_iter();
    let mut magnitudes: Vec<u64> = column.map(|value| value.abs().to_bits()).collect();
    magnitudes.sort_unstable();
    magnitudes
}

/// The lower triangle L of a positive definite matrix A = L Lᵀ, or `None` where A is not.
pub(crate) fn cholesky(matrix: &Array2<f64>) -> Option<Array2<f64>> {
    let size = matrix.nrows();
    let mut lower = Array2::zeros((size, size));
    for i in 0..size {
        for j in 0..=i {
            let dot: f64 = (0..j).map(|k| lower[[i, k]] * lower[[j, k]]).sum();
            let rest = matrix[[i, j]] - dot;
            if i == j {
                if rest.is_nan() || rest <= 0.0 {
                    return None;
                }
                lower[[i, i]] = rest.sqrt();
            } else {
                lower[[i, j]] = rest / lower[[j, j]];
            }
        }
    }
    Some(lower)
}

/// L⁻¹ b.
pub(crate) fn solve_lower(lower: &Array2<f64>, b: ArrayView1<'_, f64>) -> Array1<f64> {
    let mut x = b.to_owned();
    for i in 0..x.len() {
        for k in 0..i {
            x[i] -= lower[[i, k]] * x[k];
        }
        x[i] /= lower[[i, i]];
    }
    x
}

/// ln |A| from A's Cholesky factor.
pub(crate) fn ln_determinant(lower: &Array2<f64>) -> f64 {
    2.0 * lower.diag().iter().map(|value| value.ln()).sum::<f64>()
}

/// The eigenvectors of a symmetric matrix, in columns, by decreasing eigenvalue (Jacobi's
/// rotations).
pub(crate) fn eigenvectors(mut matrix: Array2<f64>) -> Array2<f64> {
    let size = matrix.nrows();
    let mut vectors = Array2::eye(size);
    let scale: f64 = matrix.iter().map(|value| value.abs()).sum();
    for _sweep in 0..50 {
        let mut largest = 0.0_f64;
        for p in 0..size {
            for q in p + 1..size {
                let off = matrix[[p, q]];
                largest = largest.max(off.abs());
                if off == 0.0 {
                    continue;
                }
                let ratio = (matrix[[q, q]] - matrix[[p, p]]) / (2.0 * off);
                let tan = 1.0_f64.copysign(ratio) / (ratio.abs() + ratio.hypot(1.0));
                let cos = 1.0 / tan.hypot(1.0);
                let sin = tan * cos;
                let turn = |a: f64, b: f64| (cos * a - sin * b, sin * a + cos * b);
                for k in 0..size {
                    (matrix[[k, p]], matrix[[k, q]]) = turn(matrix[[k, p]], matrix[[k, q]]);
                }
                for k in 0..size {
                    (matrix[[p, k]], matrix[[q, k]]) = turn(matrix[[p, k]], matrix[[q, k]]);
                    (vectors[[k, p]], vectors[[k, q]]) = turn(vectors[[k, p]], vectors[[k, q]]);
                }
            }
        }
        if largest <= 1e-15 * scale {
            break;
        }
    }
    let mut order: Vec<usize> = (0..size).collect();
    order.sort_by(|&a, &b| matrix[[b, b]].total_cmp(&matrix[[a, a]]));
    vectors.select(ndarray::Axis(1), &order)
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn cholesky_factors_multiply_back_and_give_the_determinant() {
        let a = array![[4.0, 2.0, 0.6], [2.0, 5.0, 1.0], [0.6, 1.0, 3.0]];
        let lower = cholesky(&a).unwrap();
        assert!(
            (&lower.dot(&lower.t()) - &a)
                .iter()
                .all(|d| d.abs() < 1e-12)
        );
        let determinant: f64 = 4.0 * (15.0 - 1.0) - 2.0 * (6.0 - 0.6) + 0.6 * (2.0 - 3.0);
        assert!((ln_determinant(&lower) - determinant.ln()).abs() < 1e-12);
        let b = array![1.0, -2.0, 0.5];
        let x = solve_lower(&lower, b.view());
        assert!((&lower.dot(&x) - &b).iter().all(|d| d.abs() < 1e-12));
        assert_eq!(cholesky(&array![[1.0, 2.0], [2.0, 1.0]]), None);
    }

    #[test]
    fn eigenvectors_turn_a_symmetric_matrix_diagonal_in_decreasing_order() {
        let a = array![[2.0, -1.0, 0.3], [-1.0, 3.0, 0.7], [0.3, 0.7, 1.0]];
        let vectors = eigenvectors(a.clone());
        let diagonal = vectors.t().dot(&a).dot(&vectors);
        for ((i, j), &value) in diagonal.indexed_iter() {
            assert!(i == j || value.abs() < 1e-12, "{diagonal}");
        }
        assert!(diagonal[[0, 0]] > diagonal[[1, 1]] && diagonal[[1, 1]] > diagonal[[2, 2]]);
    }
}
