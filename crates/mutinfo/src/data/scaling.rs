//! [`Scaling`]: how columns are made comparable before distances are measured across them.

use std::fmt;

use ndarray::{Array2, ArrayView1, ArrayView2};

use crate::compute::linear::largest_magnitude;
use crate::compute::special::normal_quantile;
use crate::compute::sum::sum_in_any_order;
use crate::error::{Error, Result};

/// What is done to each column before distances are measured.
///
/// Mutual information does not change when a column is stretched, but the nearest neighbours do:
/// they are decided by the column with the widest spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scaling {
    /// Nothing: the columns have comparable scales already.
    None,
    /// Each column is divided by its (population) standard deviation, as scikit-learn does.
    #[default]
    StandardDeviation,
    /// Each value is replaced by its normal score: the quantile Φ⁻¹((r − ½) / n) of the standard
    /// normal distribution, where r is the value's rank, from 1, or the average rank of equal
    /// values. The estimate then does not change, to the last bit, under any increasing map of a
    /// column. Best for heavy tails and outliers.
    NormalScores,
}

impl fmt::Display for Scaling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::None => "unscaled",
            Self::StandardDeviation => "unit standard deviation",
            Self::NormalScores => "normal scores",
        })
    }
}

impl Scaling {
    /// Variables side by side, scaled: one row for each sample. The columns must be finite and
    /// not constant.
    pub(crate) fn joint(self, variables: &[ArrayView2<'_, f64>]) -> Array2<f64> {
        let columns = self.columns(variables);
        let shape = (variables[0].nrows(), columns.len());
        Array2::from_shape_fn(shape, |(row, column)| columns[column][row])
    }

    /// The columns of variables one after the other, scaled. They must be finite and not constant.
    pub(crate) fn columns(self, variables: &[ArrayView2<'_, f64>]) -> Vec<Vec<f64>> {
        let all = variables.iter().flat_map(|variable| variable.columns());
        all.map(|column| self.column(column)).collect()
    }

    /// Checks that no difference of two values overflows, where they are taken as they are.
    pub(crate) fn check_overflow(self, values: ArrayView2<'_, f64>) -> Result<()> {
        const MOST: f64 = f64::MAX / 4.0;
        let largest = largest_magnitude(values.iter().copied());
        if self == Self::None && largest > MOST {
            return Err(Error::Parameter {
                parameter: "the largest value",
                value: largest,
                requirement: "differences of such values overflow: choose another scaling, or divide all columns by the same number",
            });
        }
        Ok(())
    }

    fn column(self, values: ArrayView1<'_, f64>) -> Vec<f64> {
        match self {
            Self::None => values.to_vec(),
            Self::StandardDeviation => in_standard_deviations(values),
            Self::NormalScores => normal_scores(values),
        }
    }
}

/// The values divided by their standard deviation, without overflow or underflow on the way, with the
/// same bits in any order: a last bit would decide between distances that are equal, as those of
/// rounded values often are.
fn in_standard_deviations(values: ArrayView1<'_, f64>) -> Vec<f64> {
    let unit = power_of_two_below(values);
    let mut values: Vec<f64> = values.iter().map(|value| value / unit).collect();

    let n = values.len() as f64;
    let mean = sum_in_any_order(values.iter().copied()) / n;
    let range = largest_magnitude(values.iter().map(|value| value - mean));
    let squares = sum_in_any_order(values.iter().map(|value| ((value - mean) / range).powi(2)));
    let sd = range * (squares / n).sqrt();
    for value in &mut values {
        *value /= sd;
    }
    values
}

/// A power of two near the largest magnitude: dividing by it changes no digit.
pub(crate) fn power_of_two_below(values: ArrayView1<'_, f64>) -> f64 {
    // Of the upper halves, which the processor compares several at once.
    const EXPONENT: u32 = (f64::INFINITY.to_bits() >> 32) as u32;
    let largest = values.fold(0, |largest: u32, value| {
        largest.max((value.to_bits() >> 32) as u32 & EXPONENT)
    });
    f64::from_bits(u64::from(largest) << 32).max(f64::MIN_POSITIVE)
}

/// Φ⁻¹((r − ½) / n) for each value, r its average rank from 1.
pub(crate) fn normal_scores(values: ArrayView1<'_, f64>) -> Vec<f64> {
    let n = values.len();
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_unstable_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut scores = vec![0.0; n];
    let mut below = 0;
    for equal in order.chunk_by(|&a, &b| values[a] == values[b]) {
        // The average rank is below + (m + 1) / 2 where m values are equal.
        let score = normal_quantile((2 * below + equal.len()) as f64 / (2 * n) as f64);
        for &row in equal {
            scores[row] = score;
        }
        below += equal.len();
    }
    scores
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use ndarray::{array, aview1};

    use super::*;

    #[test]
    fn normal_scores_are_quantiles_of_ranks() {
        let scores = normal_scores(aview1(&[30.0, -1.0, 1e300, 2.0]));
        // scipy.special.ndtri([5/8, 1/8, 7/8, 3/8])
        let expected = [
            0.31863936396437514,
            -1.1503493803760083,
            1.1503493803760083,
            -0.31863936396437514,
        ];
        for (score, expected) in scores.iter().zip(expected) {
            assert_relative_eq!(*score, expected, max_relative = 1e-14);
        }
    }

    #[test]
    fn equal_values_share_their_average_rank() {
        let scores = normal_scores(aview1(&[0.0, 5.0, -0.0, 7.0]));
        assert_eq!(scores[0], scores[2]);
        assert_relative_eq!(scores[0], normal_quantile(0.25), max_relative = 1e-15);
        assert_eq!(normal_scores(aview1(&[1.0, 1.0, 1.0])), [0.0; 3]);
    }

    #[test]
    fn unit_standard_deviation_at_any_magnitude() {
        let plain = in_standard_deviations(aview1(&[1.0, 2.0, 4.0, 8.0]));
        assert_relative_eq!(plain[0], 1.0 / 7.1875_f64.sqrt(), max_relative = 1e-15);
        for unit in [1e-308, 5e-324, 1e-150, 1e150, 2e307] {
            let scaled =
                in_standard_deviations(aview1(&[unit, 2.0 * unit, 4.0 * unit, 8.0 * unit]));
            for (scaled, plain) in scaled.iter().zip(&plain) {
                assert_relative_eq!(scaled, plain, max_relative = 1e-12);
            }
        }
    }

    #[test]
    fn differences_of_unscaled_values_cannot_overflow() {
        let x = array![[f64::MAX], [-f64::MAX], [0.0]];
        assert!(Scaling::None.check_overflow(x.view()).is_err());
        assert!(Scaling::NormalScores.check_overflow(x.view()).is_ok());
    }
}
