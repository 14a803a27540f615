//! The least and the largest value, and quantiles as numpy defines them.

use ndarray::{ArrayView1, Axis};

use crate::data::check::check_finite;
use crate::error::{Error, Result};

/// The smallest and the largest value of a variable that varies.
pub(super) fn range(values: ArrayView1<'_, f64>) -> Result<(f64, f64)> {
    let argument = "values";
    check_finite(values.insert_axis(Axis(1)), argument)?;
    let values = values.as_standard_layout();
    let (eights, rest) = values.as_slice().expect("standard layout").as_chunks::<8>();
    // Eight at a time: one would wait for each comparison.
    let (mut low, mut high) = ([f64::INFINITY; 8], [f64::NEG_INFINITY; 8]);
    for eight in eights {
        for ((low, high), &value) in low.iter_mut().zip(&mut high).zip(eight) {
            *low = low.min(value);
            *high = high.max(value);
        }
    }
    let min = rest
        .iter()
        .chain(&low)
        .fold(f64::INFINITY, |a, &b| a.min(b));
    let max = rest
        .iter()
        .chain(&high)
        .fold(f64::NEG_INFINITY, |a, &b| a.max(b));
    if min == max {
        return Err(Error::Constant {
            argument,
            column: 0,
        });
    }
    Ok((min, max))
}

pub(super) fn sorted(values: ArrayView1<'_, f64>) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

/// Puts the values of these ranks where sorting all would put them, which takes less time. The
/// ranks rise, and are counted from `first` on.
pub(super) fn select(values: &mut [f64], first: usize, ranks: &[usize]) {
    let half = ranks.len() / 2;
    if let Some(&rank) = ranks.get(half) {
        let (below, _, above) = values.select_nth_unstable_by(rank - first, f64::total_cmp);
        select(below, first, &ranks[..half]);
        select(above, rank + 1, &ranks[half + 1..]);
    }
}

/// The ranks that a quantile of n values lies between.
pub(super) fn neighbouring_ranks(n: usize, q: f64) -> [usize; 2] {
    let below = (q * (n - 1) as f64).floor() as usize;
    [below, (below + 1).min(n - 1)]
}

/// numpy's default quantile: linear between the two nearest values, computed from the nearer end.
/// Those two must be where sorting puts them.
pub(super) fn quantile(sorted: &[f64], q: f64) -> f64 {
    let [below, above] = neighbouring_ranks(sorted.len(), q);
    let (a, b) = (sorted[below], sorted[above]);
    let t = q * (sorted.len() - 1) as f64 - below as f64;
    if (b - a).is_infinite() {
        a * (1.0 - t) + b * t
    } else if t < 0.5 {
        a + (b - a) * t
    } else {
        b - (b - a) * (1.0 - t)
    }
}
