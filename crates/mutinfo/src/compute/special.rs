//! Special functions.

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

    use super::*;

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
}
