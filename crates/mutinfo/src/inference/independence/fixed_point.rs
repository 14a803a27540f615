//! Logarithms as integers, whose sums have the same bits in any order.

/// 2³², the units of one.
const ONE: f64 = (1_u64 << 32) as f64;

pub(super) struct LogTable;

impl LogTable {
    /// ln n for 0 < n ≤ most, and 0 at 0.
    pub fn logs(most: usize) -> Vec<i64> {
        (0..=most)
            .map(|n| {
                if n == 0 {
                    0
                } else {
                    ((n as f64).ln() * ONE).round() as i64
                }
            })
            .collect()
    }

    /// (n + 1) ln(n + 1) − n ln n for n below `most`.
    pub fn steps(most: usize) -> Vec<i64> {
        let term = |n: usize| {
            if n == 0 {
                0.0
            } else {
                n as f64 * (n as f64).ln()
            }
        };
        (0..most)
            .map(|n| ((term(n + 1) - term(n)) * ONE).round() as i64)
            .collect()
    }
}
