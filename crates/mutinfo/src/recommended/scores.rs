//! Ranks, and the scores that take the place of values.

use ndarray_rand::rand::SeedableRng;
use ndarray_rand::rand::seq::SliceRandom;
use rand_chacha::ChaCha12Rng;
use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

use super::codes::distinct;

/// The rank of each code, from 0. Equal codes are ranked in a random order of their own `stream`: this
/// spreads an atom over an interval that shows nothing but the atom, so that no information is lost
/// or made (the distributional transform; Rüschendorf 2009).
pub(super) fn ranks(codes: &[u32], stream: u64) -> Vec<usize> {
    if distinct(codes) {
        return codes.iter().map(|&code| code as usize).collect();
    }
    let mut order: Vec<usize> = (0..codes.len()).collect();
    order.shuffle(&mut ChaCha12Rng::seed_from_u64(stream));
    order.sort_by_key(|&row| codes[row]);
    let mut ranks = vec![0; codes.len()];
    for (rank, row) in order.into_iter().enumerate() {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_keep_the_order_and_break_ties() {
        let ranks = ranks(&[1, 0, 1, 2, 1], 3);
        assert_eq!((ranks[1], ranks[3]), (0, 4));
        let mut tied = [ranks[0], ranks[2], ranks[4]];
        tied.sort_unstable();
        assert_eq!(tied, [1, 2, 3]);
    }
}
