//! [`Simd`]: what each instruction set can do, and [`Kernel`]: what is written against it.

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
