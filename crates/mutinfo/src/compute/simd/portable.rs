//! Any processor.

use super::instruction_set::{LANES, Simd};

/// Four numbers, for the compiler to arrange; the others' slow twin.
#[derive(Clone, Copy)]
pub(super) struct Portable;

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
