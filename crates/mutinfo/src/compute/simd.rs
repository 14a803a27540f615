//! Four numbers at a time, with the widest instructions that the processor has.
//!
//! A [`Kernel`] is written once against [`Simd`] and compiled for each instruction set; which one
//! runs is decided when the program does. All do the same operations on the same numbers, so they
//! return the same bits. (Loops over `[f64; 4]` alone are not enough: the compiler takes the
//! arrays apart and works on one number at a time, at a third of the speed.)
//!
//! Where the environment variable `MUTINFO_BASELINE` is set, the instructions are those that every
//! processor of this kind has: to time them, and to test them where there are wider ones.
#![allow(
    unsafe_code,
    reason = "instructions beyond the baseline can only be used in unsafe blocks; AVX2 takes a \
              third off the time of the neighbour search"
)]

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::*;
#[cfg(target_arch = "x86_64")]
use std::sync::LazyLock;

/// How many numbers are worked on together.
pub(crate) const LANES: usize = 4;

/// An instruction set's operations on [`LANES`] numbers, none of them NaN.
pub(crate) trait Simd: Copy {
    /// The numbers, in registers.
    type Lanes: Copy;

    /// Four numbers.
    fn load(self, numbers: [f64; LANES]) -> Self::Lanes;
    /// The four numbers.
    fn store(self, lanes: Self::Lanes) -> [f64; LANES];
    /// One number four times.
    fn splat(self, number: f64) -> Self::Lanes;
    /// a − b
    fn minus(self, a: Self::Lanes, b: Self::Lanes) -> Self::Lanes;
    /// |a − b|
    fn distance(self, a: Self::Lanes, b: Self::Lanes) -> Self::Lanes;
    /// The smaller of each two.
    fn min(self, a: Self::Lanes, b: Self::Lanes) -> Self::Lanes;
    /// The larger of each two.
    fn max(self, a: Self::Lanes, b: Self::Lanes) -> Self::Lanes;
    /// Whether a − b < c for any of the four.
    fn any_closer(self, a: Self::Lanes, b: Self::Lanes, c: Self::Lanes) -> bool;
    /// A bit for each of the four, set where a ≤ b.
    fn at_most(self, a: Self::Lanes, b: Self::Lanes) -> u32;
    /// A bit for each number, set where it is negative.
    fn negative(self, numbers: [i32; 4 * LANES]) -> u32;
    /// The largest of the four.
    fn largest(self, lanes: Self::Lanes) -> f64;
}

/// Code to be compiled for each instruction set. Mark `run`, and all that it calls in its inner
/// loops, `#[inline(always)]`: only what is inlined is compiled for each.
pub(crate) trait Kernel {
    /// What it returns.
    type Output;

    /// Does the work.
    fn run(self, simd: impl Simd) -> Self::Output;
}

/// Runs the kernel with the widest instructions that this processor has.
pub(crate) fn run_widest<K: Kernel>(kernel: K) -> K::Output {
    #[cfg(target_arch = "x86_64")]
    if let Some(avx2) = Avx2::find() {
        #[target_feature(enable = "avx2,popcnt")]
        fn run<K: Kernel>(kernel: K, avx2: Avx2) -> K::Output {
            kernel.run(avx2)
        }
        // SAFETY: the processor has AVX2 and POPCNT, or there would be no `Avx2`; that is all it
        // takes to call a safe function that is compiled for it.
        return unsafe { run(kernel, avx2) };
    }
    run_baseline(kernel)
}

/// Runs the kernel with the instructions that every processor of this kind has.
pub(crate) fn run_baseline<K: Kernel>(kernel: K) -> K::Output {
    #[cfg(target_arch = "x86_64")]
    return kernel.run(Sse2);
    #[cfg(not(target_arch = "x86_64"))]
    return kernel.run(Portable);
}

/// Four numbers in one register; the value says that the processor has AVX2, and POPCNT, which came
/// before it.
#[cfg(target_arch = "x86_64")]
#[derive(Clone, Copy)]
struct Avx2(());

#[cfg(target_arch = "x86_64")]
impl Avx2 {
    fn find() -> Option<Self> {
        let has = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("popcnt");
        (has && is_beyond_baseline_wanted()).then_some(Self(()))
    }
}

#[cfg(target_arch = "x86_64")]
fn is_beyond_baseline_wanted() -> bool {
    static WANTED: LazyLock<bool> =
        LazyLock::new(|| std::env::var_os("MUTINFO_BASELINE").is_none());
    *WANTED
}

/// Says that the processor counts the ones of 512 bits at once.
#[derive(Clone, Copy)]
pub(crate) struct Popcount {
    #[cfg(target_arch = "x86_64")]
    avx2: Avx2,
}

impl Popcount {
    /// `None` where it does not.
    pub(crate) fn find() -> Option<Self> {
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vpopcntdq") {
            return Avx2::find().map(|avx2| Self { avx2 });
        }
        None
    }

    /// Runs the kernel, whose `count_ones` become those of 512 bits.
    pub(crate) fn run<K: Kernel>(self, kernel: K) -> K::Output {
        #[cfg(target_arch = "x86_64")]
        {
            #[target_feature(enable = "avx2,popcnt,avx512f,avx512vpopcntdq")]
            fn run<K: Kernel>(kernel: K, avx2: Avx2) -> K::Output {
                kernel.run(avx2)
            }
            // SAFETY: the processor has the instructions, or there would be no `Popcount`.
            unsafe { run(kernel, self.avx2) }
        }
        #[cfg(not(target_arch = "x86_64"))]
        run_baseline(kernel)
    }
}

// SAFETY, of each block: the operations need AVX at most, which a processor with AVX2 has, and
// there is no `Avx2` to call them on without one. None of them touches memory through a pointer
// but `load`, `store` and `negative`, whose arrays are as long as the registers and may have any
// alignment.
#[cfg(target_arch = "x86_64")]
impl Simd for Avx2 {
    type Lanes = __m256d;

    #[inline(always)]
    fn load(self, numbers: [f64; LANES]) -> __m256d {
        unsafe { _mm256_loadu_pd(numbers.as_ptr()) }
    }

    #[inline(always)]
    fn store(self, lanes: __m256d) -> [f64; LANES] {
        let mut numbers = [0.0; LANES];
        unsafe { _mm256_storeu_pd(numbers.as_mut_ptr(), lanes) };
        numbers
    }

    #[inline(always)]
    fn splat(self, number: f64) -> __m256d {
        unsafe { _mm256_set1_pd(number) }
    }

    #[inline(always)]
    fn minus(self, a: __m256d, b: __m256d) -> __m256d {
        unsafe { _mm256_sub_pd(a, b) }
    }

    #[inline(always)]
    fn distance(self, a: __m256d, b: __m256d) -> __m256d {
        unsafe { _mm256_andnot_pd(_mm256_set1_pd(-0.0), _mm256_sub_pd(a, b)) }
    }

    #[inline(always)]
    fn min(self, a: __m256d, b: __m256d) -> __m256d {
        unsafe { _mm256_min_pd(a, b) }
    }

    #[inline(always)]
    fn max(self, a: __m256d, b: __m256d) -> __m256d {
        unsafe { _mm256_max_pd(a, b) }
    }

    #[inline(always)]
    fn any_closer(self, a: __m256d, b: __m256d, c: __m256d) -> bool {
        unsafe { _mm256_movemask_pd(_mm256_cmp_pd::<_CMP_LT_OQ>(_mm256_sub_pd(a, b), c)) != 0 }
    }

    #[inline(always)]
    fn at_most(self, a: __m256d, b: __m256d) -> u32 {
        unsafe { _mm256_movemask_pd(_mm256_cmp_pd::<_CMP_LE_OQ>(a, b)) as u32 }
    }

    #[inline(always)]
    fn negative(self, numbers: [i32; 4 * LANES]) -> u32 {
        unsafe {
            let numbers = numbers.as_ptr().cast::<__m256i>();
            let low = _mm256_castsi256_ps(_mm256_loadu_si256(numbers));
            let high = _mm256_castsi256_ps(_mm256_loadu_si256(numbers.add(1)));
            (_mm256_movemask_ps(low) | _mm256_movemask_ps(high) << 8) as u32
        }
    }

    #[inline(always)]
    fn largest(self, lanes: __m256d) -> f64 {
        unsafe {
            let two = _mm_max_pd(
                _mm256_castpd256_pd128(lanes),
                _mm256_extractf128_pd::<1>(lanes),
            );
            _mm_cvtsd_f64(_mm_max_sd(two, _mm_unpackhi_pd(two, two)))
        }
    }
}

/// Four numbers in two registers, on any processor of this kind.
#[cfg(target_arch = "x86_64")]
#[derive(Clone, Copy)]
struct Sse2;

// SAFETY, of each block: every x86-64 processor has SSE2, and none of the operations touches
// memory through a pointer.
#[cfg(target_arch = "x86_64")]
impl Simd for Sse2 {
    type Lanes = [__m128d; 2];

    #[inline(always)]
    fn load(self, [a, b, c, d]: [f64; LANES]) -> [__m128d; 2] {
        unsafe { [_mm_set_pd(b, a), _mm_set_pd(d, c)] }
    }

    #[inline(always)]
    fn store(self, [low, high]: [__m128d; 2]) -> [f64; LANES] {
        unsafe {
            [
                _mm_cvtsd_f64(low),
                _mm_cvtsd_f64(_mm_unpackhi_pd(low, low)),
                _mm_cvtsd_f64(high),
                _mm_cvtsd_f64(_mm_unpackhi_pd(high, high)),
            ]
        }
    }

    #[inline(always)]
    fn splat(self, number: f64) -> [__m128d; 2] {
        unsafe { [_mm_set1_pd(number); 2] }
    }

    #[inline(always)]
    fn minus(self, a: [__m128d; 2], b: [__m128d; 2]) -> [__m128d; 2] {
        unsafe { [_mm_sub_pd(a[0], b[0]), _mm_sub_pd(a[1], b[1])] }
    }

    #[inline(always)]
    fn distance(self, a: [__m128d; 2], b: [__m128d; 2]) -> [__m128d; 2] {
        unsafe {
            let sign = _mm_set1_pd(-0.0);
            [
                _mm_andnot_pd(sign, _mm_sub_pd(a[0], b[0])),
                _mm_andnot_pd(sign, _mm_sub_pd(a[1], b[1])),
            ]
        }
    }

    #[inline(always)]
    fn min(self, a: [__m128d; 2], b: [__m128d; 2]) -> [__m128d; 2] {
        unsafe { [_mm_min_pd(a[0], b[0]), _mm_min_pd(a[1], b[1])] }
    }

    #[inline(always)]
    fn max(self, a: [__m128d; 2], b: [__m128d; 2]) -> [__m128d; 2] {
        unsafe { [_mm_max_pd(a[0], b[0]), _mm_max_pd(a[1], b[1])] }
    }

    #[inline(always)]
    fn any_closer(self, a: [__m128d; 2], b: [__m128d; 2], c: [__m128d; 2]) -> bool {
        unsafe {
            let low = _mm_cmplt_pd(_mm_sub_pd(a[0], b[0]), c[0]);
            let high = _mm_cmplt_pd(_mm_sub_pd(a[1], b[1]), c[1]);
            _mm_movemask_pd(_mm_or_pd(low, high)) != 0
        }
    }

    #[inline(always)]
    fn at_most(self, a: [__m128d; 2], b: [__m128d; 2]) -> u32 {
        unsafe {
            let low = _mm_movemask_pd(_mm_cmple_pd(a[0], b[0]));
            let high = _mm_movemask_pd(_mm_cmple_pd(a[1], b[1]));
            (low | high << 2) as u32
        }
    }

    #[inline(always)]
    fn negative(self, numbers: [i32; 4 * LANES]) -> u32 {
        let mut bits = 0;
        for (place, &numbers) in numbers.as_chunks::<4>().0.iter().enumerate() {
            let [a, b, c, d] = numbers;
            let four = unsafe { _mm_movemask_ps(_mm_castsi128_ps(_mm_set_epi32(d, c, b, a))) };
            bits |= (four as u32) << (4 * place);
        }
        bits
    }

    #[inline(always)]
    fn largest(self, [low, high]: [__m128d; 2]) -> f64 {
        unsafe {
            let two = _mm_max_pd(low, high);
            _mm_cvtsd_f64(_mm_max_sd(two, _mm_unpackhi_pd(two, two)))
        }
    }
}

/// Four numbers, for the compiler to arrange; the others' slow twin.
#[cfg(any(test, not(target_arch = "x86_64")))]
#[derive(Clone, Copy)]
struct Portable;

#[cfg(any(test, not(target_arch = "x86_64")))]
impl Simd for Portable {
    type Lanes = [f64; LANES];

    #[inline(always)]
    fn load(self, numbers: [f64; LANES]) -> [f64; LANES] {
        numbers
    }

    #[inline(always)]
    fn store(self, lanes: [f64; LANES]) -> [f64; LANES] {
        lanes
    }

    #[inline(always)]
    fn splat(self, number: f64) -> [f64; LANES] {
        [number; LANES]
    }

    #[inline(always)]
    fn minus(self, a: [f64; LANES], b: [f64; LANES]) -> [f64; LANES] {
        std::array::from_fn(|lane| a[lane] - b[lane])
    }

    #[inline(always)]
    fn distance(self, a: [f64; LANES], b: [f64; LANES]) -> [f64; LANES] {
        std::array::from_fn(|lane| (a[lane] - b[lane]).abs())
    }

    #[inline(always)]
    fn min(self, a: [f64; LANES], b: [f64; LANES]) -> [f64; LANES] {
        std::array::from_fn(|lane| if a[lane] < b[lane] { a[lane] } else { b[lane] })
    }

    #[inline(always)]
    fn max(self, a: [f64; LANES], b: [f64; LANES]) -> [f64; LANES] {
        std::array::from_fn(|lane| if a[lane] > b[lane] { a[lane] } else { b[lane] })
    }

    #[inline(always)]
    fn any_closer(self, a: [f64; LANES], b: [f64; LANES], c: [f64; LANES]) -> bool {
        (0..LANES).any(|lane| a[lane] - b[lane] < c[lane])
    }

    #[inline(always)]
    fn at_most(self, a: [f64; LANES], b: [f64; LANES]) -> u32 {
        let bits = (0..LANES).map(|lane| u32::from(a[lane] <= b[lane]) << lane);
        bits.sum()
    }

    #[inline(always)]
    fn negative(self, numbers: [i32; 4 * LANES]) -> u32 {
        let bits = (0..)
            .zip(numbers)
            .map(|(place, n)| u32::from(n < 0) << place);
        bits.sum()
    }

    #[inline(always)]
    fn largest(self, lanes: [f64; LANES]) -> f64 {
        lanes.into_iter().fold(f64::NEG_INFINITY, f64::max)
    }
}

#[cfg(test)]
mod tests {
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
