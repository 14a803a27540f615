//! x86-64: AVX2 and AVX-512's population count where the processor has them, else SSE2.
#![allow(
    unsafe_code,
    reason = "instructions beyond the baseline can only be used in unsafe blocks; AVX2 takes a \
              third off the time of the neighbour search"
)]

use std::arch::x86_64::*;
use std::sync::LazyLock;

use super::instruction_set::{Kernel, LANES, Simd};

/// Four numbers in one register; the value says that the processor has AVX2, and POPCNT, which came
/// before it.
#[derive(Clone, Copy)]
pub(super) struct Avx2(());

impl Avx2 {
    pub(super) fn find() -> Option<Self> {
        let has = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("popcnt");
        (has && is_beyond_baseline_wanted()).then_some(Self(()))
    }

    /// Runs a kernel, compiled for this processor.
    pub(super) fn run<K: Kernel>(self, kernel: K) -> K::Output {
        #[target_feature(enable = "avx2,popcnt")]
        fn run<K: Kernel>(kernel: K, avx2: Avx2) -> K::Output {
            kernel.run(avx2)
        }
        // SAFETY: the processor has AVX2 and POPCNT, or there would be no `Avx2`; that is all it
        // takes to call a safe function that is compiled for it.
        unsafe { run(kernel, self) }
    }
}

fn is_beyond_baseline_wanted() -> bool {
    static WANTED: LazyLock<bool> =
        LazyLock::new(|| std::env::var_os("MUTINFO_BASELINE").is_none());
    *WANTED
}

/// Says that the processor counts the ones of 512 bits at once.
#[derive(Clone, Copy)]
pub(super) struct Avx512Popcount(Avx2);

impl Avx512Popcount {
    pub(super) fn find() -> Option<Self> {
        let has =
            is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vpopcntdq");
        has.then(Avx2::find).flatten().map(Self)
    }

    /// Runs a kernel, compiled for this processor.
    pub(super) fn run<K: Kernel>(self, kernel: K) -> K::Output {
        #[target_feature(enable = "avx2,popcnt,avx512f,avx512vpopcntdq")]
        fn run<K: Kernel>(kernel: K, avx2: Avx2) -> K::Output {
            kernel.run(avx2)
        }
        // SAFETY: the processor has the instructions, or there would be no `Avx512Popcount`.
        unsafe { run(kernel, self.0) }
    }
}

// SAFETY, of each block: the operations need AVX at most, which a processor with AVX2 has, and
// there is no `Avx2` to call them on without one. None of them touches memory through a pointer
// but `load`, `store` and `negative`, whose arrays are as long as the registers and may have any
// alignment.
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
#[derive(Clone, Copy)]
pub(super) struct Sse2;

// SAFETY, of each block: every x86-64 processor has SSE2, and none of the operations touches
// memory through a pointer.
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
