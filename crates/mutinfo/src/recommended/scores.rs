//! Ranks, and the scores that take the place of values.

use ndarray::ArrayView1;
use ndarray_rand::rand::SeedableRng;
use ndarray_rand::rand::seq::SliceRandom;
use rand_chacha::ChaCha12Rng;
use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

use crate::search::column::Column;

/// The rank of each value, from 0. Equal values are ranked in a random order of their own
/// `stream`: this spreads an atom over an interval that shows nothing but the atom, so that no
/// information is lost or made (the distributional transform; Rüschendorf 2009).
pub(super) fn ranks(values: ArrayView1<'_, f64>, stream: u64) -> Vec<usize> {
    let column = Column::new(values.to_vec());
    if !column.is_tied() {
        let places = column.first_equal().iter();
        return places.map(|&place| place as usize).collect();
    }
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.shuffle(&mut ChaCha12Rng::seed_from_u64(stream));
    order.sort_by(|&a, &b| {
        values[a]
            .partial_cmp(&values[b])
            .expect("the values were checked to be finite")
    });
    let mut ranks = vec![0; values.len()];
    for (rank, &row) in order.iter().enumerate() {
        ranks[row] = rank;
    }
    ranks
}

/// Φ⁻¹((i + ½) / n) for i = 0, …, n − 1: what a standard normal variable has at these ranks.
pub(super) fn normal_quantiles(n: usize) -> Vec<f64> {
    symmetric(n, |p| Normal::standard().inverse_cdf(p))
}

/// The same for Student's t.
pub(super) fn student_quantiles(n: usize, degrees: f64) -> Vec<f64> {
    let student = StudentsT::new(0.0, 1.0, degrees).expect("the degrees are above 0");
    symmetric(n, |p| student.inverse_cdf(p))
}

/// The quantiles of a law that is symmetric about 0, exactly symmetric themselves.
fn symmetric(n: usize, quantile: impl Fn(f64) -> f64) -> Vec<f64> {
    let mut quantiles = vec![0.0; n];
    for i in 0..n / 2 {
        quantiles[i] = quantile((i as f64 + 0.5) / n as f64);
        quantiles[n - 1 - i] = -quantiles[i];
    }
    quantiles
}

/// ψ(0), …, ψ(n), where ψ(m + 1) = ψ(m) + 1/m.
pub(super) fn digammas(n: usize) -> Vec<f64> {
    const EULER_GAMMA: f64 = 0.577_215_664_901_532_9;
    let mut psi = vec![f64::NEG_INFINITY, -EULER_GAMMA];
    for m in 1..n {
        psi.push(psi[m] + 1.0 / m as f64);
    }
    psi
}
