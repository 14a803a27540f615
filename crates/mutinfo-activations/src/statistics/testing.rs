//! The columns for which scipy computed what the tests expect.

pub(super) fn series() -> (Vec<f64>, Vec<f64>) {
    let x = (0..36).map(|i| f64::from(i).sin() + 0.3);
    let y = (0..36).map(|i| (1.7 * f64::from(i)).cos() * 1.5);
    (x.collect(), y.collect())
}

/// To one decimal, so that values repeat.
pub(super) fn rounded(values: &[f64]) -> Vec<f64> {
    values
        .iter()
        .map(|v| (v * 10.0).round_ties_even() / 10.0)
        .collect()
}
