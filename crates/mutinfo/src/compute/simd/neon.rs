//! 64-bit ARM: NEON, which every such processor has, in two registers of two numbers.
#![allow(
    unsafe_code,
    reason = "loads and stores through pointers are unsafe; without NEON by name the compiler works \
              on one number at a time, at a third of the speed"
)]

use std::arch::aarch64::*;

use super::instruction_set::{LANES, Simd};

/// Four numbers in two registers: the first two in the first, the lower lane first.
#[derive(Clone, Copy)]
pub(super) struct Neon;

/// Lanes that are all ones become one bit each.
#[inline(always)]
fn bits([low, high]: [uint64x2_t; 2]) -> u32 {
    // SAFETY: every 64-bit ARM processor that Rust's targets name has NEON.
    unsafe {
        let low = (vgetq_lane_u64::<0>(low) & 1) | (vgetq_lane_u64::<1>(low) & 2);
        let high = (vgetq_lane_u64::<0>(high) & 4) | (vgetq_lane_u64::<1>(high) & 8);
        (low | high) as u32
    }
}

// SAFETY, of each block: every 64-bit ARM processor that Rust's targets name has NEON, and the
// arrays behind the pointers are as long as what is loaded and stored.
impl Simd for Neon {
    type Lanes = [float64x2_t; 2];

    #[inline(always)]
    fn load(self, numbers: [f64; LANES]) -> [float64x2_t; 2] {
        unsafe {
            [
                vld1q_f64(numbers.as_ptr()),
                vld1q_f64(numbers.as_ptr().add(2)),
            ]
        }
    }

    #[inline(always)]
    fn store(self, [low, high]: [float64x2_t; 2]) -> [f64; LANES] {
        let mut numbers = [0.0; LANES];
        unsafe {
            vst1q_f64(numbers.as_mut_ptr(), low);
            vst1q_f64(numbers.as_mut_ptr().add(2), high);
        }
        numbers
    }

    #[inline(always)]
    fn splat(self, number: f64) -> [float64x2_t; 2] {
        unsafe { [vdupq_n_f64(number); 2] }
    }

    #[inline(always)]
    fn minus(self, a: [float64x2_t; 2], b: [float64x2_t; 2]) -> [float64x2_t; 2] {
        unsafe { [vsubq_f64(a[0], b[0]), vsubq_f64(a[1], b[1])] }
    }

    #[inline(always)]
    fn distance(self, a: [float64x2_t; 2], b: [float64x2_t; 2]) -> [float64x2_t; 2] {
        unsafe { [vabdq_f64(a[0], b[0]), vabdq_f64(a[1], b[1])] }
    }

    #[inline(always)]
    fn min(self, a: [float64x2_t; 2], b: [float64x2_t; 2]) -> [float64x2_t; 2] {
        unsafe { [vminq_f64(a[0], b[0]), vminq_f64(a[1], b[1])] }
    }

    #[inline(always)]
    fn max(self, a: [float64x2_t; 2], b: [float64x2_t; 2]) -> [float64x2_t; 2] {
        unsafe { [vmaxq_f64(a[0], b[0]), vmaxq_f64(a[1], b[1])] }
    }

    #[inline(always)]
    fn any_closer(self, a: [float64x2_t; 2], b: [float64x2_t; 2], c: [float64x2_t; 2]) -> bool {
        unsafe {
            let low = vcltq_f64(vsubq_f64(a[0], b[0]), c[0]);
            let high = vcltq_f64(vsubq_f64(a[1], b[1]), c[1]);
            vmaxvq_u32(vreinterpretq_u32_u64(vorrq_u64(low, high))) != 0
        }
    }

    #[inline(always)]
    fn at_most(self, a: [float64x2_t; 2], b: [float64x2_t; 2]) -> u32 {
        unsafe { bits([vcleq_f64(a[0], b[0]), vcleq_f64(a[1], b[1])]) }
    }

    #[inline(always)]
    fn negative(self, numbers: [i32; 4 * LANES]) -> u32 {
        unsafe {
            let places = vld1q_s32([0, 1, 2, 3].as_ptr());
            let mut bits = 0;
            for (four, numbers) in numbers.as_chunks::<4>().0.iter().enumerate() {
                let numbers = vreinterpretq_u32_s32(vld1q_s32(numbers.as_ptr()));
                let signs = vshlq_u32(vshrq_n_u32::<31>(numbers), places);
                bits |= vaddvq_u32(signs) << (4 * four);
            }
            bits
        }
    }

    #[inline(always)]
    fn largest(self, [low, high]: [float64x2_t; 2]) -> f64 {
        unsafe { vmaxvq_f64(vmaxq_f64(low, high)) }
    }
}
