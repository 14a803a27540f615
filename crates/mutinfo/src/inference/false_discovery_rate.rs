//! [`benjamini_hochberg`]: p-values of many pairs, adjusted for their number.

use crate::error::{Error, Result};

/// p-values adjusted for their number (Benjamini and Hochberg 1995): calling those at or below α
/// discoveries makes, on average, at most a share α of the discoveries false. For tests that are
/// independent or positively dependent.
///
/// With p₍₁₎ ≤ … ≤ p₍ₘ₎, the adjusted p₍ᵢ₎ is the least of 1 and m p₍ⱼ₎ / j over j ≥ i.
///
/// ```
/// use mutinfo::inference::benjamini_hochberg;
///
/// let adjusted = benjamini_hochberg(&[0.01, 0.04, 0.03, 0.50])?;
/// let rounded: Vec<f64> = adjusted.iter().map(|p| (p * 1e4).round() / 1e4).collect();
/// assert_eq!(rounded, [0.04, 0.0533, 0.0533, 0.5]);
/// # Ok::<(), mutinfo::Error>(())
/// ```
///
/// # Errors
/// [`Error::Parameter`] for a number that is not from 0 to 1.
pub fn benjamini_hochberg(p_values: &[f64]) -> Result<Vec<f64>> {
    if let Some(&value) = p_values.iter().find(|p| !(0.0..=1.0).contains(*p)) {
        return Err(Error::Parameter {
            parameter: "p",
            value,
            requirement: "a p-value lies from 0 to 1",
        });
    }
    let count = p_values.len() as f64;
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    let mut adjusted = vec![1.0; p_values.len()];
    let mut least: f64 = 1.0;
    for (below, &index) in order.iter().enumerate().rev() {
        least = least.min(p_values[index] * count / (below + 1) as f64);
        adjusted[index] = least;
    }
    Ok(adjusted)
}
