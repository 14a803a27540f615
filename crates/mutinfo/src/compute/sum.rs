//! Sums that have the same bits in any order of their terms.

use crate::compute::simd::{Kernel, Simd, run_widest};

/// The sum of the terms, each in [−4, 4] and fewer than 2³¹ of them, with the same bits in any order.
pub(crate) fn sum_in_any_order(terms: impl ExactSizeIterator<Item = f64>) -> f64 {
    let mut sum = SumInAnyOrder::of(terms.len());
    sum.add(terms);
    sum.value()
}

/// A sum of terms tᵢ in [−4, 4] that may be added in any order, and in parts: the reproducible sum of
/// Demmel and Nguyen (2013, "Fast reproducible floating-point summation"), of two parts and for a
/// bound that is known beforehand,
///
/// Σ tᵢ ≈ 2⁻ᵇ Σ cᵢ + 2⁻²ᵇ Σ fᵢ, cᵢ = round(2ᵇ tᵢ), fᵢ = round(2²ᵇ (tᵢ − 2⁻ᵇ cᵢ)).
///
/// The cᵢ and fᵢ are integers that depend on nothing but tᵢ, and integers' sums round nothing. Beside
/// 1.5 · 2⁵²⁻ᵇ all digits of a number down to 2⁻ᵇ have their place and no others: adding it rounds to
/// a multiple of 2⁻ᵇ, counts the multiples in the last bits and, taken away again, leaves the rounded
/// number. For n terms, b = min(49, 60 − ⌈log₂ n⌉): no sum exceeds 64 bits, and the error is at most
/// n 2⁻²ᵇ⁻¹, 2⁻⁸⁹ for 1000 terms and 2⁻⁶¹ for a million, and the rounding of the result.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SumInAnyOrder {
    bits: i32,
    coarse: i64,
    fine: i64,
}

impl SumInAnyOrder {
    /// No terms yet, of at most so many.
    pub(crate) fn of(terms: usize) -> Self {
        Self {
            bits: 49_i32.min(60 - terms.next_power_of_two().ilog2() as i32),
            coarse: 0,
            fine: 0,
        }
    }

    /// Adds terms.
    pub(crate) fn add(&mut self, terms: impl ExactSizeIterator<Item = f64>) {
        let [coarse, fine] = run_widest(Parts {
            terms,
            shifts: [self.bits, 2 * self.bits].map(|bits| 1.5 * 2_f64.powi(52 - bits)),
        });
        self.coarse += coarse;
        self.fine += fine;
    }

    /// The sum.
    pub(crate) fn value(self) -> f64 {
        let sum = (i128::from(self.coarse) << self.bits) + i128::from(self.fine);
        sum as f64 * 2_f64.powi(-2 * self.bits)
    }
}

/// Σ cᵢ and Σ fᵢ.
struct Parts<Terms> {
    terms: Terms,
    /// 1.5 · 2⁵²⁻ᵇ and 1.5 · 2⁵²⁻²ᵇ.
    shifts: [f64; 2],
}

impl<Terms: ExactSizeIterator<Item = f64>> Kernel for Parts<Terms> {
    type Output = [i64; 2];

    #[inline(always)]
    fn run(self, _: impl Simd) -> [i64; 2] {
        let [coarse_shift, fine_shift] = self.shifts;
        let count = self.terms.len() as u64;
        let [coarse, fine] = self.terms.fold([0_u64; 2], |[coarse, fine], term| {
            let shifted = term + coarse_shift;
            let rest = term - (shifted - coarse_shift);
            [
                coarse.wrapping_add(shifted.to_bits()),
                fine.wrapping_add((rest + fine_shift).to_bits()),
            ]
        });
        let without = |sum: u64, shift: f64| sum.wrapping_sub(count.wrapping_mul(shift.to_bits()));
        [without(coarse, coarse_shift), without(fine, fine_shift)].map(|sum| sum as i64)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::compute::simd::run_baseline;

    fn sum(terms: &[f64]) -> f64 {
        sum_in_any_order(terms.iter().copied())
    }

    /// The sum without any rounding but the result's, of multiples of 2⁻¹¹⁰.
    fn exact(terms: &[f64]) -> f64 {
        let unit = 2_f64.powi(55);
        let whole: i128 = terms
            .iter()
            .map(|term| {
                let scaled = term * unit;
                let rest = (scaled - scaled.trunc()) * unit;
                ((scaled as i128) << 55) + rest as i128
            })
            .sum();
        whole as f64 / unit / unit
    }

    /// Terms of every magnitude.
    fn terms() -> impl Strategy<Value = Vec<f64>> {
        let term = prop_oneof![
            -4.0..=4.0,
            (-1.0..1.0, 0..57).prop_map(|(digits, shift): (f64, i32)| {
                digits.signum() * (digits.abs() / 2.0 + 0.5) * 2_f64.powi(-shift)
            }),
            Just(0.0),
            Just(-0.0),
            Just(4.0),
            Just(-4.0),
            Just(0.1),
        ];
        prop::collection::vec(term, 0..300)
    }

    proptest! {
        #[test]
        fn any_order_and_any_parts_give_the_same_bits(
            (terms, shuffled) in terms().prop_flat_map(|terms| (Just(terms.clone()), Just(terms).prop_shuffle())),
            part in 1..50_usize,
        ) {
            prop_assert_eq!(sum(&terms).to_bits(), sum(&shuffled).to_bits());
            let mut in_parts = SumInAnyOrder::of(terms.len());
            for part in shuffled.chunks(part) {
                in_parts.add(part.iter().copied());
            }
            prop_assert_eq!(sum(&terms).to_bits(), in_parts.value().to_bits());
        }

        #[test]
        fn the_error_is_that_of_rounding_the_result(terms in terms()) {
            let exact = exact(&terms);
            let most = exact.abs() * f64::EPSILON / 2.0 + terms.len() as f64 * 2_f64.powi(-99);
            prop_assert!((sum(&terms) - exact).abs() <= most, "{} {exact}", sum(&terms));
            // A negated sum is the sum of negated terms.
            let negated: Vec<f64> = terms.iter().map(|term| -term).collect();
            prop_assert_eq!(sum(&negated), -sum(&terms));
        }

        #[test]
        fn every_instruction_set_returns_the_same_bits(terms in terms()) {
            let parts = || Parts { terms: terms.iter().copied(), shifts: [12.0, 1.5 * 2_f64.powi(-46)] };
            prop_assert_eq!(run_widest(parts()), run_baseline(parts()));
        }
    }

    #[test]
    fn simple_sums() {
        assert_eq!(sum(&[]).to_bits(), 0.0_f64.to_bits());
        assert_eq!(sum(&[-0.0, 0.0]).to_bits(), 0.0_f64.to_bits());
        assert_eq!(sum(&[4.0; 1000]), 4000.0);
        assert_eq!(sum(&[-4.0; 1 << 20]), -4.0 * (1 << 20) as f64);
        // Added one after the other, these are 0.9999999999999999 and 0.
        assert_eq!(sum(&[0.1; 10]), 1.0);
        assert!((sum(&[4.0, 1e-20, -4.0]) - 1e-20).abs() < 2_f64.powi(-98));
        // Beyond the last digit there is nothing.
        assert_eq!(sum(&[1.0, 1e-300, f64::MIN_POSITIVE, 5e-324]), 1.0);
    }

    #[test]
    fn many_equal_terms_do_not_drift() {
        let n = 1 << 20;
        for term in [0.1, 1.0 / 3.0, -3.9, 1e-7] {
            let exact = term * n as f64;
            assert!((sum(&vec![term; n]) - exact).abs() <= exact.abs() * f64::EPSILON);
        }
    }
}
