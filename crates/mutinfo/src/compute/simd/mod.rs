//! Four numbers at a time, with the widest instructions that the processor has.
//!
//! A [`Kernel`] is written once against [`Simd`] and compiled for each instruction set; which one
//! runs is decided when the program does. All do the same operations on the same numbers, so they
//! return the same bits. (Loops over `[f64; 4]` alone are not enough: the compiler takes the
//! arrays apart and works on one number at a time, at a third of the speed.)
//!
//! Where the environment variable `MUTINFO_BASELINE` is set, the instructions are those that every
//! processor of this kind has: to time them, and to test them where there are wider ones.

mod instruction_set;
#[cfg(target_arch = "aarch64")]
mod neon;
#[cfg(any(test, not(any(target_arch = "x86_64", target_arch = "aarch64"))))]
mod portable;
#[cfg(target_arch = "x86_64")]
mod x86_64;

pub(crate) use instruction_set::{Kernel, LANES, Simd};

/// Runs the kernel with the widest instructions that this processor has.
pub(crate) fn run_widest<K: Kernel>(kernel: K) -> K::Output {
    #[cfg(target_arch = "x86_64")]
    if let Some(avx2) = x86_64::Avx2::find() {
        return avx2.run(kernel);
    }
    run_baseline(kernel)
}

/// Runs the kernel with the instructions that every processor of this kind has.
pub(crate) fn run_baseline<K: Kernel>(kernel: K) -> K::Output {
    #[cfg(target_arch = "x86_64")]
    return kernel.run(x86_64::Sse2);
    #[cfg(target_arch = "aarch64")]
    return kernel.run(neon::Neon);
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    return kernel.run(portable::Portable);
}

/// Says that the processor counts the ones of 512 bits at once.
#[derive(Clone, Copy)]
pub(crate) struct Popcount(#[cfg(target_arch = "x86_64")] x86_64::Avx512Popcount);

impl Popcount {
    /// `None` where it does not.
    pub(crate) fn find() -> Option<Self> {
        #[cfg(target_arch = "x86_64")]
        return x86_64::Avx512Popcount::find().map(Self);
        #[cfg(not(target_arch = "x86_64"))]
        return None;
    }

    /// Runs the kernel, whose `count_ones` become those of 512 bits.
    pub(crate) fn run<K: Kernel>(self, kernel: K) -> K::Output {
        #[cfg(target_arch = "x86_64")]
        return self.0.run(kernel);
        #[cfg(not(target_arch = "x86_64"))]
        return run_baseline(kernel);
    }
}

#[cfg(test)]
mod tests {
    use super::portable::Portable;
    use super::*;
    use proptest::prelude::*;

    /// Every operation, its result as bits.
    struct All([f64; LANES], [f64; LANES], [f64; LANES]);

    impl Kernel for All {
        type Output = Vec<u64>;

        #[inline(always)]
        fn run(self, simd: impl Simd) -> Vec<u64> {
            let (a, b, c) = (simd.load(self.0), simd.load(self.1), simd.load(self.2));
            let lanes = [
                a,
                simd.splat(self.0[1]),
                simd.minus(a, b),
                simd.distance(a, b),
                simd.min(a, b),
                simd.max(a, b),
            ];
            let mut bits: Vec<u64> = lanes
                .into_iter()
                .flat_map(|lanes| simd.store(lanes))
                .map(f64::to_bits)
                .collect();
            bits.push(simd.largest(a).to_bits());
            bits.push(u64::from(simd.any_closer(a, b, c)));
            bits.push(u64::from(simd.at_most(a, b)));
            bits.push(u64::from(simd.at_most(a, a)));
            let numbers =
                std::array::from_fn(|i| self.1[i % LANES].to_bits().rotate_left(i as u32) as i32);
            bits.push(u64::from(simd.negative(numbers)));
            bits
        }
    }

    proptest! {
        #[test]
        fn every_instruction_set_returns_the_same_bits(
            a in prop::array::uniform4(prop_oneof![-2.0..2.0, Just(f64::INFINITY)]),
            b in prop::array::uniform4(-2.0..2.0),
            c in prop::array::uniform4(-3.0..0.5),
        ) {
            let portable = All(a, b, c).run(Portable);
            prop_assert_eq!(&run_baseline(All(a, b, c)), &portable);
            prop_assert_eq!(&run_widest(All(a, b, c)), &portable);
        }
    }
}
