//! Logarithms as integers, whose sums have the same bits in any order.

/// 2³², the units of one.
const ONE: f64 = (1_u64 << 32) as f64;

/// ln n for 0 < n ≤ most, and 0 at 0.
pub(super) fn logs(most: usize) -> Vec<i64> {
    let log = |n: usize| ((n.max(1) as f64).ln() * ONE).round() as i64;
    (0..=most).map(log).collect()
}

/// (n + 1) ln(n + 1) − n ln n for n below `most`.
pub(super) fn steps(most: usize) -> Vec<i64> {
    let term = |n: usize| n as f64 * (n.max(1) as f64).ln();
    (0..most)
        .map(|n| ((term(n + 1) - term(n)) * ONE).round() as i64)
        .collect()
}
