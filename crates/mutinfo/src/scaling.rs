//! [`Scaling`]: how columns are made comparable before distances are measured across them.

use std::fmt;

use ndarray::{Array2, ArrayView1, ArrayView2};

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
        let mut columns: Vec<Vec<f64>> = all.map(|column| self.column(column)).collect();
        let mut values = columns.iter().flatten();
        if self == Self::None && values.any(|value| value.abs() > f64::MAX / 4.0) {
            // Differences must not overflow. A power of two for all changes no neighbour.
            columns.iter_mut().flatten().for_each(|value| *value /= 4.0);
        }
        columns
    }

    fn column(self, values: ArrayView1<'_, f64>) -> Vec<f64> {
        match self {
            Self::None => values.to_vec(),
            Self::StandardDeviation => in_standard_deviations(values),
            Self::NormalScores => normal_scores(values),
        }
    }
}

/// The values divided by their standard deviation, without overflow or underflow on the way.
fn in_standard_deviations(values: ArrayView1<'_, f64>) -> Vec<f64> {
    let unit = power_of_two_below(values);
    let mut values: Vec<f64> = values.iter().map(|value| value / unit).collect();

    let n = values.len() as f64;
    let mean = sum_in_any_order(values.iter().copied()) / n;
    let range = values
        .iter()
        .fold(0.0_f64, |range, value| range.max((value - mean).abs()));
    let squares = sum_in_any_order(values.iter().map(|value| ((value - mean) / range).powi(2)));
    let sd = range * (squares / n).sqrt();
    for value in &mut values {
        *value /= sd;
    }
    values
}

/// The sum of values in [-2, 2], with the same bits in any order: they are added as integers, in
/// units of 2⁻⁸⁰, which rounds nothing. A last bit of a standard deviation would decide between
/// distances that are equal, as those of rounded values often are.
fn sum_in_any_order(values: impl Iterator<Item = f64>) -> f64 {
    const UNIT: f64 = (1_u64 << 40) as f64;
    let (mut coarse, mut fine) = (0_i128, 0_i128);
    for value in values {
        let scaled = value * UNIT;
        let whole = scaled.trunc();
        coarse += whole as i64 as i128;
        fine += ((scaled - whole) * UNIT) as i64 as i128;
    }
    (coarse as f64 + fine as f64 / UNIT) / UNIT
}

/// A power of two near the largest magnitude: dividing by it changes no digit.
pub(crate) fn power_of_two_below(values: ArrayView1<'_, f64>) -> f64 {
    let largest = values.fold(0.0_f64, |largest, value| largest.max(value.abs()));
    let exponent = largest.to_bits() & f64::INFINITY.to_bits();
    f64::from_bits(exponent).max(f64::MIN_POSITIVE)
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

/// Φ⁻¹(p) for 0 < p < 1, exactly antisymmetric about ½.
///
/// By the rational approximations of Moshier's Cephes library (`ndtri`), which scipy uses as well.
/// Normal scores have many equal distances among them; to the same digits, the same ones are equal.
pub(crate) fn normal_quantile(p: f64) -> f64 {
    /// e⁻²
    const TAIL: f64 = 0.135_335_283_236_612_7;
    const ROOT_OF_TWO_PI: f64 = 2.506_628_274_631_000_7;
    if p > 0.5 {
        return -normal_quantile(1.0 - p);
    }
    if p > TAIL {
        let y = p - 0.5;
        let square = y * y;
        let (numerator, denominator) =
            (polynomial(square, &CENTRE.0), polynomial(square, &CENTRE.1));
        return (y + y * (square * numerator / denominator)) * ROOT_OF_TWO_PI;
    }
    let x = (-2.0 * p.ln()).sqrt();
    let z = 1.0 / x;
    let (numerator, denominator) = if x < 8.0 { &TAIL_NEAR } else { &TAIL_FAR };
    let correction = z * polynomial(z, numerator) / polynomial(z, denominator);
    correction - (x - x.ln() / x)
}

/// By Horner's rule, the highest power first.
fn polynomial(x: f64, coefficients: &[f64; 9]) -> f64 {
    let (first, rest) = coefficients.split_first().expect("nine");
    rest.iter().fold(*first, |sum, c| sum * x + c)
}

/// e⁻² < p ≤ ½, in (p − ½)²: numerator and denominator.
const CENTRE: ([f64; 9], [f64; 9]) = (
    [
        0.0,
        0.0,
        0.0,
        0.0,
        -5.996_335_010_141_079e1,
        9.800_107_541_859_997e1,
        -5.667_628_574_690_703e1,
        1.393_126_093_872_796_8e1,
        -1.239_165_838_673_812_5,
    ],
    [
        1.0,
        1.954_488_583_381_417_6,
        4.676_279_128_988_815,
        8.636_024_213_908_905e1,
        -2.254_626_878_541_193_7e2,
        2.002_602_123_800_606_6e2,
        -8.203_722_561_683_334e1,
        1.590_562_251_262_117e1,
        -1.183_316_211_213_3,
    ],
);

/// e⁻³² < p ≤ e⁻², in 1 / √(−2 ln p).
const TAIL_NEAR: ([f64; 9], [f64; 9]) = (
    [
        4.055_448_923_059_624,
        3.152_510_945_998_939e1,
        5.716_281_922_464_213e1,
        4.408_050_738_932_008e1,
        1.468_495_619_288_580_2e1,
        2.186_633_068_507_902_5,
        -1.402_560_791_713_545e-1,
        -3.504_246_268_278_482e-2,
        -8.574_567_851_546_854e-4,
    ],
    [
        1.0,
        1.577_998_832_564_667_5e1,
        4.539_076_351_288_792e1,
        4.131_720_382_546_72e1,
        1.504_253_856_929_075e1,
        2.504_649_462_083_094,
        -1.421_829_228_547_877_9e-1,
        -3.808_064_076_915_783e-2,
        -9.332_594_808_954_574e-4,
    ],
);

/// p ≤ e⁻³², in 1 / √(−2 ln p).
const TAIL_FAR: ([f64; 9], [f64; 9]) = (
    [
        3.237_748_917_769_46,
        6.915_228_890_689_842,
        3.938_810_252_924_744_4,
        1.333_034_608_158_075_5,
        2.014_853_895_491_790_8e-1,
        1.237_166_348_178_200_3e-2,
        3.015_815_535_082_354_3e-4,
        2.658_069_746_867_375_5e-6,
        6.239_745_391_849_833e-9,
    ],
    [
        1.0,
        6.024_270_393_647_42,
        3.679_835_638_561_608_7,
        1.377_020_994_890_813_2,
        2.162_369_935_944_966_3e-1,
        1.342_040_060_885_431_8e-2,
        3.280_144_646_821_277_6e-4,
        2.892_478_647_453_807e-6,
        6.790_194_080_099_813e-9,
    ],
);

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
    fn quantiles_are_those_of_the_standard_normal() {
        // mpmath, 60 digits
        for (p, z) in [
            (1e-300, -37.0470962993612),
            (1e-20, -9.262340089798407),
            (1e-14, -7.650628092935269),
            (1e-5, -4.264890793922825),
            (0.1353, -1.1016818736722798),
            (0.1354, -1.101222112591979),
            (0.3, -0.5244005127080408),
        ] {
            assert_relative_eq!(normal_quantile(p), z, max_relative = 1e-14);
        }
        assert_eq!(normal_quantile(0.5), 0.0);
        for p in [0.25, 0.125, 0.0625] {
            assert_eq!(normal_quantile(1.0 - p), -normal_quantile(p));
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
        let joint = Scaling::None.joint(&[x.view(), x.view()]);
        assert!((joint[[0, 0]] - joint[[1, 1]]).is_finite());
    }
}
