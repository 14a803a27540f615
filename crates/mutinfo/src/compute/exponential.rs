//! [`exponentials`]: eˣ of many numbers, several at a time.

use super::simd::{Kernel, Simd, run_widest};

/// Replaces each x by eˣ, with a relative error of at most 2⁻⁵¹. Beyond −708 and 709 the result is
/// that of these two. The same bits on every machine.
pub(crate) fn exponentials(numbers: &mut [f64]) {
    run_widest(Exponentials(numbers));
}

struct Exponentials<'a>(&'a mut [f64]);

impl Kernel for Exponentials<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self, _: impl Simd) {
        for number in self.0 {
            *number = exponential(*number);
        }
    }
}

/// 1 / i! for i = 0, 1, …, 13.
const OVER_FACTORIAL: [f64; 14] = {
    let mut terms = [1.0; 14];
    let mut i = 1;
    let mut factorial = 1.0;
    while i < 14 {
        factorial *= i as f64;
        terms[i] = 1.0 / factorial;
        i += 1;
    }
    terms
};

/// With n the whole number that is nearest to x / ln 2, and r = x − n ln 2: eˣ = 2ⁿ Σ rⁱ / i!.
/// Without branches, so that the compiler works on several numbers at once.
#[inline(always)]
fn exponential(x: f64) -> f64 {
    const LEAST: f64 = -708.0;
    const LARGEST: f64 = 709.0;
    /// Added to a number, it leaves the nearest whole number in the sum's last bits.
    const ROUNDING: f64 = 1.5 * (1u64 << 52) as f64;
    /// ln 2, first with so few digits that n times it is exact, then the rest.
    const LN_2_HIGH: f64 = 0.693_147_180_369_123_8;
    const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;
    let x = if x < LEAST { LEAST } else { x };
    let x = if x > LARGEST { LARGEST } else { x };
    let rounded = x * std::f64::consts::LOG2_E + ROUNDING;
    let n = rounded - ROUNDING;
    let r = (x - n * LN_2_HIGH) - n * LN_2_LOW;
    // The sum in parts that do not wait for each other (Estrin 1960).
    let (r2, r4, r8) = (r.powi(2), r.powi(4), r.powi(8));
    let two = |i: usize| OVER_FACTORIAL[i] + OVER_FACTORIAL[i + 1] * r;
    let four = |i: usize| two(i) + two(i + 2) * r2;
    let sum = (four(0) + four(4) * r4) + (four(8) + two(12) * r4) * r8;
    // 2ⁿ: n + 1023 in the bits of a number's exponent.
    sum * f64::from_bits(rounded.to_bits().wrapping_add(1023) << 52)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(number: f64) -> f64 {
        let mut numbers = [number];
        exponentials(&mut numbers);
        numbers[0]
    }

    proptest! {
        #[test]
        fn no_error_is_larger_than_promised(x in prop_oneof![-708.0..709.0, -2.0..2.0, -1e-6..1e-6]) {
            let (ours, exact) = (of(x), x.exp());
            prop_assert!((ours - exact).abs() <= 2.0 * f64::EPSILON * exact, "{x}: {ours} {exact}");
        }
    }

    #[test]
    fn all_numbers_are_replaced_and_the_ends_are_finite() {
        let mut numbers: Vec<f64> = (0..37).map(|i| f64::from(i) - 20.0).collect();
        let exact: Vec<f64> = numbers.iter().map(|x| x.exp()).collect();
        exponentials(&mut numbers);
        for (ours, exact) in numbers.iter().zip(&exact) {
            assert!((ours - exact).abs() <= 2.0 * f64::EPSILON * exact);
        }
        assert_eq!(of(0.0), 1.0);
        assert_eq!(of(f64::NEG_INFINITY), of(-708.0));
        assert_eq!(of(f64::INFINITY), of(709.0));
        assert!(of(f64::NEG_INFINITY) < 1e-307 && of(f64::INFINITY) > 8e307);
        assert!(of(f64::INFINITY).is_finite() && of(f64::NAN).is_nan());
    }
}
